"""The stamp of figures: another one after every change, and never kept beyond the hour of a release."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from pytest_django import Settings

from national.definitions.moments import database_time
from national.disclosure.run import judge
from national.dissemination import freshness, releases
from national.dissemination.freshness import recent_mark, stamp
from submissions.models import Period
from tests.conftest import Cast
from tests.national.frames import networks
from tests.national.registers import accept_frame


@pytest.fixture
def kept(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stamp is taken for the present one for an hour."""
    settings.STAMP_SECONDS = 3600
    monkeypatch.setattr(freshness, "_known", freshness._Known(freshness.Stamp("", None), 0))


def accept(cast: Cast, period: Period, rows: int) -> None:
    accept_frame("320000", period, "networks", networks(*[{}] * rows), by=cast.admin)


def test_every_change_has_a_stamp_of_its_own(cast: Cast, period: Period) -> None:
    seen = [stamp().mark]
    accept(cast, period, 1)
    seen.append(stamp().mark)
    release = releases.make(by=cast.admin)
    seen.append(stamp().mark)
    releases.withdraw(release=release, by=cast.admin, reason_zh="有误", reason_en="wrong")
    seen.append(stamp().mark)
    accept(cast, period, 2)
    seen.append(stamp().mark)
    judge(period.code, database_time())
    seen.append(stamp().mark)
    assert len(set(seen)) == len(seen)
    assert stamp().mark == seen[-1]


@pytest.mark.usefixtures("kept")
def test_a_recent_stamp_is_not_asked_for_again(
    cast: Cast, period: Period, django_assert_num_queries: Callable[[int], object]
) -> None:
    first = recent_mark()
    accept(cast, period, 1)
    with django_assert_num_queries(0):
        assert recent_mark() == first
    assert stamp().mark != first


@pytest.mark.usefixtures("kept")
def test_no_recent_stamp_outlives_the_hour_of_a_release(cast: Cast, period: Period) -> None:
    accept(cast, period, 1)
    hour = database_time() + timedelta(seconds=1)
    releases.make(by=cast.admin, published_at=hour)
    hidden = recent_mark()
    while database_time() < hour:
        time.sleep(0.02)
    assert recent_mark() != hidden
    assert recent_mark() == stamp().mark
