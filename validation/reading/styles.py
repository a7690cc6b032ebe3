"""Number formats of a workbook's cell styles, and the cells of one sheet whose format matters."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from validation.number_formats import tells, text_around
from validation.raw import FORMATS, Formats, column_letter
from validation.reading.addresses import column_index
from validation.reading.day_numbers import DATE, DURATION, NUMBER

_LITERAL = re.compile(r'"[^"]*"|[\\!].|_.|\*.')
_DURATION = re.compile(r"\[(?:h+|m+|s+)\]", re.IGNORECASE)
_BRACKETS = re.compile(r"\[[^\]]*\]")


@dataclass(frozen=True, slots=True)
class Styles:
    """By the index of a style: its number format, the kind (NUMBER, DATE, DURATION) that it shows numbers as, and
    whether it may show something else than the digits of a number, and more than a text."""

    codes: list[str]
    kinds: list[int]
    tells: list[bool]
    frames_text: list[bool]


def styles_of(codes: list[str]) -> Styles:
    """The styles with these formats."""
    return Styles(
        codes,
        [kind_of_format(code) for code in codes],
        [tells(code) for code in codes],
        [text_around(code) != ("", "") for code in codes],
    )


def kind_of_format(code: str) -> int:
    """Whether a number format shows a number as a DATE, a DURATION or as a NUMBER."""
    plain = _LITERAL.sub("", code)
    if _DURATION.search(plain):
        return DURATION
    plain = _BRACKETS.sub("", plain).casefold().replace("general", "")
    return DATE if any(letter in plain for letter in "ymdhs") else NUMBER


def formats_of(styled: Sequence[pl.DataFrame], codes: Sequence[str]) -> Formats:
    """`styled` are letters, row and style (from 1) of cells, block by block; `codes` the format of each style."""
    if not styled:
        return Formats()
    cells = pl.concat(styled)
    known: dict[int, set[str]] = defaultdict(set)
    for letters, style in cells.select("letters", "style").unique().iter_rows():
        known[column_index(letters)].add(codes[style - 1])

    def of_column(column: int) -> pl.DataFrame:
        # a broken file has a cell twice
        own = cells.filter(pl.col("letters") == column_letter(column)).unique(
            "row", keep="last", maintain_order=True
        )
        by_style = {style: codes[style - 1] for style in own["style"].unique()}
        return own.select(
            "row", format=pl.col("style").replace_strict(by_style, return_dtype=FORMATS["format"])
        )

    return Formats(known, of_column)
