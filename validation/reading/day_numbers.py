"""Numbers as their cells show them: day numbers become moments, times of day and durations text that no field takes."""

from __future__ import annotations

from typing import NamedTuple

import polars as pl

from validation.number_formats import clock
from validation.reading.columns import MOMENT

DAY_MS = 86_400_000
#: First day number after 29 February 1900, which never was; and one past 31 December 9999.
LEAP_DAY, LAST_DAY = 60, 2_958_466
#: What a cell's kind says of its number.
SHARED, NUMBER, DATE, DURATION, TEXT, INLINE, YES_NO, ERROR, BLANK = range(9)


class Values(NamedTuple):
    """Cells' values, of which each cell has one at most."""

    text: pl.Series
    number: pl.Series
    moment: pl.Series


def as_shown(kind: pl.Series, text: pl.Series, number: pl.Series, *, date_1904: bool) -> Values:
    """Texts and numbers of cells by the kind (NUMBER, DATE or DURATION) that their number formats have."""
    moment = _moments(number, kind, date_1904=date_1904) if (kind == DATE).any() else None
    if moment is not None:
        timed = (
            (kind == DATE) & number.is_not_null() & moment.is_null() & number.is_between(0, 1, closed="left")
        )
        text = _with_durations(text, number, timed)
        number = number.set(moment.is_not_null() | timed, None)
    if (kind == DURATION).any():
        text = _with_durations(text, number, kind == DURATION)
        number = number.set((kind == DURATION) & text.is_not_null(), None)
    if moment is None:
        moment = pl.Series([None], dtype=MOMENT).new_from_index(0, len(kind))
    return Values(text.alias("text"), number.alias("number"), moment.alias("moment"))


def _moments(number: pl.Series, kind: pl.Series, *, date_1904: bool) -> pl.Series:
    """Day numbers as moments, to the millisecond; null where a number is no day."""
    days = number.set(kind != DATE, None)
    if date_1904:
        days = days + 1462
    else:
        days = days.set(days < 1, None)
        days = days.zip_with(~(days < LEAP_DAY), days + 1)
    days = days.set((days < 1) | (days >= LAST_DAY), None)
    stamps = ((days - 25_569) * DAY_MS).round().cast(pl.Int64)
    return stamps.cast(pl.Datetime("ms")).cast(MOMENT)


def _with_durations(text: pl.Series, number: pl.Series, where: pl.Series) -> pl.Series:
    """A time of day or a duration becomes text, which no field takes for a figure."""
    places = (where & (number.abs() < LAST_DAY)).fill_null(value=False).arg_true()
    clocks = [clock(days) for days in number.gather(places)]
    return text.scatter(places, pl.Series(clocks, dtype=pl.String))
