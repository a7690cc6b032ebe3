"""Differences of two tables of one form by record key: which records and which cells differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import polars as pl

from submissions.labels import LIST_SEPARATOR
from validation import Column, Form, Kind

#: what became of a record, in the order in which lines are listed: a lost one is the likeliest mistake
KINDS = ("removed", "added", "changed")

#: One line per record removed or added, and per cell changed. `sheet` and `row` are the place in the new
#: table, of a removed record the place in the old one; `column`, `old` and `new` are null but for cells.
#: Values are canonical texts: codes and not labels, lists sorted and joined by a line break.
LINES: dict[str, pl.DataType] = {
    "kind": pl.Enum(KINDS),
    "key": pl.String(),
    "name": pl.String(),
    "sheet": pl.String(),
    "row": pl.Int32(),
    "column": pl.String(),
    "old": pl.String(),
    "new": pl.String(),
}

_PAIR = ["_key", "_nth"]


class Counts(NamedTuple):
    """Records by what became of them, and cells that changed. Records without a key cannot be compared."""

    removed: int
    added: int
    changed: int
    unchanged: int
    cells: int
    keyless_old: int
    keyless_new: int

    @property
    def nothing(self) -> bool:
        """Return whether the tables are the same."""
        return not (self.removed or self.added or self.changed or self.keyless_old or self.keyless_new)


@dataclass(frozen=True)
class Changes:
    """`lines` has the schema LINES; `by_column` counts changed cells by field key, in the form's order."""

    counts: Counts
    lines: pl.DataFrame
    by_column: dict[str, int]


def compare(form: Form, old: pl.DataFrame, new: pl.DataFrame) -> Changes:
    """Return the changes that lead from typed frame `old` to `new`.

    Records are the same when their keys are; a key that stands several times, which only a form with
    errors has, is paired in the order of its rows.
    """
    before, after = _as_text(form, old), _as_text(form, new)
    removed = before.join(after, on=_PAIR, how="anti")
    added = after.join(before, on=_PAIR, how="anti")
    pairs = after.join(before, on=_PAIR, how="inner", suffix="@old", maintain_order="left")
    fields = [column.key for column in form.columns if column is not form.key]
    cells = pl.concat(
        [_cells(pairs.clear(), fields[0]), *(_cells(pairs, key) for key in _differing(pairs, fields))]
    )
    changed = cells.select("key", "_nth").unique().height
    counts = Counts(
        removed=removed.height,
        added=added.height,
        changed=changed,
        unchanged=pairs.height - changed,
        cells=cells.height,
        keyless_old=old.height - before.height,
        keyless_new=new.height - after.height,
    )
    lines = pl.concat([_records(removed, "removed"), _records(added, "added"), cells.select(list(LINES))])
    counts_by_column = dict(cells.group_by("column").len().iter_rows())
    by_column = {
        column.key: counts_by_column[column.key] for column in form.columns if column.key in counts_by_column
    }
    # stable: cells of one record stay in the form's order
    return Changes(counts, lines.sort("kind", "sheet", "row", maintain_order=True), by_column)


def _as_text(form: Form, frame: pl.DataFrame) -> pl.DataFrame:
    """Return the records that have a key, every value as canonical text."""
    named = form.record_name.key
    records = frame.select(
        pl.col(form.key.key).alias("_key"),
        pl.col(named).alias("_name"),
        pl.col("_sheet", "_row"),
        *(_canonical(column) for column in form.columns if column is not form.key),
    )
    return records.filter(pl.col("_key").is_not_null()).with_columns(_nth=pl.int_range(pl.len()).over("_key"))


def _canonical(column: Column) -> pl.Expr:
    value = pl.col(column.key)
    if column.kind is Kind.ENUM_LIST:
        return value.list.sort().list.join(LIST_SEPARATOR)  # the order of a list says nothing
    return value.cast(pl.String)


def _differing(pairs: pl.DataFrame, columns: Sequence[str]) -> list[str]:
    """Return the columns in which any cell differs: most registers change in few columns."""
    differs = pairs.select(_differs(column).any().alias(column) for column in columns)
    return [column for column in columns if differs[column][0]]


def _differs(column: str) -> pl.Expr:
    return pl.col(column).ne_missing(pl.col(f"{column}@old"))


def _cells(pairs: pl.DataFrame, column: str) -> pl.DataFrame:
    """Return lines of the cells of `column` that differ, with `_nth`."""
    return pairs.filter(_differs(column)).select(
        *_place("changed"),
        pl.lit(column).alias("column"),
        pl.col(f"{column}@old").alias("old"),
        pl.col(column).alias("new"),
        "_nth",
    )


def _records(rows: pl.DataFrame, kind: str) -> pl.DataFrame:
    empty = [pl.lit(None, pl.String).alias(name) for name in ("column", "old", "new")]
    return rows.select(*_place(kind), *empty)


def _place(kind: str) -> list[pl.Expr]:
    return [
        pl.lit(kind, LINES["kind"]).alias("kind"),
        pl.col("_key").alias("key"),
        pl.col("_name").alias("name"),
        pl.col("_sheet").alias("sheet"),
        pl.col("_row").alias("row"),
    ]
