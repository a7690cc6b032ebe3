"""CSV and TSV: delimiter and records of delimited text; everything in it is text."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice

import polars as pl

from validation.limits import MOST_ROWS, Limits
from validation.raw import RawColumn, RawSheet, Workbook
from validation.reading.allowance import Allowance
from validation.reading.columns import Gatherer
from validation.reading.decoding import decoded
from validation.reading.quotes import is_unclosed
from validation.reading.refusals import over_limit

#: Records taken at a time.
STRETCH = 1_000
DELIMITERS = (",", "\t", ";")
#: Lines looked at to tell the delimiter.
SAMPLE_LINES = 60
_SEPARATOR_LINE = re.compile(r'\A"?sep=(.)"?(?:\r\n|\r|\n|\Z)', re.IGNORECASE)
#: What DOS puts at the end of a text, and so between texts that were put together, alone in its line.
_END_OF_FILE = re.compile(r"(?<![^\r\n])\x1a(?![^\r\n])")
#: A text as a formula, so that spreadsheet programs leave its digits alone.
_AS_FORMULA = r'(?s)^="(.*)"$'


def read_delimited(data: bytes, *, filename: str, limits: Limits, allowance: Allowance) -> Workbook:
    """One sheet of text cells, named after nothing; each record is one spreadsheet row as Excel shows it. From a
    quote on that is never closed rows are unreadable."""
    text = decoded(data)
    delimiter, skipped, text = _delimiter(_END_OF_FILE.sub("", text) if "\x1a" in text else text)
    gathered = Gatherer()
    records = _Records(text, delimiter, 1 + skipped, limits)
    for rows in _stretches(iter(records)):
        allowance.check()
        for row in rows:
            gathered.add(row)
    if records.unreadable:
        for _ in range(records.unreadable.stop - 1 - skipped - gathered.height):
            gathered.add(())
    sheet = RawSheet(
        name="CSV" if delimiter != "\t" else "TSV",
        hidden=False,
        first_row=1 + skipped,
        first_column=0,
        height=gathered.height,
        columns=tuple(map(_unwrapped, gathered.columns())),
        unreadable=records.unreadable,
    )
    return Workbook(format="tsv" if delimiter == "\t" else "csv", sheets=(sheet,))


def _delimiter(text: str) -> tuple[str, int, str]:
    """(delimiter, lines taken by a sep= line, the text after it)."""
    match = _SEPARATOR_LINE.match(text)
    if match:
        return match[1], 1, text[match.end() :]
    sample = "\n".join(islice(iter(text[:200_000].splitlines()), SAMPLE_LINES))
    counts = Counter(re.sub(r'"[^"]*"', "", sample))
    return max(DELIMITERS, key=lambda delimiter: counts[delimiter]), 0, text


class _Lines:
    """The lines of a text with their ends; `taken` are those of the record at hand."""

    def __init__(self, text: str) -> None:
        self._lines = io.StringIO(text, newline="")
        self.taken: list[str] = []
        self.is_ended = False

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._lines.readline()
        if not line:
            self.is_ended = True
            raise StopIteration
        self.taken.append(line)
        return line

    def left(self) -> int:
        """How many there are from the record at hand on."""
        return len(self.taken) + sum(1 for _ in self._lines)


class _Records:
    """The records of a text, row by row from `first_row` on; `unreadable` are the rows from an unclosed quote on."""

    def __init__(self, text: str, delimiter: str, first_row: int, limits: Limits) -> None:
        self._lines = _Lines(text.rstrip("\r\n"))
        self._delimiter, self._limits = delimiter, limits
        self._row, self._width = first_row, 0
        self.unreadable = range(0)

    def __iter__(self) -> Iterator[list[str]]:
        lines, most = self._lines, self._limits.columns
        try:
            for record in csv.reader(lines, delimiter=self._delimiter):
                if (len(lines.taken) > 1 or lines.is_ended) and self._is_unclosed():
                    self._leave_rest()
                    return
                lines.taken = []
                if len(record) > self._width:
                    self._check_width(record)
                if self._row > MOST_ROWS:
                    raise self._too_many_rows()
                yield record if len(record) <= most else record[:most]
                self._row += 1
        except csv.Error:  # a cell of more than 131 072 characters
            if not self._is_unclosed():
                raise self._too_long() from None
            self._leave_rest()

    def _leave_rest(self) -> None:
        first = self._row
        self._row += self._lines.left()
        if self._row - 1 > MOST_ROWS:
            raise self._too_many_rows()
        self.unreadable = range(first, self._row)

    def _is_unclosed(self) -> bool:
        return is_unclosed(self._lines.taken, self._delimiter, self._width)

    def _too_many_rows(self) -> Exception:
        return over_limit(
            f"行数不得超过{MOST_ROWS}行，至少有{self._row}行",
            f"at most {MOST_ROWS} rows, and there are {self._row} or more",
        )

    def _too_long(self) -> Exception:
        most = self._limits.cell_characters
        return over_limit(
            f"单元格不得超过{most}个字符，第{self._row}行有更长的",
            f"at most {most} characters in a cell, and row {self._row} has a longer one",
        )

    def _check_width(self, record: list[str]) -> None:
        """Notes how wide records are; file.E004 where something stands beyond the columns that are allowed."""
        width, most = _filled_width(record), self._limits.columns
        if width > most:
            raise over_limit(
                f"列数不得超过{most}列，第{self._row}行有{width}列",
                f"at most {most} columns, and row {self._row} has {width}",
            )
        self._width = max(self._width, width)


def _filled_width(row: list[str]) -> int:
    return next((at for at in range(len(row), 0, -1) if row[at - 1]), 0)


def _stretches(records: Iterator[list[str]]) -> Iterator[list[list[str]]]:
    """Records in stretches that end with a filled one; blank ones at the end are left out."""
    stretch: list[list[str]] = []
    for record in records:
        stretch.append(record)
        if len(stretch) >= STRETCH and any(record):
            yield stretch
            stretch = []
    while stretch and not any(stretch[-1]):
        stretch.pop()
    yield stretch


def _unwrapped(column: RawColumn) -> RawColumn:
    """Texts written as ="9132…" as what they say."""
    wrapped = column.text.str.starts_with('="').fill_null(value=False)
    if not wrapped.any():
        return column
    inner = column.text.to_frame("text").select(
        pl.coalesce(
            pl.col("text").str.extract(_AS_FORMULA, 1).str.replace_all('""', '"', literal=True), "text"
        )
    )
    text = inner.to_series()
    return RawColumn(text.set(text == "", None), column.number, column.moment)
