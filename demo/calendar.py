"""The demo's reporting periods: the last one is being collected, all of them still take uploads."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.utils import timezone

from submissions import models
from validation import Period

#: four quarters that are complete make a trend; the fifth is being collected
PERIODS = ("2025Q3", "2025Q4", "2026Q1", "2026Q2", "2026Q3")
#: Days from a period's end until its returns are due.
DUE_AFTER = timedelta(days=20)
#: The demo may be loaded and played at any time, so its last period is due some days from now at the
#: earliest and none of its periods closes soon.
DUE_AT_LEAST = timedelta(days=10)
OPEN_FOR = timedelta(days=180)


def make_periods(periods: Iterable[Period]) -> None:
    """Make the periods that are missing, in order; the last one is the current one."""
    today = timezone.localdate()
    ordered = sorted(periods)
    for period in ordered:
        models.Period.objects.get_or_create(
            code=str(period), defaults=_days(period, today, current=period == ordered[-1])
        )


def _days(period: Period, today: date, *, current: bool) -> dict[str, date]:
    opens = min(period.end + timedelta(days=1), today)
    due = max(period.end + DUE_AFTER, today + DUE_AT_LEAST) if current else period.end + DUE_AFTER
    return {"opens": opens, "due": max(due, opens), "closes": max(due, today) + OPEN_FOR}
