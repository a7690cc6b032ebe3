"""The user's own workbook given back with its corrections written in, ready to be kept and uploaded again."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import xlsxwriter

from validation.context import Edit
from validation.corrections import SheetColumns, placed
from validation.forms.form import FIGURES, Column, Form, Kind
from validation.hints import Text
from validation.limits import DEFAULT_LIMITS, Limits
from validation.number_formats import is_bare, is_full_day
from validation.raw import RawSheet, address
from validation.reading import own_package, read_workbook
from validation.workbooks.cell_formats import Pen, formatted
from validation.workbooks.marked_in_place import FULL_ROWS, _own_cell, _write, book_of
from validation.workbooks.notice import add_notice, write_notice

_NUMBER = re.compile(r"-?(0|[1-9]\d{0,14})(\.\d{1,6})?")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def corrected_workbook(
    data: bytes,
    form: Form,
    *,
    sheets: Sequence[SheetColumns],
    rows: int,
    edits: Iterable[Edit],
    filename: str = "",
    limits: Limits = DEFAULT_LIMITS,
    notice: Text | None = None,
) -> bytes:
    """The workbook with `edits` in their cells, as xlsx bytes.

    An xlsx keeps its sheets and formatting, with formulas replaced by their stored results so that nothing in it is
    live; other formats, and workbooks of more than FULL_ROWS `rows`, become a plain xlsx with the same cells at the
    same addresses. Raises RefusedFileError where the file cannot be read.
    """
    standing = placed(edits, sheets)
    raw = read_workbook(data, filename=filename, limits=limits)
    if rows > FULL_ROWS:
        return _plain(raw.sheets, standing, form, notice)
    book = book_of(own_package(data), raw)
    for edit, column in standing:
        cell = _own_cell(book[edit.sheet], address(edit.row, column))
        value = _typed(edit.value, form.by_key[edit.column])
        _write(cell, value)
        cell.number_format = _format_for(value, cell.number_format)
    add_notice(book, notice)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _format_for(value: str | float | datetime | None, own: str) -> str:
    """The cell's own format where it shows the value as it is: 25.3 under 0.0% would be 2530 %."""
    if isinstance(value, datetime):
        return own if is_full_day(own) else "yyyy-mm-dd"
    return own if is_bare(own) else "General"


def _typed(text: str | None, column: Column) -> str | float | datetime | None:
    """What a spreadsheet program would have made of the typed text, where that cannot change its meaning."""
    if text is None:
        return None
    if column.kind in FIGURES and _NUMBER.fullmatch(text):
        return float(text) if "." in text else int(text)
    if column.kind is Kind.DATE and _DAY.fullmatch(text):
        try:
            return datetime.strptime(text, "%Y-%m-%d")  # noqa: DTZ007 a spreadsheet's dates have no zone
        except ValueError:
            return text
    return text


def _plain(
    sheets: Sequence[RawSheet], edits: Iterable[tuple[Edit, int]], form: Form, notice: Text | None
) -> bytes:
    """A plain xlsx in bounded memory; each edit comes with its 0-based column."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "default_date_format": "yyyy-mm-dd",
        },
    )
    pen = Pen(book)
    values: dict[str, dict[tuple[int, int], Any]] = {}
    for edit, column in edits:
        typed = _typed(edit.value, form.by_key[edit.column])
        values.setdefault(edit.sheet, {})[edit.row, column] = typed
    for sheet in sheets:
        page = book.add_worksheet(sheet.name[:31])
        if sheet.hidden:
            page.hide()
        _write_sheet(pen, page, sheet, values.get(sheet.name, {}))
    write_notice(book, notice)
    book.close()
    return out.getvalue()


def _write_sheet(pen: Pen, page: Any, sheet: RawSheet, corrected: Mapping[tuple[int, int], Any]) -> None:
    columns = [_filled(sheet, offset) for offset in range(len(sheet.columns))]
    for index, line in enumerate(zip(*columns, strict=True)):
        row = sheet.first_row + index
        for offset, value in enumerate(line):
            at = row, sheet.first_column + offset
            written = corrected.get(at, value)
            if written is not None:
                pen.write(page, row - 1, at[1], written)


def _filled(sheet: RawSheet, offset: int) -> list[Any]:
    """A column's values under their formats; what a merged range holds stands in each of its rows, for the ranges are
    not kept."""
    column = sheet.columns[offset]
    values: list[Any] = [
        text if text is not None else number if number is not None else moment
        for text, number, moment in zip(column.text, column.number, column.moment, strict=True)
    ]
    rows = range(sheet.first_row, sheet.first_row + len(values))
    values = formatted(values, rows, sheet.formats.by_row(sheet.first_column + offset))
    for area in sheet.merged:
        if area.first_column == sheet.first_column + offset and area.last_row > area.first_row:
            first = area.first_row - sheet.first_row
            for index in range(first + 1, min(area.last_row - sheet.first_row + 1, len(values))):
                values[index] = values[first]
    return values


__all__ = ["corrected_workbook"]
