"""Number formats of the cells of an xlsx sheet whose format tells something, gathered as the sheet was read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import polars as pl

from validation.raw import FORMATS, Formats, column_letter
from validation.reading.xlsx_blocks import column_index


def formats_of(styled: Sequence[pl.DataFrame], codes: Sequence[str]) -> Formats:
    """`styled` are letters, row and style (from 1) of cells, block by block; `codes` the format of each style."""
    if not styled:
        return Formats()
    cells = pl.concat(styled)
    known: dict[int, set[str]] = defaultdict(set)
    for letters, style in cells.select("letters", "style").unique().iter_rows():
        known[column_index(letters)].add(codes[style - 1])

    def of_column(column: int) -> pl.DataFrame:
        own = cells.filter(pl.col("letters") == column_letter(column))
        by_style = {style: codes[style - 1] for style in own["style"].unique()}
        return own.select(
            "row", format=pl.col("style").replace_strict(by_style, return_dtype=FORMATS["format"])
        )

    return Formats(known, of_column)
