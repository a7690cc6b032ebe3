"""Cells of a sheet, block by block -> dense raw columns over the rows and columns that hold anything, under the limits."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

import polars as pl

from validation.limits import MOST_COLUMNS, MOST_ROWS, Limits
from validation.raw import RawColumn, RefusedFileError
from validation.reading.addresses import column_index
from validation.reading.columns import MOMENT, check_text
from validation.reading.day_numbers import ERROR, TEXT
from validation.reading.refusals import damaged, over_limit

#: Bytes that one cell of a dense column takes.
CELL_BYTES = 16
#: Of a sheet that is refused so many rows stay: enough to tell whether it is the form's.
TOP = 1_000
VALUES = ("text", "number", "moment")
_LETTERS = re.compile("[A-Z]{1,3}")

# A formula whose result is empty text was calculated; one without any value was not.
_WAITING = pl.col("formula") & pl.col("value").is_null() & (pl.col("kind") != TEXT)
_ERRORS = pl.col("kind") == ERROR
_FILLED = pl.col("value").is_not_null() | _WAITING | _ERRORS
_SIZE = pl.col("text").str.len_bytes().cast(pl.UInt64).sum().alias("size")


class Area(NamedTuple):
    """Dense columns: their first row and column as in RawSheet, and how many rows they have."""

    first_row: int
    first_column: int
    height: int
    columns: tuple[RawColumn, ...]


NOTHING = Area(1, 0, 0, ())


class Cells:
    """Gathers the filled cells of one sheet. Rows are 1-based, columns 0-based."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._parts: dict[int, list[pl.DataFrame]] = defaultdict(list)
        self._rows: list[pl.Series] = []
        self._count = 0
        self._text = 0
        self.errors: dict[tuple[int, int], str] = {}
        self.uncalculated: set[tuple[int, int]] = set()
        #: letters, row and style of the cells whose format tells something
        self.styled: list[pl.DataFrame] = []

    def add(self, frame: pl.DataFrame) -> None:
        """The cells of one block, as `cells_of` gives them. Where file.E004 or, for an address that no sheet has,
        file.E001 is raised, the cells within the limits are kept."""
        size, noted, held = frame.select(_SIZE, (_ERRORS | _WAITING).any(), _FILLED.all()).row(0)
        if noted:
            self._note(frame.filter(_ERRORS), frame.filter(_WAITING))
        if not held:
            frame = frame.filter(_FILLED)
        if "style" in frame.columns:
            self.styled.append(frame.select("letters", "row", "style").filter(pl.col("style") > 0))
        self._rows.append(frame["row"].unique())
        self._text += size
        check_text(self._text, self._limits)
        beyond: list[tuple[int, str, int]] = []
        for part in frame.partition_by("letters") if frame.height else ():
            letters = part["letters"][0]
            index = column_index(letters) if _LETTERS.fullmatch(letters) else -1
            if 0 <= index < self._limits.columns:
                self._parts[index].append(_lean(part))
            else:
                beyond.append((index, letters, part["row"][0]))
        if beyond:
            raise self._too_wide(*min(beyond))

    def _too_wide(self, index: int, letters: str, row: int) -> RefusedFileError:
        if not 0 <= index < MOST_COLUMNS:
            return damaged(f"没有{letters}{row}这样的单元格", f"there is no cell {letters}{row}")
        most, number = self._limits.columns, index + 1
        return over_limit(
            f"列数不得超过{most}列，单元格{letters}{row}在第{number}列",
            f"at most {most} columns, and cell {letters}{row} is in column {number}",
        )

    def _note(self, errors: pl.DataFrame, waiting: pl.DataFrame) -> None:
        for letters, row, value in errors.select("letters", "row", "value").iter_rows():
            self.errors[row, column_index(letters)] = value or "#VALUE!"
        for letters, row in waiting.select("letters", "row").iter_rows():
            self.uncalculated.add((row, column_index(letters)))

    def built(self, refusal: RefusedFileError | None) -> tuple[Area, RefusedFileError | None]:
        """All cells, or of a sheet that is refused those at its top, with the refusal: the one given or of their area."""
        if refusal is None:
            try:
                return self.columns(), None
            except RefusedFileError as error:
                refusal = error
        return self.top(), refusal

    def columns(self) -> Area:
        """The rectangle that holds all cells."""
        rows = self._filled_rows()
        if not len(rows):
            return NOTHING
        first, last = int(rows[0]), int(rows[-1])
        if first < 1:
            raise damaged(f"没有第{first}行", f"there is no row {first}")
        if last > MOST_ROWS:
            raise over_limit(
                f"行数不得超过{MOST_ROWS}行，有单元格在第{last}行",
                f"at most {MOST_ROWS} rows, and a cell is in row {last}",
            )
        self._check_area(last - first + 1)
        return self._built(first, last)

    def top(self) -> Area:
        """As `columns`, of the first rows alone."""
        rows = self._filled_rows()
        rows = rows.filter(rows.is_between(1, TOP))
        self.errors = {at: error for at, error in self.errors.items() if at[0] <= TOP}
        self.uncalculated = {at for at in self.uncalculated if at[0] <= TOP}
        return self._built(int(rows[0]), int(rows[-1])) if len(rows) and self._parts else NOTHING

    def _filled_rows(self) -> pl.Series:
        return pl.concat(self._rows).unique().sort() if self._rows else pl.Series([], dtype=pl.Int32)

    def _built(self, first: int, last: int) -> Area:
        left, right = min(self._parts), max(self._parts)
        build = _Builder(first, last)
        columns = tuple(build.column(self._parts.pop(i, [])) for i in range(left, right + 1))
        return Area(first, left, build.height, columns)

    def _check_area(self, rows: int) -> None:
        most = self._limits.memory_bytes // 2 // CELL_BYTES
        columns = max(self._parts) - min(self._parts) + 1
        if rows * columns > most:
            raise over_limit(
                f"数据区域不得超过{most}个单元格，现为{rows}行{columns}列",
                f"at most {most} cells in the area that holds data, which has {rows} rows and {columns} columns",
            )


