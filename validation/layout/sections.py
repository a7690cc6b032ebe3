"""One sheet's tables one below another: further headers below the first, each with the rows that are its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

import polars as pl

from validation.forms.form import Form, Kind
from validation.layout.columns import with_units
from validation.layout.grid import Grid, grid_of, rows_texts
from validation.layout.header import Header, is_strong
from validation.layout.header_rows import LEAST_TITLES, LEVELS, header_around
from validation.layout.statements import unit_line
from validation.layout.titles import Titles
from validation.raw import RawColumn, RawSheet
from validation.reading.refusals import over_limit
from validation.units import factor

#: Columns whose cells hold codes and figures: where words stand in them, a row may be a header.
_ANCHORS = 3
_FIGURES = frozenset({Kind.INT, Kind.DECIMAL, Kind.PERCENT, Kind.MONEY})
_WORDS = r"\p{Han}{2}|[A-Za-z]{3}"
_CODE = r"^[\s'’]*[A-Za-z0-9][A-Za-z0-9_/.\-－—–]*[0-9][A-Za-z0-9_/.\-－—–]*\s*$"
#: So many rows are looked at one by one; of more only those whose cells are titles letter by letter.
_MOST_ROWS = 500
#: Tables with headers of their own on one sheet: a province has fewer counties.
_MOST_TABLES = 200
#: Rows above a header in which its unit line may stand, and cells that such a line has at most.
_ABOVE, _LINE_CELLS = 3, 3


@dataclass
class Section:
    """One table: its header in `grid`, the units of the line above it, and the sheet's rows down to `last`. `repeated`
    are the rows of its own header that stand there again; `own` is False for a table of another collection."""

    grid: Grid
    header: Header
    units: tuple[str, ...]
    last: int
    own: bool = True
    repeated: set[int] = field(default_factory=set)

    def columns(self, sheet: RawSheet, form: Form) -> dict[str, tuple[int, Decimal | None, bool]]:
        """Where each field stands, what its figures are to be multiplied by, and whether that is unclear."""
        columns, findings = with_units(sheet, self.header, form, self.units)
        unclear = {finding.column for finding in findings}
        return {
            key: (column.position, factor(column.unit, form.by_key[key].unit), key in unclear)
            for column in columns
            if (key := column.key) is not None
        }


class _Row(NamedTuple):
    """A row that may be a header: its texts, and the units that a line right above it names."""

    number: int
    texts: list[str]
    units: tuple[str, ...]


def sections_of(sheet: RawSheet, grid: Grid, header: Header, titles: Sequence[Titles]) -> list[Section]:
    """The tables of a sheet in order, from its first header on. `titles` are the form's, then those of the others.

    Raises RefusedFileError (file.E004) for more than _MOST_TABLES of them.
    """
    end = sheet.first_row + sheet.height - 1
    units = unit_line(grid.row(number) for number in range(grid.first_row, header.top))
    sections = [Section(grid, header, units, end)]
    seen = header.bottom
    for row in _rows_with_words(sheet, header, titles[0]):
        if row.number > seen and not _is_repeat(sections[-1], row):
            seen = _take(sections, sheet, row, seen, titles) or seen
    return sections


def _is_repeat(section: Section, row: _Row) -> bool:
    """Whether a row is the header's last one letter by letter, which the table itself sees, in the same units."""
    same = section.own and row.texts == section.grid.row(section.header.bottom)
    return same and row.units in ((), section.units)


def _take(
    sections: list[Section], sheet: RawSheet, row: _Row, seen: int, titles: Sequence[Titles]
) -> int | None:
    """Begin another table where the row is its header; one with the same columns only goes on. Gives the header's
    last row. The rows down to `seen` belong to headers above."""
    read = _read_as(row.texts, sections[0].header, titles)
    if read is None:
        return None
    grid = grid_of(sheet, max(seen + 1, row.number - LEVELS + 1), row.number + LEVELS - 1)
    header, present = header_around(grid, row.number, read), sections[-1]
    made = Section(grid, header, row.units or present.units, present.last, own=read is titles[0])
    form = titles[0].form
    if made.own and present.own and made.columns(sheet, form) == present.columns(sheet, form):
        present.repeated.update(range(header.top, header.bottom + 1))
        return header.bottom
    if len(sections) == _MOST_TABLES:
        name, most = sheet.name, _MOST_TABLES
        raise over_limit(f"工作表“{name}”中的表不得超过{most}张", f"at most {most} tables on sheet “{name}”")
    present.last = header.top - 1
    sections.append(made)
    return header.bottom


