"""One column of a table: its texts, numbers and dates read by the column's kind into one typed series."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from validation.casting.codes import (
    read_codes,
    read_credit_codes,
    read_enum_lists,
    read_enums,
    read_industries,
    read_regions,
    read_texts,
)
from validation.casting.dates import DATE_CELL, read_date_numbers, read_date_texts, read_moments
from validation.casting.flags import read_flags
from validation.casting.numbers import read_number_texts, read_numbers
from validation.casting.result import nulls
from validation.casting.texts import (
    moment_text,
    number_text,
    over_distinct,
    read_frame,
    tidied,
)
from validation.context import Context
from validation.forms.form import FIGURES, Column, Kind
from validation.frame import DTYPES
from validation.raw import RawColumn
from validation.table import Table


@dataclass(frozen=True, slots=True)
class ReadColumn:
    """A column cast: `value` typed, `code` and `params` of each cell's finding (null where it is fine).

    `precision` goes with dates; `exact` holds the unrounded figures of number columns.
    """

    value: pl.Series
    code: pl.Series
    params: pl.Series
    precision: pl.Series | None = None
    exact: pl.Series | None = None


@dataclass(frozen=True, slots=True)
class Scene:
    """What a column's cells are read with: its facts, the unit that its title names, and its place in the sheet."""

    table: Table
    column: Column
    context: Context

    @property
    def unit(self) -> str | None:
        """The unit named by the title or the unit line."""
        return next((c.unit for c in self.table.columns if c.key == self.column.key), None)


def read_column(table: Table, column: Column, context: Context) -> ReadColumn:
    """The cells of `column`; all missing when the sheet does not have it."""
    raw = table.cells.get(column.key)
    if raw is None:
        return _absent(column, len(table.rows))
    scene = Scene(table, column, context)
    read = _coalesce([part(raw, scene) for part in _parts(raw, column)], column, len(table.rows))
    return _split(_formula_faults(read, scene), column)


def _absent(column: Column, height: int) -> ReadColumn:
    nothing = nulls(height, pl.String())
    precision = nothing if column.kind is Kind.DATE else None
    exact = nulls(height, pl.Float64()) if column.kind in FIGURES else None
    return ReadColumn(nulls(height, DTYPES[column.kind]), nothing, nothing, precision, exact)


def _parts(raw: RawColumn, column: Column) -> list[Callable[[RawColumn, Scene], pl.DataFrame]]:
    height = len(raw.text)
    present = [
        (raw.text, _texts),
        (raw.number, _numbers),
        (raw.moment, _moments),
    ]
    return [read for cells, read in present if cells.null_count() < height]


def _coalesce(parts: list[pl.DataFrame], column: Column, height: int) -> pl.DataFrame:
    if not parts:
        return read_frame(nulls(height, _cell_dtype(column)))
    if len(parts) == 1:
        return parts[0]
    joined = pl.concat([_numbered(part, n) for n, part in enumerate(parts)], how="horizontal")
    return joined.select(
        pl.coalesce(f"{n}.{name}" for n, part in enumerate(parts) if name in part.columns).alias(name)
        for name in max((part.columns for part in parts), key=len)
    )


def _numbered(part: pl.DataFrame, number: int) -> pl.DataFrame:
    return part.rename({name: f"{number}.{name}" for name in part.columns})


def _cell_dtype(column: Column) -> pl.DataType:
    return DATE_CELL if column.kind is Kind.DATE else DTYPES[column.kind]


def _texts(raw: RawColumn, scene: Scene) -> pl.DataFrame:
    return over_distinct(raw.text, lambda texts: _marked_texts(texts, scene))


def _marked_texts(texts: pl.Series, scene: Scene) -> pl.DataFrame:
    """Texts cleaned, marks set aside, and the rest read by kind."""
    tidy, marks = tidied(texts, keep_no=scene.column.kind is Kind.BOOL)
    if marks is None:
        return _by_kind(tidy, scene)
    read = _by_kind(tidy.set(marks.is_not_null(), None), scene)
    return read.with_columns(code=pl.coalesce(marks.replace("", None), "code"))


