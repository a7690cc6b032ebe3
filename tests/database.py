"""One database with all migrations applied, made once per run, of which each process of the tests gets a copy."""

from __future__ import annotations

import fcntl

import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker

#: applying the migrations takes as long as many tests
TEMPLATE = "gongwang_test_template"


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None,
    django_db_blocker: DjangoDbBlocker,
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Have the test database of a process that is one of several made from the template.

    The first that needs one makes the template, and the others wait for it.
    """
    if not hasattr(request.config, "workerinput"):
        return
    # the folder above that of the process is the run's
    made = tmp_path_factory.getbasetemp().parent / TEMPLATE
    with made.with_suffix(".lock").open("w") as lock, django_db_blocker.unblock():
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            _make_template()
            made.touch()
    connection.settings_dict["TEST"]["TEMPLATE"] = TEMPLATE


def _make_template() -> None:
    """As the test database is made, in the place of one that an earlier run left."""
    told = connection.settings_dict
    name, own = told["NAME"], told["TEST"]["NAME"]
    told["TEST"]["NAME"] = TEMPLATE
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    # nobody may be connected to a database that is copied
    connection.close()
    told["NAME"], told["TEST"]["NAME"] = name, own
