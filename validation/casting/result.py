"""What casting hands to checking: the typed frame, its findings, and the way from a frame row back to its cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import polars as pl

from validation.casting.texts import classified_marks, moment_text, number_text
from validation.few_rows import select
from validation.findings import FINDING_SCHEMA
from validation.forms.form import Form
from validation.raw import RawColumn, column_letter
from validation.table import Table

#: Findings before their address is known: frame row, field key, code, params as JSON.
PLACED: dict[str, Any] = {
    "at": pl.UInt32(),
    "column": pl.String(),
    "code": pl.String(),
    "params": pl.String(),
}


def nulls(height: int, dtype: pl.DataType) -> pl.Series:
    """A series of nothing."""
    return pl.Series(values=[None], dtype=dtype).new_from_index(0, height)


@dataclass(frozen=True)
class Cast:
    """`frame` has `_sheet`, `_row`, every form key, and `_precision_<key>` (day, month or quarter) per date.

    `findings` is of FINDING_SCHEMA. `unread` has a boolean column per key, true where a value is missing for a
    reason already reported: the cell could not be read, or its required column is missing. All are aligned.
    """

    frame: pl.DataFrame
    findings: pl.DataFrame
    unread: pl.DataFrame
    tables: tuple[Table, ...]
    form: Form

    def original(self, key: str) -> pl.Series:
        """The cells' own texts of one column, aligned with `frame`."""
        return self.originals([key]).to_series()

    def originals(self, keys: Sequence[str]) -> pl.DataFrame:
        """The same of several columns."""
        return pl.concat([_originals(table, keys) for table in self.tables])

    @cached_property
    def letters(self) -> pl.DataFrame:
        """Per table and field key the column's letter."""
        rows = [
            (number, key, column_letter(at))
            for number, table in enumerate(self.tables)
            for key, at in table.positions.items()
        ]
        schema = {"table": pl.UInt32, "column": pl.String, "letter": pl.String}
        return pl.DataFrame(rows, schema=schema, orient="row")

    def _table_of(self, at: pl.Series) -> pl.Series:
        """The number of the table that each frame row comes from: a sheet may have several."""
        ends = pl.Series([len(table.rows) for table in self.tables], dtype=pl.UInt32).cum_sum()
        return ends.search_sorted(at.cast(pl.UInt32), side="right").cast(pl.UInt32)

    def place(self, placed: pl.DataFrame) -> pl.DataFrame:
        """Findings by frame row (PLACED) with sheet, row, address, value and record key: of FINDING_SCHEMA."""
        if placed.is_empty():
            return pl.DataFrame(schema=FINDING_SCHEMA)
        findings = pl.concat([self._valued(str(name), part) for (name,), part in placed.group_by("column")])
        rows = self.frame.select("_sheet", "_row", self.form.key.key)[findings["at"]]
        findings = findings.with_columns(sheet=rows["_sheet"], row=rows["_row"], key=rows[self.form.key.key])
        findings = findings.with_columns(table=self._table_of(findings["at"]))
        findings = findings.join(self.letters, on=["table", "column"], how="left")
        address = pl.col("letter") + pl.col("row").cast(pl.String)
        return findings.with_columns(cell=address).select(FINDING_SCHEMA.keys())

    def _valued(self, key: str, placed: pl.DataFrame) -> pl.DataFrame:
        placed = placed.with_columns_seq(value=self.original(key)[placed["at"]])
        classified = placed["code"] == "cell.E116"
        if not classified.any():
            return placed
        # Of a classified cell nothing but its mark is kept.
        kept = placed["value"].zip_with(~classified, classified_marks(placed["value"]))
        return placed.with_columns(value=kept)


def _originals(table: Table, keys: Sequence[str]) -> pl.DataFrame:
    """One query for all columns: one for each would take longer than what it looks at."""
    nothing = nulls(len(table.rows), pl.String())
    held: list[pl.Series] = []
    texts: list[pl.Expr] = []
    for key in keys:
        raw = table.cells.get(key)
        parts = _named(key, [nothing] if raw is None else _kinds_held(raw))
        held += parts
        texts.append(pl.coalesce(map(_as_text, parts)).alias(key))
    return select(pl.DataFrame(held), *texts)


def original_texts(raw: RawColumn) -> pl.Series:
    """Cells as a person sees them: text as typed, figures without a needless .0, dates as 2026-07-01."""
    parts = _named("", _kinds_held(raw))
    return pl.DataFrame(parts).select_seq(pl.coalesce(map(_as_text, parts))).to_series()


def _kinds_held(raw: RawColumn) -> list[pl.Series]:
    """Those of text, number and moment that any cell holds; text where there is none."""
    kinds = [cells for cells in (raw.text, raw.number, raw.moment) if cells.null_count() < len(cells)]
    return kinds or [raw.text]


def _named(key: str, parts: Sequence[pl.Series]) -> list[pl.Series]:
    return [cells.alias(f"{key}.{number}") for number, cells in enumerate(parts)]


def _as_text(cells: pl.Series) -> pl.Expr:
    if cells.dtype == pl.String:
        return pl.col(cells.name)
    return (number_text if cells.dtype == pl.Float64 else moment_text)(pl.col(cells.name))
