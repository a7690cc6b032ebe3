"""Unit figures: a unit's figures of a period, from its own registers or from those carried forward."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

import polars as pl

from national.aggregation.figure_store import FIGURE
from national.aggregation.registers import standing
from national.aggregation.rollup import RolledUp, roll_up
from national.definitions.counting_rules import CountingRule, rule_for
from national.definitions.indicators import INDICATORS
from national.models import AreaType
from submissions.models import Submission
from validation import Period


class Drafts(NamedTuple):
    """Figures as rows of `keeping.FIGURE`, and the keys behind distinct counts as `rollup.RolledUp` has them."""

    figures: pl.DataFrame
    keys: pl.DataFrame


class Drafter:
    """Drafts of units; registers are read by `read` and rolled up once, however often they are asked for."""

    def __init__(self, read: Callable[[Submission], pl.DataFrame]) -> None:
        self._read = read
        self._made: dict[tuple[str, str, int], Drafts] = {}

    def own(self, unit: str, period: str, rule: CountingRule) -> Drafts:
        """From the unit's registers in force for `period`, counted by `rule`."""
        key = (unit, period, rule.version)
        if key not in self._made:
            registers = standing(unit, period, self._read)
            rolled = roll_up(registers.frames, rule)
            self._made[key] = Drafts(_figures(unit, rolled, rule, registers.submissions), rolled.keys)
        return self._made[key]


def rule_of(period: str) -> CountingRule:
    """The counting rule that holds for a period's code."""
    return rule_for(Period.parse(period))


def carried(figures: pl.DataFrame, period: str) -> pl.DataFrame:
    """Own figures of `period` as they stand in a later period without a register."""
    return figures.with_columns(
        value_strict=pl.lit(None, FIGURE["value"]),
        records_carried="records",
        units_accepted=pl.lit(0, pl.Int64),
        units_carried=pl.lit(1, pl.Int64),
        carried_from=pl.lit(period),
    )


def joined(drafts: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """Drafts of several units as one frame."""
    return pl.concat([pl.DataFrame(schema=FIGURE), *drafts])


def _figures(unit: str, rolled: RolledUp, rule: CountingRule, submissions: dict[str, str]) -> pl.DataFrame:
    sources = {
        code: submissions[indicator.collection]
        for code, indicator in INDICATORS.items()
        if indicator.collection in submissions
    }
    return rolled.figures.with_columns(
        area=pl.lit(unit),
        area_type=pl.lit(AreaType.UNIT.value),
        value_strict="value",
        records_carried=pl.lit(0, pl.Int64),
        units_accepted=pl.lit(1, pl.Int64),
        units_carried=pl.lit(0, pl.Int64),
        units_expected=pl.lit(1, pl.Int64),
        carried_from=pl.lit(""),
        rule_version=pl.lit(rule.version, pl.Int64),
        submission_id=pl.col("indicator").replace_strict(sources, default=None, return_dtype=pl.String),
    ).select(list(FIGURE))
