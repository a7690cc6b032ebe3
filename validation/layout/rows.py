"""What each row below the header is: data, or skipped with its kind; over whole columns first, odd rows one by one."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import polars as pl

from validation.codelists.fold import fold
from validation.forms.form import Form
from validation.layout.below import Below, counted, cut
from validation.layout.filled_down import filled_down
from validation.layout.grid import rows_texts
from validation.layout.odd_rows import LEAD_HINT, NOTHING_HINT, TOTAL_COLUMNS, TOTAL_HINT, OddRows
from validation.layout.sections import Section
from validation.layout.thin_rows import ThinRows
from validation.limits import BLANK_ROWS
from validation.raw import RawSheet
from validation.table import Span

#: Rows after the header, or after a repeat of it, that may hold column numbers.
NEXT_ROWS = 3


@dataclass(slots=True)
class Rows:
    """`data` are the spreadsheet rows of data (Int32), `kinds` row -> kind of those skipped below the header,
    `gaps` the long stretches of blank ones, first and last row, `totals` row -> mark of a total row that is to be
    compared, `last` the last row read."""

    data: pl.Series
    last: int
    kinds: dict[int, str] = field(default_factory=dict)
    gaps: list[Span] = field(default_factory=list)
    totals: dict[int, str] = field(default_factory=dict)


def classify(
    sheet: RawSheet, section: Section, form: Form, sample: Mapping[int, str], *, is_last: bool
) -> Rows:
    """Sort the rows below a header. `sample` is the template's sample row, 0-based column -> text. Of the sheet's
    last table blank rows at the end are not read."""
    unreadable = [row for row in sheet.unreadable if section.header.bottom < row <= section.last]
    last = unreadable[0] - 1 if unreadable else section.last
    below = Below(sheet, section.header, form, last)
    empty = (below.filled == 0).arg_true()
    beside = empty.filter(below.beside(empty))
    if is_last and not unreadable and (height := _height(below, beside)) < below.height:
        last = section.header.bottom + height
        below = Below(sheet, section.header, form, last)
        empty = empty.filter(empty < height)
    thin = (~below.full & (below.filled > 0)).arg_true()
    rows = Rows(below.rows(), max([last, *unreadable]), filled_down(below, thin))
    rows.kinds |= dict.fromkeys(unreadable, "unreadable")
    _blank(rows, below.first, empty.filter(~empty.is_in(beside.implode())))
    _judge(rows, _Scene(sheet, section, form, sample, below), {*below.at(thin), *below.at(beside)})
    return _without_skipped(rows)


def _without_skipped(rows: Rows) -> Rows:
    if rows.kinds:
        skipped = pl.Series(list(rows.kinds), dtype=pl.Int32)
        rows.data = rows.data.filter(~rows.data.is_in(skipped.implode()))
    for first, last in rows.gaps:
        rows.data = rows.data.filter(~rows.data.is_between(first, last))
    return rows


def passed_by(sheet: RawSheet, section: Section, *, is_last: bool) -> Rows:
    """The rows below the header of another collection's table: none is data."""
    offset = section.header.bottom + 1 - sheet.first_row
    height = section.last - section.header.bottom
    counts = counted((cut(column, offset, height) for column in sheet.columns), height)
    filled = (counts > 0).arg_true()
    if is_last:
        height = int(filled[-1]) + 1 if len(filled) else 0
    first = section.header.bottom + 1
    rows = Rows(filled.clear(), section.header.bottom + height)
    rows.kinds = dict.fromkeys((filled.cast(pl.Int64) + first).to_list(), "tail")
    _blank(rows, first, (counts.head(height) == 0).arg_true())
    return rows


def _height(below: Below, beside: pl.Series) -> int:
    """Rows down to the last one that holds anything of the form, or a word beside it."""
    filled = (below.filled > 0).arg_true()
    return max(int(rows[-1]) + 1 if len(rows) else 0 for rows in (filled, beside))


def _blank(kept: Rows, first_row: int, blank: pl.Series) -> None:
    """Note blank rows, long stretches of them as such: there may be a million."""
    rows = blank.cast(pl.Int64) + first_row
    starts = (rows.diff() != 1).fill_null(value=True).arg_true()
    for start, length in zip(starts, _lengths(starts, len(rows)), strict=True):
        first = int(rows[start])
        if length > BLANK_ROWS:
            kept.gaps.append((first, first + length - 1))
        else:
            kept.kinds.update(dict.fromkeys(range(first, first + length), "blank"))


