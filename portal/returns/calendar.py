"""Calendar: which periods are being collected today, and how many days are left."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from django.db.models import QuerySet

from submissions.models import Period


class Deadline(NamedTuple):
    """A period as seen on a day. `days` to the due date; negative when it has passed."""

    period: Period
    days: int
    is_open: bool


def deadline(period: Period, today: date) -> Deadline:
    """How `period` stands on `today`."""
    return Deadline(period, (period.due - today).days, period.opens <= today <= period.closes)


def current_period(today: date) -> Period | None:
    """The period that opened last; before the first one opens, the first to come."""
    return opened_periods(today).first() or Period.objects.order_by("code").first()


def opened_periods(today: date) -> QuerySet[Period]:
    """Periods that have opened by `today`, newest first; some may still take late returns."""
    return Period.objects.filter(opens__lte=today)
