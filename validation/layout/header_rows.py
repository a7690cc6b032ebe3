"""Which rows of a sheet are a header: those whose titles mean the most fields, with the levels above and below them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from validation.layout.grid import Grid
from validation.layout.header import Header, is_strong, keys_in, mapped
from validation.layout.statements import is_label
from validation.layout.title_parts import is_dash, is_row_number, unit_alone
from validation.layout.titles import Known, Titles
from validation.raw import Merged

#: Levels of titles above one another.
LEVELS = 3
#: Fewer known titles than this are chance: a note or a summary may hold two.
LEAST_TITLES = 3

#: A row of so many texts may be the header of a table that needs no second thought.
WIDE = 6
#: Figures, dates and most codes are no titles.
_WORD = re.compile(r"[\u3400-\u9fff]|[A-Za-z]{3}")

#: A code, a figure or a date.
_VALUE = re.compile(r"[\x21-\x7e]*[0-9][\x21-\x7e]*")
_UNIT_WORDS = frozenset({"单位", "计量单位", "单位：", "计量单位："})

LookUp = Callable[[str], Known | None]


class Rows(NamedTuple):
    """Rows that may be a header, and the fields that their titles mean."""

    top: int
    bottom: int
    keys: set[str]


def find_header(
    grid: Grid, titles: Titles, *, until: int | None = None, least_words: int = WIDE
) -> Header | None:
    """The sheet's first header, in the rows until one of them; None where no row has LEAST_TITLES known titles. What
    people add to titles is thought of in rows of `least_words` texts."""
    rows = best_rows(grid, titles, until=until, least_words=least_words)
    if rows is None or len(rows.keys) < LEAST_TITLES:
        return None
    return _completed(grid, rows.top, rows.bottom, titles)


def best_rows(grid: Grid, titles: Titles, *, until: int | None = None, least_words: int = 1) -> Rows | None:
    """The rows that come closest to a header; None where no title is known."""
    last = grid.last_row if until is None else until
    rows = _first_header(grid, range(grid.first_row, last + 1), titles, least_words)
    if rows is None or len(_words(grid, rows.top)) < least_words:
        return rows
    return _widened(grid, rows, titles)


def header_around(grid: Grid, row: int, titles: Titles) -> Header:
    """The header that a row of the grid belongs to."""
    rows = _widened(grid, Rows(row, row, keys_in(grid, row, row, titles)), titles)
    return _completed(grid, rows.top, rows.bottom, titles)


def _widened(grid: Grid, row: Rows, titles: Titles) -> Rows:
    """With the rows around one row that make its titles mean more; where all of them are known none can."""
    texts = [text for text in grid.row(row.top) if not is_row_number(text)]
    if len(row.keys) == len(texts):
        return row
    spans = _windows(row.top, _without_values(grid, row.top))
    windows = (Rows(top, bottom, keys_in(grid, top, bottom, titles)) for top, bottom in spans)
    return max((row, *windows), key=lambda rows: len(rows.keys))


def _without_values(grid: Grid, row: int) -> range:
    """The rows around one row that may be its other levels: records, whose cells hold values, end them."""
    first, last = row, row
    while first > grid.first_row and row - first < LEVELS and not _holds_values(grid.row(first - 1)):
        first -= 1
    while last < grid.last_row and last - row < LEVELS and not _holds_values(grid.row(last + 1)):
        last += 1
    return range(first, last + 1)


def _holds_values(texts: list[str]) -> bool:
    return any(_VALUE.fullmatch(text) for text in texts)


def _first_header(grid: Grid, numbers: range, titles: Titles, least_words: int) -> Rows | None:
    """Titles are mostly spelled as the form spells them, so what people add to them is thought of last: where no
    row is a header so, and for the rows above that which is, for they would be lost."""
    rows = _first(_rows(grid, numbers, titles, titles.as_written), titles)
    strong = rows is not None and is_strong(rows.keys, titles.form)
    above = range(numbers.start, rows.top) if rows is not None and strong else numbers
    wide = [row for row in above if len(_words(grid, row)) >= (LEAST_TITLES if strong else least_words)]
    more = _rows(grid, wide, titles, titles.look_up)
    return _first([*more, *([rows] if rows is not None else [])], titles)


def _rows(grid: Grid, numbers: Iterable[int], titles: Titles, look_up: LookUp) -> list[Rows]:
    """The rows down to the first one with so many titles that no other can be the header."""
    rows = []
    for row in numbers:
        rows.append(Rows(row, row, _known(grid, row, titles, look_up)))
        if 2 * len(rows[-1].keys) >= len(titles.form.columns):
            break
    return rows


def _first(rows: list[Rows], titles: Titles) -> Rows | None:
    """The row with the most known titles, unless one above it is a header too: a second table may be wider."""
    most = max(rows, key=lambda row: len(row.keys), default=None)
    if most is None or not most.keys:
        return None
    least = max(LEAST_TITLES, len(most.keys) / 2)
    headers = (row for row in rows if len(row.keys) >= least and is_strong(row.keys, titles.form))
    return next(headers, most)


def _known(grid: Grid, row: int, titles: Titles, look_up: LookUp) -> set[str]:
    """The fields that are meant by titles in one row."""
    known = (titles.recall(text) or look_up(text) for text in _words(grid, row))
    return {meant.key for meant in known if meant is not None and meant.key is not None}


def _words(grid: Grid, row: int) -> set[str]:
    """The texts of one row that may be titles."""
    i = row - grid.first_row
    return {text for j, text in enumerate(grid.texts[i]) if (i, j) not in grid.spread and _WORD.search(text)}


def header_at(grid: Grid, bottom: int, titles: Titles) -> Header:
    """The header that ends with row `bottom` of the grid, with its parents, whatever its titles."""
    return mapped(grid, min(_tops(grid, bottom, bottom)), bottom, titles)


def _windows(row: int, rows: range) -> Iterator[tuple[int, int]]:
    """Spans of two and three rows around one, for headers whose levels are not merged, as in delimited text."""
    for height in range(2, LEVELS + 1):
        for top in range(row - height + 1, row + 1):
            if top in rows and top + height - 1 in rows:
                yield top, top + height - 1


def _completed(grid: Grid, top: int, bottom: int, titles: Titles) -> Header:
    """The header with its lower levels and its parents, which no title may have needed to be known."""
    bottom = _lower_end(grid, top, bottom, titles)
    if bottom < grid.last_row and _is_units(grid.row(bottom + 1)):
        bottom += 1
    return mapped(grid, min([*_tops(grid, top, bottom), top]), bottom, titles)


def _is_units(texts: list[str]) -> bool:
    """Whether a row names units of measure and nothing else: 个, 台, 万元 below the titles."""
    filled = [text for text in texts if not is_dash(text)]
    units = {named for text in filled if (named := unit_alone(text))}
    return len(units) > 1 and all(unit_alone(text) or text in _UNIT_WORDS for text in filled)


def _lower_end(grid: Grid, top: int, bottom: int, titles: Titles) -> int:
    """The lowest row that merged titles reach down to. One that ends there and is no title, such as a note beside
    the first records, makes no header of them: the titles above these would mean nothing with them."""
    ends = {
        area.last_row
        for area in grid.merged
        if area.first_row in range(top, bottom + 1)
        and bottom < area.last_row <= min(top + LEVELS - 1, grid.last_row)
    }
    known = keys_in(grid, top, bottom, titles) if ends else set()
    lower = (end for end in sorted(ends, reverse=True) if keys_in(grid, top, end, titles) >= known)
    return next(lower, bottom)


def _tops(grid: Grid, top: int, bottom: int) -> Iterator[int]:
    """The row itself, then the rows above it while they are parents of its titles."""
    yield top
    for row in range(top - 1, max(grid.first_row, bottom - LEVELS + 1) - 1, -1):
        if not _is_parent(grid, row, bottom):
            return
        yield row


def _is_parent(grid: Grid, row: int, bottom: int) -> bool:
    """Whether a row's titles stand over others: ranges merged downwards to them, or rightwards over some of them.
    A range that reaches below the header or over most of the columns is a note or the title of the sheet."""
    beside = [area for area in grid.merged if area.first_row <= row <= area.last_row]
    texts = list(_without(grid, row, [area for area in beside if area.last_row > bottom]))
    if len({text for text in texts if text}) < 2 or any(is_label(text) for text in texts):
        return False
    return any(
        area.last_row <= bottom
        and (area.last_row > row or area.last_column > area.first_column)
        and 3 * (area.last_column - area.first_column + 1) < 2 * len(texts)
        for area in beside
    )


def _without(grid: Grid, row: int, notes: list[Merged]) -> Iterator[str]:
    """A row's texts, but for those of some merged ranges."""
    for j, text in enumerate(grid.row(row)):
        position = grid.first_column + j
        if not any(area.first_column <= position <= area.last_column for area in notes):
            yield text
