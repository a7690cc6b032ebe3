"""The streaming variant of the marked workbook: the flagged rows with their findings, in bounded memory."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import polars as pl
import xlsxwriter

from validation.corrections import SheetColumns
from validation.findings import from_row
from validation.forms.form import Form
from validation.hints import Text
from validation.raw import RawColumn, RawSheet, column_letter
from validation.raw import Workbook as RawWorkbook
from validation.workbooks.cell_formats import Pen, formatted
from validation.workbooks.marked_in_place import LISTING_TITLES, LISTING_WIDTHS, marked
from validation.workbooks.notice import write_notice
from validation.workbooks.sheet_names import FINDINGS_SHEET

#: Rows of one sheet of a workbook, its title row left out.
SHEET_ROWS = 1_048_575
#: Lines between two tellings of how far it is.
TOLD_EVERY = 1_000
#: Flagged rows held as Python objects at a time.
SLICE = 20_000
FLAGGED_SHEET = "问题行 Flagged rows"


def annotate_stream(
    raw: RawWorkbook,
    findings: pl.DataFrame,
    form: Form,
    sheets: Sequence[SheetColumns],
    report_rows: Callable[[int], None] = lambda done: None,
    notice: Text | None = None,
) -> bytes:
    """An xlsx with every flagged row as the user wrote it and every finding; for files too large to mark in place.

    `sheets` tells the titles of the columns; a column without one goes by its letter.
    `told` hears how many findings are listed.
    """
    out = io.BytesIO()
    # Text stays text: nothing that begins with = becomes a formula or a link.
    book = xlsxwriter.Workbook(
        out,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "default_date_format": "yyyy-mm-dd",
        },
    )
    lines = _counted((marked(from_row(row), form) for row in findings.iter_rows(named=True)), report_rows)
    _write_sheets(book, FINDINGS_SHEET, LISTING_TITLES, LISTING_WIDTHS, lines)
    for sheet in raw.sheets:
        rows = findings.filter(pl.col("sheet") == sheet.name)["row"].drop_nulls().unique().sort()
        if rows.len():
            name = FLAGGED_SHEET if len(raw.sheets) == 1 else f"{FLAGGED_SHEET[:3]} {sheet.name}"[:28]
            _write_flagged(book, name, sheet, rows, _titles(sheet, sheets))
    write_notice(book, notice)
    book.close()
    return out.getvalue()


def _counted(
    lines: Iterable[tuple[Any, ...]], report_rows: Callable[[int], None]
) -> Iterator[tuple[Any, ...]]:
    for done, line in enumerate(lines):
        if done % TOLD_EVERY == 0:
            report_rows(done)
        yield line


def _titles(sheet: RawSheet, sheets: Sequence[SheetColumns]) -> list[str]:
    tables = [read for read in reversed(sheets) if read.name == sheet.name]  # the first one's titles stay
    known = {column.position: column.title for table in tables for column in table.columns}
    positions = range(sheet.first_column, sheet.first_column + len(sheet.columns))
    return [known.get(position, column_letter(position)) for position in positions]


def _write_flagged(book: Any, name: str, sheet: RawSheet, rows: pl.Series, titles: list[str]) -> None:
    parts = (rows.slice(at, SLICE) for at in range(0, len(rows), SLICE))
    lines = (line for part in parts for line in _lines(sheet, part))
    _write_sheets(book, name, ("原行号 Row", *titles), (12,) * (len(titles) + 1), lines)


def _lines(sheet: RawSheet, rows: pl.Series) -> Iterator[tuple[Any, ...]]:
    """Row number and cells of some rows, ascending."""
    picks = (rows - sheet.first_row).cast(pl.UInt32)
    columns = (
        formatted(_values(column, picks), rows.to_list(), sheet.formats.by_row(sheet.first_column + offset))
        for offset, column in enumerate(sheet.columns)
    )
    return zip(rows, *columns, strict=True)


def _values(column: RawColumn, picks: pl.Series) -> list[Any]:
    texts, numbers, moments = (s.gather(picks) for s in (column.text, column.number, column.moment))
    return [
        text if text is not None else number if number is not None else moment
        for text, number, moment in zip(texts, numbers, moments, strict=True)
    ]


def _write_sheets(
    book: Any, name: str, titles: tuple[str, ...], widths: tuple[int, ...], lines: Iterable[tuple[Any, ...]]
) -> None:
    """Write lines to one sheet, and to further ones where a sheet is full."""
    bold, pen = book.add_format({"bold": True}), Pen(book)
    rest: Iterator[tuple[Any, ...]] = iter(lines)
    part, line = 1, next(rest, None)
    while part == 1 or line is not None:
        sheet = book.add_worksheet(name if part == 1 else f"{name} {part}")
        for position, width in enumerate(widths):
            sheet.set_column(position, position, width)
        sheet.write_row(0, 0, titles, bold)
        sheet.freeze_panes(1, 0)
        row = 0
        while line is not None and row < SHEET_ROWS:
            row += 1
            for column, value in enumerate(line):
                pen.write(sheet, row, column, value)
            line = next(rest, None)
        part += 1
