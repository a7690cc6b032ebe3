"""Some rows of a sheet as text, merged cells filled, for the search for titles and statements."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import reduce
from operator import or_

import polars as pl

from validation.raw import Merged, RawColumn, RawSheet

#: The header is looked for in these rows of the sheet.
TOP_ROWS = 30
_SPACES = re.compile(r"[\s\u200b\ufeff]+|_x000[9AaDd]_")


@dataclass(frozen=True, slots=True)
class Grid:
    """`texts[i][j]` is spreadsheet row `first_row + i`, column `first_column + j`, '' where blank.
    `spread` are the cells (i, j) that stand in a merged range right of its first column."""

    first_row: int
    first_column: int
    texts: list[list[str]]
    spread: frozenset[tuple[int, int]]
    merged: tuple[Merged, ...]

    def row(self, number: int) -> list[str]:
        """The texts of a spreadsheet row."""
        return self.texts[number - self.first_row]

    @property
    def last_row(self) -> int:
        return self.first_row + len(self.texts) - 1


def top_of(sheet: RawSheet) -> Grid:
    """The sheet's rows among its first TOP_ROWS."""
    return grid_of(sheet, sheet.first_row, TOP_ROWS)


def grid_of(sheet: RawSheet, first: int, last: int) -> Grid:
    """The sheet's rows from `first` to `last`, as far as it goes. A range merged from above fills none of them."""
    first = max(first, sheet.first_row)
    height = max(0, min(sheet.first_row + sheet.height - 1, last) - first + 1)
    columns = [cell_texts(column, first - sheet.first_row, height) for column in sheet.columns]
    texts = [list(row) for row in zip(*columns, strict=True)] if columns else []
    merged = tuple(area for area in sheet.merged if first <= area.first_row < first + height)
    spread = {at for area in merged for at in _fill(texts, area, first, sheet.first_column)}
    return Grid(first, sheet.first_column, texts, frozenset(spread), merged)


def _fill(texts: list[list[str]], area: Merged, first_row: int, first_column: int) -> list[tuple[int, int]]:
    """Write the range's text into all its cells; gives those right of its first column."""
    width = len(texts[0]) if texts else 0
    top, left = area.first_row - first_row, area.first_column - first_column
    if not (0 <= top < len(texts) and 0 <= left < width):
        return []
    spread = []
    for i in range(top, min(area.last_row - first_row + 1, len(texts))):
        for j in range(left, min(area.last_column - first_column + 1, width)):
            texts[i][j] = texts[top][left]
            if j > left:
                spread.append((i, j))
    return spread


def cell_texts(column: RawColumn, start: int, count: int) -> list[str]:
    """Cells of a raw column as they read, spaces made plain."""
    parts = (column.text, column.number, column.moment)
    return [
        _reads(text, number, moment)
        for text, number, moment in zip(*(part.slice(start, count) for part in parts), strict=True)
    ]


def rows_texts(sheet: RawSheet, rows: list[int]) -> list[list[str]]:
    """Some spreadsheet rows as texts, one list per row; a formula without a value reads as its error."""
    if not rows:
        return []
    picks = (pl.Series(rows, dtype=pl.Int64) - sheet.first_row).cast(pl.UInt32)
    columns = [cell_texts(gathered(column, picks), 0, len(rows)) for column in sheet.columns]
    texts = [list(row) for row in zip(*columns, strict=True)]
    places = {row: index for index, row in enumerate(rows)}
    for row, column in (*sheet.errors, *sheet.uncalculated):
        if row in places and column >= sheet.first_column:
            texts[places[row]][column - sheet.first_column] = sheet.errors.get((row, column), "=")
    return texts


def gathered(column: RawColumn, picks: pl.Series) -> RawColumn:
    """The cells of a raw column at some 0-based offsets, ascending and each once."""
    return RawColumn(
        _picked(column.text, picks), _picked(column.number, picks), _picked(column.moment, picks)
    )


def _picked(series: pl.Series, picks: pl.Series) -> pl.Series:
    """What is blank altogether and what lies in one stretch is not copied: a large table is not held twice."""
    if series.null_count() == len(series):
        return series.head(len(picks))
    if len(picks) and picks[-1] - picks[0] + 1 == len(picks):
        return series.slice(picks[0], len(picks))
    return series[picks]


def _reads(text: str | None, number: float | None, moment: object) -> str:
    if text is not None:
        return _SPACES.sub(" ", text).strip()
    if number is not None:
        return f"{number:.15g}"
    return "" if moment is None else f"{moment:%Y-%m-%d}"


def filled(column: RawColumn) -> pl.Series:
    """Whether each cell holds anything."""
    held = [part.is_not_null() for part in held_parts(column)]
    blank = pl.Series([False]).new_from_index(0, len(column.text))
    return reduce(or_, held, blank)


def held_parts(column: RawColumn) -> list[pl.Series]:
    """Those of its three series that hold any value, mostly one."""
    parts = (column.text, column.number, column.moment)
    return [part for part in parts if part.null_count() < len(part)]
