"""Registers of any size for benchmarks: a unit's real-size register repeated under other enterprises."""

from __future__ import annotations

import polars as pl

from demo.credit_codes import credit_codes
from demo.registers import register
from demo.vocabulary import SUFFIX
from validation import FORMS, Period

UNIT = "320000"
PERIOD = Period(2026, 3)
#: More enterprises than one copy of the register has.
STEP = 20_000


def benchmark_rows(rows: int, collection: str = "networks") -> pl.DataFrame:
    """`rows` clean records of one unit as a typed frame; a million take a few seconds.

    Every record has its own code, and every copy its own enterprises, so that no rule is broken.
    """
    base = register(UNIT, collection, PERIOD, scale=1)
    copies = -(-rows // base.height)
    numbered = base.with_columns(_enterprise=pl.col("enterprise_uscc").rank("dense").cast(pl.Int64))
    tiled = pl.concat([numbered.with_columns(_copy=pl.lit(copy)) for copy in range(copies)]).head(rows)
    return (
        tiled.with_row_index("_number")
        .with_columns(_renamed(collection))
        .with_columns(
            enterprise_uscc=credit_codes(tiled["region_code"], tiled["_enterprise"] + tiled["_copy"] * STEP)
        )
        .select(base.columns)
    )


def _renamed(collection: str) -> list[pl.Expr]:
    key = FORMS[collection].key.key
    copy = pl.col("_copy").cast(pl.String)
    renamed = [
        pl.format("JS-B-{}", pl.col("_number") + 1).alias(key),
        pl.col("enterprise_name").str.replace(SUFFIX, copy + SUFFIX, literal=True),
        pl.concat_str("address", copy, pl.lit("室")),
    ]
    if collection == "networks":
        licence = pl.col("spectrum_licence_no")
        return [*renamed, pl.concat_str(licence, pl.lit("-"), copy).alias("spectrum_licence_no")]
    return [*renamed, pl.lit(None, dtype=pl.String).alias("network_code")]
