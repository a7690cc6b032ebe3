"""Calendar: which periods are being collected today, and how many days are left."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from submissions.models import Period


class Deadline(NamedTuple):
    """A period as seen on a day. `days` to the due date; negative when it has passed."""

    period: Period
    days: int
    is_open: bool


def deadline(period: Period, today: date) -> Deadline:
    """How `period` stands on `today`."""
    return Deadline(period, (period.due - today).days, period.opens <= today <= period.closes)


def current_periods(today: date) -> list[Period]:
    """Periods open on `today`, the earliest first; when none is, the one that closed last, else the next."""
    open_now = list(Period.objects.open_on(today).order_by("code"))
    if open_now:
        return open_now
    last = Period.objects.filter(closes__lt=today).order_by("-code").first()
    upcoming = last or Period.objects.order_by("code").first()
    return [upcoming] if upcoming else []


def earlier_periods(today: date) -> list[Period]:
    """Closed periods that are not the current one, newest first."""
    current = {period.pk for period in current_periods(today)}
    return [period for period in Period.objects.filter(closes__lt=today) if period.pk not in current]
