"""Recognised tables: what the layout stage hands to casting, one per sheet that matches the form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import polars as pl

from validation.raw import RawColumn, RawSheet


class MappedColumn(NamedTuple):
    """One sheet column that carries a title. `key` is the field's key, None when it is not part of the form, or is passed by."""

    position: int  # 0-based spreadsheet column
    title: str  # as written, parents of a multi-level header joined by " / "
    key: str | None
    how: str  # "title", "alias", "remembered", "ignored" (序号) or "unknown"
    unit: str | None = None  # unit named by the title or the unit line; None when none is named


class SkippedRow(NamedTuple):
    """A row of a read sheet that is not data, with its kind: blank, title, header, filling_block, column_number,
    repeated_header, heading, total, note, single, sample, tail (another collection's table), unreadable."""

    row: int
    kind: str


#: First and last of some rows.
Span = tuple[int, int]


class TotalRow(NamedTuple):
    """A skipped 合计/总计/小计 row. `covers` are the data rows it adds up; `cells` its raw cells by field key."""

    row: int
    covers: tuple[int, ...]
    cells: dict[str, float | str]


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a sheet. `rows` are the spreadsheet row numbers of its data rows, ascending; `sheet` comes without
    its columns, so that cells that are no data need not be held. A sheet with several tables, each with a header of
    its own, has them one below another."""

    sheet: RawSheet
    header_row: int
    columns: tuple[MappedColumn, ...]
    rows: pl.Series  # Int32
    skipped: tuple[SkippedRow, ...]
    #: field key -> its cells at `rows`, merged ranges already filled down
    cells: dict[str, RawColumn]
    totals: tuple[TotalRow, ...] = ()
    #: long stretches of blank rows, which are not among `skipped`
    gaps: tuple[Span, ...] = ()
    #: the rows of the sheet that are this table's, where the sheet has several
    span: Span | None = None

    @property
    def positions(self) -> dict[str, int]:
        """Field key -> 0-based spreadsheet column."""
        return {column.key: column.position for column in self.columns if column.key is not None}
