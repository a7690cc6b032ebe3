"""Options with boxes beside them, as forms print them and offices fill them in: ☑是 □否, (√)是 ( )否, 是√ 否."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from enum import Enum
from typing import NamedTuple


class Mark(Enum):
    """What stands in a box. A box with a cross is ticked in Word's forms and struck out in others."""

    TICKED = "☑✅√✓✔■◼●◉▣"
    CROSSED = "×✗✘✕✖❌"
    BOXED_CROSS = "☒⊠"
    EMPTY = "☐□◻○◯▢⬜"


_MARKS = {sign: mark for mark in Mark for sign in mark.value}
_SIGNS = "".join(_MARKS)
#: A box drawn with brackets, or a sign of its own.
_BOX = re.compile(rf"[(\[【〔]\s*(?P<inside>[{_SIGNS}vx]?)\s*[)\]】〕]|(?P<sign>[{_SIGNS}])", re.IGNORECASE)
_BETWEEN = re.compile(r"[\s/、,;|，；]+")


class Piece(NamedTuple):
    """A box or the words of an option; `apart` are whether something stands between it and its neighbours."""

    mark: Mark | None
    words: str
    apart_before: bool
    apart_after: bool


def ticked(text: str) -> list[str]:
    """The words of the options that are ticked; none where the text is no such list or leaves it open."""
    pieces = list(_pieces(unicodedata.normalize("NFKC", text)))
    boxes = sum(piece.mark is not None for piece in pieces)
    if not 0 < boxes < len(pieces):
        return []
    marked = _paired(pieces, forwards=_forwards(pieces))
    chosen = [words for words, mark in marked if mark is Mark.TICKED]
    if chosen:
        return chosen
    marks = [mark for _, mark in marked]
    if Mark.EMPTY not in marks or Mark.CROSSED in marks:
        return []
    return [words for words, mark in marked if mark is Mark.BOXED_CROSS]


def _pieces(text: str) -> Iterator[Piece]:
    at = 0
    for match in _BOX.finditer(text):
        yield from _words(text[at : match.start()])
        apart = [not beside or _BETWEEN.fullmatch(beside) is not None for beside in _beside(text, match)]
        yield Piece(_mark(match), "", apart[0], apart[1])
        at = match.end()
    yield from _words(text[at:])


def _beside(text: str, match: re.Match[str]) -> tuple[str, str]:
    return text[: match.start()][-1:], text[match.end() :][:1]


def _mark(match: re.Match[str]) -> Mark:
    sign = (match["inside"] if match["sign"] is None else match["sign"]).lower()
    return {"": Mark.EMPTY, "v": Mark.TICKED, "x": Mark.CROSSED}.get(sign) or _MARKS[sign]


def _words(text: str) -> Iterator[Piece]:
    yield from (
        Piece(None, words.strip("_:"), False, False) for words in _BETWEEN.split(text) if words.strip("_:")
    )


def _forwards(pieces: Sequence[Piece]) -> bool | None:
    """Whether boxes stand before their words, judged by the first and the last piece, else by what they touch."""
    if pieces[0].mark is not None:
        return True
    if pieces[-1].mark is not None:
        return False
    boxes = [piece for piece in pieces if piece.mark is not None]
    sides = {piece.apart_before for piece in boxes if piece.apart_before != piece.apart_after}
    return sides.pop() if len(sides) == 1 else None


def _paired(pieces: Sequence[Piece], *, forwards: bool | None) -> list[tuple[str, Mark | None]]:
    """Words with the mark of their own box; nothing where it is not clear whose a box is."""
    if forwards is None:
        return []
    ordered = pieces if forwards else pieces[::-1]
    pairs: list[tuple[str, Mark | None]] = []
    waiting: Mark | None = None
    for piece in ordered:
        if piece.mark is None:
            pairs.append((piece.words, waiting))
        elif waiting is not None:
            return []
        waiting = piece.mark
    if waiting is not None:
        return []
    return pairs if forwards else pairs[::-1]
