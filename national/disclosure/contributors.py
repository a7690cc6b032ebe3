"""Contributors: the enterprises behind each cell of a unit's figures, which disclosure control judges by."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from national.aggregation.rollup import amount, keys
from national.definitions.breakdowns import BREAKDOWNS, NOT_STATED, TOTAL
from national.definitions.counting_rules import CountingRule
from national.definitions.indicator import Adds, Indicator
from national.definitions.indicators import INDICATORS
from national.definitions.populations import Frames

#: one row per cell and enterprise: what it holds of a sum, or how many of the rows behind the others are its own
HOLDING: dict[str, pl.DataType] = {
    "indicator": pl.String(),
    "breakdown": pl.String(),
    "breakdown_value": pl.String(),
    "enterprise": pl.String(),
    "held": pl.Float64(),
}
CELL = ["indicator", "breakdown", "breakdown_value"]
_ENTERPRISE = "enterprise_uscc"


def holdings(frames: Frames, rule: CountingRule) -> pl.DataFrame:
    """Rows of HOLDING of one unit's registers."""
    computable = [indicator for indicator in INDICATORS.values() if set(indicator.collections) <= set(frames)]
    parts = [pl.DataFrame(schema=HOLDING)]
    for collection, frame in frames.items():
        counted = [indicator for indicator in computable if collection in indicator.populations]
        if counted:
            parts += _of_register(frame, collection, counted, frames, rule)
    return pl.concat(parts).group_by([*CELL, "enterprise"]).agg(pl.col("held").sum())


def contributors(held: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """By cell the number of enterprises, and the largest and second largest holding, over several units together."""
    together = pl.concat([pl.DataFrame(schema=HOLDING), *held])
    of_enterprise = together.group_by([*CELL, "enterprise"]).agg(pl.col("held").sum())
    largest = pl.col("held").sort(descending=True)
    return of_enterprise.group_by(CELL).agg(
        enterprises=pl.len(),
        total=pl.col("held").sum(),
        largest=largest.first(),
        second=largest.slice(1, 1).sum(),
    )


def _of_register(
    frame: pl.DataFrame, collection: str, indicators: list[Indicator], frames: Frames, rule: CountingRule
) -> list[pl.DataFrame]:
    used = [name for name in BREAKDOWNS if any(name in indicator.breakdowns for indicator in indicators)]
    facts = frame.select(
        # rows that name no enterprise are one: nobody can tell that they are several
        pl.col(_ENTERPRISE).fill_null("").alias("enterprise"),
        *(BREAKDOWNS[name].value().alias(name) for name in used),
        *(
            _contribution(indicator, collection, frames, rule).alias(indicator.code)
            for indicator in indicators
        ),
    )
    parts = [_by(facts.with_columns(pl.lit("").alias(TOTAL)), TOTAL, indicators)]
    for name in used:
        rows = facts.explode(name, empty_as_null=True) if BREAKDOWNS[name].multi_valued else facts
        parts.append(_by(rows, name, [indicator for indicator in indicators if name in indicator.breakdowns]))
    return parts


def _contribution(indicator: Indicator, collection: str, frames: Frames, rule: CountingRule) -> pl.Expr:
    """Return what a row adds to a sum, 1 for a row behind any other figure; null for a row that is not behind it."""
    if indicator.adds is Adds.DISTINCT:
        return pl.when(keys(indicator, collection, frames, rule).is_not_null()).then(1.0)
    held = amount(indicator, frames, rule)
    return held.cast(pl.Float64) if indicator.adds is Adds.SUM else pl.when(held.is_not_null()).then(1.0)


def _by(facts: pl.DataFrame, name: str, indicators: list[Indicator]) -> pl.DataFrame:
    codes = [indicator.code for indicator in indicators]
    sums = facts.group_by(pl.col(name).fill_null(NOT_STATED).alias("breakdown_value"), "enterprise").agg(
        pl.when(pl.col(code).count() > 0).then(pl.col(code).sum()).alias(code) for code in codes
    )
    long = sums.unpivot(
        codes, index=["breakdown_value", "enterprise"], variable_name="indicator", value_name="held"
    )
    return long.filter(pl.col("held").is_not_null()).select(
        "indicator",
        pl.lit(name).alias("breakdown"),
        "breakdown_value",
        "enterprise",
        pl.col("held").cast(pl.Float64),
    )
