"""xls and et (BIFF): cells, hidden rows and sheets, merged ranges, errors and number formats by xlrd, in one parse."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import polars as pl
import xlrd
from xlrd.biffh import error_text_from_code
from xlrd.formatting import std_format_strings
from xlrd.formula import FormulaError
from xlrd.xldate import XLDateError, xldate_as_datetime

from validation.limits import BLANK_ROWS, OTHER_ROWS, Limits
from validation.number_formats import BUILT_IN, clock, tells, text_around
from validation.raw import FORMATS, Formats, Merged, RawSheet, Workbook
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
    codes = {
        style: code for style, code in enumerate(_codes(book)) if tells(code) or text_around(code) != ("", "")
    }
    for index in range(book.nsheets):
        allowance.check()
        yield _sheet(book, book.sheet_by_index(index), codes, limits)


def _sheet(book: xlrd.Book, sheet: Any, codes: Mapping[int, str], limits: Limits) -> RawSheet:
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
        formats=_formats(sheet, codes, height),
    )


def _formats(sheet: Any, codes: Mapping[int, str], height: int) -> Formats:
    """The formats by style, which any column may have: whose cells have which is looked up where one matters."""

    def cells(column: int) -> pl.DataFrame:
        styles = ((row + 1, _style(sheet, row, column)) for row in range(height))
        own = [(row, codes[style]) for row, style in styles if style in codes]
        return pl.DataFrame(own, schema=FORMATS, orient="row")

    return Formats(dict.fromkeys(range(sheet.ncols), frozenset(codes.values())) if codes else {}, cells)


def _style(sheet: Any, row: int, column: int) -> int:
    """The style of a filled cell, -1 where there is none."""
    if column >= sheet.row_len(row) or sheet.cell_type(row, column) in _BLANK:
        return -1
    return int(sheet.cell_xf_index(row, column))


def _height(sheet: Any, limits: Limits) -> int:
    """Rows down to the last filled one before a long blank stretch, checked against the limits."""
    last = filled = 0
    for row, kinds in enumerate(_filled_rows(sheet), start=1):
        if not kinds:
            continue
        if row - last > BLANK_ROWS:
            break
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


def _moment(value: float, datemode: int) -> datetime | float | str:
    """A date cell; a number that is no day stays a number, and a time of day is text that no field takes for one."""
    if 0 <= value < 1:
        return clock(value)
    try:
        moment: datetime = xldate_as_datetime(value, datemode)
    except (XLDateError, OverflowError, ValueError):
        return value
    return moment


def _codes(book: xlrd.Book) -> list[str]:
    """The format of each cell style. What the file leaves to the program, and xlrd fills in as an American Excel
    would, is taken as a Chinese one shows it."""
    own = {
        key: item.format_str
        for key, item in book.format_map.items()
        if item.format_str != std_format_strings.get(key)
    }
    known = BUILT_IN | own
    # those that are no styles of cells, such as Excel's own Percent, stand in every file
    return ["General" if style.is_style else known.get(style.format_key, "General") for style in book.xf_list]
