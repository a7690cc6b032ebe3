"""Reading order: findings as a person meets them in the workbook, whatever stage found them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import polars as pl

from validation.findings import FINDING_SCHEMA
from validation.table import Table


def in_reading_order(findings: pl.DataFrame, sheets: Sequence[str], tables: Iterable[Table]) -> pl.DataFrame:
    """Findings by sheet, row and the column's place in its sheet; those without one come first.

    `sheets` are the workbook's sheet names in order; findings alike in place keep the order given.
    """
    places = [(t.sheet.name, key, at) for t in tables for key, at in t.positions.items()]
    schema = {"sheet": pl.String, "column": pl.String, "_place": pl.Int64}
    # a column of a sheet with several tables is placed as in the first of them
    known = pl.DataFrame(places, schema=schema, orient="row").unique(["sheet", "column"], keep="first")
    placed = findings.join(
        known,
        on=["sheet", "column"],
        how="left",
        maintain_order="left",
    )
    rank = pl.col("sheet").replace_strict(
        list(sheets), list(range(len(sheets))), default=None, return_dtype=pl.Int64
    )
    order = [rank, pl.col("row"), pl.col("_place")]
    return placed.sort(order, nulls_last=False, maintain_order=True).select(FINDING_SCHEMA.keys())
