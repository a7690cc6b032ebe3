"""Rolling up: a unit's typed registers in, its figures out; pure, exact, and the same whatever came before."""

from __future__ import annotations

import polars as pl

from national.breakdowns import BREAKDOWNS, NOT_STATED, TOTAL
from national.counting_rules import CountingRule
from national.indicators import INDICATORS, Indicator
from national.populations import Frames

#: four decimals as stored; sums widen to 38 digits, so no sum of rows can overflow
_VALUE = pl.Decimal(38, 4)

SCHEMA: dict[str, pl.DataType] = {
    "indicator": pl.String(),
    "breakdown": pl.String(),
    "breakdown_value": pl.String(),
    "value": _VALUE,
    "records": pl.Int64(),
}


def unit_figures(frames: Frames, rule: CountingRule) -> pl.DataFrame:
    """Figures of one unit and period as rows of SCHEMA, sorted.

    Every indicator whose registers are in force has its total, 0 for an empty register; a part of a
    breakdown has a row when at least one record speaks to it. `records` counts the rows that stand
    behind the value: those of the population that state the summed columns.
    """
    parts = [pl.DataFrame(schema=SCHEMA)]
    for collection, frame in frames._asdict().items():
        if frame is not None:
            parts += _of_register(frame, _computable(collection, frames), frames, rule)
    return pl.concat(parts).sort("indicator", "breakdown", "breakdown_value")


def _computable(collection: str, frames: Frames) -> list[Indicator]:
    """Indicators that count rows of `collection` and whose other registers are in force."""
    in_force = [name for name, frame in frames._asdict().items() if frame is not None]
    return [
        indicator
        for indicator in INDICATORS.values()
        if indicator.collection == collection and set(indicator.collections) <= set(in_force)
    ]


def _of_register(
    frame: pl.DataFrame, indicators: list[Indicator], frames: Frames, rule: CountingRule
) -> list[pl.DataFrame]:
    used = [name for name in BREAKDOWNS if any(name in indicator.breakdowns for indicator in indicators)]
    facts = frame.select(
        *(BREAKDOWNS[name].value().alias(name) for name in used),
        *(amount(indicator, frames, rule).alias(indicator.code) for indicator in indicators),
    )
    parts = [_totals(facts, indicators)]
    for name in used:
        parts += _split(facts, name, [one.code for one in indicators if name in one.breakdowns])
    return parts


def amount(indicator: Indicator, frames: Frames, rule: CountingRule) -> pl.Expr:
    """What a row adds: null when it is not in the population or does not state the columns."""
    amount = pl.lit(1, _VALUE)
    if indicator.columns:
        amount = pl.sum_horizontal(
            [pl.col(key).cast(_VALUE) for key in indicator.columns], ignore_nulls=False
        )
    return pl.when(indicator.population(rule, frames)).then(amount)


def _totals(facts: pl.DataFrame, indicators: list[Indicator]) -> pl.DataFrame:
    rows = [(one.code, TOTAL, "", facts[one.code].sum(), facts[one.code].count()) for one in indicators]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def _split(facts: pl.DataFrame, name: str, codes: list[str]) -> list[pl.DataFrame]:
    rows = facts.explode(name, empty_as_null=True) if BREAKDOWNS[name].multi_valued else facts
    sums = rows.group_by(pl.col(name).fill_null(NOT_STATED)).agg(
        pl.col(codes).sum(), pl.col(codes).count().name.suffix("#")
    )
    return [_part(sums, name, code) for code in codes]


def _part(sums: pl.DataFrame, name: str, code: str) -> pl.DataFrame:
    return sums.filter(pl.col(f"{code}#") > 0).select(
        indicator=pl.lit(code),
        breakdown=pl.lit(name),
        breakdown_value=pl.col(name),
        value=pl.col(code).cast(_VALUE),
        records=pl.col(f"{code}#").cast(pl.Int64),
    )
