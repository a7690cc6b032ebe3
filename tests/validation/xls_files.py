"""Small .xls files for tests: compound files of any streams, and workbook streams of the records that they are made of."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from tests.validation.small_workbooks import Formula, Styled

SECTOR = 512
#: Streams below this would be kept in sectors of another size.
CUTOFF = 4096
END, FREE, TABLE_SECTOR = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
BOF, EOF, CONTINUE, FILE_PASS, NAME, SST = 0x809, 0x0A, 0x3C, 0x2F, 0x18, 0xFC
#: Records hold no more than this.
MOST = 8224
_ERRORS = {"#NULL!": 0, "#DIV/0!": 7, "#VALUE!": 15, "#REF!": 23, "#NAME?": 29, "#NUM!": 36, "#N/A": 42}


def compound_file(
    streams: Mapping[str, bytes], *, root: str = "Root Entry", root_length: int | None = None
) -> bytes:
    """An OLE file of these streams, filled up with zeros to what has sectors of its own. `root_length` is what the
    root's name is said to be long, in bytes with the zero at its end."""
    padded = {name: data.ljust(CUTOFF, b"\0") for name, data in streams.items()}
    table, content, entries = [], b"", [_entry(root, 5, END, 0, root_length)]
    for number, (name, data) in enumerate(padded.items(), start=2):
        count = -(-len(data) // SECTOR)
        follows = number if number <= len(padded) else FREE
        entries.append(_entry(name, 2, len(table), len(data), follows=follows))
        table += [*range(len(table) + 1, len(table) + count), END]
        content += data.ljust(count * SECTOR, b"\0")
    directory = b"".join(entries)
    count = -(-len(directory) // SECTOR)
    start = len(table)
    table += [*range(start + 1, start + count), END]
    content += directory.ljust(count * SECTOR, b"\0")
    tables = 1
    while (len(table) + tables) * 4 > tables * SECTOR:
        tables += 1
    numbers = range(len(table), len(table) + tables)
    table += [TABLE_SECTOR] * tables
    fat = struct.pack(f"<{len(table)}I", *table).ljust(tables * SECTOR, b"\xff")
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16
    header += struct.pack("<HHHHH", 62, 3, 0xFFFE, 9, 6) + b"\0" * 10
    header += struct.pack("<IIIIIIII", tables, start, 0, CUTOFF, END, 0, END, 0)
    return header + struct.pack("<109I", *[*numbers, *[FREE] * 109][:109]) + content + fat


def _entry(
    name: str, kind: int, start: int, size: int, length: int | None = None, follows: int = FREE
) -> bytes:
    raw = name.encode("utf-16-le")
    head = raw.ljust(64, b"\0") + struct.pack("<HBB", length or len(raw) + 2, kind, 1)
    beside = struct.pack("<III", FREE, follows, 1 if kind == 5 else FREE)
    return head + beside + b"\0" * 36 + struct.pack("<III", start, size, 0)


@dataclass(frozen=True)
class XlsSheet:
    """One sheet. `merged` are (top, bottom, left, right) counted from 0, `hidden_rows` rows counted from 0."""

    rows: Sequence[Sequence[Any]]
    name: str = "表1"
    hidden: bool = False
    merged: Sequence[tuple[int, int, int, int]] = ()
    hidden_rows: Sequence[int] = ()
    #: records that stand before its cells
    extra: bytes = b""


def record(code: int, data: bytes = b"") -> bytes:
    """One record, with what continues it."""
    parts = [data[at : at + MOST] for at in range(0, len(data), MOST)] or [b""]
    heads = [code, *[CONTINUE] * (len(parts) - 1)]
    return b"".join(
        struct.pack("<HH", head, len(part)) + part for head, part in zip(heads, parts, strict=True)
    )


def text(value: str, size: int = 2) -> bytes:
    """A string of 16-bit characters, its length before it in so many bytes."""
    raw = value.encode("utf-16-le", "surrogatepass")
    return (len(raw) // 2).to_bytes(size, "little") + b"\x01" + raw


def xls(*sheets: XlsSheet, mark: str | None = None, root: str = "Root Entry", **options: Any) -> bytes:
    """A whole .xls."""
    return compound_file({"Workbook": stream(*sheets, mark=mark, **options)}, root=root)


def stream(
    *sheets: XlsSheet,
    mark: str | None = None,
    date_1904: bool = False,
    counts: tuple[int, int] | None = None,
    extra: bytes = b"",
    old: bool = False,
    starts: Sequence[int] | None = None,
) -> bytes:
    """A workbook stream. `counts` are what the table of shared strings says that it holds; `extra` are records among
    the globals; `old` writes it as Excel 95 did; `starts` makes sheets begin where others do, by their number."""
    made = _Made(old=old)
    bodies = [made.sheet(sheet) for sheet in sheets]
    head = _bof(5, old=old) + record(0x42, struct.pack("<H", 936 if old else 1200))
    head += record(0x22, struct.pack("<H", date_1904)) + extra
    head += b"".join(
        record(0x41E, struct.pack("<H", 164 + at) + made.text(code, 1 if old else 2))
        for at, code in enumerate(made.formats)
    )
    head += b"".join(
        record(0xE0, struct.pack("<HH", 0, 164 + at) + b"\0" * 16) for at in range(len(made.formats))
    )
    tail = b"" if mark is None else record(NAME, _named("gongwang_template", mark))
    tail += b"" if old else made.shared(counts)
    tail += record(EOF)
    names = [made.text(sheet.name, 1) for sheet in sheets]
    at = len(head) + sum(4 + 6 + len(name) for name in names) + len(tail)
    places = [at + sum(map(len, bodies[:number])) for number in range(len(bodies))]
    bounds = [
        record(
            0x85, struct.pack("<IBB", places[starts[number] if starts else number], sheet.hidden, 0) + name
        )
        for number, (sheet, name) in enumerate(zip(sheets, names, strict=True))
    ]
    return head + b"".join(bounds) + tail + b"".join(bodies)


def _bof(kind: int, *, old: bool) -> bytes:
    return record(
        BOF, struct.pack("<HHHH", 0x0500 if old else 0x0600, kind, 0, 1996) + (b"" if old else b"\0" * 8)
    )


def _named(name: str, value: str) -> bytes:
    formula = b"\x17" + text(value, 1)
    head = struct.pack("<HBBHHH4B", 1, 0, len(name), len(formula), 0, 0, 0, 0, 0, 0)
    return head + b"\0" + name.encode("latin-1") + formula


class _Made:
    """What cells refer to, gathered while they are written."""

    def __init__(self, *, old: bool) -> None:
        self.old = old
        self.formats = ["General", "yyyy-mm-dd"]
        self.texts: dict[str, int] = {}

    def text(self, value: str, size: int) -> bytes:
        """A string as the workbook's age has it."""
        if not self.old:
            return text(value, size)
        raw = value.encode("gbk", "replace")
        return len(raw).to_bytes(size, "little") + raw

    def shared(self, counts: tuple[int, int] | None) -> bytes:
        """The table of shared strings."""
        totals = counts or (len(self.texts), len(self.texts))
        return _shared([struct.pack("<II", *totals), *map(text, self.texts)])

    def sheet(self, sheet: XlsSheet) -> bytes:
        """The stream of one sheet."""
        hidden = b"".join(
            record(0x208, struct.pack("<HHHHHHI", row, 0, 0, 255, 0, 0, 0x20)) for row in sheet.hidden_rows
        )
        cells = b"".join(
            self._cell(row, column, value)
            for row, values in enumerate(sheet.rows)
            for column, value in enumerate(values)
            if value not in (None, "")
        )
        merged = b"".join(struct.pack("<4H", *area) for area in sheet.merged)
        merges = record(0xE5, struct.pack("<H", len(sheet.merged)) + merged) if merged else b""
        return _bof(16, old=self.old) + hidden + sheet.extra + cells + merges + record(EOF)

    def _cell(self, row: int, column: int, value: Any) -> bytes:
        style = 0
        if isinstance(value, Styled):
            value, style = value.value, self._style(value.number_format)
        if isinstance(value, date):
            value, style = _day_number(value), style or self._style("yyyy-mm-dd")
        place = struct.pack("<HHH", row, column, style)
        if isinstance(value, Formula):
            return self._formula(place, value.result)
        if isinstance(value, bool):
            return record(0x205, place + struct.pack("<BB", value, 0))
        if isinstance(value, int) and -(2**29) <= value < 2**29:
            return record(0x27E, place + struct.pack("<I", (value << 2 | 2) & 0xFFFFFFFF))
        if isinstance(value, int | float):
            return record(0x203, place + struct.pack("<d", value))
        if self.old:
            return record(0x204, place + self.text(value, 2))
        return record(0xFD, place + struct.pack("<I", self.texts.setdefault(value, len(self.texts))))

    def _style(self, code: str) -> int:
        if code not in self.formats:
            self.formats.append(code)
        return self.formats.index(code)

    def _formula(self, place: bytes, result: Any) -> bytes:
        tail = struct.pack("<HIH", 0, 0, 0)
        if result in _ERRORS:
            return record(0x06, place + bytes([2, 0, _ERRORS[result], 0, 0, 0, 255, 255]) + tail)
        if isinstance(result, str):
            said = record(0x06, place + b"\0" * 6 + b"\xff\xff" + tail)
            return said + (record(0x207, self.text(result, 2)) if result else b"")
        return record(0x06, place + struct.pack("<d", result) + tail)


def _day_number(day: date) -> float:
    moment = day if isinstance(day, datetime) else datetime(day.year, day.month, day.day)  # noqa: DTZ001
    return (moment - datetime(1899, 12, 30)).total_seconds() / 86_400  # noqa: DTZ001


def _shared(pieces: Iterable[bytes]) -> bytes:
    """The table of shared strings, in records that end between characters: the next says anew how wide they are."""
    out, code, room = b"", SST, b""
    for piece in pieces:
        while len(room) + len(piece) > MOST:
            if MOST - len(room) < 7:  # not so much as a string's beginning and a character
                out, code, room = out + record(code, room), CONTINUE, b""
                continue
            taken = MOST - len(room)
            taken -= (taken - 3) % 2
            out, code, room = out + record(code, room + piece[:taken]), CONTINUE, b""
            piece = b"\x01" + piece[taken:]
        room += piece
    return out + record(code, room)
