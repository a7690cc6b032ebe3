"""Releases: frozen by the database, published by time alone, hidden until then, and what status they give."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pgtrigger
import pytest
from django.db import DatabaseError, transaction
from django.db.models import F
from django.utils import timezone

from national.definitions.moments import database_time
from national.dissemination import releases
from national.dissemination.observation_status import with_status
from national.dissemination.queries import BadFilterError, figures, requested_vantage, seen
from national.dissemination.visibility import present
from national.models import Figure, Release
from submissions.models import Period
from submissions.workflow.refusals import RefusalError
from tests.conftest import Cast
from tests.national.frames import networks
from tests.national.registers import accept_frame

JIANGSU, ZHEJIANG = "320000", "330000"


def accept(cast: Cast, period: Period, unit: str, rows: int) -> None:
    accept_frame(unit, period, "networks", networks(*[{}] * rows), by=cast.admin)


def soon(seconds: float = 3600) -> datetime:
    return timezone.now() + timedelta(seconds=seconds)


def publish(release: Release) -> None:
    """Let its hour have struck at once; nobody but a test may move it into the past."""
    with pgtrigger.ignore("national.Release:release_hour_struck"):
        Release.objects.filter(pk=release.pk).update(published_at=F("moment"))


def national(**asking: Any) -> list[tuple[Any, ...]]:
    """Country's networks as told to someone: value, status, release."""
    staff = asking.pop("staff", False)
    vantage = requested_vantage(**asking, staff=staff)
    rows = figures(indicator="NET_COUNT", area="CN", vantage=vantage)
    return list(with_status(rows, vantage).values_list("value", "status", "release"))


def rows_of(release: Release) -> list[tuple[Any, ...]]:
    fields = ("id", "value", "records", "units_accepted")
    return list(Figure.objects.as_of(release.moment).order_by("id").values_list(*fields))


def test_numbers_count_up_and_the_period_is_the_newest(
    cast: Cast, period: Period, earlier_period: Period
) -> None:
    accept(cast, earlier_period, JIANGSU, 1)
    first = releases.make(by=cast.admin, note_zh="首次", note_en="first")
    accept(cast, period, JIANGSU, 2)
    second = releases.make(by=cast.admin)
    assert [(r.number, r.period, r.previous_id) for r in (first, second)] == [
        (1, "2026Q2", None),
        (2, "2026Q3", 1),
    ]
    assert first.figures == first.changes == Figure.objects.as_of(first.moment).count() > 0
    assert second.changes == Figure.objects.filter(period="2026Q3").count()
    assert second.published_at == second.moment


def test_what_is_released_stays_whatever_comes(cast: Cast, period: Period) -> None:
    accept(cast, period, JIANGSU, 3)
    release = releases.make(by=cast.admin)
    held = rows_of(release)
    accept(cast, period, JIANGSU, 1)
    accept(cast, period, ZHEJIANG, 5)
    assert rows_of(release) == held
    assert national(release=1) == [(3, "released", 1)]
    assert national() == [(6, "revised", None)]


@pytest.mark.parametrize(
    "tampering",
    [
        lambda held: held.update(value=99),
        lambda held: held.update(valid_from=timezone.now()),
        lambda held: held.update(valid_to=Release.objects.get().moment),
        lambda held: held.delete(),
        lambda held: _insert_before(held.first()),
        lambda held: Release.objects.update(note_en="other"),
        lambda held: Release.objects.update(moment=timezone.now()),
        lambda held: Release.objects.update(published_at=soon()),
        lambda held: Release.objects.all().delete(),
    ],
)
def test_the_database_refuses_to_alter_a_release(cast: Cast, period: Period, tampering: Any) -> None:
    accept(cast, period, JIANGSU, 3)
    release = releases.make(by=cast.admin)
    held = rows_of(release)
    total = Figure.objects.filter(indicator="NET_COUNT", area="CN", breakdown="total")
    with pytest.raises(DatabaseError), transaction.atomic():
        tampering(total)
    assert rows_of(release) == held


def _insert_before(figure: Figure) -> None:
    figure.pk, figure.period = None, "2019Q1"
    figure.save()


def test_a_closed_figure_of_a_release_is_not_opened_again(cast: Cast, period: Period) -> None:
    accept(cast, period, JIANGSU, 3)
    releases.make(by=cast.admin)
    accept(cast, period, JIANGSU, 1)
    closed = Figure.objects.filter(indicator="NET_COUNT", area="CN", breakdown="total", value=3)
    release = releases.make(by=cast.admin)
    with pytest.raises(DatabaseError), transaction.atomic():
        closed.update(valid_to=release.moment + timedelta(seconds=1))


def test_only_the_administrator_releases(cast: Cast, period: Period) -> None:
    accept(cast, period, JIANGSU, 1)
    for user in (cast.reviewer, cast.auditor, cast.js_signer):
        with pytest.raises(RefusalError, match="not-allowed"):
            releases.make(by=user)


def test_nothing_new_is_no_release(cast: Cast, period: Period) -> None:
    with pytest.raises(RefusalError, match="nothing-to-release"):
        releases.make(by=cast.admin)
    accept(cast, period, JIANGSU, 1)
    releases.make(by=cast.admin)
    with pytest.raises(RefusalError, match="nothing-to-release"):
        releases.make(by=cast.admin)