def _read_as(texts: list[str], first: Header, titles: Sequence[Titles]) -> Titles | None:
    """The form whose header a row is: half of its texts are titles, and as many as make a header of it."""
    filled = {text for text in texts if text}
    meant = [{known.key for text in filled if (known := spelled.look_up(text))} for spelled in titles]
    most = max(range(len(titles)), key=lambda at: len(meant[at]))
    keys = {key for key in meant[most] if key is not None}
    if len(keys) < max(LEAST_TITLES, len(filled) / 2):
        return None
    enough = is_strong(keys, titles[most].form) or (most == 0 and 2 * len(keys) >= len(first.keys))
    return titles[most] if enough else None


def _rows_with_words(sheet: RawSheet, header: Header, titles: Titles) -> Iterator[_Row]:
    """Rows below the header that hold words where it has codes or figures."""
    offset = header.bottom + 1 - sheet.first_row
    masks = [
        mask for column in _anchors(sheet, header, titles) if (mask := _words(column, offset)) is not None
    ]
    if not masks:
        return
    rows = pl.DataFrame(masks).select(pl.any_horizontal(pl.all())).to_series().arg_true() + header.bottom + 1
    if len(rows) > _MOST_ROWS:
        rows = rows.filter(_mostly_titles(sheet, header, titles, rows))
    numbers = rows.to_list()
    wanted = sorted({row - up for row in numbers for up in range(_ABOVE + 1) if row - up > header.bottom})
    texts = dict(zip(wanted, rows_texts(sheet, wanted), strict=True))
    for number in numbers:
        above = [texts[row] for row in range(number - 1, number - _ABOVE - 1, -1) if row in texts]
        yield _Row(number, texts[number], unit_line(line for line in above if _is_line(line)))


def _is_line(texts: list[str]) -> bool:
    return sum(map(bool, texts)) <= _LINE_CELLS


def _anchors(sheet: RawSheet, header: Header, titles: Titles) -> Iterator[RawColumn]:
    positions, form = header.positions, titles.form
    figures = [column.key for column in form.columns if column.kind in _FIGURES and column.key in positions]
    keys = [form.key.key, *figures] if form.key.key in positions else figures
    for key in keys[:_ANCHORS]:
        yield sheet.columns[positions[key] - sheet.first_column]


def _words(column: RawColumn, offset: int) -> pl.Series | None:
    """Where a column's cells are words and no codes; None where it has no text at all."""
    text = column.text.slice(offset)
    if text.null_count() == len(text):
        return None
    name = str(id(column))
    words = pl.col(name).str.contains(_WORDS) & ~pl.col(name).str.contains(_CODE)
    return pl.DataFrame([text.alias(name)]).select(words.fill_null(value=False)).to_series()


def _mostly_titles(sheet: RawSheet, header: Header, titles: Titles, rows: pl.Series) -> pl.Series:
    """Which of the rows hold LEAST_TITLES titles, as the form or the sheet's header writes them."""
    spelled = {column.title for column in header.columns}
    spelled |= {title for column in titles.form.columns for title in (*column.titles, column.label_en)}
    picks = (rows - sheet.first_row).cast(pl.UInt32)
    texts = [column.text.gather(picks).alias(str(number)) for number, column in enumerate(sheet.columns)]
    known = pl.sum_horizontal(pl.all().is_in(list(spelled)).cast(pl.Int32))
    return pl.DataFrame(texts).select(known >= LEAST_TITLES).to_series()
