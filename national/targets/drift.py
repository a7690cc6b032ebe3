"""Drift: the value that growth so far leads to by a date, with an interval, by the drift method. Pure.

A random walk with drift: the next value is the last one plus the mean change seen so far, give or take a
chance change. Over h steps from m observed changes with standard deviation s the forecast error has the
standard deviation s·√(h·(1 + h ÷ m)), and its quantiles are Student's with m − 1 degrees of freedom
(Hyndman and Athanasopoulos, Forecasting: Principles and Practice, 3rd ed., 5.2 and 5.5).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import exp, log, sqrt
from statistics import fmean, stdev

#: the interval holds the truth four times out of five, if growth goes on as it was
LEVEL = 0.8
#: a trend of fewer observations is none: it takes three changes to estimate how much changes vary
FEWEST = 4
#: of an exponent: a wild series leads to an absurdly large number and not to a fault
_MOST = 100.0


@dataclass(frozen=True, slots=True)
class Step:
    """The `number`-th value after the last observed one, and between which bounds it lies."""

    number: int
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Drift:
    """The mean change per step over `changes` observed ones, and how much they vary."""

    last: float
    mean: float
    spread: float
    changes: int

    def step(self, number: int) -> tuple[float, float, float]:
        """Value, lower and upper bound `number` steps after the last observed value."""
        value = self.last + number * self.mean
        # imported when it is needed: every process would load it at its start for the few pages that project
        from scipy.special import stdtrit

        error = self.spread * sqrt(number * (1 + number / self.changes))
        quantile = float(stdtrit(self.changes - 1, (1 + LEVEL) / 2))
        return value, value - quantile * error, value + quantile * error


def same_amount(values: Sequence[float], steps: int) -> tuple[Step, ...]:
    """The same amount is added every step. Raises ValueError for fewer than FEWEST values."""
    return _steps(_drift(values), steps, lambda value: max(value, 0.0))


def same_rate(values: Sequence[float], steps: int) -> tuple[Step, ...]:
    """The same rate of growth holds every step: the drift of logarithms.

    Raises ValueError for fewer than FEWEST values, and for values that are not above zero.
    """
    return _steps(_drift([log(value) for value in values]), steps, _exp)


#: the readings of "as before", by the name of the path they are like
METHODS: dict[str, Callable[[Sequence[float], int], tuple[Step, ...]]] = {
    "linear": same_amount,
    "compound": same_rate,
}


def _drift(values: Sequence[float]) -> Drift:
    if len(values) < FEWEST:
        raise ValueError(f"a projection needs {FEWEST} values and got {len(values)}")
    changes = [later - earlier for earlier, later in zip(values, values[1:], strict=False)]
    return Drift(values[-1], fmean(changes), stdev(changes), len(changes))


def _steps(drift: Drift, steps: int, back: Callable[[float], float]) -> tuple[Step, ...]:
    return tuple(Step(number, *map(back, drift.step(number))) for number in range(1, steps + 1))


def _exp(value: float) -> float:
    return exp(min(value, _MOST))
