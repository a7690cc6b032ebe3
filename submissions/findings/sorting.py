"""Sorting findings, and rows with findings: as in the file, or by a column's head."""

from __future__ import annotations

from typing import NamedTuple

import polars as pl

from submissions.files import storage
from submissions.findings.filtering import rank
from submissions.models import Submission
from validation import FORMS, Kind

#: how the findings of the list can be put in order, and the rows of the grid, which go by their own cells as well
LIST_ORDERS = ("blocks", "row", "column", "value", "code")
ROW_ORDERS = ("blocks", "row")
#: what an order by the cells of a column begins with, before the field's key
CELL = "cell."
_PLACE = ("_sheet", "_row")
#: kinds whose values have an order of their own; the others go by their text
_MEASURED = frozenset({Kind.INT, Kind.DECIMAL, Kind.PERCENT, Kind.MONEY, Kind.DATE})


class Order(NamedTuple):
    """`by` is what blocks ("blocks"), the place in the file ("row"), the finding's "column", "value" or "code",
    or CELL and a field key: the text in the row's own cell. `down` is from the last to the first."""

    by: str
    down: bool = False

    @classmethod
    def read(cls, text: str) -> Order:
        """Return the order that an address names, with a minus before the name for descending."""
        return cls(text.removeprefix("-"), text.startswith("-"))

    def __str__(self) -> str:
        return f"-{self.by}" if self.down else self.by


def findings_in(findings: pl.DataFrame, order: Order, collection: str) -> pl.DataFrame:
    """Return findings (store.TABLE_SCHEMA, in reading order) in `order`; equal ones in the file's order."""
    if order.by == "row":
        return findings.reverse() if order.down else findings
    keys = {column.key: at for at, column in enumerate(FORMS[collection].columns)}
    # a title of the file that is no field stands behind the fields
    places = pl.col("column").replace_strict(keys, default=len(keys), return_dtype=pl.Int32)
    by = {"column": pl.when(pl.col("column").is_not_null()).then(places), "value": pl.col("value")}
    by |= {"code": pl.col("code")}
    return _sorted(findings, [by.get(order.by, rank())], order)


def rows_in(rows: pl.DataFrame, order: Order, submission: Submission) -> pl.DataFrame:
    """Return rows (`sheet`, `row` and `rank` of the worst finding, null without any, as in the file) in `order`."""
    if order.by == "row":
        return rows.reverse() if order.down else rows
    if not order.by.startswith(CELL):
        return _sorted(rows, [pl.col("rank")], order)
    cells = _cells(submission, order.by.removeprefix(CELL))
    placed = rows.join(cells, on=["sheet", "row"], how="left", maintain_order="left")
    return _sorted(placed, [pl.col("measure"), pl.col("text")], order)


def _cells(submission: Submission, key: str) -> pl.DataFrame:
    """Return `sheet`, `row`, and of the column `key` the value where one of its kind was read, and the text."""
    measured = FORMS[submission.collection].by_key[key].kind in _MEASURED
    cells = storage.cell_columns(submission, [*_PLACE, key, f"_text_{key}"])
    if cells is None:
        schema = {"sheet": pl.String, "row": pl.Int32, "measure": pl.Float64, "text": pl.String}
        return pl.DataFrame(schema=schema)
    text = pl.col(f"_text_{key}").str.strip_chars()
    return cells.select(
        pl.col("_sheet").alias("sheet"),
        pl.col("_row").alias("row"),
        (pl.col(key) if measured else pl.lit(None, pl.Int8)).alias("measure"),
        pl.when(text != "").then(text).alias("text"),
    )


def _sorted(frame: pl.DataFrame, by: list[pl.Expr], order: Order) -> pl.DataFrame:
    """Return the rows in order; missing values stand last, whichever way."""
    return frame.sort(by, descending=order.down, nulls_last=True, maintain_order=True)
