"""Small workbooks for tests: rows in, bytes of a real spreadsheet file out."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

import xlsxwriter
from xlsxwriter.utility import xl_cell_to_rowcol

Cell = Any
Rows = Iterable[Sequence[Cell]]


class Formula(NamedTuple):
    """A formula with its stored result; an error such as #REF! is a result too."""

    text: str
    result: str | float = 0


class Styled(NamedTuple):
    """A value with a number format such as 0.00%."""

    value: Cell
    number_format: str


class Sheet(NamedTuple):
    """One sheet of a workbook. `merged` are ranges such as B3:B5, `hidden_rows` spreadsheet row numbers."""

    rows: Rows
    name: str = "表1"
    at: str = "A1"
    merged: Sequence[str] = ()
    hidden_rows: Sequence[int] = ()
    hidden: bool = False


def workbook(
    rows: Rows,
    *,
    sheet: str = "表1",
    at: str = "A1",
    merged: Sequence[str] = (),
    hidden_rows: Sequence[int] = (),
    mark: str | None = None,
) -> bytes:
    """An xlsx with one sheet whose top left cell is `at`; `mark` is the template's version mark."""
    return book(Sheet(rows, sheet, at, merged, hidden_rows), mark=mark)


def book(*sheets: Sheet, mark: str | None = None, date_1904: bool = False) -> bytes:
    """An xlsx with several sheets. Cells: None, text, numbers, yes/no, dates, Formula, Styled."""
    target = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "date_1904": date_1904}
    with xlsxwriter.Workbook(target, options) as written:
        if mark is not None:
            written.define_name("gongwang_template", f'="{mark}"')
        for sheet in sheets:
            _write(written, sheet)
    return target.getvalue()


def _write(written: xlsxwriter.Workbook, sheet: Sheet) -> None:
    target = written.add_worksheet(sheet.name)
    first_row, first_column = xl_cell_to_rowcol(sheet.at)
    for area in sheet.merged:
        target.merge_range(area, "")
    for row, values in enumerate(sheet.rows, start=first_row):
        for column, value in enumerate(values, start=first_column):
            _write_cell(written, target, row, column, value)
    for row in sheet.hidden_rows:
        target.set_row(row - 1, None, None, {"hidden": True})
    if sheet.hidden:
        target.hide()


def _write_cell(written: xlsxwriter.Workbook, target: Any, row: int, column: int, value: Cell) -> None:
    style = None
    if isinstance(value, Styled):
        value, style = value.value, written.add_format({"num_format": value.number_format})
    if isinstance(value, Formula):
        target.write_formula(row, column, value.text, style, value.result)
    elif isinstance(value, datetime):
        target.write_datetime(
            row, column, value, style or written.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        )
    elif isinstance(value, date):
        target.write_datetime(row, column, value, style or written.add_format({"num_format": "yyyy-mm-dd"}))
    elif style is not None or value not in (None, ""):
        target.write(row, column, value, style)


def csv_bytes(rows: Rows, *, encoding: str = "utf-8", delimiter: str = ",", line_end: str = "\r\n") -> bytes:
    """Delimited text; `encoding` may be utf-8-sig, gb18030, utf-16 …"""
    target = io.StringIO(newline="")
    csv.writer(target, delimiter=delimiter, lineterminator=line_end).writerows(
        [["" if value is None else value for value in row] for row in rows]
    )
    return target.getvalue().encode(encoding)


def with_parts(data: bytes, parts: Mapping[str, bytes | str | None]) -> bytes:
    """The same zip with some parts replaced or added; None leaves the part out."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as copy,
    ):
        for name in source.namelist():
            if name not in parts:
                copy.writestr(name, source.read(name))
        for name, content in parts.items():
            if content is not None:
                copy.writestr(name, content)
    return target.getvalue()


def part(data: bytes, name: str) -> str:
    """The text of one part of a zip."""
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        return source.read(name).decode("utf-8")
