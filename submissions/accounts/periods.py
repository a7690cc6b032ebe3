"""Opening periods for returns: their three days, and which days would be a mistake."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from django.db import IntegrityError, transaction

from submissions.models import Period
from validation import Period as Quarter

#: from a quarter's last day until its returns are due, and from then until no more are taken
DUE_AFTER = timedelta(days=20)
CLOSES_AFTER = timedelta(days=90)
#: a quarter that begins later than this is a slip of the pen
SOONEST = timedelta(days=366)


class Days(NamedTuple):
    """First day of uploads, day by which they are owed, and last day."""

    opens: date
    due: date
    closes: date


class PeriodError(ValueError):
    """Raised when the period cannot be opened; the text says why and what to do."""


def days_of(
    quarter: Quarter, *, opens: date | None = None, due: date | None = None, closes: date | None = None
) -> Days:
    """Return the days given; a day left out is the usual one, counted from the quarter's last day."""
    due = due or quarter.end + DUE_AFTER
    return Days(opens or min(quarter.end + timedelta(days=1), due), due, closes or due + CLOSES_AFTER)


@transaction.atomic
def open_period(quarter: Quarter, days: Days, *, today: date) -> Period:
    """Enter a quarter to be collected. Raise PeriodError; an existing period is never changed."""
    _require_sound(quarter, days, today)
    try:
        with transaction.atomic():
            return Period.objects.create(code=str(quarter), **days._asdict())
    except IntegrityError as taken:
        there = Period.objects.get(pk=str(quarter))
        raise PeriodError(
            f"{quarter} is there already: opens {there.opens}, due {there.due}, closes {there.closes}. "
            "Nothing was changed."
        ) from taken


def _require_sound(quarter: Quarter, days: Days, today: date) -> None:
    if not days.opens <= days.due <= days.closes:
        raise PeriodError(
            f"The days are not in order: opens {days.opens}, due {days.due}, closes {days.closes}."
        )
    if days.opens < quarter.start:
        raise PeriodError(f"{quarter} begins on {quarter.start}: give --opens of that day or later.")
    if days.closes < today:
        raise PeriodError(
            f"{quarter} would have closed on {days.closes}, so nobody could send anything: give --due and --closes."
        )
    if quarter.start - today > SOONEST:
        raise PeriodError(
            f"{quarter} begins on {quarter.start}, more than a year from today. Is it the right one?"
        )
