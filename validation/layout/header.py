"""Which rows of a sheet are its header, and which of the form's columns its titles mean."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from validation.forms.form import Form, Need
from validation.layout.grid import Grid
from validation.layout.statements import is_label
from validation.layout.titles import Titles, is_generic, is_row_number, take_apart
from validation.table import MappedColumn

#: Levels of titles above one another.
LEVELS = 3
#: Fewer known titles than this are chance: a note or a summary may hold two.
LEAST_TITLES = 3


class Header(NamedTuple):
    """Rows `top` to `bottom` carry the titles; `columns` are the sheet's titled columns in order."""

    top: int
    bottom: int
    columns: tuple[MappedColumn, ...]
    #: positions (0-based) and keys of columns whose field an earlier column already means
    repeated: tuple[tuple[int, str], ...]

    @property
    def keys(self) -> set[str]:
        """Fields that have a column."""
        return {column.key for column in self.columns if column.key is not None}


class Reading(NamedTuple):
    """What one column's titles mean; of two claims to a field the stronger is right."""

    position: int
    title: str
    key: str | None
    how: str
    strength: int


def find_header(grid: Grid, titles: Titles) -> Header | None:
    """The header with the most known titles; None below LEAST_TITLES of them."""
    rows = range(grid.first_row, grid.last_row + 1)
    spans = [(row, row) for row in rows]
    known, (top, bottom) = _most_known(grid, spans, titles)
    more, window = _most_known(grid, _windows(top, rows), titles)
    if more > known:
        known, (top, bottom) = more, window
    return _completed(grid, top, bottom, titles) if known >= LEAST_TITLES else None


def _most_known(grid: Grid, spans: Iterable[tuple[int, int]], titles: Titles) -> tuple[int, tuple[int, int]]:
    """How many fields the titles of these rows mean, for the first span of rows that means the most."""
    counts = ((len(_known(grid, top, bottom, titles) - {None}), (top, bottom)) for top, bottom in spans)
    return max(counts, key=lambda count: count[0], default=(0, (0, 0)))


def _known(grid: Grid, top: int, bottom: int, titles: Titles) -> set[str | None]:
    """The fields that are meant by titles in these rows, as `_readings` has them."""
    if top < bottom:
        return {reading.key for reading in _readings(grid, top, bottom, titles)}
    i = top - grid.first_row
    texts = {text for j, text in enumerate(grid.texts[i]) if text and (i, j) not in grid.spread}
    known = (titles.recall(text) or titles.look_up(text) for text in texts)
    return {meant.key for meant in known if meant is not None}


def header_at(grid: Grid, bottom: int, titles: Titles) -> Header:
    """The header that ends with row `bottom` of the grid, with its parents, whatever its titles."""
    return _mapped(grid, min(_tops(grid, bottom)), bottom, titles)


def _windows(row: int, rows: range) -> Iterator[tuple[int, int]]:
    """Spans of two and three rows around one, for headers whose levels are not merged, as in delimited text."""
    for height in range(2, LEVELS + 1):
        for top in range(row - height + 1, row + 1):
            if top in rows and top + height - 1 in rows:
                yield top, top + height - 1


def is_strong(header: Header, form: Form) -> bool:
    """Whether the header is this form's beyond doubt and not that of a summary which shares some titles."""
    required = [column.key for column in form.columns if column.required is Need.YES]
    return form.key.key in header.keys or 3 * len(header.keys & set(required)) >= len(required)


def _tops(grid: Grid, bottom: int) -> Iterator[int]:
    """The row itself, then the rows above it while they are parents of its titles."""
    yield bottom
    for top in range(bottom - 1, max(grid.first_row, bottom - LEVELS + 1) - 1, -1):
        if not _is_parent(grid, top):
            return
        yield top


