"""The user's own workbook given back with the bad cells marked, notes on them, and a sheet that lists the findings."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import polars as pl
from openpyxl import Workbook as Book
from openpyxl import load_workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils.exceptions import IllegalCharacterError, InvalidFileException
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from validation.findings import SEVERITY_LABELS, Finding, Severity, from_row
from validation.forms.form import Form
from validation.hints import Text
from validation.raw import RawSheet, column_letter
from validation.raw import Workbook as RawWorkbook
from validation.workbooks.notice import add_notice
from validation.workbooks.sheet_names import FINDINGS_SHEET

#: Above either, openpyxl would need minutes and gigabytes: the streaming variant is made instead.
FULL_ROWS = 20_000
FULL_FINDINGS = 5_000

NOTE_AUTHOR = "工网 Gongwang"

_FILLS = {
    Severity.ERROR: PatternFill("solid", fgColor="FFF4B6B6"),
    Severity.WARNING: PatternFill("solid", fgColor="FFFFE8A3"),
    Severity.INFO: PatternFill("solid", fgColor="FFD6E8FA"),
}
#: What openpyxl raises on workbooks that other programs open; it knows no exception of its own for them.
_UNOPENABLE = (
    ArithmeticError, AssertionError, AttributeError, LookupError, OSError, RecursionError, SyntaxError, TypeError, ValueError,
    zipfile.BadZipFile, zlib.error, InvalidFileException,
)  # fmt: skip
#: E before W before I
_RANKS = {severity: rank for rank, severity in enumerate(Severity)}
LISTING_TITLES = (
    "级别 Severity",
    "规则 Rule",
    "所在表 Sheet",
    "行 Row",
    "位置 Cell",
    "列 Column",
    "原值 Value",
    "问题",
    "Finding",
    "修改办法",
    "What to do",
)
LISTING_WIDTHS = (14, 12, 16, 8, 10, 22, 24, 50, 50, 30, 40)


class Marked(NamedTuple):
    """One line of the findings sheet, in the order of LISTING_TITLES."""

    severity: str
    code: str
    sheet: str | None
    row: int | None
    cell: str | None
    column: str
    value: str | None
    message_zh: str
    message_en: str
    fix_zh: str
    fix_en: str


def annotate(
    data: bytes,
    raw: RawWorkbook,
    findings: pl.DataFrame,
    form: Form,
    corrected: Mapping[tuple[str, str], str | None],
    notice: Text | None = None,
) -> bytes:
    """The marked workbook as xlsx bytes, with corrected cells, by (sheet, address), as they stand now.

    `data` is the original, `raw` what the reader made of it, `findings` a frame of FINDING_SCHEMA.
    An xlsx keeps its own sheets and formatting, with formulas replaced by their stored results so
    that nothing in it is live; other formats become an xlsx with the same cells at the same addresses.
    So does an xlsx that is too odd for openpyxl. The caller chooses the streaming variant for large files (`is_large`).
    """
    book = book_of(data, raw)
    _drop_own_marks(book)
    _correct(book, corrected)
    listed = [from_row(row) for row in findings.iter_rows(named=True)]
    for (sheet, cell), group in _by_cell(listed).items():
        if sheet in book.sheetnames:
            _mark(book[sheet], cell, group)
    _list(book, [marked(finding, form) for finding in listed])
    add_notice(book, notice)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def is_large(rows: int, findings: int) -> bool:
    """Whether only the streaming variant is offered."""
    return rows > FULL_ROWS or findings > FULL_FINDINGS


def marked(finding: Finding, form: Form) -> Marked:
    """The findings sheet's line for one finding."""
    column, severity = form.by_key.get(finding.column or ""), SEVERITY_LABELS[finding.severity]
    return Marked(
        f"{severity.zh} {severity.en}",
        finding.code,
        finding.sheet,
        finding.row,
        finding.cell,
        f"{column.label_zh} {column.label_en}" if column else finding.column or "",
        finding.value,
        finding.message("zh"),
        finding.message("en"),
        finding.fix("zh"),
        finding.fix("en"),
    )


def book_of(data: bytes, raw: RawWorkbook) -> Book:
    """The workbook to write into: an xlsx as it is, all else, and an xlsx that openpyxl cannot open, with the cells
    alone that were read."""
    own = _own_book(data) if raw.format in ("xlsx", "xlsm") else None
    names = {sheet.name for sheet in raw.sheets}
    return own if own is not None and names <= set(own.sheetnames) else _copied_book(raw)


def _own_book(data: bytes) -> Book | None:
    try:
        # data_only: a formula saved by openpyxl loses its stored result and would come back as never calculated.
        return load_workbook(io.BytesIO(data), data_only=True)
    except _UNOPENABLE:
        return None


