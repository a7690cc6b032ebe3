"""A sheet's XML in blocks of whole rows in one plain spelling; whatever is spelled otherwise is rewritten first."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.parsers.expat import ExpatError, ParserCreate
from xml.sax.saxutils import escape

from validation.limits import MB
from validation.raw import Merged, column_letter
from validation.reading.refusals import damaged, over_limit
from validation.reading.zipped import Package

_MERGED = re.compile(
    rb"<(?:\w+:)?mergeCell\s+ref\s*=\s*[\"']([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})[\"']"
)
_RANGE = re.compile(r"([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})")
_REFERENCE = re.compile(r"\$?([A-Za-z]{1,3})\$?(\d{1,7})")
#: A full row of a form has some thousand characters.
ROW_BYTES = 16 * MB
#: Rows and cells of rewritten XML handed on at a time.
_PIECES = 20_000


class OddSheetError(Exception):
    """The sheet is not in plain spelling: it is to be rewritten and read again."""


class SheetBlocks:
    """The rows of one sheet part in blocks, to be gone through as often as needed. Raises OddSheetError as soon
    as something is not spelled plainly; after `rewrite` it is."""

    def __init__(self, package: Package, part: str) -> None:
        self._package, self._part = package, part
        self._rewritten = False
        self.merged: tuple[Merged, ...] = ()

    def rewrite(self) -> None:
        """From now on give the rows as rewritten."""
        self._rewritten = True

    def __iter__(self) -> Iterator[bytes]:
        parts = self._package.blocks(self._part)
        return rewritten(self, parts) if self._rewritten else self._plain(parts)

    def _plain(self, parts: Iterator[bytes]) -> Iterator[bytes]:
        head = _head(parts)
        at = head.find(b"<sheetData")
        rest, ended = head[max(at, 0) :], at < 0
        while not ended:
            end = rest.find(b"</sheetData>")
            ended = end >= 0 or rest.startswith(b"<sheetData/>")
            cut = end if end >= 0 else rest.rfind(b"<row")
            if cut > 0:
                yield rest[:cut]
                rest = rest[cut:]
            if not ended:
                rest = _longer(rest, parts)
        self.take_tail(rest + b"".join(parts))

    def take_tail(self, tail: bytes) -> None:
        """Note the merged ranges from what follows the rows."""
        self.merged = tuple(
            _merged(*(corner.decode() for corner in match.groups())) for match in _MERGED.finditer(tail)
        )


def _head(parts: Iterator[bytes]) -> bytes:
    """What stands before the rows, and the beginning of them."""
    head = next(parts, b"")
    if b"<worksheet" not in head[:4096]:
        raise OddSheetError
    while b"<sheetData" not in head and b"</worksheet>" not in head:
        head = _longer(head, parts)
    return head


def _longer(rest: bytes, parts: Iterator[bytes]) -> bytes:
    """With one more block; a single row is never as long as ROW_BYTES."""
    more = next(parts, b"")
    if not more:
        raise damaged("工作表部件不完整", "a sheet is cut off")
    if len(rest) > ROW_BYTES:
        raise over_limit(f"一行不得超过{ROW_BYTES // MB} MB", f"at most {ROW_BYTES // MB} MB in one row")
    return rest + more


def column_index(letters: str) -> int:
    """0-based index of column letters: A is 0, AB is 27."""
    index = 0
    for letter in letters.upper():
        index = index * 26 + ord(letter) - 64
    return index - 1


def _merged(left: str, top: str, right: str, bottom: str) -> Merged:
    return Merged(int(top), column_index(left), int(bottom), column_index(right))


def rewritten(sheet: SheetBlocks, parts: Iterator[bytes]) -> Iterator[bytes]:
    """The rows of any well-formed sheet part in plain spelling, every row and cell with its reference."""
    writer = _Writer()
    parser = ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = writer.start, writer.end
    parser.CharacterDataHandler = writer.characters
    try:
        for block in parts:
            parser.Parse(block)
            if len(writer.out) > _PIECES:
                yield writer.taken()
        parser.Parse(b"", True)
    except (ExpatError, ValueError) as error:
        raise damaged("工作表部件无法解析", "a sheet cannot be parsed") from error
    sheet.merged = tuple(writer.merged)
    yield writer.taken()


class _Writer:
    """Receives the parser's events and writes rows and cells; namespaces and everything else fall away."""

    def __init__(self) -> None:
        self.out: list[str] = []
        self.merged: list[Merged] = []
        self._row, self._column = 0, -1
        self._in_data = False
        self._text: str | None = None  # collected inside v, f and t
        self._cell: list[str] = []
        self._inline: list[str] = []
        self._phonetic = 0

    def taken(self) -> bytes:
        """What was written since the last time."""
        block = "".join(self.out).encode()
        self.out = []
        return block

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        local = name.rpartition(" ")[2]
        if local == "sheetData":
            self._in_data = True
        elif local == "mergeCell":
            self._note_merged(attributes.get("ref", ""))
        elif self._in_data and local == "row":
            self._start_row(attributes)
        elif self._in_data and local == "c":
            self._start_cell(attributes)
        elif local == "rPh":
            self._phonetic += 1
        elif local in ("v", "f", "t"):
            self._text = ""

    def _start_row(self, attributes: dict[str, str]) -> None:
        self._row = int(attributes.get("r", self._row + 1))
        self._column = -1
        hidden = ' hidden="1"' if attributes.get("hidden") in ("1", "true") else ""
        self.out.append(f'<row r="{self._row}"{hidden}>')

    def _start_cell(self, attributes: dict[str, str]) -> None:
        match = _REFERENCE.fullmatch(attributes.get("r", ""))
        row = int(match[2]) if match else self._row
        self._column = column_index(match[1]) if match else self._column + 1
        style = f' s="{int(attributes["s"])}"' if "s" in attributes else ""
        kind = f' t="{escape(attributes["t"])}"' if "t" in attributes else ""
        self._cell = [f'<c r="{column_letter(self._column)}{row}"{style}{kind}>']
        self._inline = []

    def _note_merged(self, reference: str) -> None:
        found = _RANGE.fullmatch(reference)
        if found:
            self.merged.append(_merged(found[1], found[2], found[3], found[4]))

    def characters(self, text: str) -> None:
        """Text inside a value, a formula or an inline string."""
        if self._text is not None:
            self._text += text

    def end(self, name: str) -> None:
        """An element ends."""
        local = name.rpartition(" ")[2]
        if local == "sheetData":
            self._in_data = False
        elif local == "rPh":
            self._phonetic -= 1
        elif local == "c" and self._cell:
            self._end_cell()
        elif self._text is not None and local in ("v", "f", "t"):
            self._end_text(local, escape(self._text))

    def _end_text(self, local: str, text: str) -> None:
        if local != "t":
            self._cell.append(f"<{local}>{text}</{local}>")
        elif not self._phonetic:
            self._inline.append(text)
        self._text = None

    def _end_cell(self) -> None:
        inline = f"<is><t>{''.join(self._inline)}</t></is>" if self._inline else ""
        self.out.append("".join(self._cell) + inline + "</c>")
        self._cell = []
