"""Recomputation: figures made anew from the records of registers in force, and compared with the stored ones."""

from __future__ import annotations

from typing import NamedTuple

import polars as pl
from django.db import transaction

from national.aggregation.area_sums import finished
from national.aggregation.carry_forward import Sources, sources
from national.aggregation.figure_store import FIGURE, stored
from national.aggregation.propagation import settle_all
from national.aggregation.recording import lock_figures
from national.aggregation.registers import frame_of_records
from national.aggregation.unit_figures import Drafter, Drafts, carried, rule_of
from national.definitions.areas import Area, areas
from national.definitions.counting_rules import CountingRule
from national.definitions.indicator import Adds
from national.definitions.indicators import GROUPS, INDICATORS
from national.definitions.moments import moment_of_change
from national.models import AreaType, Cause, Change, Figure
from submissions.models import Register

#: everything a figure says but from which submission it comes
_SAID = [name for name in FIGURE if name != "submission_id"]
_PART = ["indicator", "breakdown", "breakdown_value"]


class Comparison(NamedTuple):
    """Rows of `computed` and `stored` that the other side does not have; both empty when they agree."""

    computed: pl.DataFrame
    stored: pl.DataFrame

    @property
    def agrees(self) -> bool:
        """Report whether stored and computed figures are the same."""
        return self.computed.is_empty() and self.stored.is_empty()


def periods() -> list[str]:
    """Every period with a register or a figure in force, in time order."""
    registers = Register.objects.in_force().values_list("period_id", flat=True)
    figures = Figure.objects.in_force().values_list("period", flat=True)
    return sorted({*registers.distinct(), *figures.order_by().distinct()})


@transaction.atomic
def rebuild(period: str) -> None:
    """Replace the stored figures of `period` that differ from those of its registers in force.

    Periods are rebuilt in time order, for a unit is carried forward from its earlier figures.
    """
    lock_figures()
    change = Change.objects.create(cause=_cause(period), period=period, at=moment_of_change())
    if not settle_all(change=change, period=period, drafter=Drafter(frame_of_records)):
        change.delete()  # nothing was changed


@transaction.atomic
def compare(period: str) -> Comparison:
    """Stored figures in force beside figures made from records; sums are made here and not in SQL."""
    lock_figures()
    made = computed(period, Drafter(frame_of_records), rule_of(period)).select(_SAID)
    held = stored(Figure.objects.in_force().filter(period=period)).select(_SAID)
    return Comparison(_only(made, held), _only(held, made))


def computed(period: str, drafter: Drafter, rule: CountingRule) -> pl.DataFrame:
    """All figures of `period` counted by `rule`, as rows of `keeping.FIGURE`; nothing stored is looked at."""
    made = [_computed(sources(group, period), GROUPS[group], drafter, rule) for group in GROUPS]
    return pl.concat([pl.DataFrame(schema=FIGURE), *made])


def _cause(period: str) -> Cause:
    """Figures that were made by another counting rule are made anew because of it."""
    other = Figure.objects.in_force().filter(period=period).exclude(rule_version=rule_of(period).version)
    return Cause.RULE if other.exists() else Cause.REPAIR


def _only(rows: pl.DataFrame, others: pl.DataFrame) -> pl.DataFrame:
    return rows.join(others, on=_SAID, how="anti", nulls_equal=True)


def _computed(origin: Sources, indicators: list[str], drafter: Drafter, rule: CountingRule) -> pl.DataFrame:
    """Return the figures of every area for one group of indicators."""
    if not origin.open:
        return pl.DataFrame(schema=FIGURE)
    drafts = {unit: drafter.own(unit, source, rule) for unit, source in origin.of.items()}
    chosen = pl.col("indicator").is_in(indicators)
    of_units = pl.concat(
        figures if origin.of[unit] == origin.period else carried(figures, origin.of[unit])
        for unit, (figures, _) in drafts.items()
    ).filter(chosen)
    above = [area for area in areas().values() if area.area_type != AreaType.UNIT]
    sums = [_summed(of_units, area, origin.period) for area in above]
    distinct = pl.concat([_distinct(drafts, area, origin) for area in above])
    of_areas = finished(_with(pl.concat(sums), distinct), origin.period, above, origin)
    return pl.concat([of_units, of_areas])


def _summed(of_units: pl.DataFrame, area: Area, period: str) -> pl.DataFrame:
    own = pl.col("carried_from") == ""
    return (
        of_units.filter(pl.col("area").is_in(area.units))
        .group_by(_PART)
        .agg(
            pl.lit(area.code).first().alias("area"),
            pl.lit(area.area_type).first().alias("area_type"),
            pl.col("value").sum(),
            pl.col("value").filter(own).sum().alias("value_strict"),
            pl.col("numerator", "denominator").sum(),
            pl.col("numerator", "denominator").filter(own).sum().name.suffix("_strict"),
            pl.col("records", "records_carried").sum(),
        )
    )


def _distinct(drafts: dict[str, Drafts], area: Area, origin: Sources) -> pl.DataFrame:
    """Return how many different keys the area's units have in each part: of all of them, and of those that reported."""
    keys = [
        drafts[unit].keys.with_columns(own=pl.lit(origin.of[unit] == origin.period))
        for unit in area.units
        if unit in drafts
    ]
    empty = pl.DataFrame(schema={**_KEYS, "own": pl.Boolean()})
    cells = pl.concat([empty, *keys]).explode("cells", empty_as_null=False)
    parts = cells.with_columns(
        pl.col("cells").str.split_exact("|", 1).struct.rename_fields(_PART[1:]).struct.unnest()
    )
    return parts.group_by(_PART).agg(
        pl.lit(area.code).first().alias("area"),
        pl.col("key").n_unique().alias("different"),
        pl.col("key").filter("own").n_unique().alias("different_strict"),
    )


_KEYS = {"indicator": pl.String(), "key": pl.String(), "cells": pl.List(pl.String())}


def _with(sums: pl.DataFrame, distinct: pl.DataFrame) -> pl.DataFrame:
    """Sums in which distinct indicators have the number of different keys for their value."""
    counts = pl.col("indicator").is_in(
        [code for code, indicator in INDICATORS.items() if indicator.adds is Adds.DISTINCT]
    )
    rows = sums.join(distinct, on=[*_PART, "area"], how="left").with_columns(
        pl.col("different", "different_strict").fill_null(0).cast(FIGURE["value"])
    )
    return rows.with_columns(
        value=pl.when(counts).then("different").otherwise("value"),
        value_strict=pl.when(counts).then("different_strict").otherwise("value_strict"),
    ).drop("different", "different_strict")
