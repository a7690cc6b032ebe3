"""Folding: one spelling for texts that differ only in width, case, spaces, brackets or dashes."""

from __future__ import annotations

import re
import unicodedata

#: Spaces of every kind and characters without width; NFKC folds U+3000 but keeps U+200B and the like.
_INVISIBLE = re.compile(r"[\s\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]+|_x000[9AaDd]_")
#: NFKC does not fold dashes, and ～ becomes ~.
_DASHES = str.maketrans(
    dict.fromkeys("‐‑‒–—―−─~﹣", "-") | dict.fromkeys("[【〔{", "(") | dict.fromkeys("]】〕}", ")")
)


def text_form(text: str) -> str:
    """The text with one width, case, kind of bracket and of dash; spaces stay."""
    return unicodedata.normalize("NFKC", text).translate(_DASHES).casefold()


def fold(text: str) -> str:
    """The text in its comparing form; never shown to users."""
    return _INVISIBLE.sub("", text_form(text))
