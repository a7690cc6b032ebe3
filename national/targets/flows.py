"""Paths of flows: values made within a year, by year; they do not add up over years."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from national.targets.paths import PathPoint, path_point, rounded


@dataclass(frozen=True, slots=True)
class YearSpan:
    """From the flow of year `first` to the goal for that of year `last`."""

    base: Decimal
    first: int
    goal: Decimal
    last: int

    def gone(self, year: int) -> Decimal:
        """Share of the span's years gone by at the end of `year`, from 0 to 1."""
        return Decimal(min(max(year, self.first), self.last) - self.first) / (self.last - self.first)


def linear(span: YearSpan, year: int) -> Decimal:
    """Every year's flow is larger than the last one's by the same amount."""
    return rounded(span.base + (span.goal - span.base) * span.gone(year))


def compound(span: YearSpan, year: int) -> Decimal:
    """Every year's flow is larger than the last one's by the same rate."""
    return rounded(span.base * (span.goal / span.base) ** span.gone(year))


PATHS: dict[str, Callable[[YearSpan, int], Decimal]] = {"linear": linear, "compound": compound}


def points(span: YearSpan, today: date, actual: Decimal | None, on: date | None) -> tuple[PathPoint, ...]:
    """The span's paths: a year is expected once it is over, and a figure is held against its own year."""
    over = year_over(today)
    return tuple(
        path_point(name, actual, path(span, over), None if on is None else path(span, on.year))
        for name, path in PATHS.items()
    )


def year_over(today: date) -> int:
    """The last year that is over at the end of `today`."""
    return today.year if (today.month, today.day) == (12, 31) else today.year - 1


def growth_needed(value: Decimal, year: int, goal: Decimal, last: int) -> Decimal | None:
    """Growth per year, in percent, from `year`'s flow to the goal for that of year `last`; None when it is over."""
    if year >= last or not value:
        return None
    ratio = max(goal / value, Decimal(1))
    return rounded(100 * (ratio ** (Decimal(1) / (last - year)) - 1))