def _lean(part: pl.DataFrame) -> pl.DataFrame:
    """A column's cells without the kinds of value that none of them has: most columns have one kind."""
    series = [part[name] for name in VALUES]
    return pl.DataFrame([part["row"], *(values for values in series if values.null_count() < len(values))])


class _Builder:
    """Makes dense columns of one height; blank series are shared, for most columns have two of them."""

    def __init__(self, first: int, last: int) -> None:
        self._first = first
        self.height = last - first + 1
        self._blank = {
            "text": pl.Series([None], dtype=pl.String).new_from_index(0, self.height),
            "number": pl.Series([None], dtype=pl.Float64).new_from_index(0, self.height),
            "moment": pl.Series([None], dtype=MOMENT).new_from_index(0, self.height),
        }

    def column(self, parts: Sequence[pl.DataFrame]) -> RawColumn:
        """One dense column of the cells in `parts`."""
        if not parts:
            return RawColumn(**self._blank)
        cells = pl.concat(parts, how="diagonal")
        outside = ~cells["row"].is_between(self._first, self._first + self.height - 1)
        if outside.any():
            cells = cells.filter(~outside)
        places = (cells["row"] - self._first).cast(pl.UInt32)
        return RawColumn(
            **{
                name: self._dense(cells[name], places, blank) if name in cells.columns else blank
                for name, blank in self._blank.items()
            }
        )

    def _dense(self, values: pl.Series, places: pl.Series, blank: pl.Series) -> pl.Series:
        if values.null_count() == len(values):
            return blank
        if len(values) == self.height and places[0] == 0 and (places.diff().drop_nulls() == 1).all():
            return values.rechunk()
        return blank.clone().scatter(places, values)
