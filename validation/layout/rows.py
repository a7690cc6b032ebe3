"""What each row below the header is: data, or skipped with its kind; over whole columns first, odd rows one by one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import reduce
from operator import and_

import polars as pl

from validation.codelists.fold import fold
from validation.layout.grid import Grid, held_parts, rows_texts
from validation.layout.header import Header
from validation.layout.odd_rows import LEAD_HINT, TOTAL_COLUMNS, TOTAL_HINT, OddRows
from validation.raw import RawColumn, RawSheet

_INVISIBLE = r"^(?:[\s\u00ad\u200b-\u200f\u2060\ufeff]|_x000[9AaDd]_)*$"
#: Rows after the header, or after a repeat of it, that may hold column numbers.
NEXT_ROWS = 3


@dataclass(slots=True)
class Rows:
    """`data` are the spreadsheet rows of data (Int32), `kinds` row -> kind of those skipped below the header,
    `totals` row -> mark of a total row, `last` the last row read."""

    data: pl.Series
    last: int
    kinds: dict[int, str] = field(default_factory=dict)
    totals: dict[int, str] = field(default_factory=dict)


class _Below:
    """The sheet below its header down to the last row that is read."""

    def __init__(self, sheet: RawSheet, header: Header) -> None:
        self.first = header.bottom + 1
        offset = self.first - sheet.first_row
        columns = [_cut(column, offset, None) for column in sheet.columns]
        counts = _counts(sheet, columns, self.first)
        height = _height_read(counts)
        self.columns = [_cut(column, 0, height) for column in columns]
        self.counts = counts.head(height)
        self.numbers = pl.Series(range(self.first, self.first + height), dtype=pl.Int32)

    def lead(self) -> pl.Series:
        """Text of each row's first filled cell; null where that is no text."""
        lead = pl.Series([None], dtype=pl.String).new_from_index(0, len(self.counts))
        for column in self.columns:
            others = [part.is_null() for part in held_parts(column) if part is not column.text]
            text = column.text.zip_with(reduce(and_, others), _other(lead)) if others else column.text
            lead = text if lead.null_count() == len(lead) else lead.zip_with(lead.is_not_null(), text)
            if lead.null_count() == 0:
                break
        return lead.set(lead == _OTHER, None)

    def rows(self, where: pl.Series) -> list[int]:
        """Row numbers where a condition holds; null does not."""
        return self.numbers.filter(where).to_list()


#: Stands in `lead` for a first cell that holds a number, a date or an error.
_OTHER = "\x00"


def _other(like: pl.Series) -> pl.Series:
    return pl.Series([_OTHER], dtype=pl.String).new_from_index(0, len(like))


def classify(sheet: RawSheet, grid: Grid, header: Header, sample: Mapping[int, str]) -> Rows:
    """Sort the rows below the header. `sample` is the template's sample row, 0-based column -> text."""
    below = _Below(sheet, header)
    found = Rows(below.numbers, header.bottom + len(below.numbers))
    found.kinds = dict.fromkeys(below.rows(below.counts == 0), "blank")
    candidates = _candidates(below, sheet, grid, header, sample)
    texts = dict(zip(candidates, rows_texts(sheet, candidates), strict=True))
    ended = _judge(found, OddRows(sheet, grid, header, sample), texts, below.first)
    if ended is not None:
        _close(
            found,
            OddRows(sheet, grid, header, sample),
            texts,
            below.rows((below.numbers > ended) & (below.counts > 0)),
        )
    found.kinds |= dict.fromkeys((row for row in sheet.unreadable if row >= below.first), "unreadable")
    if found.kinds:
        found.data = found.data.filter(~found.data.is_in(list(found.kinds)))
    return found


def _judge(found: Rows, odd: OddRows, texts: Mapping[int, list[str]], first: int) -> int | None:
    """Note the kinds of the rows that are not data; gives the row of the notes that end reading."""
    for row, cells in texts.items():
        kind = odd.kind(cells)
        if kind is not None:
            found.kinds[row] = kind
        if kind == "total":
            found.totals[row] = odd.mark(folded(cells))
        if kind == "note" and row - first > sum(1 for other in found.kinds if other < row):
            return row
    return None


