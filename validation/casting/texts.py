"""Texts of cells before typing: invisible characters taken out, marks that stand for no value recognised."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

import polars as pl

from validation.few_rows import FEW, select

#: What casting makes of cells: the typed value, the code of the cell's finding and its params as JSON.
READ_COLUMNS = ("value", "code", "params")


class Cell(NamedTuple):
    """One cell as read: a value, or the code and params of why there is none; a W code keeps its value."""

    value: Any = None
    code: str | None = None
    params: dict[str, Any] | None = None


#: Texts that need cleaning. Rust's \\s is Unicode white space, U+00A0 and U+3000 included.
_UNTIDY = r"^\s|\s$|[^\S ]|  |_x00|[\x{ad}\x{200b}\x{200e}\x{200f}\x{202a}-\x{202e}\x{2060}\x{feff}]"
_ZERO_WIDTH = r"[\x{ad}\x{200b}\x{200e}\x{200f}\x{202a}-\x{202e}\x{2060}\x{feff}]"
_ESCAPED_BREAK = r"_x000[AaDd]_"
_LINE_BREAK = r"\s*[\n\r\x{85}\x{2028}\x{2029}]\s*"
#: Control characters and what a wrong decoding leaves behind.
_BROKEN = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x{7f}-\x{84}\x{86}-\x{9f}\x{fffd}]"
_CLASSIFIED_WORD = r"涉\s?密|保\s?密|秘\s?密|机\s?密|绝\s?密"
_LEAD = rf"^[(（\[【〔]?({_CLASSIFIED_WORD})(?:[)）\]】〕]|$)"
_BRACKETED = rf"^[(（\[【〔](?:{_CLASSIFIED_WORD})[)）\]】〕]"
#: Errors of formulas as Excel, WPS and LibreOffice write them; some exports leave the last sign out.
_FORMULA_ERROR = (
    r"^(?:#(?:REF|DIV/0|VALUE|NAME|NUM|NULL|SPILL|CALC|BLOCKED|FIELD|UNKNOWN|CONNECT|BUSY|EXTERNAL|PYTHON)[!?]?"
    r"|#N/A|#GETTING_DATA|Err:[0-9]{3})$"
)
_SPECIAL = rf"{_BROKEN}|{_BRACKETED}|{_FORMULA_ERROR}"

_MISSING = frozenset(
    ("", "无", "暂无", "N/A", "n/a", "N/a", "NA", "Ｎ／Ａ", "NULL", "null", ".", "..", "...", "…", "……")
    + ("-", "--", "---", "－", "–", "—", "——", "———", "―", "─", "──", "_", "/", "//", "／", "\\")
    + ("*", "**", "＊", "·", "、")
)
_DITTO = frozenset(("同上", "同 上", "〃", "〞", "″"))
_CLASSIFIED = frozenset(
    word[0] + space + word[1] for word in ("涉密", "保密", "秘密", "机密", "绝密") for space in ("", " ")
)
_MARKS = pl.Series(sorted(_MISSING | _DITTO | _CLASSIFIED))
_IS_UNTIDY = pl.col("text").str.contains(_UNTIDY)
# An expression all the way: polars' threads must not run before a worker forks, or it would wait for them for ever.
_IS_MARKED = pl.col("text").is_in(pl.lit(_MARKS).implode()) | pl.col("text").str.contains(_SPECIAL)


def tidied(texts: pl.Series, *, keep_no: bool) -> tuple[pl.Series, pl.Series | None]:
    """Texts as `clean` gives them, with the codes of `mark_codes`; the usual column needs neither."""
    odd = select(texts.to_frame("text"), untidy=_IS_UNTIDY.any(), marked=_IS_MARKED.any())
    if not odd["untidy"][0]:
        return texts, mark_codes(texts, keep_no=keep_no) if odd["marked"][0] else None
    tidy = clean(texts)
    return tidy, mark_codes(tidy, keep_no=keep_no)


def clean(texts: pl.Series) -> pl.Series:
    """Texts without characters that cannot be seen, white space reduced to single blanks or line breaks."""
    if not texts.str.contains(_UNTIDY).any():
        return texts
    tidy = texts.str.replace_all(_ESCAPED_BREAK, "\n").str.replace_all(_ZERO_WIDTH, "").str.strip_chars()
    tidy = tidy.str.replace_all(_LINE_BREAK, "\n").str.replace_all(r"[^\S\n]+", " ")
    return tidy.replace("", None)


def mark_codes(texts: pl.Series, *, keep_no: bool) -> pl.Series | None:
    """Per cleaned text "" where it stands for a missing value, a code where it is a finding, null where it
    is to be read; None when all are to be read. `keep_no` leaves 无, which means no in a yes/no column."""
    marked = texts.to_frame("text").select(_IS_MARKED).to_series()
    if not marked.any():
        return None
    distinct = texts.filter(marked.fill_null(value=False)).unique()
    codes = [_mark_code(text, keep_no=keep_no) for text in distinct]
    return texts.replace_strict(distinct, pl.Series(codes, dtype=pl.String), default=None)


def _mark_code(text: str, *, keep_no: bool) -> str | None:
    if text in _MISSING:
        return None if keep_no and text == "无" else ""
    if text in _DITTO:
        return "cell.E115"
    if text.startswith(("#", "Err:")):
        return "cell.E110"
    # of two the one that must not be kept: what follows a mark may be broken
    return "cell.E116" if classified_marks(pl.Series([text]))[0] else "cell.E119"


def classified_marks(texts: pl.Series) -> pl.Series:
    """Per text, however untidy, the word that marks it as classified, all of it or in a bracket before it; else
    null."""
    whole = clean(texts).str.replace_all(_BROKEN, "").str.strip_chars()
    mark = whole.str.extract(_LEAD, 1)
    return pl.select(pl.when((whole == mark) | whole.str.contains(_BRACKETED)).then(mark)).to_series()


@lru_cache(maxsize=256)
def unclassified(text: str | None) -> str | None:
    """A text typed into a cell; of a classified one nothing but its mark."""
    return classified_marks(pl.Series([text], dtype=pl.String))[0] or text


def as_json(params: dict[str, Any] | None) -> str | None:
    """Params as the JSON text of a findings frame."""
    return json.dumps(params, ensure_ascii=False) if params else None


def read_frame(
    value: pl.Series, code: pl.Series | None = None, params: pl.Series | None = None
) -> pl.DataFrame:
    """A frame of READ_COLUMNS; without codes all cells are fine."""
    empty = pl.Series(values=[None], dtype=pl.String).new_from_index(0, len(value))
    return pl.DataFrame(
        [
            value.alias("value"),
            (empty if code is None else code).alias("code"),
            (empty if params is None else params).alias("params"),
        ]
    )


def read_each(texts: pl.Series, read: Callable[[str], Cell], dtype: Any) -> pl.DataFrame:
    """Cells of READ_COLUMNS for `texts`, each distinct text read once in Python."""
    if len(texts) <= FEW:
        known: dict[str | None, Cell] = {text: read(text) for text in texts.unique() if text is not None}
        return _cells_frame([known.get(text, _BLANK) for text in texts], dtype)
    distinct = texts.drop_nulls().unique()
    cells = _cells_frame([read(text) for text in distinct], dtype).with_columns(text=distinct)
    joined = texts.to_frame("text").join(cells, on="text", how="left", maintain_order="left")
    return joined.select(READ_COLUMNS)


_BLANK = Cell()


def _cells_frame(cells: list[Cell], dtype: Any) -> pl.DataFrame:
    value = pl.Series([cell.value for cell in cells], dtype=dtype)
    if all(cell.code is None for cell in cells):
        return read_frame(value)
    code = pl.Series([cell.code for cell in cells], dtype=pl.String)
    params = pl.Series([as_json(cell.params) for cell in cells], dtype=pl.String)
    return read_frame(value, code, params)


def over_distinct(texts: pl.Series, read: Callable[[pl.Series], pl.DataFrame]) -> pl.DataFrame:
    """`read` done once per distinct text where many texts repeat, for all of them at once where they do not."""
    if len(texts) <= FEW or texts.n_unique() * 2 > len(texts):
        return read(texts)
    distinct = texts.unique()
    cells = read(distinct).with_columns(distinct.alias("text"))
    joined = texts.to_frame("text").join(
        cells, on="text", how="left", maintain_order="left", nulls_equal=True
    )
    return joined.drop("text")


def number_text(number: pl.Expr) -> pl.Expr:
    """Figures as a person writes them: 391 and not 391.0."""
    whole = (number == number.round(0)) & (number.abs() < 1e18)
    as_whole = number.cast(pl.Int64, strict=False).cast(pl.String)
    return pl.when(whole).then(as_whole).otherwise(number.cast(pl.String))


def moment_text(moment: pl.Expr) -> pl.Expr:
    """Date cells as 2026-07-01, with the time where there is one."""
    return moment.dt.to_string("%Y-%m-%d %H:%M:%S").str.strip_suffix(" 00:00:00")
