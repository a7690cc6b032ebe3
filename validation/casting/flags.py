"""Yes/no cells in every way they are ticked."""

from __future__ import annotations

import re

import polars as pl

from validation.casting.texts import Cell, read_each
from validation.casting.ticks import ticked
from validation.codelists.fold import fold

_YES = (
    "是",
    "有",
    "已",
    "√",
    "✓",
    "✔",
    "☑",
    "■",
    "✅",
    "v",
    "y",
    "yes",
    "true",
    "1",
    "是的",
    "对",
    "已有",
    "使用",
    "已使用",
)
_NO = (
    "否",
    "无",
    "未",
    "没有",
    "×",
    "✗",
    "✘",
    "✕",
    "❌",
    "☐",
    "□",
    "n",
    "no",
    "false",
    "0",
    "x",
    "错",
    "不",
    "未使用",
    "不使用",
    "不是",
)
_BEHIND = re.compile(r"[。.,;、]+$|(?<=^[01])\.0+$")
_MEANING = dict.fromkeys(map(fold, _YES), True) | dict.fromkeys(map(fold, _NO), False)


def read_flags(texts: pl.Series) -> pl.DataFrame:
    """Cleaned texts as yes or no; cell.E113 where they are neither."""
    return read_each(texts, _read_flag, pl.Boolean)


def _read_flag(text: str) -> Cell:
    meaning = _meaning(text)
    if meaning is None:
        chosen = ticked(text)
        meaning = _meaning(chosen[0]) if len(chosen) == 1 else None
    return Cell(code="cell.E113") if meaning is None else Cell(meaning)


def _meaning(text: str) -> bool | None:
    """A word for yes or no, with a full stop behind it, and 1.0 as spreadsheets write 1."""
    return _MEANING.get(_BEHIND.sub("", fold(text)))
