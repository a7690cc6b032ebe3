"""Quotes of delimited text that are opened and never closed, so that a cell swallows the rows below it."""

from __future__ import annotations

from collections.abc import Sequence

QUOTE = '"'
LINE_ENDS = ("\r", "\n")
#: A text over several lines may well have fewer.
FEWEST_DELIMITERS = 8


def is_unclosed(lines: Sequence[str], delimiter: str, width: int) -> bool:
    """Whether in the record that takes up these lines a quote is never closed, or is closed by one that opens another
    cell: what follows then is no delimiter. A cell over several lines that holds as many delimiters as the widest
    row above, whose cells are `width`, holds rows too."""
    text, at = "".join(lines), 0
    while at < len(text):
        if text[at] != QUOTE:
            at = _after(text, at, delimiter)
            continue
        end = _closing(text, at + 1)
        if end < 0:
            return True
        cell, follows = text[at:end], text[end + 1 : end + 2]
        if _has_lines(cell) and (
            follows not in ("", delimiter, *LINE_ENDS)
            or cell.count(delimiter) >= max(width - 1, FEWEST_DELIMITERS)
        ):
            return True
        at = _after(text, end, delimiter)
    return False


def _after(text: str, at: int, delimiter: str) -> int:
    """Where the next cell of the record begins."""
    end = text.find(delimiter, at)
    return len(text) if end < 0 else end + len(delimiter)


def _closing(text: str, at: int) -> int:
    """Where the quote is that closes the cell, a doubled one being a character of it; -1 where none does."""
    while True:
        end = text.find(QUOTE, at)
        if end < 0 or text[end + 1 : end + 2] != QUOTE:
            return end
        at = end + 2


def _has_lines(cell: str) -> bool:
    return any(end in cell for end in LINE_ENDS)
