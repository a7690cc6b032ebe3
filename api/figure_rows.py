"""Figures as rows for JSON and CSV: codes with their names beside them, made from plain tuples for speed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from national.areas import areas
from national.breakdowns import TOTAL, value_labels
from national.indicators import INDICATORS
from validation.codelists import Option

#: What is read of a figure, in this order.
FIELDS = (
    "id", "indicator", "area", "area_type", "period", "breakdown", "breakdown_value", "value", "records",
    "units_accepted", "units_expected", "rule_version", "valid_from", "valid_to",
)  # fmt: skip
#: What is told of it.
HEADER = (
    "id", "indicator", "area", "area_type", "area_zh", "area_en", "period", "breakdown", "breakdown_value",
    "breakdown_zh", "breakdown_en", "value", "unit_zh", "unit_en", "records", "units_accepted",
    "units_expected", "status", "rule_version", "valid_from", "valid_to", "lineage",
)  # fmt: skip
#: No figure is part of a release yet.
STATUS = "provisional"
_NO_PART = Option("", "", "")


def figure_rows(figures: Iterable[tuple[Any, ...]], address: str) -> Iterator[dict[str, Any]]:
    """Dictionaries with the keys of HEADER from tuples of FIELDS; `address` is that of figures/."""
    for figure in figures:
        yield dict(zip(HEADER, _row(figure, address), strict=True))


def _row(figure: tuple[Any, ...], address: str) -> tuple[Any, ...]:
    (
        id_,
        code,
        area,
        area_type,
        period,
        breakdown,
        part,
        value,
        records,
        accepted,
        expected,
        rule,
        since,
        until,
    ) = figure
    indicator, place, label = INDICATORS[code], areas()[area], _label(breakdown, part)
    return (
        id_, code, area, area_type, place.name_zh, place.name_en, period, breakdown, part,
        label.label_zh, label.label_en, plain(value), indicator.unit_zh, indicator.unit_en, records, accepted,
        expected, STATUS, rule, since.isoformat(), until and until.isoformat(), f"{address}{id_}/lineage/",
    )  # fmt: skip


def _label(breakdown: str, part: str) -> Option:
    return _NO_PART if breakdown == TOTAL else value_labels(breakdown)[part]


def plain(value: Decimal) -> int | float:
    """A whole number as such: nobody counts networks in decimals."""
    return int(value) if value == value.to_integral_value() else float(value)
