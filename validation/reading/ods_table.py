"""One table of an OpenDocument file as it streams by: rows, cells and their repeats, spans, errors and formats."""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

import polars as pl

from validation.limits import MOST_ROWS, OTHER_ROWS, Limits
from validation.raw import FORMATS, Formats, Merged, RefusedFileError, address
from validation.reading.allowance import Allowance
from validation.reading.columns import Gatherer, check_text
from validation.reading.ods_values import TABLE, TEXT, Content, Value, content_of
from validation.reading.refusals import damaged, over_limit

_CELLS = frozenset({f"{TABLE} table-cell", f"{TABLE} covered-table-cell"})
_ROW, _PARAGRAPH, _SPACES = f"{TABLE} table-row", f"{TEXT} p", f"{TEXT} s"
_BREAKS = {f"{TEXT} tab": "\t", f"{TEXT} line-break": "\n"}
_ROWS_REPEATED, _COLUMNS_REPEATED = f"{TABLE} number-rows-repeated", f"{TABLE} number-columns-repeated"
_ROWS_SPANNED, _COLUMNS_SPANNED = f"{TABLE} number-rows-spanned", f"{TABLE} number-columns-spanned"
_VISIBILITY = f"{TABLE} visibility"
#: Rows taken between two looks at the allowance.
ROWS_BETWEEN = 1_000


class _Fact(NamedTuple):
    """Facts of cells beside their values, of so many from a column on."""

    column: int
    repeat: int
    content: Content


class _Stretch(NamedTuple):
    """Rows of a column with one number format: the first of them, and how many there are."""

    row: int
    rows: int
    format: str


_STRETCHES = pl.Schema({"row": pl.Int32(), "rows": pl.Int32(), "format": pl.String()})


