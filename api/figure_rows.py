"""Figures as rows for JSON and for tables: codes with their names beside them, made from plain tuples for speed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

import polars as pl

from national.definitions.areas import areas
from national.definitions.breakdowns import TOTAL, value_labels
from national.definitions.indicators import INDICATORS
from validation.codelists import Option

#: What is read of a figure, in this order; status, release and until by `national.dissemination.observation_status.with_status`.
FIELDS = (
    "id", "indicator", "area", "area_type", "period", "breakdown", "breakdown_value", "value", "value_strict",
    "numerator", "denominator", "records", "records_carried", "units_accepted", "units_carried", "units_expected", "carried_from", "status",
    "suppressed", "release", "rule_version", "valid_from", "until",
)  # fmt: skip
#: What is told of it, under the same names and in the same types in every format.
SCHEMA: dict[str, pl.DataType] = {
    "id": pl.Int64(),
    "indicator": pl.String(),
    "area": pl.String(),
    "area_type": pl.String(),
    "area_zh": pl.String(),
    "area_en": pl.String(),
    "period": pl.String(),
    "breakdown": pl.String(),
    "breakdown_value": pl.String(),
    "breakdown_zh": pl.String(),
    "breakdown_en": pl.String(),
    "value": pl.Float64(),
    "value_strict": pl.Float64(),
    "adds": pl.String(),
    "numerator": pl.Float64(),
    "denominator": pl.Float64(),
    "unit_zh": pl.String(),
    "unit_en": pl.String(),
    "records": pl.Int64(),
    "records_carried": pl.Int64(),
    "units_accepted": pl.Int64(),
    "units_carried": pl.Int64(),
    "units_expected": pl.Int64(),
    "carried_from": pl.String(),
    "status": pl.String(),
    "suppressed": pl.Boolean(),
    "release": pl.Int64(),
    "rule_version": pl.Int64(),
    "valid_from": pl.String(),
    "valid_to": pl.String(),
    "lineage": pl.String(),
}
_NO_PART = Option("", "", "")


def figure_rows(figures: Iterable[tuple[Any, ...]], address: str) -> Iterator[tuple[Any, ...]]:
    """Yield rows of SCHEMA from tuples of FIELDS; `address` is the URL of figures/."""
    known, indicators = areas(), INDICATORS
    for (
        id_, code, area, area_type, period, breakdown, part, value, strict, numerator, denominator,
        records, records_carried, accepted, carried, expected, carried_from, status, suppressed, release, rule, since, until,
    ) in figures:  # fmt: skip
        indicator, place, label = indicators[code], known[area], _label(breakdown, part)
        yield (
            id_, code, area, area_type, place.name_zh, place.name_en, period, breakdown, part,
            label.label_zh, label.label_en, plain(value), plain(strict),
            indicator.adds.value, plain(numerator), plain(denominator), indicator.unit_zh, indicator.unit_en, records, records_carried, accepted, carried, expected,
            carried_from, status, suppressed, release, rule, since.isoformat(), until and until.isoformat(),
            f"{address}{id_}/lineage/",
        )  # fmt: skip


def figure_objects(figures: Iterable[tuple[Any, ...]], address: str) -> list[dict[str, Any]]:
    """Return the same rows as objects with the keys of SCHEMA."""
    return [dict(zip(SCHEMA, row, strict=True)) for row in figure_rows(figures, address)]


def _label(breakdown: str, part: str) -> Option:
    return _NO_PART if breakdown == TOTAL else value_labels(breakdown)[part]


def plain(value: Decimal | None) -> int | float | None:
    """Return a whole number as int, since networks are not counted in decimals; None stays None."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)
