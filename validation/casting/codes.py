"""Codes in cells: register numbers, credit codes, list values, places and industries."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import polars as pl
from rapidfuzz import fuzz, process

from validation.casting.texts import Cell, as_json, read_each, read_frame
from validation.codelists import labels, options, resolve
from validation.codelists.fold import fold
from validation.codelists.industries import names, read_industry
from validation.codelists.regions import divisions, find_place, full_name, places_of
from validation.context import Context
from validation.forms.form import Column
from validation.periods import Period

_CODE = "^[A-Z0-9-]{4,32}$"
_USCC = "^[0-9A-Z]{18}$"
_DASHES = r"[‐‑‒–—―−─]"
#: What a spreadsheet leaves of a long number that it stored as a figure.
_SCIENTIFIC = r"^[0-9](?:\.[0-9]+[Ee]\+?|[Ee]\+)0?(?:1[5-9]|[2-9][0-9])$"
_CODE_PATTERN = as_json(
    {"pattern": {"zh": "4至32位大写字母、数字或“-”", "en": "4 to 32 of A-Z, 0-9 and “-”"}}
)
_SEPARATORS = re.compile(r"[、,;/\n，；／|]+")

#: How many allowed values a message names.
NEAREST = 4


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
    """Credit codes, cleaned; whether they are right is for the uscc rules to say."""
    return _without_scientific(_compact(texts, _USCC))


def read_enums(texts: pl.Series, column: Column) -> pl.DataFrame:
    """List values as codes; cell.E106 names the nearest allowed ones."""
    return read_each(texts, lambda text: _read_enum(text, str(column.codelist)), pl.String)


def _read_enum(text: str, codelist: str) -> Cell:
    code = resolve(codelist, text)
    return Cell(code) if code else _unknown([text], codelist)


def read_enum_lists(texts: pl.Series, column: Column) -> pl.DataFrame:
    """Several list values in one cell as a list of codes, each once, as ordered in the cell."""
    return read_each(texts, lambda text: _read_enum_list(text, str(column.codelist)), pl.List(pl.String))


def _read_enum_list(text: str, codelist: str) -> Cell:
    whole = resolve(codelist, text)
    parts = [text] if whole else [part for part in _SEPARATORS.split(text) if part.strip()]
    codes = {part: resolve(codelist, part) for part in parts}
    unknown = [part.strip() for part, code in codes.items() if code is None]
    if unknown:
        return _unknown(unknown, codelist)
    return Cell(list(dict.fromkeys(codes.values()))) if codes else Cell()


def _unknown(texts: Sequence[str], codelist: str) -> Cell:
    near = [labels(codelist)[code] for code in _closest(texts[0], _spelled(codelist))]
    allowed = {"zh": "、".join(o.label_zh for o in near), "en": ", ".join(o.label_en for o in near)}
    return Cell(code="cell.E106", params={"value": "、".join(texts), "allowed": allowed})


@cache
def _spelled(codelist: str) -> Mapping[str, str]:
    return {option.code: fold(f"{option.code} {option.label_zh}") for option in options(codelist)}


def _closest(text: str, spelled: Mapping[str, str]) -> list[str]:
    """Keys of the folded spellings most like `text`, best first."""
    found = process.extract(fold(text), spelled, scorer=fuzz.WRatio, limit=NEAREST)
    return [str(key) for _, _, key in found]


def read_industries(texts: pl.Series) -> pl.DataFrame:
    """Industries as codes of two to four digits."""
    return read_each(texts, _read_industry, pl.String)


def _read_industry(text: str) -> Cell:
    code = read_industry(text)
    if code:
        return Cell(code)
    near = _closest(text, _spelled_industries())
    allowed = "、".join(f"{code} {names()[code]}" for code in near)
    return Cell(code="cell.E106", params={"allowed": allowed})


@cache
def _spelled_industries() -> Mapping[str, str]:
    return {code: fold(name) for code, name in names().items()}


def read_regions(texts: pl.Series, context: Context) -> pl.DataFrame:
    """Places as division codes of the period: cell.E106, E121 and W122 tell what was not plain."""
    return read_each(texts, lambda text: _read_region(text, context), pl.String)


def _read_region(text: str, context: Context) -> Cell:
    place = find_place(text, context.unit, context.period)
    if place.candidates:
        return Cell(code="cell.E121", params={"candidates": _places(place.candidates[:NEAREST])})
    if place.code is None:
        return Cell(code="cell.E106", params={"allowed": _near_places(text, context)})
    if place.replaced:
        return Cell(place.code, "cell.W122", {"successor": _places([place.code])})
    return Cell(place.code)


def _near_places(text: str, context: Context) -> dict[str, str]:
    by_code, by_name = _spelled_places(context.unit, context.period)
    return _places(_closest(text, by_code if text[:2].isdecimal() else by_name))


@cache
def _spelled_places(unit: str, period: Period) -> tuple[Mapping[str, str], Mapping[str, str]]:
    own = [code for code in places_of(unit, period) if divisions()[code].level != "pseudo_prefecture"]
    return {code: code for code in own}, {code: fold(full_name(code)) for code in own}


def _places(codes: Sequence[str]) -> dict[str, Any]:
    return {
        "zh": "、".join(f"{full_name(code)}（{code}）" for code in codes),
        "en": ", ".join(f"{full_name(code)} ({code})" for code in codes),
    }
