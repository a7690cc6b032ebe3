"""Databases of the tests: each process has one of its own, made as a copy of one in which all migrations were applied.

Several runs may use one server at the same time. A name is claimed by a lock of the server, which ends with the
process, so that what a killed run left is used again.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker

#: applying the migrations takes as long as many tests
TEMPLATE = "gongwang_test_template"
#: runs on one server at the same time
MOST_RUNS = 50


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None,
    django_db_blocker: DjangoDbBlocker,
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[None]:
    """Name the test database of this process. One of several processes has it made from the run's template: the
    first that needs one makes the template, and the others wait for it."""
    server = connection.settings_dict
    name = server["TEST"]["NAME"] or f"test_{server['NAME']}"
    with ExitStack() as held:
        with django_db_blocker.unblock():
            server["TEST"]["NAME"] = held.enter_context(claimed(name))
            if hasattr(request.config, "workerinput"):
                # the folder above that of the process is the run's
                folder = tmp_path_factory.getbasetemp().parent
                server["TEST"]["TEMPLATE"] = _template(folder / TEMPLATE, held)
        yield


@contextmanager
def claimed(name: str) -> Iterator[str]:
    """The name, or one like it that no other process has."""
    server = connection.get_connection_params() | {"dbname": "postgres", "autocommit": True}
    with connection.Database.connect(**server) as holder:
        yield next(free for free in _like(name) if _lock(holder, free))


def _like(name: str) -> Iterator[str]:
    yield name
    yield from (f"{name}_{number}" for number in range(2, MOST_RUNS))


def _lock(holder: object, name: str) -> bool:
    """Whether the name was free. It is held as long as the connection lives."""
    answer = holder.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [name])  # type: ignore[attr-defined]
    return bool(answer.fetchone()[0])


def _template(made: Path, held: ExitStack) -> str:
    """Name of the run's template, which is written into `made` once it is there."""
    with made.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            name = held.enter_context(claimed(TEMPLATE))
            _make_template(name)
            made.write_text(name)
    return made.read_text()


def _make_template(name: str) -> None:
    """As the test database is made, in the place of one that an earlier run left."""
    server = connection.settings_dict
    main, own = server["NAME"], server["TEST"]["NAME"]
    server["TEST"]["NAME"] = name
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    # nobody may be connected to a database that is copied
    connection.close()
    server["NAME"], server["TEST"]["NAME"] = main, own
