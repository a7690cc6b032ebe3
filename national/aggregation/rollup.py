"""Roll-up: a unit's typed registers become its figures and keys. Pure and exact; history makes no difference."""

from __future__ import annotations

from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

import polars as pl

from national.definitions.breakdowns import BREAKDOWNS, NOT_STATED, TOTAL
from national.definitions.counting_rules import CountingRule
from national.definitions.indicator import Adds, Indicator
from national.definitions.indicators import INDICATORS
from national.definitions.populations import Frames

#: four decimals as stored; sums widen to 38 digits, so no sum of rows can overflow
VALUE = pl.Decimal(38, 4)

SCHEMA: dict[str, pl.DataType] = {
    "indicator": pl.String(),
    "breakdown": pl.String(),
    "breakdown_value": pl.String(),
    "value": VALUE,
    "numerator": VALUE,
    "denominator": VALUE,
    "records": pl.Int64(),
}
#: one row per record, distinct indicator and part that the record's key is in
_KEYED: dict[str, pl.DataType] = {
    "indicator": pl.String(),
    "breakdown": pl.String(),
    "breakdown_value": pl.String(),
    "key": pl.String(),
}
_FOUR_DECIMALS = Decimal("0.0001")


class RolledUp(NamedTuple):
    """`figures` are rows of SCHEMA, sorted; `keys` have indicator, key and `cells`, the key's `breakdown|value`s."""

    figures: pl.DataFrame
    keys: pl.DataFrame


def roll_up(frames: Frames, rule: CountingRule) -> RolledUp:
    """Figures of one unit and period, and the keys behind its distinct counts.

    Every sum and count whose registers are in force has its total, 0 for an empty register; a part of a
    breakdown has a row when at least one record speaks to it. Means and shares have one where there is
    something to divide by. `records` counts the rows that stand behind the value: those of the population
    that state the summed columns, or that have a key.
    """
    return _roll_up(_computable(frames), frames, rule)


def unit_totals(frames: Frames, rule: CountingRule) -> pl.DataFrame:
    """The figures of no breakdown alone, at a fraction of the cost."""
    return _roll_up(
        [replace(indicator, breakdowns=()) for indicator in _computable(frames)], frames, rule
    ).figures


def _roll_up(computable: list[Indicator], frames: Frames, rule: CountingRule) -> RolledUp:
    keyed = _keyed(frames, [indicator for indicator in computable if indicator.adds is Adds.DISTINCT], rule)
    parts = [pl.DataFrame(schema=SCHEMA), _distinct(keyed, computable)]
    for collection, frame in frames.items():
        added = [
            indicator
            for indicator in computable
            if indicator.collection == collection and indicator.adds is not Adds.DISTINCT
        ]
        if added:
            parts.append(_of_register(frame, added, frames, rule))
    return RolledUp(pl.concat(parts).sort("indicator", "breakdown", "breakdown_value"), _cells(keyed))


def quotient(numerator: Decimal, denominator: Decimal, factor: int) -> Decimal:
    """`factor` × numerator ÷ denominator to four decimals, halves away from zero."""
    return (numerator * factor / denominator).quantize(_FOUR_DECIMALS, ROUND_HALF_UP)


def quotients(indicators: pl.Series, numerators: pl.Series, denominators: pl.Series) -> pl.Series:
    """The quotient of each row, null where there is nothing to divide by."""
    # most figures are no quotients, and Python's exact decimals are slow
    divided = (denominators != 0).fill_null(value=False)
    rows = zip(*(column.filter(divided) for column in (indicators, numerators, denominators)), strict=True)
    made = [quotient(part, whole, INDICATORS[code].factor) for code, part, whole in rows]
    nothing = pl.Series([None], dtype=VALUE).new_from_index(0, len(divided))
    return nothing.scatter(divided.arg_true(), pl.Series(made, dtype=VALUE))


def amount(indicator: Indicator, frames: Frames, rule: CountingRule) -> pl.Expr:
    """Return what a row adds to the value or the numerator; null for a row that is not behind the figure."""
    amount = pl.lit(1, VALUE)
    if indicator.part is not None:
        amount = pl.when(indicator.part(rule, frames)).then(amount).otherwise(pl.lit(0, VALUE))
    if indicator.columns:
        amount = pl.sum_horizontal([pl.col(key).cast(VALUE) for key in indicator.columns], ignore_nulls=False)
    return pl.when(indicator.population(rule, frames)).then(amount)


def keys(indicator: Indicator, collection: str, frames: Frames, rule: CountingRule) -> pl.Expr:
    """A row's key under a distinct indicator; null when it does not stand behind the figure."""
    if indicator.key is None:
        raise ValueError(f"{indicator.code} counts no keys")
    return pl.when(indicator.populations[collection](rule, frames)).then(indicator.key(collection))


def _computable(frames: Frames) -> list[Indicator]:
    """Indicators whose registers are all in force."""
    return [indicator for indicator in INDICATORS.values() if set(indicator.collections) <= set(frames)]


