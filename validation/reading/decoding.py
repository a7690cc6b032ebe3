"""Bytes of delimited text -> text: the encoding detected strictly, but for the odd character that was cut in two."""

from __future__ import annotations

import re

from validation.raw import RefusedFileError
from validation.reading.refusals import damaged
from validation.reading.xml_text import BROKEN

#: One byte order has to explain this many times as many zero bytes as the other.
SURER = 4
#: Of the characters in UTF-16 at least so many are plain ones: of a Chinese table, and of what reads as UTF-8 too.
PLAIN, PLAIN_IN_UTF8 = 0.01, 0.25
#: For each character that is cut so many whole ones of Chinese must tell the encoding.
WHOLE_FOR_CUT = 10
_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
#: Bytes that no character in UTF-8 has a part of.
_NEVER_UTF8 = re.compile(rb"[\xc0\xc1\xf5-\xff]")
_JUNK = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_HALF = re.compile("[\ud800-\udfff]")
#: The mark that DOS puts at the end of a text, and the zeros that a lost write leaves there.
_END_MARKS = "\x1a\x00"


def decoded(data: bytes) -> str:
    """The text by its byte order mark, else strictly UTF-8, else plain UTF-16, else UTF-8 with a few cut characters
    as U+FFFD, else strictly GB18030. Raises RefusedFileError (file.E001)."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            rest = data[len(mark) :]
            return _checked(_utf8(rest) if encoding == "utf-8" else _utf16(rest, encoding))
    unmarked = _unmarked_utf16(data)
    return _checked(_utf8(data, or_gb18030=True) if unmarked is None else _utf16(data, unmarked))


def _utf16(data: bytes, encoding: str) -> str:
    """Half of a pair is U+FFFD."""
    try:
        return _HALF.sub(BROKEN, data.decode(encoding, "surrogatepass"))
    except UnicodeDecodeError as error:
        raise damaged("UTF-16文本不完整", "its text in UTF-16 is cut off") from error


def _utf8(data: bytes, *, or_gb18030: bool = False) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        text = _with_cut_characters(data)
        if text is None and or_gb18030:
            return _gb18030(data, error)
        if text is None:
            raise _not_text(data, error) from error
        return text


def _with_cut_characters(data: bytes) -> str | None:
    """The text where all that is wrong with it as UTF-8 are a few characters cut in two."""
    if _NEVER_UTF8.search(data):
        return None
    text = data.decode("utf-8", "replace")
    cut = text.count(BROKEN) - data.count(BROKEN.encode())
    whole = sum(1 for character in text if character > "\u07ff") - text.count(BROKEN)
    return text if whole >= WHOLE_FOR_CUT * cut else None


def _gb18030(data: bytes, as_utf8: UnicodeDecodeError) -> str:
    try:
        return data.decode("gb18030")
    except UnicodeDecodeError as error:
        raise _not_text(data, max(error, as_utf8, key=lambda failed: failed.start)) from error


def _not_text(data: bytes, error: UnicodeDecodeError) -> RefusedFileError:
    """Says where: the line, and the byte in it, that the likelier encoding fails at."""
    before = data[: error.start]
    line = 1 + len(re.findall(rb"\r\n|\r|\n", before))
    byte = error.start - max(before.rfind(b"\n"), before.rfind(b"\r"))
    return damaged(
        f"第{line}行第{byte}个字节处既不是UTF-8、UTF-16也不是GB18030文本，也不是可识别的表格",
        f"it is no known spreadsheet, and text in neither UTF-8, UTF-16 nor GB18030 at byte {byte} of line {line}",
    )


def _checked(text: str) -> str:
    """Text with more than a stray control character is binary data that happens to decode. A stray zero, which no
    database holds, is U+FFFD."""
    rest = text.rstrip(_END_MARKS + " \t\r\n")
    if any(mark in text[len(rest) :] for mark in _END_MARKS):
        text = rest
    head = text[:65536]
    most = 8 + len(head) // 100
    if text.count("\x00") > most or len(_JUNK.findall(head)) > most:
        raise damaged("内容不是文本", "its content is not text")
    return text.replace("\x00", BROKEN)


def _unmarked_utf16(data: bytes) -> str | None:
    """UTF-16 recognised by its zero bytes: nearly all of them high halves of plain characters, which a table never
    lacks; the low half of 一 is zero too. What may be UTF-8 with a stray zero needs more of them."""
    head = data[:4096]
    even, odd = head[::2].count(0), head[1::2].count(0)
    most, pairs = max(even, odd), len(head) // 2
    if (
        len(data) % 2
        or most <= SURER * min(even, odd)
        or most < pairs * (PLAIN_IN_UTF8 if _is_utf8(head) else PLAIN)
    ):
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _is_utf8(head: bytes) -> bool:
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start > len(head) - 4 and len(head) > 4  # cut at the head's end
    return True