def _close(found: Rows, odd: OddRows, texts: Mapping[int, list[str]], rows: list[int]) -> None:
    """Nothing below the notes is data; the filling-in block may stand there."""
    for row in rows:
        found.kinds[row] = "filling_block" if row in texts and odd.is_block(folded(texts[row])) else "tail"


def folded(cells: list[str]) -> dict[int, str]:
    """Offset -> folded text of the cells that hold something."""
    return {j: text for j, text in enumerate(map(fold, cells)) if text}


def _cut(column: RawColumn, offset: int, length: int | None) -> RawColumn:
    return RawColumn(
        column.text.slice(offset, length),
        column.number.slice(offset, length),
        column.moment.slice(offset, length),
    )


def _counts(sheet: RawSheet, columns: list[RawColumn], first: int) -> pl.Series:
    """Filled cells per row; errors and formulas without a result fill a cell too."""
    held = [part for column in columns for part in held_parts(column)]
    height = len(columns[0].text) if columns else 0
    counts = pl.Series([0], dtype=pl.Int32).new_from_index(0, height)
    if held:  # at most one of a cell's three values is there
        frame = pl.DataFrame([part.alias(str(number)) for number, part in enumerate(held)])
        counts = frame.select(pl.sum_horizontal(pl.all().is_not_null().cast(pl.Int32))).to_series()
    odd = (*(row for row, _ in (*sheet.errors, *sheet.uncalculated)), *sheet.unreadable)
    rows = [row - first for row in odd if row >= first]
    if rows:
        counts = counts.scatter(sorted(set(rows)), 1 + counts.gather(sorted(set(rows))))
    return counts


def _height_read(counts: pl.Series) -> int:
    """Rows down to the last filled one."""
    filled_rows = (counts > 0).arg_true()
    return int(filled_rows[-1]) + 1 if len(filled_rows) else 0


def _candidates(
    below: _Below, sheet: RawSheet, grid: Grid, header: Header, sample: Mapping[int, str]
) -> list[int]:
    """Rows worth a look, ascending: those that follow a header, and those with a telling text."""
    rows = set(below.rows(_hinted(below)))
    repeats = _repeats(below, sheet, grid, header)
    for position, text in sample.items():
        repeats |= set(below.rows(below.columns[position - sheet.first_column].text == text))
        break
    filled_rows = below.rows(below.counts > 0)
    rows |= repeats | _following(filled_rows, repeats) | set(filled_rows[:NEXT_ROWS])
    return sorted(rows)


def _hinted(below: _Below) -> pl.Series:
    """Where a text at the beginning of a row tells that it may be no data."""
    texts = {f"total_{at}": column.text for at, column in enumerate(below.columns[:TOTAL_COLUMNS])}
    lead = pl.col("lead")
    hints = [lead.str.contains(LEAD_HINT), lead.str.contains(_INVISIBLE)]
    hints += [pl.col(name).str.contains(TOTAL_HINT) for name in texts]
    return pl.DataFrame({"lead": below.lead(), **texts}).select(pl.any_horizontal(hints)).to_series()


def _repeats(below: _Below, sheet: RawSheet, grid: Grid, header: Header) -> set[int]:
    """Rows in which a title, or the first text of a row above the header, stands again at its place."""
    rows: set[int] = set()
    for number in range(grid.first_row, header.bottom + 1):
        texts = [(j, text) for j, text in enumerate(grid.row(number)) if text]
        for j, _ in texts[:3] if number >= header.top else texts[:1]:
            written = sheet.columns[j].text[number - sheet.first_row]
            if written is not None:
                rows |= set(below.rows(below.columns[j].text == written))
    return rows


def _following(filled_rows: list[int], repeats: set[int]) -> set[int]:
    if not repeats:
        return set()
    return {
        row
        for at, number in enumerate(filled_rows)
        if number in repeats
        for row in filled_rows[at + 1 : at + 1 + NEXT_ROWS]
    }
