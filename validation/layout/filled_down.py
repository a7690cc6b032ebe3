"""Rows that hold nothing of their own: zeros and faulty formulas, the row above once more, keys made in advance."""

from __future__ import annotations

import polars as pl

from validation.layout.below import Below

#: So many rows alike are what was filled down.
_RUN = 3


def filled_down(below: Below, thin: pl.Series) -> dict[int, str]:
    """Kinds of those of the `thin` rows (offsets) that hold nothing of their own: zeros and faulty formulas alone, the
    same as the rows above, or a record key made in advance, each in several rows one after another."""
    if not len(thin):
        return {}
    zeros, keyed = _zeros(below, thin), below.keyed(thin)
    faulty = thin.is_in(below.faults.implode())
    hollow = zeros + _faults(below, thin) == below.filled.gather(thin)
    lone = keyed & (below.filled.gather(thin) == 1)
    last = below.full.arg_true()
    under = thin >= (last[-1] if len(last) else 0)
    alike = _like_above(below, thin)
    blank = (hollow & ~keyed & (~faulty | _in_run(thin, hollow & ~keyed))) | (
        under & ~keyed & _in_run(thin, alike | alike.shift(-1, fill_value=False), breaks=~alike)
    )
    single = under & lone & _in_run(thin, lone)
    kinds = dict.fromkeys((thin.filter(single) + below.first).to_list(), "single")
    return kinds | dict.fromkeys((thin.filter(blank) + below.first).to_list(), "blank")


def _zeros(below: Below, thin: pl.Series) -> pl.Series:
    """How many of a row's own cells are 0."""
    numbers = [c.number.gather(thin) for c in below.own if c.number.null_count() < len(c.number)]
    zeros = pl.Series([0], dtype=pl.Int32).new_from_index(0, len(thin))
    for number in numbers:
        zeros += (number == 0).fill_null(value=False).cast(pl.Int32)
    return zeros


def _faults(below: Below, thin: pl.Series) -> pl.Series:
    counts = pl.Series([0], dtype=pl.Int32).new_from_index(0, below.height)
    if len(below.faults):
        more = below.faults.alias("at").value_counts(sort=False)
        counts = counts.scatter(more["at"], more["count"].cast(pl.Int32))
    return counts.gather(thin)


def _like_above(below: Below, thin: pl.Series) -> pl.Series:
    """Whether each row holds the same as the thin row right above it."""
    same = thin.cast(pl.Int64).diff().fill_null(0) == 1
    for column in below.own:
        for part in (column.text, column.number, column.moment):
            if part.null_count() < len(part):
                cells = part.gather(thin)
                same &= cells.eq_missing(cells.shift(1))
    return same


def _in_run(thin: pl.Series, where: pl.Series, breaks: pl.Series | None = None) -> pl.Series:
    """Of the rows where something holds, those in a run of at least _RUN rows one after another."""
    frame = pl.DataFrame({"at": thin.cast(pl.Int64), "holds": where})
    starts = (pl.col("at").diff() != 1) | (pl.col("holds") != pl.col("holds").shift(1))
    if breaks is not None:
        frame = frame.with_columns(breaks=breaks)
        starts |= pl.col("breaks")
    run = starts.fill_null(value=True).cast(pl.Int64).cum_sum().alias("run")
    long = pl.len().over("run") >= _RUN
    return frame.with_columns(run).select(pl.col("holds") & long).to_series()