def _of_register(
    frame: pl.DataFrame, indicators: list[Indicator], frames: Frames, rule: CountingRule
) -> pl.DataFrame:
    used = [name for name in BREAKDOWNS if any(name in indicator.breakdowns for indicator in indicators)]
    facts = frame.select(
        *(BREAKDOWNS[name].value().alias(name) for name in used),
        *(amount(indicator, frames, rule).alias(indicator.code) for indicator in indicators),
    )
    parts = [_totals(facts, indicators)]
    for name in used:
        parts.append(
            _split(facts, name, [indicator.code for indicator in indicators if name in indicator.breakdowns])
        )
    return _divided(pl.concat(parts), [indicator.code for indicator in indicators if indicator.is_quotient])


_SUMS = {name: dtype for name, dtype in SCHEMA.items() if name not in ("numerator", "denominator")}


def _totals(facts: pl.DataFrame, indicators: list[Indicator]) -> pl.DataFrame:
    amounts = facts.select(indicator.code for indicator in indicators)
    sums, counts = amounts.sum(), amounts.count()
    rows = [
        (indicator.code, TOTAL, "", sums[indicator.code][0], counts[indicator.code][0])
        for indicator in indicators
    ]
    return pl.DataFrame(rows, schema=_SUMS, orient="row")


def _split(facts: pl.DataFrame, name: str, codes: list[str]) -> pl.DataFrame:
    rows = facts.explode(name, empty_as_null=True) if BREAKDOWNS[name].multi_valued else facts
    parts = rows.group_by(pl.col(name).fill_null(NOT_STATED))
    # of all indicators at once: a frame for each would take most of the time of a small register
    totals = parts.agg(
        pl.struct(value=pl.col(code).sum(), records=pl.col(code).count()).alias(code) for code in codes
    )
    return (
        totals.unpivot(on=codes, index=name, variable_name="indicator", value_name="total")
        .unnest("total")
        .filter(pl.col("records") > 0)
        .select_seq(
            "indicator",
            breakdown=pl.lit(name),
            breakdown_value=pl.col(name),
            value=pl.col("value").cast(VALUE),
            records=pl.col("records").cast(pl.Int64),
        )
    )


def _divided(sums: pl.DataFrame, codes: list[str]) -> pl.DataFrame:
    """Of means and shares the quotient instead of the sum; rows without anything to divide by are none."""
    divides = pl.col("indicator").is_in(codes)
    rows = sums.with_columns(
        numerator=pl.when(divides).then("value"),
        denominator=pl.when(divides).then(pl.col("records").cast(VALUE)),
    ).filter(~divides | (pl.col("records") > 0))
    value = quotients(rows["indicator"], rows["numerator"], rows["denominator"]).alias("divided")
    return rows.with_columns_seq(value=pl.coalesce(value, "value")).select_seq(list(SCHEMA))


def _keyed(frames: Frames, indicators: list[Indicator], rule: CountingRule) -> pl.DataFrame:
    """Rows of _KEYED, as many as records."""
    parts = [pl.DataFrame(schema=_KEYED)]
    for indicator in indicators:
        for collection in indicator.populations:
            frame = frames[collection].select(
                *(BREAKDOWNS[name].value().alias(name) for name in indicator.breakdowns),
                key=keys(indicator, collection, frames, rule),
            )
            held = frame.filter(pl.col("key").is_not_null())
            parts += [_keyed_by(held, indicator.code, name) for name in (TOTAL, *indicator.breakdowns)]
    return pl.concat(parts)


def _keyed_by(held: pl.DataFrame, code: str, name: str) -> pl.DataFrame:
    value = pl.lit("") if name == TOTAL else pl.col(name).fill_null(NOT_STATED)
    multi_valued = name != TOTAL and BREAKDOWNS[name].multi_valued
    rows = held.explode(name, empty_as_null=True) if multi_valued else held
    return rows.select_seq(
        pl.lit(code).alias("indicator"),
        pl.lit(name).alias("breakdown"),
        value.alias("breakdown_value"),
        "key",
    )


def _distinct(keyed: pl.DataFrame, computable: list[Indicator]) -> pl.DataFrame:
    counted = keyed.group_by("indicator", "breakdown", "breakdown_value").agg(
        value=pl.col("key").n_unique(), records=pl.len()
    )
    totals = counted.filter(pl.col("breakdown") == TOTAL)["indicator"].to_list()
    empty = [
        indicator.code
        for indicator in computable
        if indicator.adds is Adds.DISTINCT and indicator.code not in totals
    ]
    zeros = pl.DataFrame([(code, TOTAL, "", 0, 0) for code in empty], schema=counted.schema, orient="row")
    return pl.concat([counted, zeros]).select(
        "indicator",
        "breakdown",
        "breakdown_value",
        pl.col("value").cast(VALUE),
        pl.lit(None, VALUE).alias("numerator"),
        pl.lit(None, VALUE).alias("denominator"),
        pl.col("records").cast(pl.Int64),
    )


def _cells(keyed: pl.DataFrame) -> pl.DataFrame:
    cell = pl.concat_str("breakdown", pl.lit("|"), "breakdown_value")
    return keyed.group_by("indicator", "key").agg(cells=cell.unique())
