"""Yes/no cells in every way they are ticked."""

from __future__ import annotations

import polars as pl

from validation.casting.texts import Cell, read_each
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
    "y",
    "yes",
    "true",
    "1",
    "1.0",
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
    "☐",
    "□",
    "n",
    "no",
    "false",
    "0",
    "0.0",
    "x",
    "错",
    "未使用",
    "不是",
)
_MEANING = dict.fromkeys(map(fold, _YES), True) | dict.fromkeys(map(fold, _NO), False)


def read_flags(texts: pl.Series) -> pl.DataFrame:
    """Cleaned texts as yes or no; cell.E113 where they are neither."""
    return read_each(texts, _read_flag, pl.Boolean)


def _read_flag(text: str) -> Cell:
    meaning = _MEANING.get(fold(text))
    return Cell(code="cell.E113") if meaning is None else Cell(meaning)
