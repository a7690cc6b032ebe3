"""Total rows against the rows they cover: file.W017."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

import polars as pl

from validation.casting.numbers import read_figure
from validation.casting.texts import clean
from validation.findings import FINDING_SCHEMA, Finding, to_frame
from validation.forms.form import Column, Kind, Role
from validation.raw import address
from validation.table import Table, TotalRow

if TYPE_CHECKING:
    from validation.casting.cells import ReadColumn


def compare_totals(table: Table, column: Column, read: ReadColumn) -> pl.DataFrame:
    """Findings for stated totals of one column that differ from the sum of the rows above by more than their
    rounding.

    Silent where a covered cell could not be read, and where the stated total is itself no figure.
    """
    if column.role is not Role.SUM:
        return pl.DataFrame(schema=FINDING_SCHEMA)
    stated = [total for total in table.totals if column.key in total.cells]
    return to_frame(finding for total in stated for finding in _compare(table, total, column, read))


def _compare(table: Table, total: TotalRow, column: Column, read: ReadColumn) -> Iterator[Finding]:
    stated = _stated(total.cells[column.key], table, column)
    computed = _computed(table, total, read)
    if stated is None or computed is None or abs(stated - computed) <= _tolerance(stated, column, computed):
        return
    cell = address(total.row, table.positions[column.key])
    yield Finding(
        "file.W017",
        table.sheet.name,
        total.row,
        column.key,
        cell,
        _written(total.cells[column.key]),
        {
            "column": {"zh": column.label_zh, "en": column.label_en},
            "stated": _written(stated),
            "computed": _written(computed),
        },
    )


def _stated(cell: float | str, table: Table, column: Column) -> float | None:
    unit = next((c.unit for c in table.columns if c.key == column.key), None)
    text = clean(pl.Series([str(cell)], dtype=pl.String))[0]
    value = read_figure(text, column, unit).value if text else None
    return float(value) if value is not None else None


def _computed(table: Table, total: TotalRow, read: ReadColumn) -> float | None:
    covered = table.rows.is_in(pl.Series(total.covers, dtype=table.rows.dtype).implode())
    if read.exact is None or read.code.filter(covered).str.contains(r"\.E").any():
        return None
    return float(read.exact.filter(covered).sum())


def _tolerance(stated: float, column: Column, computed: float) -> float:
    """Half a unit of the last decimal that the total states; float dust for whole numbers."""
    dust = 1e-9 * max(1.0, abs(computed))
    if column.kind is Kind.INT:
        return dust
    exponent = Decimal(repr(stated)).normalize().as_tuple().exponent
    decimals = max(0, -exponent) if isinstance(exponent, int) else 0
    return 0.5 * 10.0 ** -min(decimals, 2) + dust


def _written(value: float | str) -> str:
    if isinstance(value, str):
        return value
    return f"{round(value, 4):f}".rstrip("0").rstrip(".")
