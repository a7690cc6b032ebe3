"""Figure store: writes figures in place of those that no longer hold, and keys with the units that share them."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl
from django.db import connection

from national.models import Change, Figure, Key
from national.models.figure import FigureQuerySet
from submissions.files.pg_copy import copy_frame, read_frame

_DECIMAL = pl.Decimal(38, 4)
#: what a figure says; two that say the same are one
FIGURE: dict[str, pl.DataType] = {
    "indicator": pl.String(),
    "area": pl.String(),
    "area_type": pl.String(),
    "breakdown": pl.String(),
    "breakdown_value": pl.String(),
    "value": _DECIMAL,
    "value_strict": _DECIMAL,
    "numerator": _DECIMAL,
    "denominator": _DECIMAL,
    "records": pl.Int64(),
    "records_carried": pl.Int64(),
    "units_accepted": pl.Int64(),
    "units_carried": pl.Int64(),
    "units_expected": pl.Int64(),
    "carried_from": pl.String(),
    "rule_version": pl.Int64(),
    "submission_id": pl.String(),
}

_KNOW = """
    INSERT INTO national_knownkey AS known (indicator, key, unit, shared)
    SELECT indicator, key, unit, false FROM national_key
    WHERE unit = %(unit)s AND period = %(period)s AND rule_version = %(rule)s AND indicator = ANY(%(indicators)s::text[])
    ON CONFLICT (indicator, key) DO UPDATE SET shared = true
    WHERE known.unit <> excluded.unit AND NOT known.shared
"""

_CLOSE = "UPDATE national_figure SET valid_to = %s, closed_by_id = %s WHERE id = ANY(%s)"


def stored(chosen: FigureQuerySet) -> pl.DataFrame:
    """The chosen figures as rows of FIGURE, with their `id`."""
    rows = chosen.order_by().values_list(*FIGURE, "id")
    return read_frame(*rows.query.sql_with_params(), FIGURE | {"id": pl.Int64()})


def replace(
    change: Change, period: str, areas: Iterable[str], indicators: list[str], drafts: pl.DataFrame
) -> int:
    """Close the areas' figures that differ from `drafts`, open the new ones, and return how many changed."""
    in_force = Figure.objects.in_force()
    held = stored(in_force.filter(period=period, area__in=list(areas), indicator__in=indicators))
    closed = held.join(drafts, on=list(FIGURE), how="anti", nulls_equal=True)["id"]
    opened = drafts.join(held, on=list(FIGURE), how="anti", nulls_equal=True)
    if len(closed):
        _close(change, closed.to_list())
    if len(opened):
        fields = {"period": period, "valid_from": change.at.isoformat(), "change_id": change.pk}
        # in the order of the largest index: rows that come in any order cost half as much again
        rows = opened.sort("indicator", "area", "breakdown", "breakdown_value")
        copy_frame(Figure, rows.with_columns(**{name: pl.lit(value) for name, value in fields.items()}))
    return len(closed) + len(opened)


def _close(change: Change, ids: list[int]) -> None:
    """One array instead of as many parameters as figures."""
    with connection.cursor() as cursor:
        cursor.execute(_CLOSE, [change.at, change.pk, ids])


def close_all(change: Change, period: str, indicators: list[str]) -> int:
    """Close the figures of these indicators in every area and return how many there were."""
    held = Figure.objects.in_force().filter(period=period, indicator__in=indicators)
    return held.update(valid_to=change.at, closed_by=change)


def forget_keys(unit: str, period: str, indicators: list[str]) -> None:
    """The unit's registers of `period` make nothing count any more."""
    Key.objects.filter(unit=unit, period=period, indicator__in=indicators).delete()


def keep_keys(unit: str, period: str, rule: int, indicators: list[str], keys: pl.DataFrame) -> None:
    """Store the keys that the unit's registers of `period` make count under a rule, and which of them are shared."""
    held = Key.objects.filter(unit=unit, period=period, rule_version=rule, indicator__in=indicators)
    held._raw_delete(held.db)
    cells = pl.concat_str(pl.lit('{"'), pl.col("cells").list.join('","'), pl.lit('"}'))
    copy_frame(
        Key,
        keys.filter(pl.col("indicator").is_in(indicators)).select(
            "indicator",
            "key",
            cells.alias("cells"),
            pl.lit(unit).alias("unit"),
            pl.lit(period).alias("period"),
            pl.lit(rule).alias("rule_version"),
        ),
    )
    with connection.cursor() as cursor:
        cursor.execute(_KNOW, {"unit": unit, "period": period, "rule": rule, "indicators": indicators})
