"""xls and et (BIFF): cells, hidden rows and sheets, merged ranges, errors and number formats by xlrd, in one parse."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

import xlrd
from xlrd.biffh import error_text_from_code
from xlrd.formula import FormulaError
from xlrd.xldate import XLDateError, xldate_as_datetime

from validation.limits import OTHER_ROWS, Limits
from validation.raw import Merged, RawSheet, Workbook
from validation.reading.allowance import Allowance
from validation.reading.columns import columns_of
from validation.reading.compound import SIGNATURE, Compound
from validation.reading.refusals import damaged, encrypted, over_limit, unsupported

#: What xlrd raises on broken files beside its own errors.
_BROKEN = (
    xlrd.XLRDError, FormulaError, struct.error, AssertionError, LookupError, ValueError, TypeError, AttributeError,
    ArithmeticError, EOFError, NotImplementedError, RecursionError,
)  # fmt: skip
_OTHER_STREAMS = (
    ("WordDocument", "Word文档", "a Word document"),
    ("PowerPoint Document", "PowerPoint演示文稿", "a PowerPoint presentation"),
    ("VisioDocument", "Visio图", "a Visio drawing"),
    ("__properties_version1.0", "Outlook邮件", "an Outlook message"),
)
#: Types of cells that hold nothing.
_BLANK = (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK)


def read_xls(data: bytes, limits: Limits, allowance: Allowance) -> Workbook:
    """All worksheets of a BIFF workbook, hidden ones too; the file is a compound file or, rarely, the bare stream."""
    compound = Compound(data) if data.startswith(SIGNATURE) else None
    try:
        # xlrd follows a chain of sectors that runs in a circle for ever, so it gets the stream alone.
        book = xlrd.open_workbook(
            file_contents=data if compound is None else _stream(compound),
            formatting_info=True,
            on_demand=True,
            # else every row gets as many cells as any merged range claims to reach, up to 65 536 in each of 65 536 rows
            ragged_rows=True,
            logfile=io.StringIO(),
        )
        sheets = tuple(_sheets(book, limits, allowance))
    except _BROKEN as error:
        if "encrypted" in str(error).lower():
            raise encrypted() from error
        raise damaged("工作簿结构已损坏", "its workbook structure is damaged") from error
    return Workbook(
        format="xls",
        sheets=sheets,
        template_mark=_mark(book),
        ignored_kinds=_ignored(compound),
        date_1904=bool(book.datemode),
    )


def _stream(compound: Compound) -> bytes:
    """The workbook stream; what else the file may be is told by the names of its streams."""
    names = compound.entries
    if "EncryptedPackage" in names:
        raise encrypted()
    for name in ("Workbook", "Book", "WORKBOOK", "BOOK"):
        if name in names:
            return compound.stream(name)
    for name, zh, en in _OTHER_STREAMS:
        if name in names:
            raise unsupported(zh, en)
    raise unsupported("其他OLE复合文档", "an OLE compound file of another kind")


def _ignored(compound: Compound | None) -> tuple[str, ...]:
    names = compound.entries if compound is not None else {}
    kinds = {
        "macros": "_VBA_PROJECT_CUR" in names or "_VBA_PROJECT" in names,
        "embedded objects": any(name.startswith("MBD") for name in names),
    }
    return tuple(kind for kind, present in kinds.items() if present)


def _mark(book: xlrd.Book) -> str | None:
    for name in book.name_map.get("gongwang_template", ()):
        if name.result is not None and isinstance(name.result.value, str):
            return str(name.result.value)
    return None


def _sheets(book: xlrd.Book, limits: Limits, allowance: Allowance) -> Iterator[RawSheet]:
    """Each sheet is parsed when its turn comes."""
    for index in range(book.nsheets):
        allowance.check()
        yield _sheet(book, book.sheet_by_index(index), limits)


def _sheet(book: xlrd.Book, sheet: Any, limits: Limits) -> RawSheet:
    height = _height(sheet, limits)
    errors: dict[tuple[int, int], str] = {}
    rows = (_row(book, sheet, row, errors) for row in range(height))
    return RawSheet(
        name=sheet.name,
        hidden=sheet.visibility != 0,
        first_row=1,
        first_column=0,
        height=height,
        columns=columns_of(rows),
        merged=tuple(
            Merged(top + 1, left, bottom, right - 1) for top, bottom, left, right in sheet.merged_cells
        ),
        hidden_rows=frozenset(row + 1 for row, info in sheet.rowinfo_map.items() if info.hidden),
        errors=errors,
        formats=_formats(book, sheet),
    )


def _height(sheet: Any, limits: Limits) -> int:
    """Rows down to the last filled one, checked against the limits."""
    last = filled = 0
    for row, kinds in enumerate(_filled_rows(sheet), start=1):
        if not kinds:
            continue
        last, filled = row, filled + 1
        if kinds > limits.columns:
            raise over_limit(f"列数不得超过{limits.columns}列", f"at most {limits.columns} columns")
    if filled > limits.rows + OTHER_ROWS:
        raise over_limit(f"数据行不得超过{limits.rows}行", f"at most {limits.rows} rows of data")
    return last


def _filled_rows(sheet: Any) -> Iterator[int]:
    """For each row, the number of columns up to its last filled cell."""
    for row in range(sheet.nrows):
        kinds = sheet.row_types(row)
        yield next((at for at in range(len(kinds), 0, -1) if kinds[at - 1] not in _BLANK), 0)


def _row(book: xlrd.Book, sheet: Any, row: int, errors: dict[tuple[int, int], str]) -> list[Any]:
    values = []
    for column, (kind, value) in enumerate(zip(sheet.row_types(row), sheet.row_values(row), strict=True)):
        if kind == xlrd.XL_CELL_ERROR:
            errors[row + 1, column] = error_text_from_code.get(value, "#VALUE!")
        values.append(_value(book, kind, value))
    return values


def _value(book: xlrd.Book, kind: int, value: Any) -> str | float | bool | datetime | None:
    if kind == xlrd.XL_CELL_DATE:
        return _moment(value, book.datemode)
    if kind == xlrd.XL_CELL_BOOLEAN:
        return bool(value)
    return value if kind in (xlrd.XL_CELL_TEXT, xlrd.XL_CELL_NUMBER) else None


def _moment(value: float, datemode: int) -> datetime | float:
    """A date cell; a number that is no day stays a number."""
    try:
        moment: datetime = xldate_as_datetime(value, datemode)
    except (XLDateError, OverflowError, ValueError):
        return value
    return moment if value >= 1 else value


def _formats(book: xlrd.Book, sheet: Any) -> Callable[[int, Iterable[int]], dict[int, str]]:
    def formats(column: int, rows: Iterable[int]) -> dict[int, str]:
        return {
            row: book.format_map[book.xf_list[sheet.cell_xf_index(row - 1, column)].format_key].format_str
            for row in rows
            if column < sheet.row_len(row - 1)
        }

    return formats