def _by_kind(texts: pl.Series, scene: Scene) -> pl.DataFrame:
    column = scene.column
    if column.kind in FIGURES:
        return read_number_texts(texts, column, scene.unit)
    if column.kind is Kind.REGION:
        return read_regions(texts, scene.context)
    if column.kind in LISTED:
        return LISTED[column.kind](texts, column)
    return PLAIN[column.kind](texts)


#: Readers of cleaned texts by kind. Figures and places need more than the text and stand above.
PLAIN: dict[Kind, Callable[[pl.Series], pl.DataFrame]] = {
    Kind.TEXT: read_texts,
    Kind.CODE: read_codes,
    Kind.USCC: read_credit_codes,
    Kind.INDUSTRY: read_industries,
    Kind.BOOL: read_flags,
    Kind.DATE: read_date_texts,
}
LISTED: dict[Kind, Callable[[pl.Series, Column], pl.DataFrame]] = {
    Kind.ENUM: read_enums,
    Kind.ENUM_LIST: read_enum_lists,
}


def _numbers(raw: RawColumn, scene: Scene) -> pl.DataFrame:
    column = scene.column
    if column.kind in FIGURES:
        return read_numbers(raw.number, column, scene.unit)
    if column.kind is Kind.DATE:
        return read_date_numbers(raw.number)
    return _coded_numbers(raw.number, scene)


def _coded_numbers(numbers: pl.Series, scene: Scene) -> pl.DataFrame:
    """Number cells where a text is wanted: read as written, unless they are too long to be trusted."""
    lost = (numbers.abs() >= 1e15).fill_null(value=False)
    written = numbers.set(lost, None).to_frame("number").select(number_text(pl.col("number"))).to_series()
    read = over_distinct(written, lambda distinct: _by_kind(distinct, scene))
    return read.with_columns(code=pl.when(lost).then(pl.lit("cell.E112")).otherwise("code"))


def _moments(raw: RawColumn, scene: Scene) -> pl.DataFrame:
    if scene.column.kind is Kind.DATE:
        return read_moments(raw.moment)
    if scene.column.kind in FIGURES:
        code = raw.moment.is_not_null().replace_strict(
            {True: "cell.E102"}, default=None, return_dtype=pl.String
        )
        return read_frame(nulls(len(code), DTYPES[scene.column.kind]), code)
    written = raw.moment.to_frame("moment").select(moment_text(pl.col("moment"))).to_series()
    return over_distinct(written, lambda texts: _by_kind(texts, scene))


def _formula_faults(read: pl.DataFrame, scene: Scene) -> pl.DataFrame:
    """cell.E110 and cell.E111 where the sheet knows of a formula without a usable result."""
    sheet, position = scene.table.sheet, scene.table.positions[scene.column.key]
    faults = {row: "cell.E110" for row, column in sheet.errors if column == position}
    faults |= {row: "cell.E111" for row, column in sheet.uncalculated if column == position}
    if not faults:
        return read
    rows = pl.Series(list(faults), dtype=pl.Int32)
    codes = scene.table.rows.cast(pl.Int32).replace_strict(
        rows, pl.Series(list(faults.values())), default=None
    )
    return read.with_columns(
        pl.when(codes.is_null()).then(pl.col(name)).alias(name) for name in read.columns if name != "code"
    ).with_columns(code=pl.coalesce(codes, "code"))


def _split(read: pl.DataFrame, column: Column) -> ReadColumn:
    value, precision = read["value"], None
    if column.kind is Kind.DATE:
        value, precision = value.struct.unnest()
    exact = read["exact"] if "exact" in read.columns else None
    if column.kind in FIGURES and exact is None:
        exact = nulls(read.height, pl.Float64())
    return ReadColumn(value, read["code"], read["params"], precision, exact)
