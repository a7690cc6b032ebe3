"""Tables for casting and rule tests, built by hand: rows of field values in, one `Table` out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import polars as pl

from validation import Context, Form, Period
from validation.raw import FORMATS, Formats, Merged, RawColumn, RawSheet
from validation.table import MappedColumn, Table, TotalRow

Row = Mapping[str, Any]

JIANGSU = Context(unit="320000", period=Period(2026, 3))


def raw_column(cells: Sequence[Any]) -> RawColumn:
    """Cells as a reader hands them over: texts, numbers and dates apart."""
    number = [float(cell) if isinstance(cell, int | float) else None for cell in cells]
    moment = [cell if isinstance(cell, date) else None for cell in cells]
    return RawColumn(
        text=pl.Series([cell if isinstance(cell, str) else None for cell in cells], dtype=pl.String),
        number=pl.Series(number, dtype=pl.Float64),
        moment=pl.Series([_midnight(day) for day in moment], dtype=pl.Datetime("us")),
    )


def _midnight(day: date | None) -> datetime | None:
    return None if day is None else datetime(day.year, day.month, day.day)  # noqa: DTZ001


def table(
    form: Form,
    rows: Sequence[Row],
    *,
    keys: Sequence[str] | None = None,
    name: str = "表1",
    first_row: int = 2,
    units: Mapping[str, str] | None = None,
    totals: Iterable[TotalRow] = (),
    errors: Mapping[tuple[int, int], str] | None = None,
    uncalculated: Iterable[tuple[int, int]] = (),
    merged: Iterable[Merged] = (),
    formats: Mapping[tuple[int, int], str] | None = None,
) -> Table:
    """One sheet whose columns are `keys` (all of the form by default) from column A on, data from `first_row`;
    `formats` by row and 0-based column."""
    keys = tuple(keys or form.by_key)
    cells = {key: raw_column([row.get(key) for row in rows]) for key in keys}
    sheet = RawSheet(
        name=name,
        hidden=False,
        first_row=1,
        first_column=0,
        height=len(rows) + first_row - 1,
        columns=tuple(cells.values()),
        errors=dict(errors or {}),
        uncalculated=frozenset(uncalculated),
        merged=tuple(merged),
        formats=cell_formats(formats or {}),
    )
    mapped = [
        MappedColumn(at, form.by_key[key].label_zh, key, "title", (units or {}).get(key))
        for at, key in enumerate(keys)
    ]
    numbers = pl.Series(range(first_row, first_row + len(rows)), dtype=pl.Int32)
    return Table(sheet, 1, tuple(mapped), numbers, (), cells, tuple(totals))


def cell_formats(known: Mapping[tuple[int, int], str]) -> Formats:
    """Number formats as a reader hands them over."""

    def cells(column: int) -> pl.DataFrame:
        own = [(row, code) for (row, at), code in known.items() if at == column]
        return pl.DataFrame(own, schema=FORMATS, orient="row")

    return Formats(
        {column: {c for (_, at), c in known.items() if at == column} for _, column in known}, cells
    )


def triples(findings: pl.DataFrame) -> list[tuple[int | None, str | None, str]]:
    """Findings as (row, column, code), sorted."""
    return sorted(findings.select("row", "column", "code").rows(), key=str)