def _copied_book(raw: RawWorkbook) -> Book:
    book = Book()
    book.remove(book.active)
    for sheet in raw.sheets:
        target = book.create_sheet(sheet.name[:31])
        target.sheet_state = "hidden" if sheet.hidden else "visible"
        for row, position, value, code in _cells(sheet):
            cell = target.cell(row, position + 1)
            _write(cell, value)
            if code is not None:
                cell.number_format = code
        for area in sheet.merged:
            target.merge_cells(
                start_row=area.first_row,
                end_row=area.last_row,
                start_column=area.first_column + 1,
                end_column=area.last_column + 1,
            )
    return book


def _cells(sheet: RawSheet) -> Iterator[tuple[int, int, Any, str | None]]:
    """(row, 0-based column, value, number format where it matters) of every cell that is not blank."""
    for offset, column in enumerate(sheet.columns):
        codes = sheet.formats.by_row(sheet.first_column + offset)
        for values in (column.text, column.number, column.moment):
            filled = values.is_not_null().arg_true()
            for index, value in zip(filled, values.gather(filled), strict=True):
                row = sheet.first_row + index
                yield row, sheet.first_column + offset, value, codes.get(row)


def _write(cell: Cell | MergedCell, value: Any) -> None:
    """Write a value as data; text never becomes a formula, whatever it begins with."""
    try:
        cell.value = value
    except IllegalCharacterError:
        cell.value = "".join(c for c in value if c.isprintable())
    if isinstance(value, str) and isinstance(cell, Cell):
        cell.data_type = "s"


def _correct(book: Book, corrected: Mapping[tuple[str, str], str | None]) -> None:
    """Write corrected cells as the text that was typed, so that cells and findings agree."""
    for (sheet, at), value in corrected.items():
        if sheet in book.sheetnames:
            _write(_own_cell(book[sheet], at), value)


def _drop_own_marks(book: Book) -> None:
    """Take out the notes, colours and sheet of an earlier round, so that a mended cell looks mended."""
    if FINDINGS_SHEET in book.sheetnames:
        del book[FINDINGS_SHEET]
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.comment is not None and cell.comment.author == NOTE_AUTHOR:
                    cell.comment = None
                    cell.fill = PatternFill()


def _by_cell(findings: Iterable[Finding]) -> dict[tuple[str, str], list[Finding]]:
    groups: dict[tuple[str, str], list[Finding]] = defaultdict(list)
    for finding in findings:
        if finding.sheet and finding.cell:
            groups[finding.sheet, finding.cell].append(finding)
    return groups


def _mark(sheet: Worksheet, at: str, findings: list[Finding]) -> None:
    """Colour one cell by its gravest finding and list all of them in a note."""
    cell = _own_cell(sheet, at)
    cell.fill = _FILLS[min(findings, key=lambda finding: _RANKS[finding.severity]).severity]
    text = "\n".join(f"[{f.code}] {f.message('zh')} {f.fix('zh')}\n{f.message('en')}" for f in findings)
    if cell.comment is not None:  # the user's own note stays readable below ours
        text += f"\n———\n{cell.comment.text}"
    cell.comment = Comment(text, NOTE_AUTHOR, height=60 + 40 * min(len(findings), 6), width=320)


def _own_cell(sheet: Worksheet, at: str) -> Cell:
    """The cell at an address; of a merged range its first one, which alone holds a value."""
    cell = sheet[at]
    if isinstance(cell, Cell):
        return cell
    area = next(area for area in sheet.merged_cells.ranges if at in area)
    cell = sheet.cell(area.min_row, area.min_col)
    if isinstance(cell, MergedCell):
        raise TypeError(f"the merged range of {at} has no cell of its own")
    return cell


def _list(book: Book, lines: list[Marked]) -> None:
    sheet = book.create_sheet(FINDINGS_SHEET)
    sheet.append(LISTING_TITLES)
    for index, width in enumerate(LISTING_WIDTHS):
        sheet.column_dimensions[column_letter(index)].width = width
        sheet.cell(1, index + 1).font = Font(bold=True)
    sheet.freeze_panes = "A2"
    for number, line in enumerate(lines, start=2):
        for position, value in enumerate(line, start=1):
            cell = sheet.cell(number, position)
            _write(cell, value)
            cell.alignment = Alignment(wrap_text=position >= 7, vertical="top")
        if line.sheet in book.sheetnames and line.cell:
            link = sheet.cell(number, 5)
            place = f"{_quoted(line.sheet)}!{line.cell}"
            link.hyperlink = Hyperlink(ref=link.coordinate, location=place)
            link.font = Font(color="FF0B5CAD", underline="single")


def _quoted(sheet: str | None) -> str:
    return "'" + (sheet or "").replace("'", "''") + "'"