def test_under_embargo_the_public_stays_at_the_last_release(cast: Cast, period: Period) -> None:
    accept(cast, period, JIANGSU, 3)
    releases.make(by=cast.admin)
    accept(cast, period, ZHEJIANG, 4)
    assert national() == [(7, "revised", None)]
    waiting = releases.make(by=cast.admin, published_at=soon())
    accept(cast, period, JIANGSU, 5)
    assert national() == [(3, "released", 1)]
    assert national(staff=True) == [(9, "revised", None)]
    assert national(staff=True, release=2) == [(7, "revised", 2)]
    with pytest.raises(BadFilterError) as refused:
        national(release=2)
    assert refused.value.allowed == ["1"]
    with pytest.raises(BadFilterError):
        national(as_of=timezone.now() - timedelta(milliseconds=1))
    publish(waiting)
    assert national() == [(9, "revised", None)]
    assert national(release=2) == [(7, "revised", 2)]
    assert national(release=1) == [(3, "released", 1)]


def test_before_the_first_hour_the_public_sees_nothing(cast: Cast, period: Period) -> None:
    accept(cast, period, JIANGSU, 3)
    waiting = releases.make(by=cast.admin, published_at=soon())
    assert not seen().exists()
    assert seen(present(staff=True)).exists()
    publish(waiting)
    assert national() == [(3, "released", 1)]


def test_time_alone_publishes(cast: Cast, period: Period) -> None:
    accept(cast, period, JIANGSU, 3)
    hour = database_time() + timedelta(seconds=1)
    releases.make(by=cast.admin, published_at=hour)
    assert not seen().exists()
    while database_time() <= hour:
        pass
    assert national() == [(3, "released", 1)]


def test_hours_lie_ahead_and_follow_the_numbers(cast: Cast, period: Period) -> None:
    accept(cast, period, JIANGSU, 1)
    with pytest.raises(RefusalError, match="hour-past"):
        releases.make(by=cast.admin, published_at=timezone.now() - timedelta(minutes=1))
    first = releases.make(by=cast.admin, published_at=soon(100))
    accept(cast, period, JIANGSU, 2)
    with pytest.raises(RefusalError, match="hour-out-of-order"):
        releases.make(by=cast.admin)
    second = releases.make(by=cast.admin, published_at=soon(200))
    with pytest.raises(RefusalError, match="hour-out-of-order"):
        releases.move_hour(release=first, by=cast.admin, published_at=soon(300))
    with pytest.raises(RefusalError, match="hour-out-of-order"):
        releases.move_hour(release=second, by=cast.admin, published_at=soon(50))
    with pytest.raises(RefusalError, match="hour-past"):
        releases.move_hour(release=first, by=cast.admin, published_at=timezone.now())
    releases.move_hour(release=first, by=cast.admin, published_at=soon(150))
    assert first.history.count() == 2
    publish(first)
    with pytest.raises(RefusalError, match="already-published"):
        releases.move_hour(release=first, by=cast.admin, published_at=soon(160))


def test_a_withdrawn_release_stays_and_gives_no_status(cast: Cast, period: Period) -> None:
    accept(cast, period, JIANGSU, 3)
    releases.make(by=cast.admin)
    accept(cast, period, JIANGSU, 4)
    second = releases.make(by=cast.admin)
    before = database_time()
    with pytest.raises(RefusalError, match="reason-required"):
        releases.withdraw(release=second, by=cast.admin, reason_zh="有误", reason_en=" ")
    releases.withdraw(release=second, by=cast.admin, reason_zh="有误", reason_en="wrong")
    with pytest.raises(RefusalError, match="already-withdrawn"):
        releases.withdraw(release=second, by=cast.admin, reason_zh="有误", reason_en="wrong")
    assert national() == [(4, "revised", None)]
    assert national(as_of=before) == [(4, "released", 2)]
    assert national(release=2) == [(4, "revised", 2)]
    third = releases.make(by=cast.admin)
    assert (third.number, third.previous_id) == (3, 1)


def test_withdrawn_before_its_hour_is_never_published(cast: Cast, period: Period) -> None:
    accept(cast, period, JIANGSU, 3)
    waiting = releases.make(by=cast.admin, published_at=soon(100))
    accept(cast, period, JIANGSU, 4)
    later = releases.make(by=cast.admin, published_at=soon(200))
    values = {"by": cast.admin, "reason_zh": "撤回", "reason_en": "withdrawn"}
    with pytest.raises(RefusalError, match="later-release-waits"):
        releases.withdraw(release=waiting, **values)
    releases.withdraw(release=later, **values)
    releases.withdraw(release=waiting, **values)
    assert national() == [(4, "provisional", None)]
    with pytest.raises(BadFilterError):
        national(release=1)


def test_status_is_told_by_value(cast: Cast, period: Period, earlier_period: Period) -> None:
    accept(cast, earlier_period, JIANGSU, 3)
    releases.make(by=cast.admin)
    accept(cast, period, JIANGSU, 3)
    assert national(as_of=None) == [(3, "provisional", None)]
    # a nil return changes how many units stand behind the figure, and not its value
    accept(cast, earlier_period, ZHEJIANG, 0)
    vantage = present()
    rows = figures(indicator="NET_COUNT", area="CN", period="2026Q2", vantage=vantage)
    assert with_status(rows, vantage).values_list("status", "units_accepted").get() == ("released", 2)


def test_the_past_is_told_in_its_own_words(cast: Cast, period: Period) -> None:
    accept(cast, period, JIANGSU, 3)
    provisional = database_time()
    releases.make(by=cast.admin)
    released = database_time()
    accept(cast, period, JIANGSU, 5)
    revised = database_time()
    releases.make(by=cast.admin)
    values = [national(as_of=moment) for moment in (provisional, released, revised, database_time())]
    assert values == [
        [(3, "provisional", None)],
        [(3, "released", 1)],
        [(5, "revised", None)],
        [(5, "released", 2)],
    ]


def test_the_future_cannot_be_asked(cast: Cast) -> None:
    with pytest.raises(BadFilterError, match="as_of"):
        requested_vantage(as_of=soon())
