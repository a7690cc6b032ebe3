"""Codes in cells: register numbers, credit codes, list values, places and industries."""

from __future__ import annotations

import re
from collections.abc import Sequence

import polars as pl

from validation.casting.offers import NEAREST, near_industries, near_options, near_places, written_places
from validation.casting.texts import Cell, as_json, read_each, read_frame
from validation.casting.ticks import ticked
from validation.codelists import resolve
from validation.codelists.industries import read_industry
from validation.codelists.regions import find_place
from validation.context import Context
from validation.forms.form import Column

_CODE = "^[A-Z0-9-]{4,32}$"
_USCC = "^[0-9A-Z]{18}$"
_DASHES = r"[‐‑‒–—―−─]"
#: What a spreadsheet leaves of a long number that it stored as a figure.
_SCIENTIFIC = r"^[0-9](?:\.[0-9]+[Ee]\+?|[Ee]\+)0?(?:1[5-9]|[2-9][0-9])$"
_CODE_PATTERN = as_json(
    {"pattern": {"zh": "4至32位大写字母、数字或“-”", "en": "4 to 32 of A-Z, 0-9 and “-”"}}
)
_SEPARATORS = re.compile(r"[、,;/\n，；／|]+")
#: What joins values within a part; of more pieces than this no list is made.
_JOINTS = re.compile(r"(\s*(?:以及|和|与|及|加|[+＋&＆])\s*|\s+)")
MOST_PIECES = 79
#: What may stand around a value without meaning anything.
_STOPS = " \u3000。.,;:、，；："


def read_texts(texts: pl.Series) -> pl.DataFrame:
    """Free texts on one line; a long number that lost its digits is cell.E112."""
    return _without_scientific(texts.str.replace_all("\n", " ", literal=True))


def _without_scientific(texts: pl.Series) -> pl.DataFrame:
    lost = texts.str.contains(_SCIENTIFIC)
    if not lost.any():
        return read_frame(texts)
    lost = lost.fill_null(value=False)
    code = lost.replace_strict({True: "cell.E112"}, default=None, return_dtype=pl.String)
    return read_frame(texts.set(lost, None), code)


def _compact(texts: pl.Series, pattern: str) -> pl.Series:
    """Upper case, narrow letters, no spaces; done only where the pattern does not hold already."""
    if texts.str.contains(pattern).all():
        return texts
    narrow = texts.str.normalize("NFKC").str.replace_all(r"[\s'\x{200b}-\x{200f}]", "")
    return narrow.str.replace_all(_DASHES, "-").str.to_uppercase()


def read_codes(texts: pl.Series) -> pl.DataFrame:
    """Register numbers; cell.E109 where the pattern does not hold."""
    read = _without_scientific(_compact(texts, _CODE))
    wrong = ~pl.col("value").str.contains(_CODE)
    return read.with_columns(
        value=pl.when(~wrong).then("value"),
        code=pl.when(wrong).then(pl.lit("cell.E109")).otherwise("code"),
        params=pl.when(wrong).then(pl.lit(_CODE_PATTERN)),
    )


def read_credit_codes(texts: pl.Series) -> pl.DataFrame:
    """Return cleaned credit codes; the uscc rules check whether they are right."""
    return _without_scientific(_compact(texts, _USCC))


def read_enums(texts: pl.Series, column: Column) -> pl.DataFrame:
    """List values as codes; cell.E106 names the nearest allowed ones."""
    return read_each(texts, lambda text: _read_enum(text, str(column.codelist)), pl.String)


def _read_enum(text: str, codelist: str) -> Cell:
    code = resolve(codelist, text) or resolve(codelist, text.strip(_STOPS))
    if code is None:
        chosen = ticked(text)
        code = resolve(codelist, chosen[0]) if len(chosen) == 1 else None
    return Cell(code) if code else _unknown([text], codelist)


def read_enum_lists(texts: pl.Series, column: Column) -> pl.DataFrame:
    """Several list values in one cell as a list of codes, each once, as ordered in the cell."""
    return read_each(texts, lambda text: _read_enum_list(text, str(column.codelist)), pl.List(pl.String))


def _read_enum_list(text: str, codelist: str) -> Cell:
    parts = [text] if resolve(codelist, text) else ticked(text) or _listed(text, codelist)
    codes = {part: resolve(codelist, part) for part in parts}
    unknown = [part.strip() for part, code in codes.items() if code is None]
    if unknown:
        return _unknown(unknown, codelist)
    return Cell(list(dict.fromkeys(codes.values()))) if codes else Cell()


def _listed(text: str, codelist: str) -> list[str]:
    """The values of a list: between commas and the like, and within those between words such as 和."""
    parts = [part.strip(_STOPS) for part in _SEPARATORS.split(text)]
    return [value for part in parts if part for value in _joined(part, codelist)]


def _joined(part: str, codelist: str) -> list[str]:
    """Values joined by 和, 与, + or a space, which names of values may hold too: the longest names first."""
    pieces = _JOINTS.split(part)
    if len(pieces) == 1 or len(pieces) > MOST_PIECES or resolve(codelist, part):
        return [part]
    values, at = [], 0
    while at < len(pieces):
        ends = range(len(pieces), at, -2)
        end = next((end for end in ends if resolve(codelist, "".join(pieces[at:end]))), at + 1)
        values.append("".join(pieces[at:end]))
        at = end + 1
    known = any(resolve(codelist, value) for value in values)
    return [value for value in values if value] if known else [part]


def _unknown(texts: Sequence[str], codelist: str) -> Cell:
    params = {"value": "、".join(texts), "allowed": near_options(texts[0], codelist)}
    return Cell(code="cell.E106", params=params)


def read_industries(texts: pl.Series) -> pl.DataFrame:
    """Industries as codes of two to four digits."""
    return read_each(texts, _read_industry, pl.String)


def _read_industry(text: str) -> Cell:
    code = read_industry(text)
    return Cell(code) if code else Cell(code="cell.E106", params={"allowed": near_industries(text)})


def read_regions(texts: pl.Series, context: Context) -> pl.DataFrame:
    """Return places as division codes of the period; cell.E106, E121 and W122 report what is unclear."""
    return read_each(texts, lambda text: _read_region(text, context), pl.String)


def _read_region(text: str, context: Context) -> Cell:
    place = find_place(text, context.unit, context.period)
    if place.candidates:
        return Cell(code="cell.E121", params={"candidates": written_places(place.candidates[:NEAREST])})
    if place.code is None:
        return Cell(code="cell.E106", params={"allowed": near_places(text, context.unit, context.period)})
    if place.replaced:
        return Cell(place.code, "cell.W122", {"successor": written_places([place.code])})
    return Cell(place.code)
