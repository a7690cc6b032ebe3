"""The rows of any well-formed sheet part written anew in plain spelling, every row and cell with its reference."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.parsers.expat import ExpatError, ParserCreate
from xml.sax.saxutils import escape

from validation.raw import Merged, column_letter
from validation.reading.addresses import column_index, merged_range
from validation.reading.refusals import damaged
from validation.reading.xml_text import sound_text

_RANGE = re.compile(r"([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})")
_REFERENCE = re.compile(r"\$?([A-Za-z]{1,3})\$?(\d{1,7})")
_STYLE = re.compile(r"[0-9]{1,9}")
_TYPE = re.compile(r"\w+")
#: Pieces of rewritten XML handed on at a time.
_PIECES = 20_000


def rewritten(parts: Iterator[bytes], merged: list[Merged]) -> Iterator[bytes]:
    """The rows; `merged` takes the merged ranges. What stands before a fault in the XML is given before file.E001
    is raised."""
    writer = _Writer(merged)
    parser = ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = writer.start, writer.end
    parser.CharacterDataHandler = writer.characters
    try:
        for text in sound_text(parts):
            parser.Parse(text)
            if len(writer.out) > _PIECES:
                yield writer.taken()
        parser.Parse("", True)
    except (ExpatError, ValueError) as error:
        yield writer.taken()
        raise damaged("部件无法解析", "its part cannot be parsed") from error
    yield writer.taken()


class _Writer:
    """Receives the parser's events and writes rows and cells; namespaces and everything else fall away."""

    def __init__(self, merged: list[Merged]) -> None:
        self.out: list[str] = []
        self.merged = merged
        self._row, self._column = 0, -1
        self._in_data = False
        self._text: str | None = None  # collected inside v and t
        self._cell = ""  # the start tag of the cell at hand
        self._kind = ""
        self._value, self._inline = "", ""
        self._is_formula = False
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
        elif self._in_data:
            self._start_in_data(local, attributes)

    def _start_in_data(self, local: str, attributes: dict[str, str]) -> None:
        if local == "row":
            self._start_row(attributes)
        elif local == "c":
            self._start_cell(attributes)
        elif local == "rPh":
            self._phonetic += 1
        elif local == "f":
            self._is_formula = True
        elif local in ("v", "t"):
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
        style = f' s="{attributes["s"]}"' if _STYLE.fullmatch(attributes.get("s", "")) else ""
        self._kind = attributes.get("t", "")
        kind = f' t="{self._kind}"' if _TYPE.fullmatch(self._kind) else ""
        self._cell = f'<c r="{column_letter(self._column)}{row}"{style}{kind}>'
        self._value, self._inline, self._is_formula = "", "", False

    def _note_merged(self, reference: str) -> None:
        match = _RANGE.fullmatch(reference)
        if match:
            self.merged.append(merged_range(match[1], match[2], match[3], match[4]))

    def characters(self, text: str) -> None:
        """Text inside a value or an inline string."""
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
        elif self._text is not None and local in ("v", "t"):
            self._end_text(local, self._text)

    def _end_text(self, local: str, text: str) -> None:
        if local == "v":
            self._value = self._value or text
        elif not self._phonetic:
            self._inline += text
        self._text = None

    def _end_cell(self) -> None:
        """A cell has one value: its own text where it says so or has no other."""
        is_inline = self._inline and (self._kind == "inlineStr" or not self._value)
        text = _escaped(self._inline if is_inline else self._value)
        formula = "<f/>" if self._is_formula else ""
        value = f"<is><t>{text}</t></is>" if is_inline else f"<v>{text}</v>" if text else ""
        self.out.append(f"{self._cell}{formula}{value}</c>")
        self._cell = ""


def _escaped(text: str) -> str:
    return escape(text, {"\r": "&#13;"})
