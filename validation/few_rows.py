"""Queries over few rows, whose fixed costs are most of what they take."""

from __future__ import annotations

import polars as pl

#: Up to this many rows or cells a loop in Python, or a query without polars' threads, is quicker.
FEW = 500


def select(frame: pl.DataFrame, *columns: pl.Expr | str, **named: pl.Expr) -> pl.DataFrame:
    """`frame.select(...)`, for few rows in the calling thread: to hand the work over takes longer than the work."""
    chosen = frame.select_seq if frame.height <= FEW else frame.select
    return chosen(*columns, **named)
