"""Cells of a sheet, block by block -> dense raw columns over the rows and columns that hold anything, under the limits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import polars as pl

from validation.limits import MOST_ROWS, OTHER_ROWS, Limits
from validation.raw import RawColumn
from validation.reading.columns import MOMENT, check_text
from validation.reading.refusals import over_limit
from validation.reading.xlsx_blocks import column_index
from validation.reading.xlsx_cells import ERROR, TEXT

#: Bytes that one cell of a dense column takes.
CELL_BYTES = 16
VALUES = ("text", "number", "moment")

# A formula whose result is empty text was calculated; one without any value was not.
_WAITING = pl.col("formula") & pl.col("value").is_null() & (pl.col("kind") != TEXT)
_ERRORS = pl.col("kind") == ERROR
_FILLED = pl.col("value").is_not_null() | _WAITING | _ERRORS
_SIZE = pl.col("text").str.len_bytes().cast(pl.UInt64).sum().alias("size")


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

    def add(self, frame: pl.DataFrame) -> None:
        """The cells of one block, as `cells_of` gives them."""
        size, noted, held = frame.select(_SIZE, (_ERRORS | _WAITING).any(), _FILLED.all()).row(0)
        if noted:
            self._note(frame.filter(_ERRORS), frame.filter(_WAITING))
        if not held:
            frame = frame.filter(_FILLED)
        rows = frame["row"].unique()
        self._rows.append(rows)
        self._count += len(rows)
        self._text += size
        check_text(self._text, self._limits)
        if self._count > 2 * (self._limits.rows + OTHER_ROWS):
            raise self._too_many_rows()
        for part in frame.partition_by("letters") if frame.height else ():
            self._parts[self._index(part["letters"][0])].append(_lean(part))

    def _index(self, letters: str) -> int:
        index = column_index(letters)
        if index >= self._limits.columns:
            most = self._limits.columns
            raise over_limit(f"列数不得超过{most}列", f"at most {most} columns")
        return index

    def _too_many_rows(self) -> Exception:
        return over_limit(f"数据行不得超过{self._limits.rows}行", f"at most {self._limits.rows} rows of data")

    def _note(self, errors: pl.DataFrame, waiting: pl.DataFrame) -> None:
        for letters, row, value in errors.select("letters", "row", "value").iter_rows():
            self.errors[row, column_index(letters)] = value or "#VALUE!"
        for letters, row in waiting.select("letters", "row").iter_rows():
            self.uncalculated.add((row, column_index(letters)))

    def columns(self) -> tuple[int, int, int, tuple[RawColumn, ...]]:
        """(first row, first column, height, columns) of the rectangle that holds all cells."""
        rows = pl.concat(self._rows).unique().sort() if self._rows else pl.Series([], dtype=pl.Int32)
        if len(rows) > self._limits.rows + OTHER_ROWS:
            raise self._too_many_rows()
        if not len(rows):
            return 1, 0, 0, ()
        first, last = int(rows[0]), int(rows[-1])
        if last > MOST_ROWS:
            raise over_limit(f"工作表不得超过{MOST_ROWS}行", f"at most {MOST_ROWS} rows in a sheet")
        left, right = min(self._parts), max(self._parts)
        self._check_area((last - first + 1) * (right - left + 1))
        build = _Builder(first, last)
        return (
            first,
            left,
            build.height,
            tuple(build.column(self._parts.pop(i, [])) for i in range(left, right + 1)),
        )

    def _check_area(self, cells: int) -> None:
        most = self._limits.memory_bytes // 2 // CELL_BYTES
        if cells > most:
            raise over_limit(
                f"数据区域不得超过{most}个单元格", f"at most {most} cells in the area that holds data"
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
