"""Forecast: which observations make the trend of a target, and where it leads by the day the goal is due."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from national.targets.drift import FEWEST, METHODS, Step
from national.targets.observations import Observation
from national.targets.paths import rounded
from national.targets.ratings import LEAST_UNITS
from validation import Period


@dataclass(frozen=True, slots=True)
class Ahead:
    """A projected value: for the quarter or year `label`, which ends on `on`, between `low` and `high`."""

    label: str
    on: date
    value: Decimal
    low: Decimal
    high: Decimal


@dataclass(frozen=True, slots=True)
class Projection:
    """One reading of "as before": the same amount (linear) or the same rate (compound) every quarter or year."""

    name: str
    ahead: tuple[Ahead, ...]

    @property
    def at_due(self) -> Ahead:
        """Where it leads by the day the goal is due."""
        return self.ahead[-1]


@dataclass(frozen=True, slots=True)
class Forecast:
    """The observations that make the trend, oldest first, and where they lead; no projections when too few."""

    used: tuple[Observation, ...]
    projections: tuple[Projection, ...] = ()

    @property
    def enough(self) -> bool:
        """Whether there are observations enough for a trend."""
        return len(self.used) >= FEWEST

    @property
    def trend_end(self) -> Observation | None:
        """The newest observation of the trend."""
        return self.used[-1] if self.used else None

    @property
    def pace(self) -> Decimal | None:
        """Mean change from one observation of the trend to the next."""
        if not self.enough:
            return None
        return rounded((self.used[-1].value - self.used[0].value) / (len(self.used) - 1))


#: what comes after the last observation, until the goal is due: label and last day of each step
_Calendar = Callable[[Observation, date], list[tuple[str, date]]]


def stock_outlook(readings: Sequence[Observation], due: date) -> Forecast:
    """From quarterly stocks: the unbroken run of the newest quarters that nearly all units have been accepted for.

    A quarter still coming in would make growth look slower than it is.
    """
    full = [reading for reading in readings if _nearly_all(reading)]
    return _outlook(_unbroken(full, lambda reading: _quarter(reading).shift(1)), due, _quarters_until)


def flow_outlook(readings: Sequence[Observation], due: date) -> Forecast:
    """From yearly flows: the unbroken run of the newest years."""
    return _outlook(_unbroken(readings, lambda reading: reading.on.year + 1), due, _years_until)


def _nearly_all(reading: Observation) -> bool:
    accepted, expected = reading.units_accepted or 0, reading.units_expected or 0
    return bool(expected) and accepted >= LEAST_UNITS * expected


def _unbroken(
    readings: Sequence[Observation], following: Callable[[Observation], Period | int]
) -> tuple[Observation, ...]:
    """The last readings of which each follows on the one before."""
    run: list[Observation] = []
    for reading in readings:
        place = _quarter(reading) if reading.period else reading.on.year
        run = [*run, reading] if run and following(run[-1]) == place else [reading]
    return tuple(run)


def _outlook(used: tuple[Observation, ...], due: date, calendar: _Calendar) -> Forecast:
    if len(used) < FEWEST:
        return Forecast(used)
    values = [float(reading.value) for reading in used]
    names = METHODS if min(values) > 0 else ["linear"]
    steps = calendar(used[-1], due)
    made = [(name, METHODS[name](values, len(steps))) for name in names]
    return Forecast(
        used, tuple(Projection(name, _ahead(steps, reached)) for name, reached in made) if steps else ()
    )


def _ahead(steps: list[tuple[str, date]], reached: tuple[Step, ...]) -> tuple[Ahead, ...]:
    return tuple(
        Ahead(label, on, *(rounded(Decimal(value)) for value in (step.value, step.low, step.high)))
        for (label, on), step in zip(steps, reached, strict=True)
    )


def _quarters_until(last: Observation, due: date) -> list[tuple[str, date]]:
    quarter, steps = _quarter(last).shift(1), []
    while quarter.end <= due:
        steps.append((str(quarter), quarter.end))
        quarter = quarter.shift(1)
    return steps


def _years_until(last: Observation, due: date) -> list[tuple[str, date]]:
    return [(str(year), date(year, 12, 31)) for year in range(last.on.year + 1, due.year + 1)]


def _quarter(reading: Observation) -> Period:
    return Period.parse(reading.period or "")
