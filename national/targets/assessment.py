"""Targets: where each goal stands: share, paths, pace needed, class, outlook and plans, each by its kind's formulas."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone

from national.models import PublishedValue
from national.targets import flows, paths
from national.targets.definitions import TARGETS, Collected, Kind, Target
from national.targets.forecast import Forecast, flow_outlook, stock_outlook
from national.targets.observations import Observation
from national.targets.paths import PathPoint, rounded
from national.targets.plans import PlanTotal, plan_totals
from national.targets.published_series import published
from national.targets.ratings import Judgement, judge
from validation import Period

__all__ = ["TARGETS", "Collected", "Kind", "Target", "TargetStatus", "quarters_left", "target", "targets"]

#: the one target that units make plans for
PLANNED = "NET_COUNT"


@dataclass(frozen=True, slots=True)
class TargetStatus:
    """A target and where it stands `today`, by what was known at a moment.

    `share` is in percent of the goal. Of a stock `pace_needed` is per quarter over `quarters_left`, the
    quarters still to be reported; of a flow `growth_needed` is in percent per year. What is not known is
    None. `readings` are all observations, oldest first; `reading` is the last of them.
    """

    target: Target
    today: date
    readings: tuple[Observation, ...]
    share: Decimal | None
    remaining: Decimal | None
    quarters_left: int
    pace_needed: Decimal | None
    growth_needed: Decimal | None
    paths: tuple[PathPoint, ...]
    judgement: Judgement
    outlook: Forecast | None
    plans: tuple[PlanTotal, ...]
    published: tuple[PublishedValue, ...]

    @property
    def reading(self) -> Observation | None:
        """The newest observation."""
        return self.readings[-1] if self.readings else None

    @property
    def actual(self) -> Decimal | None:
        """The value reached."""
        return self.reading.value if self.reading else None


def targets(today: date | None = None, as_of: datetime | None = None) -> list[TargetStatus]:
    """Every target and where it stands, in the roadmap's order; see `target`."""
    return [_status(declared, _day(today, as_of), as_of) for declared in TARGETS.values()]


def target(code: str, today: date | None = None, as_of: datetime | None = None) -> TargetStatus:
    """One target and where it stands by what is known, or was known at `as_of`; paths are read at `today`.

    Without `today` that is the day of `as_of`, or of now. Raises KeyError when there is none of that code.
    """
    return _status(TARGETS[code], _day(today, as_of), as_of)


def _day(today: date | None, as_of: datetime | None) -> date:
    return today or timezone.localdate(as_of)


def _status(target: Target, today: date, as_of: datetime | None) -> TargetStatus:
    readings = tuple(target.read(as_of))
    reading = readings[-1] if readings else None
    value = reading.value if reading else None
    remaining = None if value is None else max(target.goal - value, Decimal(0))
    left = quarters_left(today, target.due, reading.period if reading else None)
    compared = _paths(target, today, reading)
    return TargetStatus(
        target=target,
        today=today,
        readings=readings,
        share=None if value is None else rounded(100 * value / target.goal),
        remaining=remaining,
        quarters_left=left,
        pace_needed=_pace_needed(target, remaining, left),
        growth_needed=_growth_needed(target, reading),
        paths=compared,
        judgement=judge(compared, reading, target.base.on if target.base else None),
        outlook=_outlook(target, readings),
        plans=tuple(plan_totals(target.goal, target.due.year, as_of)) if target.code == PLANNED else (),
        published=published(target.series, as_of) if target.series else (),
    )


def quarters_left(today: date, due: date, period: str | None) -> int:
    """Quarters up to `due` that are not over and have no figure yet; the running quarter is one of them."""
    last_known = Period.of(today).shift(-1)
    if period is not None:
        last_known = max(last_known, Period.parse(period))
    end = Period.of(due)
    return max((end.year - last_known.year) * 4 + end.quarter - last_known.quarter, 0)


def _pace_needed(target: Target, remaining: Decimal | None, left: int) -> Decimal | None:
    """A flow has no pace: next year's does not begin where this year's ends."""
    if remaining is None or target.kind is Kind.FLOW:
        return None
    return paths.pace_needed(remaining, left)


def _growth_needed(target: Target, reading: Observation | None) -> Decimal | None:
    if reading is None or target.kind is not Kind.FLOW:
        return None
    return flows.growth_needed(reading.value, reading.on.year, target.goal, target.due.year)


def _paths(target: Target, today: date, reading: Observation | None) -> tuple[PathPoint, ...]:
    if target.base is None:
        return ()
    value, on = (reading.value, reading.on) if reading else (None, None)
    base = target.base
    if target.kind is Kind.FLOW:
        years = flows.YearSpan(base.value, base.on.year, target.goal, target.due.year)
        return flows.points(years, today, value, on)
    return paths.points(paths.Span(base.value, base.on, target.goal, target.due), today, value, on)


def _outlook(target: Target, readings: tuple[Observation, ...]) -> Forecast | None:
    """Return the forecast; None where a trend means nothing: for bounded values, and for those nobody reports."""
    if target.base is None:
        return None
    return (flow_outlook if target.kind is Kind.FLOW else stock_outlook)(readings, target.due)
