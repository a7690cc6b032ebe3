"""Merged ranges of data: the value of the top cell filled down its range, and reported once per range."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import polars as pl

from validation.findings import Finding
from validation.layout.grid import cell_texts
from validation.layout.words import ranges
from validation.raw import Merged, RawColumn, RawSheet, address


class Fill(NamedTuple):
    """A merged range of one form column, and its data rows below the first."""

    key: str
    area: Merged
    rows: list[int]


def fills(sheet: RawSheet, positions: dict[str, int], data: pl.Series, below: int) -> list[Fill]:
    """The ranges to fill: they begin below the header row `below`, span rows and hold a value."""
    keys = {position: key for key, position in positions.items()}
    spans = [area for area in sheet.merged if area.last_row > area.first_row > below]
    rows = set(data.to_list()) if spans else set()
    fills = []
    for area in spans:
        key = keys.get(area.first_column)
        filled = [row for row in range(area.first_row + 1, area.last_row + 1) if row in rows]
        if key is not None and filled and _text(sheet, area):
            fills.append(Fill(key, area, filled))
    return fills


def _text(sheet: RawSheet, area: Merged) -> str:
    offset = area.first_row - sheet.first_row
    if not 0 <= offset < sheet.height:
        return ""
    return cell_texts(sheet.columns[area.first_column - sheet.first_column], offset, 1)[0]


def filled_down(sheet: RawSheet, column: RawColumn, fills: Iterable[Fill]) -> RawColumn:
    """The column with the top cell's value in all rows of each range."""
    targets, sources = [], []
    for fill in fills:
        targets += [row - sheet.first_row for row in fill.rows]
        sources += [fill.area.first_row - sheet.first_row] * len(fill.rows)
    if not targets:
        return column
    return RawColumn(
        *(_copied(series, targets, sources) for series in (column.text, column.number, column.moment))
    )


def _copied(series: pl.Series, targets: list[int], sources: list[int]) -> pl.Series:
    return series.clone().scatter(targets, series.gather(sources))


def merge_findings(sheet: RawSheet, fills: Iterable[Fill]) -> Iterator[Finding]:
    """cell.W120, one per range, at its first row."""
    for fill in fills:
        yield Finding(
            "cell.W120",
            sheet=sheet.name,
            row=fill.area.first_row,
            column=fill.key,
            cell=address(fill.area.first_row, fill.area.first_column),
            value=_text(sheet, fill.area),
            params={"rows": ranges(fill.rows)},
        )