def _lengths(starts: pl.Series, end: int) -> list[int]:
    marks = [*starts, end]
    return [later - earlier for earlier, later in zip(marks, marks[1:], strict=False)]


class _Scene(NamedTuple):
    """What a row is looked at in."""

    sheet: RawSheet
    section: Section
    form: Form
    sample: Mapping[int, str]
    below: Below


def _judge(kept: Rows, scene: _Scene, thin: set[int]) -> None:
    """Note the kinds of the rows that are not data, looked at one by one in their order: by their words, and those
    that hold little by what stands around them."""
    repeated = scene.section.repeated
    odd = OddRows(scene.sheet, scene.section.grid, scene.section.header, scene.form, scene.sample)
    thin -= set(kept.kinds)
    rows = sorted(_candidates(scene) | thin | repeated)
    cells = {row: folded(texts) for row, texts in zip(rows, rows_texts(scene.sheet, rows), strict=True)}
    for row in rows:
        kind = odd.repeated() if row in repeated else odd.kind(cells[row])
        if kind is not None:
            kept.kinds[row] = kind
        if kind == "total":
            kept.totals[row] = odd.mark(cells[row])
    if thin:
        _judge_thin(kept, scene, {row: cells[row] for row in rows if row in thin})


def _judge_thin(kept: Rows, scene: _Scene, cells: Mapping[int, Mapping[int, str]]) -> None:
    records = [row for row in scene.below.numbers(scene.below.full) if row not in kept.kinds]
    headers = sorted(row for row, kind in kept.kinds.items() if kind == "repeated_header")
    thin = ThinRows(scene.below, scene.form, scene.sheet.first_column, records, headers)
    for row in cells:
        kind = thin.kind(row, cells[row], kept.kinds.get(row))
        if kind is not None:
            kept.kinds[row] = kind


def folded(cells: list[str]) -> dict[int, str]:
    """Offset -> folded text of the cells that hold something."""
    return {j: text for j, text in enumerate(map(fold, cells)) if text}


def _candidates(scene: _Scene) -> set[int]:
    """Rows worth a look: those that follow a header, and those with a telling text."""
    below = scene.below
    rows = set(below.numbers(_hinted(below)))
    repeats = _repeats(below, scene.sheet, scene.section) | scene.section.repeated
    for position, text in scene.sample.items():
        repeats |= set(below.numbers(below.columns[position - scene.sheet.first_column].text == text))
        break
    if below.key is not None:
        rows |= set(below.numbers(below.key.text.str.contains(NOTHING_HINT)))
    filled = (below.filled > 0).arg_true()
    return rows | repeats | _following(below, filled, repeats) | set(below.at(filled.head(NEXT_ROWS)))


def _hinted(below: Below) -> pl.Series:
    """True where a text at the beginning of a row suggests that the row is no data."""
    texts = {f"total_{at}": column.text for at, column in enumerate(below.columns[:TOTAL_COLUMNS])}
    lead = pl.col("lead")
    hints = [lead.str.contains(LEAD_HINT)]
    hints += [pl.col(name).str.contains(TOTAL_HINT) for name in texts]
    return pl.DataFrame({"lead": below.lead, **texts}).select(pl.any_horizontal(hints)).to_series()


def _repeats(below: Below, sheet: RawSheet, section: Section) -> set[int]:
    """Rows in which a title, or the first text of a row above the header, stands again at its place."""
    grid, header, rows = section.grid, section.header, set[int]()
    for number in range(grid.first_row, header.bottom + 1):
        filled = [j for j, text in enumerate(grid.row(number)) if text]
        for j in filled[:3] if number >= header.top else filled[:1]:
            written = sheet.columns[j].text[number - sheet.first_row]
            if written is not None:
                rows |= set(below.numbers(below.columns[j].text == written))
    return rows


def _following(below: Below, filled: pl.Series, repeats: Collection[int]) -> set[int]:
    """The next filled rows after each repeated header."""
    if not repeats:
        return set()
    numbers = below.at(filled)
    return {
        row
        for at, number in enumerate(numbers)
        if number in repeats
        for row in numbers[at + 1 : at + 1 + NEXT_ROWS]
    }
