"""Propagation: a change of a register reaches unit, province and country, in its period and in those it is carried into."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import polars as pl

from national.aggregation.area_sums import sums_of_units
from national.aggregation.carry_forward import Sources, later_periods, sources
from national.aggregation.figure_store import close_all, forget_keys, keep_keys, replace, stored
from national.aggregation.unit_figures import Drafter, carried, joined, rule_of
from national.definitions.areas import Area, areas, areas_above
from national.definitions.indicators import GROUPS, Group
from national.models import AreaType, Change, Figure


def spread(*, change: Change, units: Mapping[str, list[str]], period: str, drafter: Drafter) -> int:
    """Make figures right after registers of `period` came into force or went out of it: those of `units`, by
    collection.

    Returns how many were closed and opened. Needs the figures' lock. Changes rows of the units, their provinces
    and the country, for the period and for later ones into which units are carried forward; the first register
    of a period gives it the carried figures of everybody else.
    """
    return sum(
        settle(change=change, group=group, origin=origin, units=carried, drafter=drafter)
        for group in GROUPS
        if (reached := sorted({unit for name in group for unit in units.get(name, ())}))
        for origin, carried in _affected(group, reached, period)
    )


def settle(*, change: Change, group: Group, origin: Sources, units: list[str], drafter: Drafter) -> int:
    """Make the figures of `group` right for `units` and what they add up to, in the sources' period."""
    indicators = GROUPS[group]
    if not origin.open:
        for unit in units:
            forget_keys(unit, origin.period, indicators)
        return close_all(change, origin.period, indicators)
    first = not Figure.objects.in_force().filter(period=origin.period, indicator__in=indicators).exists()
    reached = sorted({*units, *origin.of}) if first else units
    drafts = joined(_drafts(unit, origin, indicators, drafter) for unit in reached)
    changed = replace(change, origin.period, reached, indicators, drafts)
    return changed + _sum_up(change, origin, indicators, _above(reached)) if changed else 0


def settle_all(*, change: Change, period: str, drafter: Drafter) -> int:
    """Correct every figure of `period` and return how many were closed and opened."""
    changed = 0
    for group, indicators in GROUPS.items():
        origin = sources(group, period)
        units = [area.code for area in areas().values() if area.area_type == AreaType.UNIT]
        changed += settle(change=change, group=group, origin=origin, units=units, drafter=drafter)
        if origin.open:
            changed += _sum_up(change, origin, indicators, _above(units))
    return changed


def _affected(group: Group, units: list[str], period: str) -> Iterator[tuple[Sources, list[str]]]:
    """The period itself, then the later ones with those of the units that have no registers of their own up to it."""
    yield sources(group, period), units
    for later in later_periods(group, period):
        origin = sources(group, later)
        units = [unit for unit in units if origin.of.get(unit) != later]
        if not units:
            return
        yield origin, units


def _drafts(unit: str, origin: Sources, indicators: list[str], drafter: Drafter) -> pl.DataFrame:
    """Return the figures that the unit should have, as rows of `FIGURE`, and store the keys behind them."""
    source, rule = origin.of.get(unit), rule_of(origin.period)
    if source != origin.period:
        forget_keys(unit, origin.period, indicators)
    if source is None:
        return joined([])
    if source != origin.period and rule_of(source) == rule:
        held = Figure.objects.in_force().filter(area=unit, period=source, indicator__in=indicators)
        return carried(stored(held).drop("id"), source)
    figures, keys = drafter.own(unit, source, rule)
    keep_keys(unit, source, rule.version, indicators, keys)
    chosen = figures.filter(pl.col("indicator").is_in(indicators))
    return chosen if source == origin.period else carried(chosen, source)


def _sum_up(change: Change, origin: Sources, indicators: list[str], above: list[Area]) -> int:
    sums = sums_of_units(period=origin.period, areas=above, indicators=indicators, sources=origin)
    return replace(change, origin.period, [area.code for area in above], indicators, sums)


def _above(units: Iterable[str]) -> list[Area]:
    """Every area that any of the units adds up to, once."""
    return list({area.code: area for unit in units for area in areas_above(unit)}.values())
