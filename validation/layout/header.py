"""A header: which of the form's columns the titles in its rows mean."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from validation.forms.form import Form, Need
from validation.layout.grid import Grid
from validation.layout.title_parts import is_dash, is_generic, is_row_number, take_apart, unit_alone, unit_of
from validation.layout.titles import OWN, Known, Titles
from validation.table import MappedColumn

#: What a synonym's claim to a field counts less than any of the form's own titles.
_LESS = 10


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

    @property
    def positions(self) -> dict[str, int]:
        """Field key -> 0-based spreadsheet column."""
        return {column.key: column.position for column in self.columns if column.key is not None}


class Reading(NamedTuple):
    """What one column's titles mean; of two claims to a field the stronger is right."""

    position: int
    title: str
    key: str | None
    how: str
    strength: int


def is_strong(keys: set[str], form: Form) -> bool:
    """Whether a header with these fields is this form's beyond doubt and not that of a summary which shares some."""
    required = [column.key for column in form.columns if column.required is Need.YES]
    return form.key.key in keys or 3 * len(keys & set(required)) >= len(required)


def keys_in(grid: Grid, top: int, bottom: int, titles: Titles) -> set[str]:
    """The fields that are meant by the titles in these rows."""
    return {reading.key for reading in _readings(grid, top, bottom, titles) if reading.key is not None}


def mapped(grid: Grid, top: int, bottom: int, titles: Titles) -> Header:
    """The header that stands in these rows, whatever its titles."""
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


def _readings(grid: Grid, top: int, bottom: int, titles: Titles) -> Iterator[Reading]:
    for j in range(len(grid.texts[0])):
        reading = _read(_path(grid, top, bottom, j), grid.first_column + j, titles)
        if reading is not None:
            yield reading


def _outdoes(reading: Reading, other: Reading | None) -> bool:
    return other is None or reading.strength > other.strength


def _column(reading: Reading, owns: bool) -> MappedColumn:
    parts = reading.title.split(" / ")
    unit = unit_alone(parts[-1]) if len(parts) > 1 else None
    unit = unit or next((named for part in reversed(parts) if (named := unit_of(part))), None)
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
    meaning = titles.recall(title)
    if meaning is not None:
        return Reading(position, title, meaning.key, meaning.how, 0)
    known, strength = meant(without_unit(path), titles)
    if known is not None:
        return Reading(position, title, known.key, known.how, strength)
    return Reading(position, title, None, "ignored" if is_row_number(path[-1]) else "unknown", 0)


def meant(path: list[str], titles: Titles) -> tuple[Known | None, int]:
    """The column that titles above one another mean, with the strength of their claim to it: of all ways to say them
    one of the form's own titles before a synonym."""
    synonym: tuple[Known | None, int] = None, 0
    for text, strength, joined in _spellings(path):
        known = titles.as_written(text) if joined else titles.look_up(text)
        if known is not None and titles.trust(text) == OWN:
            return known, strength
        if known is not None and synonym[0] is None:
            synonym = known, strength - _LESS
    return synonym


def without_unit(path: list[str]) -> list[str]:
    """The titles without a unit of measure, or a dash for none, that stands alone below them."""
    return path[:-1] if len(path) > 1 and (unit_alone(path[-1]) or is_dash(path[-1])) else path


def _spellings(path: list[str]) -> Iterator[tuple[str, int, bool]]:
    """Ways to say the title, the surest first: joined with its parents, alone, its parent alone; with its strength,
    and whether it is made of several, where nothing is set aside: it would be one of them."""
    leaf = path[-1]
    if len(path) == 1:
        yield leaf, 3, False
        return
    yield "".join(path), 3, True
    yield path[-2] + leaf, 3, True
    yield leaf, 2, False
    parent = take_apart(path[-2]).name  # 其中：专用 under 基站数量, 宏站 under it
    yield leaf + parent, 2, True
    if parent.endswith(("数量", "数")):
        yield leaf + "数量", 2, True
    if is_generic(leaf):
        yield path[-2], 1, False
