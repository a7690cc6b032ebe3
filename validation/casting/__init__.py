"""Raw cells -> one typed, nullable frame; a cell that cannot be read becomes missing and exactly one finding."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import polars as pl

from validation.casting.cells import ReadColumn, read_column
from validation.casting.result import PLACED, Cast
from validation.casting.seen import as_seen
from validation.casting.totals import compare_totals
from validation.context import Context
from validation.findings import FINDING_SCHEMA
from validation.forms.form import Column, Form, Need
from validation.frame import empty_frame
from validation.table import Table

__all__ = ["Cast", "cast"]


@dataclass(frozen=True)
class _Column:
    """One column cast: what stays of it in the frame, its findings by row of the table, those of its total rows,
    and where its value is missing for a reason told. Codes of all cells, mostly null, are not kept."""

    frame: list[pl.Series]
    placed: pl.DataFrame
    totals: pl.DataFrame
    unread: pl.Series


@dataclass(frozen=True)
class _Part:
    """One table cast: its rows, its findings by row of the table, and those of its total rows."""

    frame: pl.DataFrame
    placed: pl.DataFrame
    unread: pl.DataFrame
    totals: pl.DataFrame


def cast(tables: Sequence[Table], form: Form, context: Context) -> Cast:
    """Cast all tables of a file, in order, into one frame. Raises on no content of any cell."""
    if not tables:
        return _nothing(form)
    tables = [as_seen(table, form) for table in tables]
    rows = sum(len(table.rows) for table in tables)
    parts: list[_Part] = []
    for table in tables:
        done = sum(part.frame.height for part in parts)
        parts.append(_cast_table(table, form, context, _reporter(context, done, rows, len(table.rows))))
    return _join(parts, tuple(tables), form)


def _reporter(context: Context, before: int, rows: int, own: int) -> Callable[[float], None]:
    return lambda share: context.progress("casting", before + int(own * share), rows)


def _nothing(form: Form) -> Cast:
    unread = pl.DataFrame(schema={column.key: pl.Boolean() for column in form.columns})
    return Cast(empty_frame(form), pl.DataFrame(schema=FINDING_SCHEMA), unread, (), form)


def _join(parts: Sequence[_Part], tables: tuple[Table, ...], form: Form) -> Cast:
    placed, start = [], 0
    for part in parts:
        placed.append(part.placed.with_columns(pl.col("at") + start))
        start += part.frame.height
    frame = pl.concat([part.frame for part in parts])
    unread = pl.concat([part.unread for part in parts])
    bare = Cast(frame, pl.DataFrame(schema=FINDING_SCHEMA), unread, tables, form)
    findings = pl.concat([bare.place(pl.concat(placed)), *(part.totals for part in parts)])
    return Cast(frame, findings, unread, tables, form)


def _cast_table(table: Table, form: Form, context: Context, report: Callable[[float], None]) -> _Part:
    """Each column of the form is read on its own; one that the sheet does not have is all missing."""
    columns: list[_Column] = []
    for number, column in enumerate(form.columns):
        report(number / len(form.columns))
        columns.append(_cast_column(table, column, context))
    report(1.0)
    sheet = pl.Series("_sheet", [table.sheet.name]).new_from_index(0, len(table.rows))
    values = [read.frame[0] for read in columns]
    precisions = [precision for read in columns for precision in read.frame[1:]]
    return _Part(
        frame=pl.DataFrame([sheet, table.rows.cast(pl.Int32).alias("_row"), *values, *precisions]),
        placed=pl.concat([read.placed for read in columns]),
        unread=pl.DataFrame([read.unread for read in columns]),
        totals=pl.concat([read.totals for read in columns]),
    )


def _cast_column(table: Table, column: Column, context: Context) -> _Column:
    read = read_column(table, column, context)
    precision = [] if read.precision is None else [read.precision.alias(f"_precision_{column.key}")]
    return _Column(
        frame=[read.value.alias(column.key), *precision],
        placed=_placed(column.key, read),
        totals=compare_totals(table, column, read),
        unread=_unread(table, column, read),
    )


def _placed(key: str, read: ReadColumn) -> pl.DataFrame:
    if read.code.null_count() == len(read.code):
        return pl.DataFrame(schema=PLACED)
    cells = pl.DataFrame({"code": read.code, "params": read.params}).with_row_index("at")
    return cells.filter(pl.col("code").is_not_null()).select(
        "at", pl.lit(key).alias("column"), "code", "params"
    )


def _unread(table: Table, column: Column, read: ReadColumn) -> pl.Series:
    if column.key not in table.cells:
        return _everywhere(column.required is Need.YES, read.code).alias(column.key)
    if read.code.null_count() == len(read.code):
        return _everywhere(False, read.code).alias(column.key)
    return read.code.str.contains(r"\.E").fill_null(value=False).alias(column.key)


def _everywhere(value: bool, like: pl.Series) -> pl.Series:
    return pl.Series([value]).new_from_index(0, len(like))
