"""Writing rows to worksheets, over as many as they need; no cell is a formula."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import IO, Any

import xlsxwriter

from submissions import demo_mode
from validation.workbooks.notice import write_notice

#: rows of a worksheet under its header
SHEET_ROWS = 1_048_575
#: rows from one telling to the next
REPORT_EVERY = 2_000


def write_xlsx(
    out: IO[bytes],
    *,
    name: str,
    titles: Sequence[str],
    widths: Sequence[int],
    rows: Iterable[Sequence[Any]],
    on_progress: Callable[[int], None] = lambda done: None,
) -> None:
    """Write `rows` under `titles` to `out` in bounded memory, and report the rows written so far to `on_progress`."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        bold = book.add_format({"bold": True})
        for sheet_name, part in dealt(name, _counted(rows, on_progress)):
            sheet = book.add_worksheet(sheet_name)
            sheet.write_row(0, 0, titles, bold)
            _fill(sheet, part, widths)
        write_notice(book, demo_mode.notice())


def dealt(name: str, rows: Iterable[Sequence[Any]]) -> Iterator[tuple[str, Iterator[Sequence[Any]]]]:
    """Yield the name of each worksheet and its rows, to be used up before the next; one empty sheet for no rows."""
    left = iter(rows)
    yield name, islice(left, SHEET_ROWS)
    for number, first in enumerate(left, 2):
        yield f"{name} {number}", chain([first], islice(left, SHEET_ROWS - 1))


def _counted(rows: Iterable[Sequence[Any]], on_progress: Callable[[int], None]) -> Iterator[Sequence[Any]]:
    for done, row in enumerate(rows, start=1):
        yield row
        if done % REPORT_EVERY == 0:
            on_progress(done)


def _fill(sheet: Any, rows: Iterable[Sequence[Any]], widths: Sequence[int]) -> None:
    for position, width in enumerate(widths):
        sheet.set_column(position, position, width)
    sheet.freeze_panes(1, 0)
    done = 0
    for done, row in enumerate(rows, start=1):
        sheet.write_row(done, 0, row)
    if done:
        sheet.autofilter(0, 0, done, len(widths) - 1)
