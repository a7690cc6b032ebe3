"""What every test may ask for: the named cast of users, an open period, and a folder of files of its own."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass, fields
from datetime import timedelta
from pathlib import Path

import hypothesis
import pytest
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.test import override_settings
from django.utils import timezone
from pytest_django import DjangoDbBlocker, Settings

from national.models import PublishedValue
from national.targets.published_series import load_published
from submissions.accounts.reporting_units import load_units
from submissions.models import Period, Role, Unit, User
from tests import caching
from tests.database import django_db_modify_db_settings
from tests.planned_engine import engine
from tests.scheduling import pytest_xdist_make_scheduler
from tests.stack import data_dir, stack

__all__ = ["data_dir", "engine", "django_db_modify_db_settings", "pytest_xdist_make_scheduler", "stack"]

# Nearly all that is loaded before the first test stays to the end: looking through it again and again for cycles took a
# twentieth of the time. See pytest_collection_finish.
gc.disable()

caching.use_own_keys()
# The real hasher is slow by design, which would be most of the time of tests that log in.
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# What a test changes must show at once.
settings.STAMP_SECONDS = 0
# Pages and files are those of the service; tests of the demo turn it on.
settings.DEMO_MODE = False

# How long an example takes depends on what else the machine does: a slow one is no fault.
hypothesis.settings.register_profile("unhurried", deadline=None)
hypothesis.settings.load_profile("unhurried")

PASSWORD = "a long enough password"

#: hashed once: hashing for every user of every test would take longer than the tests
_HASHED = make_password(PASSWORD)

#: attribute of the cast -> (role, reporting unit, name)
_PEOPLE: dict[str, tuple[Role, str | None, str]] = {
    "js_preparer": (Role.UNIT_PREPARER, "320000", "江苏填报人"),
    "js_signer": (Role.UNIT_SIGNER, "320000", "江苏签发人"),
    "js_second_signer": (Role.UNIT_SIGNER, "320000", "江苏第二签发人"),
    "zj_preparer": (Role.UNIT_PREPARER, "330000", "浙江填报人"),
    "zj_signer": (Role.UNIT_SIGNER, "330000", "浙江签发人"),
    "nb_preparer": (Role.UNIT_PREPARER, "330200", "宁波填报人"),
    "nb_signer": (Role.UNIT_SIGNER, "330200", "宁波签发人"),
    "reviewer": (Role.REVIEWER, None, "审核人"),
    "admin": (Role.NATIONAL_ADMIN, None, "国家管理员"),
    "auditor": (Role.AUDITOR, None, "审计人"),
}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests of the running stack have a command of their own: it is many times as slow as all else."""
    for item in items:
        if "stack" in getattr(item, "fixturenames", ()):
            item.add_marker("stack")


def pytest_collection_finish() -> None:
    """Collect garbage again, but only what tests leave."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
    gc.enable()


@dataclass(frozen=True)
class Cast:
    """Jiangsu's, Zhejiang's and Ningbo's staff and the ministry's. All have PASSWORD as their password."""

    js_preparer: User
    js_signer: User
    js_second_signer: User
    zj_preparer: User
    zj_signer: User
    nb_preparer: User
    nb_signer: User
    reviewer: User
    admin: User
    auditor: User

    def __iter__(self) -> Iterator[User]:
        return (getattr(self, field.name) for field in fields(self))


#: rows of the code lists as they were loaded first: making them anew takes longer than most tests
_LOADED: dict[type[Unit] | type[PublishedValue], list[Unit] | list[PublishedValue]] = {}

#: the folder of the ground that stands, see `ground`
_STANDING: list[Path] = []


def load_lists() -> int:
    """Enter reporting units and published series as `manage.py prepare` does; gives the number of units."""
    if not _LOADED:
        load_published()
        load_units()
        _LOADED.update({model: list(model.objects.all()) for model in (Unit, PublishedValue)})
    if not _STANDING:
        for model, rows in _LOADED.items():
            model.objects.bulk_create([copy(row) for row in rows], ignore_conflicts=True)
    return len(_LOADED[Unit])


def make_cast() -> Cast:
    """Enter the named cast of users."""
    people = {
        name: User(
            username=name, role=role, unit_id=unit, display_name=display, password=_HASHED, is_active=True
        )
        for name, (role, unit, display) in _PEOPLE.items()
    }
    User.objects.bulk_create(people.values())
    return Cast(**people)


def make_period() -> Period:
    """2026Q3, open since ten days ago, due in ten days, closing in thirty."""
    today = timezone.localdate()
    return Period.objects.create(
        code="2026Q3",
        opens=today - timedelta(days=10),
        due=today + timedelta(days=10),
        closes=today + timedelta(days=30),
    )


def _stored_in(folder: Path) -> dict[str, dict[str, object]]:
    """Settings of the storages, with originals and frames in `folder`."""
    default = settings.STORAGES["default"] | {"OPTIONS": {"location": str(folder)}}
    return settings.STORAGES | {"default": default}


@pytest.fixture(scope="module")
def ground(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """The code lists for all tests of a module at once, to be built on by fixtures of the module.

    Each test's own changes are taken back after it. Once a test has asked for it, it stays to the end of the
    module: tests that want an empty database stand above.
    """
    folder, around = tmp_path_factory.mktemp("files"), transaction.atomic()
    # as the transaction around a single test: what has to be the outermost transaction may run within
    around._from_testcase = True
    with django_db_blocker.unblock(), override_settings(STORAGES=_stored_in(folder)), around:
        load_lists()
        _STANDING.append(folder)
        yield
        _STANDING.remove(folder)
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def world(ground: None) -> Cast:
    """The cast and 2026Q3 on that ground."""
    make_period()
    return make_cast()


@pytest.fixture
def files(settings: Settings, tmp_path: Path) -> Path:
    """Originals and frames lie in a folder of this test, or in that of the module's common ground."""
    if _STANDING:
        return _STANDING[0]
    folder = tmp_path / "files"
    settings.STORAGES = _stored_in(folder)
    return folder


@pytest.fixture
def units(db: None) -> int:
    """The code lists are loaded: 37 reporting units, whose number is given, and the published series."""
    return load_lists()


@pytest.fixture
def cast(units: int, files: Path) -> Cast:
    """The named cast of users."""
    if _STANDING:
        return Cast(**{user.username: user for user in User.objects.filter(username__in=_PEOPLE)})
    return make_cast()


@pytest.fixture
def period(db: None) -> Period:
    """2026Q3, open since ten days ago, due in ten days, closing in thirty."""
    return Period.objects.get(code="2026Q3") if _STANDING else make_period()


def make_earlier_period() -> Period:
    """2026Q2, still open for late returns."""
    today = timezone.localdate()
    return Period.objects.create(
        code="2026Q2",
        opens=today - timedelta(days=100),
        due=today - timedelta(days=80),
        closes=today + timedelta(days=5),
    )


@pytest.fixture
def earlier_period(db: None) -> Period:
    """2026Q2, still open for late returns."""
    return make_earlier_period()


@pytest.fixture
def earlier_periods(db: None) -> list[Period]:
    """2025Q4, 2026Q1 and 2026Q2, oldest first, all still open for late returns: which of them is taken shows."""
    today = timezone.localdate()
    days = {"due": today - timedelta(days=80), "closes": today + timedelta(days=5)}
    return [
        Period.objects.create(code=code, opens=today - timedelta(days=days_ago), **days)
        for code, days_ago in (("2025Q4", 280), ("2026Q1", 190), ("2026Q2", 100))
    ]
