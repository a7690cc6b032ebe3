"""Rows that break a rule together: which other rows a finding has to name."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from validation.rules import Twins

#: A message names this many other rows; groups may hold thousands.
NAMED_ROWS = 10


def alone(frame: pl.DataFrame, twins: Sequence[Twins]) -> pl.DataFrame:
    """One boolean column: true where a row has no twin."""
    parts = [_keys(frame, pair).select_seq(_is_alone(pair).alias(str(n))) for n, pair in enumerate(twins)]
    return pl.concat(parts, how="horizontal").select_seq(pl.all_horizontal(pl.all()))


def _keys(frame: pl.DataFrame, twins: Twins) -> pl.DataFrame:
    """Per row one text for its `group` and one for what has to differ within it."""
    differ = pl.lit(None, dtype=pl.String) if twins.differ is None else twins.differ
    return frame.select_seq(group=pl.concat_str(twins.same, separator="\x1f"), differ=differ)


def _is_alone(twins: Twins) -> pl.Expr:
    group = pl.col("group")
    if twins.differ is None:
        return group.is_null() | group.is_unique()
    # Set operations instead of a window over groups: most groups have one row, and windows over texts are slow.
    pair = pl.struct("group", "differ")
    known = group.is_not_null() & pl.col("differ").is_not_null()
    groups = group.filter(pair.is_first_distinct() & known)
    return ~known | ~group.is_in(groups.filter(groups.is_duplicated()).unique().implode())


def twin_places(frame: pl.DataFrame, rows: pl.Series, twins: Sequence[Twins]) -> pl.Series:
    """For each of `rows` the column `at` of the first twins that it has; null where those name none."""
    places = pl.Series(values=[None], dtype=pl.String).new_from_index(0, len(rows))
    for pair in reversed(twins):
        if pair.at is not None:
            broken = ~alone(frame, [pair]).to_series().fill_null(value=True)[rows]
            places = pl.Series([pair.at]).new_from_index(0, len(rows)).zip_with(broken, places)
    return places


def other_rows(frame: pl.DataFrame, rows: pl.Series, twins: Sequence[Twins]) -> pl.Series:
    """For each of `rows` the other rows of its groups as text, e.g. ``12, 40`` or ``表2!7``; capped."""
    pairs = pl.concat([_pairs(frame, rows, pair) for pair in twins]).unique().sort("at", "other")
    sheets, numbers = frame["_sheet"], frame["_row"].cast(pl.String)
    label = (
        pl.when(pl.col("sheet") == pl.col("other_sheet"))
        .then("number")
        .otherwise(pl.concat_str("other_sheet", pl.lit("!"), "number"))
    )
    named = pairs.with_columns(
        sheet=sheets[pairs["at"]], other_sheet=sheets[pairs["other"]], number=numbers[pairs["other"]]
    ).select("at", label.alias("label"))
    texts = named.group_by("at").agg(
        pl.col("label").head(NAMED_ROWS).str.join("、"), more=pl.len() > NAMED_ROWS
    )
    text = pl.col("label") + pl.when("more").then(pl.lit("…")).otherwise(pl.lit(""))
    by_row = rows.to_frame("at").join(texts.select("at", text), on="at", how="left", maintain_order="left")
    return by_row["label"]


def _pairs(frame: pl.DataFrame, rows: pl.Series, twins: Twins) -> pl.DataFrame:
    """Pairs of a row and another of its group that differs where it must; at most a few per row."""
    keyed = _keys(frame, twins).with_row_index("at")
    mine = keyed[rows].filter(pl.col("group").is_not_null())
    pool = keyed.join(mine.select("group").unique(), on="group", how="semi", maintain_order="left")
    pool = pool.filter(_among_first(twins))
    pairs = mine.join(pool, on="group", suffix="_other").filter(pl.col("at") != pl.col("at_other"))
    if twins.differ is not None:
        pairs = pairs.filter(pl.col("differ") != pl.col("differ_other"))
    return pairs.select("at", pl.col("at_other").alias("other"))


def _among_first(twins: Twins) -> pl.Expr:
    """The first rows of each group, and the first that differ from its first row: enough for every row to
    name what it clashes with, few enough for groups of thousands."""
    early = pl.int_range(pl.len()).over("group") <= NAMED_ROWS + 1
    if twins.differ is None:
        return early
    unlike = pl.col("differ") != pl.col("differ").first().over("group")
    return early | (unlike & (unlike.cast(pl.UInt32).cum_sum().over("group") <= NAMED_ROWS + 1))
