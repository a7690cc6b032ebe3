"""The records of a BIFF stream and the strings in them, read no further than each record is long."""

from __future__ import annotations

import codecs
import struct
from collections.abc import Iterator

from validation.reading.refusals import damaged
from validation.reading.xml_text import BROKEN

EOF, CONTINUE = 0x0A, 0x3C
#: Beginnings of streams inside the workbook stream.
BOFS = frozenset({0x0809, 0x0409, 0x0209, 0x0009})
_HEADER = struct.Struct("<HH")
#: How many characters a string has, and how they are written.
_LEAD = struct.Struct("<HB")
_WIDE, _EXTENDED, _RICH = 0x01, 0x04, 0x08
#: Code pages by their number in a workbook; others are cp and the number.
_CODE_PAGES = {936: "gb18030", 1200: "utf-16-le", 10000: "mac-roman", 10008: "gb18030", 32768: "mac-roman", 32769: "cp1252"}  # fmt: skip


#: A record's code, its content, and where the next one begins.
Record = tuple[int, bytes, int]


def records(stream: bytes, start: int) -> Iterator[Record]:
    """The records from `start` to the end of its stream within, those of streams inside it (charts) left out.

    Raises RefusedFileError (file.E001) where no stream begins or where it is cut off.
    """
    depth, at, size, unpack = 0, start, len(stream), _HEADER.unpack_from
    while 0 <= at <= size - 4:
        code, length = unpack(stream, at)
        end = at + 4 + length
        if end > size:
            break
        if code in BOFS:
            depth += 1
        elif depth == 0:
            raise damaged("工作表起始位置有误", "it does not begin where it should")
        elif code == EOF:
            depth -= 1
            if depth == 0:
                return
        if depth == 1:
            yield code, stream[at + 4 : end], end
        at = end
    raise damaged("数据不完整", "it is cut off")


def encoding_of(code_page: int) -> str:
    """The encoding of byte strings in workbooks before Excel 97."""
    name = _CODE_PAGES.get(code_page, f"cp{code_page}")
    try:
        return codecs.lookup(name).name
    except LookupError:
        return "cp1252"


class Strings:
    """Reads strings one after another from a record's content and those that continue it.

    Before Excel 97 (`encoding` is given) they are plain bytes. Raises IndexError where the content ends within a
    string.
    """

    def __init__(self, segments: list[bytes], encoding: str | None = None, at: int = 0) -> None:
        self._segments, self._encoding = segments, encoding
        self._number, self._at = 0, at

    @property
    def is_left(self) -> bool:
        """Whether anything follows."""
        while self._number < len(self._segments) and self._at >= len(self._segments[self._number]):
            self._at -= len(self._segments[self._number])
            self._number += 1
        return self._number < len(self._segments)

    def text(self, size: int = 2) -> str:
        """Return the next string; `size` bytes before it hold its length."""
        return self.characters(self.number(size))

    def plain(self) -> list[str]:
        """The strings that stand one after another within the record at hand and have nothing beside their characters."""
        data, at, texts = self._segments[self._number], self._at, []
        while at <= len(data) - _LEAD.size:
            count, flags = _LEAD.unpack_from(data, at)
            begin, width = at + _LEAD.size, 1 + (flags & _WIDE)
            end = begin + count * width
            if flags & (_EXTENDED | _RICH) or end > len(data):
                break
            texts.append(_decoded(data[begin:end], width))
            at = end
        self._at = at
        return texts

    def number(self, size: int) -> int:
        """The next number, of so many bytes."""
        return int.from_bytes(self._bytes(size), "little")

    def characters(self, count: int) -> str:
        """A string of so many characters; U+FFFD for what is none."""
        if self._encoding is not None:
            return _storable(self._bytes(count).decode(self._encoding, "replace"))
        flags = self.number(1)
        runs = self.number(2) if flags & _RICH else 0
        extra = self.number(4) if flags & _EXTENDED else 0
        text = self._text(count, flags)
        self._at += 4 * runs + extra
        return text

    def _text(self, count: int, flags: int) -> str:
        """Characters that may go on in a next segment, which says anew how they are written; one beyond U+FFFF may
        lie across two."""
        parts = []
        while True:
            width = 1 + (flags & _WIDE)
            here = (len(self._segments[self._number]) - self._at) // width
            taken = min(count, here)
            raw = self._bytes(taken * width)
            parts.append(raw if width > 1 else raw.decode("latin-1").encode("utf-16-le"))
            count -= taken
            if not count:
                return _decoded(b"".join(parts), 2)
            self._number, self._at = self._number + 1, 0
            flags = self.number(1)

    def _bytes(self, count: int) -> bytes:
        if count and not self.is_left:
            raise IndexError
        segment = self._segments[self._number] if count else b""
        taken = segment[self._at : self._at + count]
        if len(taken) < count:
            raise IndexError
        self._at += count
        return taken


def _decoded(raw: bytes, width: int) -> str:
    return _storable(raw.decode("latin-1") if width == 1 else raw.decode("utf-16-le", "replace"))


def _storable(text: str) -> str:
    """With U+FFFD for zeros, which no database holds."""
    return text.replace("\x00", BROKEN) if "\x00" in text else text


def shared_texts(segments: list[bytes]) -> list[str]:
    """All strings of the table that cells share. How many there are is not believed: files get it wrong."""
    strings = Strings(segments, at=8)
    texts = []
    try:
        while strings.is_left:
            texts += strings.plain()
            if strings.is_left:
                texts.append(strings.text())
    except IndexError:  # the table is cut off within a string: cells that name it or a later one are broken
        pass
    return texts
