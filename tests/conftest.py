"""What every test may ask for: the named cast of users, an open period, and a folder of files of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.utils import timezone
from pytest_django import Settings

from national.published import load_published
from submissions.loading import load_units
from submissions.models import Period, Role, User
from tests import caching
from tests.scheduling import pytest_xdist_make_scheduler
from tests.stack import data_dir, stack

__all__ = ["data_dir", "pytest_xdist_make_scheduler", "stack"]

caching.use_own_database()
# The real hasher is slow by design, which would be most of the time of tests that log in.
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# What a test changes must show at once.
settings.STAMP_SECONDS = 0

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


@pytest.fixture
def files(settings: Settings, tmp_path: Path) -> Path:
    """Originals and frames lie in a folder of this test."""
    folder = tmp_path / "files"
    default = settings.STORAGES["default"] | {"OPTIONS": {"location": str(folder)}}
    settings.STORAGES = settings.STORAGES | {"default": default}
    return folder


@pytest.fixture
def units(db: None) -> int:
    """The code lists are loaded: 37 reporting units, whose number is given, and the published series."""
    load_published()
    return load_units()


@pytest.fixture
def cast(units: int, files: Path) -> Cast:
    """The named cast of users."""
    people = {
        name: User(
            username=name, role=role, unit_id=unit, display_name=display, password=_HASHED, is_active=True
        )
        for name, (role, unit, display) in _PEOPLE.items()
    }
    User.objects.bulk_create(people.values())
    return Cast(**people)


@pytest.fixture
def period(db: None) -> Period:
    """2026Q3, open since ten days ago, due in ten days, closing in thirty."""
    today = timezone.localdate()
    return Period.objects.create(
        code="2026Q3",
        opens=today - timedelta(days=10),
        due=today + timedelta(days=10),
        closes=today + timedelta(days=30),
    )


@pytest.fixture
def earlier_period(db: None) -> Period:
    """2026Q2, still open for late returns."""
    today = timezone.localdate()
    return Period.objects.create(
        code="2026Q2",
        opens=today - timedelta(days=100),
        due=today - timedelta(days=80),
        closes=today + timedelta(days=5),
    )
