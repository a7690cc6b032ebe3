"""Progress: a target from its base to its goal: observed, on both paths, projected with its interval, published."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from national.charts.chart import Cell, Chart, Column
from national.charts.words import amount, is_chinese, named
from national.targets import flows, paths
from national.targets.assessment import TargetStatus
from national.targets.definitions import Base, Kind, Target
from national.targets.drift import FEWEST
from national.targets.forecast import Ahead
from national.targets.observations import Observation
from national.targets.ratings import represents
from submissions.labels import period_label
from validation import Period


def progress(status: TargetStatus, base: Base) -> Chart:
    """The chart of a target that has a base. Its rows are quarters, of a flow years."""
    return Chart(
        code=f"progress-{status.target.code.lower().replace('_', '-')}",
        draw="paths",
        title=_title(status.target),
        says=_says(status),
        columns=_columns(status.target),
        rows=tuple(_rows(status, base)),
        size="l",
        note=_note(status),
        facts={
            "partial": [reading.label for reading in status.readings if not represents(reading)],
            "partial_label": _("few units"),
            "goal": float(status.target.goal),
            "goal_label": _("Goal: %(goal)s") % {"goal": amount(status.target.goal)},
        },
    )


def _title(target: Target) -> str:
    return _("%(name)s: figure, paths and projection to %(year)s") % {
        "name": named(target),
        "year": target.due.year,
    }


def _says(status: TargetStatus) -> str:
    if status.reading is None:
        return _("There is no figure yet; the two paths lead from the base to the goal.")
    return _("%(label)s: %(value)s %(unit)s, %(share)s %% of the goal of %(goal)s.") % {
        "label": _when(status.reading),
        "value": amount(status.reading.value),
        "unit": status.target.unit_zh if is_chinese() else status.target.unit_en,
        "share": amount(status.share),
        "goal": amount(status.target.goal),
    }


def _when(reading: Observation) -> str:
    """The quarter or year of a reading in words."""
    if reading.period:
        return period_label(reading.period)
    return f"{reading.label}年" if is_chinese() else reading.label


def _note(status: TargetStatus) -> str:
    if status.outlook is None or status.outlook.enough:
        return ""
    counts = {"needed": FEWEST, "found": len(status.outlook.used)}
    if status.target.kind is Kind.FLOW:
        return (
            _("Not enough years for a projection: it needs %(needed)s in a row and has %(found)s.") % counts
        )
    return (
        _(
            "Not enough quarters for a projection: it needs %(needed)s complete ones in a row and has %(found)s."
        )
        % counts
    )


def _columns(target: Target) -> tuple[Column, ...]:
    measured: dict[str, Any] = {
        "unit": target.unit_zh if is_chinese() else target.unit_en,
        "decimals": target.decimals,
    }
    time = _("Year") if target.kind is Kind.FLOW else _("Quarter")
    return (
        Column("time", time, "text" if target.kind is Kind.FLOW else "period"),
        Column("on", _("Last day"), "date"),
        Column("actual", _("Actual"), **measured),
        Column("strict", _("Without carried-forward values"), **measured),
        Column("linear", _("Linear path"), **measured),
        Column("compound", _("Compound path"), **measured),
        Column("projected", _("Projection, same amount"), **measured),
        Column("low", _("Same amount: lower bound"), **measured),
        Column("high", _("Same amount: upper bound"), **measured),
        Column("projected_rate", _("Projection, same rate"), **measured),
        Column("low_rate", _("Same rate: lower bound"), **measured),
        Column("high_rate", _("Same rate: upper bound"), **measured),
        Column("published", _("Published elsewhere"), **measured),
    )


def _rows(status: TargetStatus, base: Base) -> Iterable[tuple[Cell, ...]]:
    observed = {reading.label: reading for reading in status.readings}
    published = {
        _label(status.target, value.on): value.value for value in status.published if not value.is_forecast
    }
    same_amount, same_rate = (_ahead(status, name) for name in ("linear", "compound"))
    for label, on in _times(status, base):
        reading = observed.get(label)
        yield (
            label,
            on,
            reading.value if reading else None,
            reading.value_strict if reading else None,
            *(_path(status.target, base, name, on) for name in ("linear", "compound")),
            *_projected(same_amount.get(label)),
            *_projected(same_rate.get(label)),
            published.get(label),
        )


def _ahead(status: TargetStatus, name: str) -> dict[str, Ahead]:
    projections = status.outlook.projections if status.outlook else ()
    return {
        step.label: step for projection in projections if projection.name == name for step in projection.ahead
    }


def _projected(ahead: Ahead | None) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
    return (ahead.value, ahead.low, ahead.high) if ahead else (None, None, None)


def _path(target: Target, base: Base, name: str, on: date) -> Decimal | None:
    """Return the path's value at the end of that day's quarter or year; None before the base."""
    if on < base.on:
        return None
    if target.kind is Kind.FLOW:
        years = flows.YearSpan(base.value, base.on.year, target.goal, target.due.year)
        return flows.PATHS[name](years, on.year)
    return paths.PATHS[name](paths.Span(base.value, base.on, target.goal, target.due), on)


def _times(status: TargetStatus, base: Base) -> list[tuple[str, date]]:
    first = min([base.on, *(reading.on for reading in status.readings)])
    if status.target.kind is Kind.FLOW:
        return [(str(year), date(year, 12, 31)) for year in range(first.year, status.target.due.year + 1)]
    quarter, listed = Period.of(first), []
    while quarter.end <= status.target.due:
        listed.append((str(quarter), quarter.end))
        quarter = quarter.shift(1)
    return listed


def _label(target: Target, on: date) -> str:
    return str(on.year) if target.kind is Kind.FLOW else str(Period.of(on))
