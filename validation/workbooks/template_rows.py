"""Rows put on the form's sheet of a finished workbook, as XML: many times faster than cell by cell."""

from __future__ import annotations

import io
import re
import shutil
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from tempfile import SpooledTemporaryFile
from typing import IO
from xml.sax.saxutils import escape

from validation.raw import column_letter
from validation.rulebook.example_rows import Written

Rows = Iterable[Sequence[Written | None]]

#: the form's sheet is the first one
_SHEET = "xl/worksheets/sheet1.xml"
#: rows lie in memory up to here and on disk above
_HELD_BYTES = 64 * 1024 * 1024
#: day 0 of the dates of a spreadsheet, which counts a leap day of 1900 that never was
_DAY_ZERO = date(1899, 12, 30).toordinal()
_STYLE = re.compile(r'<col min="(\d+)" max="\d+" width="[\d.]+" style="(\d+)"')
_SIZE = re.compile(r'(<dimension ref="A1:[A-Z]+)\d+"')
#: What XML cannot hold is written as an escape, and so is the beginning of a text that looks like one.
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff\ud800-\udfff]|_(?=x[0-9A-Fa-f]{4}_)")


def with_rows(workbook: bytes, first_row: int, rows: Rows) -> bytes:
    """The xlsx `workbook` with `rows` on its first sheet, numbered in column A and written from column B on.

    `first_row` counts from 0. A cell has its column's format; None and "" leave it unwritten, and no text becomes
    a formula or a link.
    """
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook)) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for part in source.infolist():
            content = source.read(part)
            if part.filename == _SHEET:
                with made.open(part, "w") as sheet:
                    _write(sheet, content.decode(), first_row, rows)
            else:
                made.writestr(part, content)
    return target.getvalue()


def _write(sheet: IO[bytes], blank: str, first_row: int, rows: Rows) -> None:
    """`blank` is the sheet without rows. Its head states its size, so the rows are made first."""
    above, below = blank.split("</sheetData>")
    with SpooledTemporaryFile(_HELD_BYTES) as lines:
        last = first_row
        for line in _lines(first_row, rows, dict(_STYLE.findall(blank))):
            lines.write(line.encode())
            last += 1
        lines.seek(0)
        sheet.write(_SIZE.sub(rf'\g<1>{last}"', above).encode())
        shutil.copyfileobj(lines, sheet)
    sheet.write(f"</sheetData>{below}".encode())


def _lines(first_row: int, rows: Rows, styles: dict[str, str]) -> Iterator[str]:
    """`styles` has the number of a column's format by that of the column, both counted from 1 as text."""
    heads: list[tuple[str, str]] = []
    for number, values in enumerate(rows, start=1):
        row = first_row + number
        heads = heads or [
            (column_letter(place), f'" s="{styles[str(place + 1)]}"') for place in range(1, len(values) + 1)
        ]
        cells = [
            f'<c r="{letters}{row}{style}{_content(value)}'
            for (letters, style), value in zip(heads, values, strict=True)
            if value is not None and value != ""
        ]
        yield f'<row r="{row}"><c r="A{row}"><v>{number}</v></c>{"".join(cells)}</row>'


def _content(value: Written) -> str:
    """What follows the attributes of a cell that holds `value`."""
    if isinstance(value, str):
        text = escape(_UNWRITABLE.sub(_escaped, value))
        kept = ' xml:space="preserve"' if text != text.strip() else ""
        return f' t="inlineStr"><is><t{kept}>{text}</t></is></c>'
    number = value.toordinal() - _DAY_ZERO if isinstance(value, date) else value
    return f"><v>{number!r}</v></c>"


def _escaped(match: re.Match[str]) -> str:
    return f"_x{ord(match[0]):04X}_"
