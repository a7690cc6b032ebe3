"""Tables for people and programs: rows streamed as CSV or written as XLSX. No text in them becomes a formula or a link."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import chain, islice
from typing import IO, Any

import xlsxwriter
from django.http import StreamingHttpResponse
from django.utils.http import content_disposition_header
from xlsxwriter.worksheet import Worksheet

from submissions import demo_mode
from validation.workbooks.notice import write_notice

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: A spreadsheet program that opens a CSV runs a text that begins with one of these as a formula.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
#: Excel reads a CSV as UTF-8 only when it begins with this.
BOM = "\ufeff"
#: rows of a worksheet, its header included
SHEET_ROWS = 1_048_576
#: rows between two reports of progress
PROGRESS_ROWS = 2_000
#: narrowest column whose width is not given, in characters
_NARROWEST = 12

_SIGNED_NUMBER = re.compile(r"[+-][0-9]+(\.[0-9]+)?")


def csv_response(
    filename: str,
    header: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    keep_signed_numbers: bool = False,
) -> StreamingHttpResponse:
    """Return the table as a streamed download; see `csv_lines`. Demo mode adds its prefix to `filename`."""
    lines = csv_lines(header, rows, keep_signed_numbers=keep_signed_numbers)
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    name = demo_mode.file_named(filename)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    return response


def csv_lines(
    header: Sequence[str], rows: Iterable[Sequence[Any]], *, keep_signed_numbers: bool = False
) -> Iterator[str]:
    """Yield the header with a byte order mark, then one line per row, as RFC 4180 has it.

    Texts that begin like a formula get an apostrophe in front; with `keep_signed_numbers`, texts such as -12 or
    +1.5 do not, for tables whose cells are all texts.
    """
    safe = _safe_or_signed if keep_signed_numbers else _safe
    line = io.StringIO()
    writer = csv.writer(line)
    line.write(BOM)
    writer.writerow(header)
    yield _taken(line)
    for row in rows:
        writer.writerow([safe(value) for value in row])
        yield _taken(line)


def _safe(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value


def _safe_or_signed(value: Any) -> Any:
    return value if isinstance(value, str) and _SIGNED_NUMBER.fullmatch(value) else _safe(value)


def _taken(line: io.StringIO) -> str:
    text = line.getvalue()
    line.seek(0)
    line.truncate()
    return text


def write_xlsx(
    out: IO[bytes],
    *,
    name: str,
    titles: Sequence[str],
    rows: Iterable[Sequence[Any]],
    widths: Sequence[int] = (),
    captions: Sequence[str] = (),
    progress: Callable[[int], None] = lambda rows_written: None,
) -> None:
    """Write `rows` under `titles` to `out` in bounded memory, over as many worksheets as they need.

    `name` is that of the worksheets, `widths` are in characters, `captions` stand above the table, the first in
    bold. `progress` is called with the number of rows written so far.
    """
    with xlsxwriter.Workbook(out, {"constant_memory": True}) as book:
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        heading = book.add_format({"bold": True})
        top = len(captions) + 1 if captions else 0
        for sheet_name, part in _dealt(name, _counted(rows, progress), SHEET_ROWS - top - 1):
            sheet = book.add_worksheet(sheet_name)
            for position, width in enumerate(widths or [max(len(title) + 2, _NARROWEST) for title in titles]):
                sheet.set_column(position, position, width)
            for line, caption in enumerate(captions):
                sheet.write_string(line, 0, caption, None if line else heading)
            for position, title in enumerate(titles):
                sheet.write_string(top, position, title, bold)
            sheet.freeze_panes(top + 1, 0)
            last = _fill(sheet, part, top)
            if last > top:
                sheet.autofilter(top, 0, last, len(titles) - 1)
        write_notice(book, demo_mode.notice())


def _dealt(
    name: str, rows: Iterable[Sequence[Any]], most: int
) -> Iterator[tuple[str, Iterator[Sequence[Any]]]]:
    """Yield name and rows of each worksheet, to be used up before the next; one empty sheet when there are no rows."""
    left = iter(rows)
    yield name, islice(left, most)
    for number, first in enumerate(left, 2):
        yield f"{name} {number}", chain([first], islice(left, most - 1))


def _counted(rows: Iterable[Sequence[Any]], progress: Callable[[int], None]) -> Iterator[Sequence[Any]]:
    for done, row in enumerate(rows, start=1):
        yield row
        if done % PROGRESS_ROWS == 0:
            progress(done)


def _fill(sheet: Worksheet, rows: Iterable[Sequence[Any]], top: int) -> int:
    """Write the rows below row `top`; return the number of the last one."""
    at = top
    for at, row in enumerate(rows, start=top + 1):
        for position, value in enumerate(row):
            _write(sheet, at, position, value)
    return at


def _write(sheet: Worksheet, row: int, column: int, value: Any) -> None:
    if value is None or value == "":
        return
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, (int, float, Decimal)):
        sheet.write_number(row, column, float(value))
    else:
        sheet.write_string(row, column, value.isoformat() if isinstance(value, date) else str(value))