class Table:
    """`rows` holds the cells from A1 on. Rows are 1-based, columns 0-based. Once something refuses the table, which
    `refusal` tells, nothing more of it is taken."""

    def __init__(self, name: str, style: str, limits: Limits, allowance: Allowance) -> None:
        self.name, self.style, self.limits, self.allowance = name, style, limits, allowance
        self.rows = Gatherer()
        self.merged: list[Merged] = []
        self.hidden_rows: set[int] = set()
        self.errors: dict[tuple[int, int], str] = {}
        self.uncalculated: set[tuple[int, int]] = set()
        self.refusal: RefusedFileError | None = None
        self._formats: dict[int, list[_Stretch]] = defaultdict(list)
        self._row = 0
        self._area = 0
        self._held = 0
        self._repeat, self._hidden = 1, False
        self._cells: list[Value] = []
        self._facts: list[_Fact] = []
        self._column = 0
        self._attributes: dict[str, str] = {}
        self._paragraphs: list[str] = []
        self._in_text = 0

    def formats(self) -> Formats:
        """Formats of the cells whose display differs from their value."""
        codes = {column: {cells.format for cells in stretches} for column, stretches in self._formats.items()}
        return Formats(codes, self._formatted)

    def _formatted(self, column: int) -> pl.DataFrame:
        cells = pl.DataFrame(self._formats[column], schema=_STRETCHES, orient="row")
        each = cells.select(pl.int_ranges("row", pl.col("row") + pl.col("rows"), dtype=pl.Int32), "format")
        return each.explode("row").select(FORMATS.names())

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins inside the table."""
        if name in _CELLS:
            self._attributes, self._paragraphs = attributes, []
        elif name == _ROW:
            self._repeat = self._count(attributes, _ROWS_REPEATED)
            self._hidden = attributes.get(_VISIBILITY) in ("collapse", "filter")
            self._cells, self._facts, self._column = [], [], 0
        elif name == _PARAGRAPH:
            self._paragraphs.append("")
            self._in_text += 1
        elif self._in_text:
            self.characters(self._special(name, attributes))

    def _special(self, name: str, attributes: dict[str, str]) -> str:
        if name == _SPACES:
            return " " * min(self._count(attributes, f"{TEXT} c"), self.limits.cell_characters)
        return _BREAKS.get(name, "")

    def end(self, name: str) -> None:
        """An element ends inside the table."""
        if name in _CELLS:
            self._end_cell()
        elif name == _ROW:
            self._end_row()
        elif name == _PARAGRAPH:
            self._in_text -= 1

    def characters(self, text: str) -> None:
        """Text of the cell at hand."""
        if self._in_text:
            self._paragraphs[-1] += text

    def _end_cell(self) -> None:
        repeat = self._count(self._attributes, _COLUMNS_REPEATED)
        content = content_of(self._attributes, "\n".join(self._paragraphs) if self._paragraphs else None)
        if not content.is_blank and self.refusal is None:
            if self._column + repeat > self.limits.columns:
                self._refuse(self._too_wide(repeat))
                return
            self._cells += [None] * (self._column - len(self._cells)) + [content.value] * repeat
            if not content.is_plain:
                self._facts.append(_Fact(self._column, repeat, content))
        self._note_span(self._attributes)
        self._column += repeat

    def _too_wide(self, repeat: int) -> RefusedFileError:
        most, number = self.limits.columns, self._column + repeat
        at = address(self._row + 1, number - 1)
        return over_limit(
            f"列数不得超过{most}列，单元格{at}在第{number}列",
            f"at most {most} columns, and cell {at} is in column {number}",
        )

    def _refuse(self, refusal: RefusedFileError) -> None:
        self.refusal = self.refusal or refusal

    def _note_span(self, attributes: dict[str, str]) -> None:
        down, right = self._count(attributes, _ROWS_SPANNED), self._count(attributes, _COLUMNS_SPANNED)
        if (down > 1 or right > 1) and self.refusal is None:
            row, column = self._row + 1, self._column
            self.merged.append(Merged(row, column, row + down - 1, column + right - 1))

    def _end_row(self) -> None:
        if self._cells and self.refusal is None:
            self._take()
        self._row += self._repeat

    def _take(self) -> None:
        """Keep a filled row with the blank ones before it. What its repeats would hold is counted before they are
        made."""
        if self._repeat > 1 or self.rows.height % ROWS_BETWEEN == 0:
            self.allowance.check()
        self._area += self._repeat * len(self._cells)
        self._held += self._repeat * sum(len(cell) for cell in self._cells if isinstance(cell, str))
        refusal = self._over()
        if refusal is not None:
            self._refuse(refusal)
            return
        for _ in range(self._row - self.rows.height):
            self.rows.add(())
        for _ in range(self._repeat):
            self.rows.add(self._cells)
        if self._hidden:
            self.hidden_rows.update(range(self._row + 1, self._row + 1 + self._repeat))
        self._take_notes()

    def _over(self) -> RefusedFileError | None:
        last, most = self._row + self._repeat, self.limits.rows
        if last > MOST_ROWS:
            return over_limit(
                f"行数不得超过{MOST_ROWS}行，现有{last}行",
                f"at most {MOST_ROWS} rows, and there are {last}",
            )
        if self._area > (most + OTHER_ROWS) * self.limits.columns:
            return over_limit(
                f"数据行不得超过{most}行，至第{last}行已有{self._area}个单元格",
                f"at most {most} rows of data, and down to row {last} there are {self._area} cells",
            )
        check_text(self._held, self.limits)
        return None

    def _take_notes(self) -> None:
        """Record the facts of the row's cells beside their values, for each of the rows that repeat it."""
        faults = []
        for fact in self._facts:
            code = fact.content.format
            if code is None:
                faults.append(fact)
                continue
            for column in range(fact.column, fact.column + fact.repeat):
                self._formats[column].append(_Stretch(self._row + 1, self._repeat, code))
        for row in range(self._row + 1, self._row + 1 + self._repeat) if faults else ():
            if row % ROWS_BETWEEN == 0:
                self.allowance.check()
            for fact in faults:
                self._note(fact, row)

    def _note(self, fact: _Fact, row: int) -> None:
        """An error, or a formula without a result, for each of the columns that repeat it."""
        places = [(row, column) for column in range(fact.column, fact.column + fact.repeat)]
        if fact.content.error is not None:
            self.errors.update(dict.fromkeys(places, fact.content.error))
        else:
            self.uncalculated.update(places)

    def _count(self, attributes: dict[str, str], name: str) -> int:
        """The count in an attribute, 1 without one; a broken one leaves open where all that follows stands."""
        written = attributes.get(name)
        if written is None:
            return 1
        if written.isascii() and written.isdigit() and len(written) < 10:
            return max(1, int(written))
        row = self._row + 1
        self._refuse(damaged(f"第{row}行的重复次数有误", f"a count in row {row} is broken"))
        return 1
