"""Area sums: figures of provinces and the country, made exactly from the stored figures of units by the database."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import polars as pl

from national.aggregation.carry_forward import Sources
from national.aggregation.figure_store import FIGURE
from national.aggregation.rollup import VALUE, quotients
from national.definitions.areas import Area
from national.definitions.counting_rules import rule_for
from national.definitions.indicator import Adds
from national.definitions.indicators import INDICATORS
from submissions.files.pg_copy import read_frame
from validation import Period

_SUMS = """
    WITH members (area, area_type, unit) AS (SELECT * FROM unnest(%(areas)s::text[], %(types)s::text[], %(units)s::text[])),
    held AS MATERIALIZED (
        SELECT area AS unit, indicator, breakdown, breakdown_value, value, numerator, denominator, records,
               carried_from = '' AS own
        FROM national_figure
        WHERE period = %(period)s AND area_type = 'unit' AND valid_to IS NULL
              AND indicator = ANY(%(indicators)s::text[])
    )
    SELECT indicator, area, area_type, breakdown, breakdown_value, sum(value),
           coalesce(sum(value) FILTER (WHERE own), 0), sum(numerator), sum(denominator),
           sum(numerator) FILTER (WHERE own), sum(denominator) FILTER (WHERE own), sum(records)::bigint,
           coalesce(sum(records) FILTER (WHERE NOT own), 0)::bigint
    FROM held JOIN members USING (unit) GROUP BY 1, 2, 3, 4, 5
"""
_SUMMED: dict[str, pl.DataType] = {
    "indicator": pl.String(),
    "area": pl.String(),
    "area_type": pl.String(),
    "breakdown": pl.String(),
    "breakdown_value": pl.String(),
    "value": VALUE,
    "value_strict": VALUE,
    "numerator": VALUE,
    "denominator": VALUE,
    "numerator_strict": VALUE,
    "denominator_strict": VALUE,
    "records": pl.Int64(),
    "records_carried": pl.Int64(),
}

#: How often keys are counted again in sums over units: only a key that is shared can be.
_REPEATED = """
    WITH members (area, area_type, unit) AS (SELECT * FROM unnest(%(areas)s::text[], %(types)s::text[], %(units)s::text[])),
    registers AS MATERIALIZED (
        SELECT area AS unit, indicator, coalesce(nullif(carried_from, ''), period) AS period, rule_version,
               carried_from = '' AS own
        FROM national_figure
        WHERE period = %(period)s AND area_type = 'unit' AND valid_to IS NULL AND breakdown = 'total'
              AND indicator = ANY(%(indicators)s::text[])
    ),
    shared AS MATERIALIZED (
        SELECT indicator, key FROM national_knownkey
        WHERE shared AND indicator = ANY(%(indicators)s::text[])
    ),
    holders AS (
        SELECT unit, own, indicator, key, held.cells
        FROM registers JOIN shared USING (indicator) CROSS JOIN LATERAL (
            SELECT cells FROM national_key AS one
            WHERE (one.unit, one.period, one.indicator, one.rule_version, one.key) =
                  (registers.unit, registers.period, registers.indicator, registers.rule_version, shared.key)
            OFFSET 0  -- one look-up for each key that is shared, instead of reading all keys of the country
        ) AS held
    ),
    repeated AS (
        SELECT area, indicator, cell, count(*) - 1 AS times,
               greatest(count(*) FILTER (WHERE own) - 1, 0) AS times_strict
        FROM holders JOIN members USING (unit) CROSS JOIN unnest(cells) AS cell
        GROUP BY area, indicator, cell, key HAVING count(*) > 1
    )
    SELECT area, indicator, split_part(cell, '|', 1), split_part(cell, '|', 2), sum(times)::numeric,
           sum(times_strict)::numeric
    FROM repeated GROUP BY 1, 2, 3, 4
"""
_TIMES: dict[str, pl.DataType] = {
    "area": pl.String(),
    "indicator": pl.String(),
    "breakdown": pl.String(),
    "breakdown_value": pl.String(),
    "times": VALUE,
    "times_strict": VALUE,
}


def sums_of_units(*, period: str, areas: list[Area], indicators: list[str], sources: Sources) -> pl.DataFrame:
    """Figures of `areas` as rows of `keeping.FIGURE`, from the units' figures in force.

    All `indicators` are of one group, whose sources are `found`. An area none of whose units has a
    register has no figures.
    """
    params: dict[str, Any] = {"period": period, "indicators": indicators, **_members(areas)}
    sums = read_frame(_SUMS, params, _SUMMED)
    distinct = [code for code in indicators if INDICATORS[code].adds is Adds.DISTINCT]
    if distinct:
        sums = _once(sums, read_frame(_REPEATED, params | {"indicators": distinct}, _TIMES))
    return finished(sums, period, areas, sources)


def finished(sums: pl.DataFrame, period: str, areas: Iterable[Area], sources: Sources) -> pl.DataFrame:
    """Return sums of numbers, numerators and denominators as rows of `FIGURE`, with quotients, coverage and counting rule."""
    coverage = pl.DataFrame(
        [(area.code, sources.accepted(area), sources.carried(area), len(area.units)) for area in areas],
        schema=["area", "units_accepted", "units_carried", "units_expected"],
        orient="row",
    )
    made = quotients(sums["indicator"], sums["numerator"], sums["denominator"])
    strict = quotients(sums["indicator"], sums["numerator_strict"], sums["denominator_strict"])
    divides = pl.col("indicator").is_in(
        [code for code, indicator in INDICATORS.items() if indicator.is_quotient]
    )
    rows = sums.with_columns(made=made, strict=strict).join(coverage, on="area")
    return rows.with_columns(
        value=pl.when(divides).then("made").otherwise("value"),
        numerator=pl.when(divides).then("numerator"),
        denominator=pl.when(divides).then("denominator"),
        value_strict=pl.when(divides)
        .then("strict")
        .otherwise(pl.when(pl.col("units_accepted") > 0).then("value_strict")),
        carried_from=pl.lit(""),
        rule_version=pl.lit(rule_for(Period.parse(period)).version, pl.Int64),
        submission_id=pl.lit(None, pl.String),
    ).select(list(FIGURE))


def _once(sums: pl.DataFrame, times: pl.DataFrame) -> pl.DataFrame:
    """Return distinct counts less the keys that several units reported; `times` says how often each was counted again."""
    rows = sums.join(times, on=["area", "indicator", "breakdown", "breakdown_value"], how="left")
    return rows.with_columns(
        value=pl.col("value") - pl.col("times").fill_null(0),
        value_strict=pl.col("value_strict") - pl.col("times_strict").fill_null(0),
    ).select(list(_SUMMED))


def _members(areas: list[Area]) -> dict[str, list[str]]:
    """Each area with each of its units, as three lists of one length."""
    listed = [(area.code, area.area_type, unit) for area in areas for unit in area.units]
    codes, types, units = zip(*listed, strict=True)
    return {"areas": list(codes), "types": list(types), "units": list(units)}
