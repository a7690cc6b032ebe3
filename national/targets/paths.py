"""Paths of stocks: the values that lead from a base to a goal, day by day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

_HUNDREDTH = Decimal("0.01")
_TEN_THOUSANDTH = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Span:
    """From `base` on day `start` to `goal` on day `due`."""

    base: Decimal
    start: date
    goal: Decimal
    due: date

    def elapsed(self, day: date) -> Decimal:
        """Share of the span's days gone by at the end of `day`, from 0 to 1."""
        days = Decimal((min(max(day, self.start), self.due) - self.start).days)
        return days / (self.due - self.start).days


def linear(span: Span, day: date) -> Decimal:
    """The same amount is added every day."""
    return rounded(span.base + (span.goal - span.base) * span.elapsed(day))


def compound(span: Span, day: date) -> Decimal:
    """The same rate of growth holds every day."""
    return rounded(span.base * (span.goal / span.base) ** span.elapsed(day))


PATHS: dict[str, Callable[[Span, date], Decimal]] = {"linear": linear, "compound": compound}


@dataclass(frozen=True, slots=True)
class PathPoint:
    """Where a path stands today, where it stood on the figure's own day, and the figure ÷ the latter.

    The figure is compared with the path on its own day: a quarter's figure is weeks old when it is known.
    """

    name: str
    expected_today: Decimal
    expected_then: Decimal | None
    ratio: Decimal | None


def points(span: Span, today: date, actual: Decimal | None, on: date | None) -> tuple[PathPoint, ...]:
    """The span's paths in the order of PATHS."""
    return tuple(
        path_point(name, actual, path(span, today), None if on is None else path(span, on))
        for name, path in PATHS.items()
    )


def path_point(name: str, actual: Decimal | None, today: Decimal, then: Decimal | None) -> PathPoint:
    """The actual value divided by the path's value on its day."""
    ratio = None if actual is None or then is None else (actual / then).quantize(_TEN_THOUSANDTH)
    return PathPoint(name, today, then, ratio)


def pace_needed(remaining: Decimal, quarters_left: int) -> Decimal | None:
    """Return how much has to be added each quarter to reach the goal; None when no quarter is left."""
    return rounded(remaining / quarters_left) if quarters_left else None


def rounded(value: Decimal) -> Decimal:
    """To two decimals."""
    return value.quantize(_HUNDREDTH)