def _is_parent(grid: Grid, row: int) -> bool:
    """Whether a row's titles stand over others: a range merged downwards, or rightwards but not over the whole."""
    texts = grid.row(row)
    if len({text for text in texts if text}) < 2 or any(is_label(text) for text in texts):
        return False
    return any(
        area.first_row <= row <= area.last_row
        and (area.last_row > row or area.last_column > area.first_column)
        and area.last_column - area.first_column + 1 < len(texts)
        for area in grid.merged
    )


def _completed(grid: Grid, top: int, bottom: int, titles: Titles) -> Header:
    """The header with its lower levels and its parents, which no title may have needed to be known."""
    lower = [
        area.last_row
        for area in grid.merged
        if area.first_row in range(top, bottom + 1) and area.last_row > area.first_row
    ]
    bottom = min(max([*lower, bottom]), top + LEVELS - 1, grid.last_row)
    return _mapped(grid, min([*_tops(grid, bottom), top]), bottom, titles)


def _readings(grid: Grid, top: int, bottom: int, titles: Titles) -> Iterator[Reading]:
    for j in range(len(grid.texts[0])):
        reading = _read(_path(grid, top, bottom, j), grid.first_column + j, titles)
        if reading is not None:
            yield reading


def _mapped(grid: Grid, top: int, bottom: int, titles: Titles) -> Header:
    readings = list(_readings(grid, top, bottom, titles))
    strongest: dict[str, Reading] = {}
    for reading in readings:
        if reading.key is not None and _outdoes(reading, strongest.get(reading.key)):
            strongest[reading.key] = reading
    repeated = tuple(
        (reading.position, reading.key)
        for reading in readings
        if reading.key is not None
        and reading is not strongest[reading.key]
        and (reading.how == "remembered" or reading.strength == strongest[reading.key].strength)
    )
    owners = {reading.position for reading in strongest.values()}
    columns = tuple(_column(reading, reading.position in owners) for reading in readings)
    return Header(top, bottom, columns, repeated)


def _outdoes(reading: Reading, other: Reading | None) -> bool:
    return other is None or reading.strength > other.strength


def _column(reading: Reading, owns: bool) -> MappedColumn:
    unit = next(
        (unit for part in reversed(reading.title.split(" / ")) if (unit := take_apart(part).unit)), None
    )
    if reading.key is not None and not owns:
        return MappedColumn(reading.position, reading.title, None, "unknown", unit)
    return MappedColumn(reading.position, reading.title, reading.key, reading.how, unit)


def _path(grid: Grid, top: int, bottom: int, j: int) -> list[str]:
    """Titles above one another in a column, without repeats; a leaf merged rightwards counts once."""
    path: list[str] = []
    for row in range(top, bottom + 1):
        i = row - grid.first_row
        text = grid.texts[i][j]
        if text and not (path and path[-1] == text):
            path.append(text)
    i = bottom - grid.first_row
    return [] if (i, j) in grid.spread else path


def _read(path: list[str], position: int, titles: Titles) -> Reading | None:
    if not path:
        return None
    title = " / ".join(path)
    told = titles.recall(title)
    if told is not None:
        return Reading(position, title, told.key, told.how, 0)
    for text, strength in spellings(path):
        known = titles.look_up(text)
        if known is not None:
            return Reading(position, title, known.key, known.how, strength)
    return Reading(position, title, None, "ignored" if is_row_number(path[-1]) else "unknown", 0)


def spellings(path: list[str]) -> Iterator[tuple[str, int]]:
    """Ways to say the title, the surest first: joined with its parents, alone, its parent alone."""
    leaf = path[-1]
    if len(path) == 1:
        yield leaf, 3
        return
    yield "".join(path), 3
    yield path[-2] + leaf, 3
    yield leaf, 2
    parent = take_apart(path[-2]).name  # 其中：专用 under 基站数量, 宏站 under it
    yield leaf + parent, 2
    if parent.endswith(("数量", "数")):
        yield leaf + "数量", 2
    if is_generic(leaf):
        yield path[-2], 1
