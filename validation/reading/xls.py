"""xls and et (BIFF): the globals of a workbook stream, and its worksheets, each read on its own."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import NamedTuple

from validation.limits import Limits
from validation.number_formats import BUILT_IN
from validation.raw import RawSheet, Workbook
from validation.reading.allowance import Allowance
from validation.reading.biff import CONTINUE, Strings, encoding_of, records, shared_texts
from validation.reading.compound import Compound
from validation.reading.refusals import damaged, encrypted, unsupported, used_up
from validation.reading.styles import formats_of, styles_of
from validation.reading.xls_cells import XlsContext, read_cells
from validation.reading.xlsx_parts import MARK_NAME

_BOUND_SHEET, _SST, _FORMAT, _XF, _DATE_MODE, _CODE_PAGE, _NAME, _FILE_PASS = (
    0x85, 0xFC, 0x41E, 0xE0, 0x22, 0x42, 0x18, 0x2F,
)  # fmt: skip
#: Versions of BIFF by the first record: Excel 97 and later, and Excel 5 and 95.
_EXCEL_97, _EXCEL_5 = 0x0600, 0x0500
_WORKSHEET, _NONE = 0, -1
_TEXT_TOKEN = 0x17
#: What marks a style that no cell has, such as Excel's own Percent: those stand in every file.
_NAMED_STYLE = 0x04
_OTHER_STREAMS = (
    ("WordDocument", "Word文档", "a Word document"),
    ("PowerPoint Document", "PowerPoint演示文稿", "a PowerPoint presentation"),
    ("VisioDocument", "Visio图", "a Visio drawing"),
    ("__properties_version1.0", "Outlook邮件", "an Outlook message"),
)


class _Bound(NamedTuple):
    """A sheet as the globals name it: where its stream begins."""

    name: str
    hidden: bool
    start: int


@dataclass(slots=True)
class _Globals:
    """Facts from the workbook's own records."""

    encoding: str | None = None  # of byte strings; None where strings say themselves how they are written
    bounds: list[_Bound] = field(default_factory=list)
    texts: list[bytes] = field(default_factory=list)  # the table of shared strings
    #: what the file leaves to the program is taken as a Chinese one shows it
    formats: dict[int, str] = field(default_factory=lambda: dict(BUILT_IN))
    styles: list[int] = field(default_factory=list)  # number of each style's format
    date_1904: bool = False
    mark: str | None = None


def read_xls(stream: bytes, kinds: tuple[str, ...], limits: Limits, allowance: Allowance) -> Workbook:
    """All worksheets of a workbook stream, hidden ones too; `kinds` are what else the file holds."""
    book = _globals(stream)
    context = XlsContext(
        texts=shared_texts(book.texts) if book.texts else [],
        styles=styles_of([book.formats.get(number, "General") for number in book.styles]),
        encoding=book.encoding,
        date_1904=book.date_1904,
    )
    _check_sheets(book.bounds, limits)
    sheets, walked = [], 0
    for bound in book.bounds:
        allowance.check()
        if walked > len(stream):
            raise used_up("工作表重复引用同一内容", "its sheets name the same content again and again")
        sheet, end = _sheet(stream, bound, context, limits)
        walked += end - bound.start
        sheets.append(sheet)
    return Workbook(
        format="xls",
        sheets=tuple(sheets),
        template_mark=book.mark,
        ignored_kinds=kinds,
        date_1904=book.date_1904,
    )


def _check_sheets(bounds: list[_Bound], limits: Limits) -> None:
    if not bounds:
        raise damaged("没有工作表", "it has no sheets")
    if len(bounds) > limits.parts:
        raise used_up(f"工作表不得超过{limits.parts}个", f"at most {limits.parts} sheets")


