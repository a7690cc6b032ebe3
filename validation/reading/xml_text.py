"""Text of XML parts as it reaches a parser: what is broken in it becomes U+FFFD, so that it is a finding at its cell."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator

BROKEN = "\ufffd"
#: Characters that XML cannot hold; half a surrogate pair cannot come out of UTF-8.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_REFERENCE = re.compile(r"&#(?:(\d+)|x([0-9A-Fa-f]+));")


def plain_text(block: bytes) -> str:
    """Whole characters of a part in UTF-8, for what is read without a parser. A zero is none that a database holds."""
    text = block.decode("utf-8", "replace")
    return text.replace("\x00", BROKEN) if b"\x00" in block else text


def sound_text(blocks: Iterable[bytes]) -> Iterator[str]:
    """The blocks of a part as text that a parser takes: UTF-8, whatever encoding the part says it has."""
    decoder = codecs.getincrementaldecoder("utf-8-sig")("replace")
    for block in blocks:
        yield _sound(decoder.decode(block))
    yield _sound(decoder.decode(b"", True))


def _sound(text: str) -> str:
    text = _FORBIDDEN.sub(BROKEN, text)
    return _REFERENCE.sub(_reference, text) if "&#" in text else text


def _reference(match: re.Match[str]) -> str:
    return match[0] if _is_allowed(code_of(match[1], match[2])) else BROKEN


def code_of(decimal: str | None, hexadecimal: str | None) -> int:
    """The code point of a numeric reference; one that is far too long is none that there is."""
    digits = (decimal or hexadecimal or "").lstrip("0")[:9]
    return int(digits or "0", 10 if decimal else 16)


def character(code: int) -> str:
    """The character that a numeric reference stands for; U+FFFD for one that XML does not allow."""
    return chr(code) if _is_allowed(code) else BROKEN


def _is_allowed(code: int) -> bool:
    return (
        code in (9, 10, 13) or 0x20 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or 0x10000 <= code < 0x110000
    )
