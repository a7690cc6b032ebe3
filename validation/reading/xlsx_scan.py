"""One pass over a sheet's XML before it is loaded: its real extent under the limits, and what the fast reader cannot see."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache

from validation.limits import Limits
from validation.raw import column_letter
from validation.reading.refusals import damaged, over_limit

#: Reading stops where this many rows in a row are blank.
BLANK_ROWS = 200
#: Rows of titles, notes and totals that a full table may have beside its data.
OTHER_ROWS = 1_000

_AFTER_NAME = (b" ", b">", b"/", b"\t", b"\r", b"\n")
_ROW_NUMBER = re.compile(rb'\br="(\d+)"')
_HIDDEN = re.compile(rb'\bhidden="(?:1|true)"')
_CELL = re.compile(rb"<c\s([^>]*[^>/])>(.*?)</c>", re.DOTALL)
_REFERENCE = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
_ERROR = re.compile(rb'\bt="e"')
_SPACED = re.compile(rb"\b(r|t|hidden)\s*=\s*([\"'])")
_EMPTY_TEXT = re.compile(rb'\bt="str"')
_VALUE = re.compile(rb"<v(?:\s[^>]*)?>([^<]*)</v>")
_NO_RESULT = re.compile(
    rb"<c\s([^>]*)>\s*<f(?:\s[^>]*)?(?:/>|>[^<]*</f>)\s*(<v\s*/>|<v>\s*</v>)?\s*</c>", re.DOTALL
)


@dataclass(slots=True)
class SheetFacts:
    """`cut` is the row number from which on nothing is read; rows are 1-based, columns 0-based."""

    hidden_rows: set[int] = field(default_factory=set)
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    uncalculated: set[tuple[int, int]] = field(default_factory=set)
    rows: int = 0
    last_row: int = 0
    cut: int | None = None


def scan(blocks: Iterable[bytes], limits: Limits) -> SheetFacts:
    """Walk through a sheet part. Raises E004 over the limits on rows and columns, E001 where cells do not
    stand in their rows, since the reader would make room for wherever a stray cell claims to be."""
    facts = SheetFacts()
    number = 0
    for block in row_blocks(blocks):
        read = 0
        for row in block.split(b"<row"):
            if row[:1] in _AFTER_NAME and read:
                number = _note_row(facts, row, number)
            if facts.cut is not None:
                break
            read += len(row) + len(b"<row")
        block = block[:read]
        _check_extent(block, facts, limits)
        _note_cells(block, facts)
        if facts.cut is not None:
            break
    return facts


def _note_row(facts: SheetFacts, row: bytes, previous: int) -> int:
    attributes, _, cells = row.partition(b">")
    match = _ROW_NUMBER.search(attributes)
    number = int(match[1]) if match else previous + 1
    if number <= previous:
        raise damaged("行号次序错乱", "its rows are out of order")
    if b"<v" in cells or b"<is" in cells or b"<f" in cells:
        if number - facts.last_row > BLANK_ROWS:
            facts.cut = number
            return number
        facts.rows += 1
        facts.last_row = number
        if b"hidden" in attributes and _HIDDEN.search(attributes):
            facts.hidden_rows.add(number)
    return number


def row_blocks(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes cut before a row begins, in plain spelling, up to the end of the sheet's data."""
    rest, prefix = b"", None
    for block in blocks:
        rest += block
        if prefix is None:
            prefix = _prefix(rest)
        cut = rest.rfind(b"<" + prefix + b"row")
        end = rest.find(b"</" + prefix + b"sheetData")
        if end >= 0:
            yield _plain(rest[:end], prefix)
            rest = b""
            break
        if cut > 0:
            yield _plain(rest[:cut], prefix)
            rest = rest[cut:]
    for _ in blocks:  # the rest is inflated too, so that its size is checked
        pass
    if rest:
        yield _plain(rest, prefix or b"")


def _prefix(head: bytes) -> bytes:
    if b"\x00" in head[:64]:
        raise damaged("工作表部件不是UTF-8编码", "a sheet is not written in UTF-8")
    match = re.search(rb"<(\w+:)worksheet", head[:4096])
    return match[1] if match else b""


def _plain(block: bytes, prefix: bytes) -> bytes:
    if prefix:
        block = block.replace(b"<" + prefix, b"<").replace(b"</" + prefix, b"</")
    if b"r =" in block or b"r= " in block:
        block = _SPACED.sub(rb"\1=\2", block)
    return block.replace(b"'", b'"') if b"='" in block else block


def _check_extent(block: bytes, facts: SheetFacts, limits: Limits) -> None:
    if facts.rows > limits.rows + OTHER_ROWS:
        raise over_limit(f"数据行不得超过{limits.rows}行", f"at most {limits.rows} rows of data")
    if _wide(limits.columns).search(block):
        raise over_limit(f"列数不得超过{limits.columns}列", f"at most {limits.columns} columns")
    if _below(int(str(facts.last_row)[:2]), len(str(facts.last_row))).search(block):
        raise damaged("单元格地址与所在行不符", "cells do not stand in the rows they name")


def _filled(reference: bytes) -> re.Pattern[bytes]:
    """A cell with such a reference that holds more than its format."""
    return re.compile(rb'r="' + reference + rb'"[^>]*(?<!/)>\s*<[^/]')


@cache
def _wide(columns: int) -> re.Pattern[bytes]:
    """A filled cell beyond the given number of columns (at most 702, which is ZZ)."""
    last = column_letter(min(columns, 702) - 1).encode()
    beyond = [rb"[A-Z]{%d,}" % (len(last) + 1)]
    for place, letter in enumerate(last):
        if letter < ord("Z"):
            beyond.append(last[:place] + rb"[%c-Z]" % (letter + 1) + rb"[A-Z]" * (len(last) - place - 1))
    return _filled(rb"(?:" + rb"|".join(beyond) + rb")\d+")


@cache
def _below(leading: int, digits: int) -> re.Pattern[bytes]:
    """A filled cell that claims a row number of more digits, or of as many with a greater beginning."""
    beyond = [rb"\d{%d,}" % (digits + 1)]
    first, second = divmod(leading, 10) if digits > 1 else (leading, 9)
    if second < 9:
        beyond.append(rb"%d[%d-9]\d{%d}" % (first, second + 1, digits - 2))
    if first < 9:
        beyond.append(rb"[%d-9]\d{%d}" % (first + 1, digits - 1))
    return _filled(rb"[A-Z]{1,3}(?:" + rb"|".join(beyond) + rb")")


def _note_cells(block: bytes, facts: SheetFacts) -> None:
    if b'"e"' in block:
        for match in _CELL.finditer(block):
            if _ERROR.search(match[1]):
                _note_error(facts, match)
    if b"<f" in block:
        for match in _NO_RESULT.finditer(block):
            at = _position(match[1])
            if at and not (match[2] and _EMPTY_TEXT.search(match[1])):
                facts.uncalculated.add(at)


def _note_error(facts: SheetFacts, match: re.Match[bytes]) -> None:
    at, value = _position(match[1]), _VALUE.search(match[2])
    if at:
        facts.errors[at] = value[1].decode("ascii", "replace") if value else "#VALUE!"


def _position(attributes: bytes) -> tuple[int, int] | None:
    match = _REFERENCE.search(attributes)
    return (int(match[2]), column_index(match[1].decode())) if match else None


def column_index(letters: str) -> int:
    """0-based index of column letters: A is 0, AB is 27."""
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - 64
    return index - 1