def _sheet(stream: bytes, bound: _Bound, context: XlsContext, limits: Limits) -> tuple[RawSheet, int]:
    """The sheet, and where reading it ended."""
    cells, refusal = read_cells(stream, bound.start, context, limits)
    area, refusal = cells.built(refusal)
    sheet = RawSheet(
        name=bound.name,
        hidden=bound.hidden,
        **area._asdict(),
        merged=tuple(cells.merged),
        hidden_rows=frozenset(cells.hidden_rows),
        errors=cells.errors,
        uncalculated=frozenset(cells.uncalculated),
        formats=formats_of(cells.styled, context.styles.codes),
        refusal=refusal,
    )
    return sheet, cells.end


def workbook_stream(compound: Compound) -> bytes:
    """The stream of a compound file that holds the workbook; what else the file may be its other streams say."""
    names = compound.entries
    for name in ("Workbook", "Book", "WORKBOOK", "BOOK"):
        if name in names:
            return compound.stream(name)
    for name, zh, en in _OTHER_STREAMS:
        if name in names:
            raise unsupported(zh, en)
    raise unsupported("其他OLE复合文档", "an OLE compound file of another kind")


def ignored_in(compound: Compound) -> tuple[str, ...]:
    """What the compound file holds that is ignored and never run."""
    names = compound.entries
    kinds = {
        "macros": "_VBA_PROJECT_CUR" in names or "_VBA_PROJECT" in names,
        "embedded objects": any(name.startswith("MBD") for name in names),
    }
    return tuple(kind for kind, present in kinds.items() if present)


def _globals(stream: bytes) -> _Globals:
    book = _Globals()
    last = _NONE
    for code, data, _ in records(stream, 0):
        try:
            _note(book, code, data, last)
        except (struct.error, IndexError) as error:
            raise damaged("工作簿结构已损坏", "its workbook structure is damaged") from error
        last = code
    return book


def _note(book: _Globals, code: int, data: bytes, last: int) -> None:
    if code == _SST or (code == CONTINUE and last in (_SST, CONTINUE) and book.texts):
        book.texts.append(data)
    elif code == _BOUND_SHEET:
        _note_sheet(book, data)
    elif code == _FORMAT:
        number, strings = int.from_bytes(data[:2], "little"), Strings([data], book.encoding, at=2)
        book.formats[number] = strings.text(2 if book.encoding is None else 1)
    elif code == _XF:
        _, number, flags = struct.unpack_from("<HHH", data)
        book.styles.append(_NONE if flags & _NAMED_STYLE else number)
    elif code == _DATE_MODE:
        book.date_1904 = data[:1] == b"\x01"
    elif code == _NAME:
        book.mark = book.mark or _marked(data, book.encoding)
    elif code == _FILE_PASS:
        raise encrypted()
    elif code == _CODE_PAGE and book.encoding is not None:
        book.encoding = encoding_of(struct.unpack_from("<H", data)[0])
    elif last == _NONE:
        _note_version(book, data)


def _note_version(book: _Globals, data: bytes) -> None:
    """The first record says which program wrote the workbook."""
    (version,) = struct.unpack_from("<H", data)
    if version == _EXCEL_5:
        book.encoding = "cp1252"
    elif version != _EXCEL_97:
        raise unsupported("Excel 4.0或更早的工作簿", "a workbook of Excel 4.0 or earlier")


def _note_sheet(book: _Globals, data: bytes) -> None:
    start, hidden, kind = struct.unpack_from("<IBB", data)
    if kind == _WORKSHEET:
        name = Strings([data], book.encoding, at=6).text(1)
        book.bounds.append(_Bound(name, bool(hidden & 3), start))


def _marked(data: bytes, encoding: str | None) -> str | None:
    """The text of the defined name that official templates carry; other names, however odd, are none of ours."""
    try:
        strings = Strings([data], encoding, at=14)
        if strings.characters(data[3]).casefold() != MARK_NAME:
            return None
        return strings.text(1) if strings.number(1) == _TEXT_TOKEN else None
    except IndexError:
        return None
