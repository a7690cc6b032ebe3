"""One sheet's tables one below another: further headers below the first, each with the rows that are its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import polars as pl

from validation.forms.form import Kind
from validation.layout.grid import Grid, grid_of, rows_texts
from validation.layout.header import Header, is_strong
from validation.layout.header_rows import LEAST_TITLES, LEVELS, header_around
from validation.layout.titles import Titles
from validation.raw import RawColumn, RawSheet
from validation.reading.refusals import over_limit

#: Columns whose cells hold codes and figures: where words stand in them, a row may be a header.
_ANCHORS = 3
_FIGURES = frozenset({Kind.INT, Kind.DECIMAL, Kind.PERCENT, Kind.MONEY})
_WORDS = r"\p{Han}{2}|[A-Za-z]{3}"
_CODE = r"^[\s'’]*[A-Za-z0-9][A-Za-z0-9_/.\-－—–]*[0-9][A-Za-z0-9_/.\-－—–]*\s*$"
#: So many rows are looked at one by one; of more only those whose cells are titles letter by letter.
_MOST_ROWS = 500
#: Tables with headers of their own on one sheet: a province has fewer counties.
_MOST_TABLES = 200


@dataclass
class Section:
    """One table: its header in `grid` and the sheet's rows down to `last`. `repeated` are the rows of its own header
    that stand there again; `own` is False for a table of another collection."""

    grid: Grid
    header: Header
    last: int
    own: bool = True
    repeated: set[int] = field(default_factory=set)


def sections_of(sheet: RawSheet, grid: Grid, header: Header, titles: Sequence[Titles]) -> list[Section]:
    """The tables of a sheet in order, from its first header on. `titles` are the form's, then those of the others.

    Raises RefusedFileError (file.E004) for more than _MOST_TABLES of them.
    """
    end = sheet.first_row + sheet.height - 1
    found = [Section(grid, header, end)]
    rows = _rows_with_words(sheet, header, titles[0])
    for row, texts in zip(rows, rows_texts(sheet, rows), strict=True):
        if row > _end_of_headers(found[-1]) and not _is_repeat(found[-1], texts):
            _take(found, sheet, row, texts, titles)
    return found


def _end_of_headers(section: Section) -> int:
    return max([section.header.bottom, *section.repeated])


def _is_repeat(section: Section, texts: list[str]) -> bool:
    """Whether a row is the header's last one letter by letter, which the table itself sees."""
    return section.own and texts == section.grid.row(section.header.bottom)


def _take(
    found: list[Section], sheet: RawSheet, row: int, texts: list[str], titles: Sequence[Titles]
) -> None:
    """Begin another table where the row is its header; one with the same columns only goes on."""
    read = _read_as(texts, found[0].header, titles)
    if read is None:
        return
    present = found[-1]
    grid = grid_of(sheet, max(_end_of_headers(present) + 1, row - LEVELS + 1), row + LEVELS - 1)
    header = header_around(grid, row, read)
    own = read is titles[0]
    if own and present.own and header.positions == present.header.positions:
        present.repeated.update(range(header.top, header.bottom + 1))
        return
    if len(found) == _MOST_TABLES:
        name, most = sheet.name, _MOST_TABLES
        raise over_limit(f"工作表“{name}”中的表不得超过{most}张", f"at most {most} tables on sheet “{name}”")
    end, present.last = present.last, header.top - 1
    found.append(Section(grid, header, end, own))


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


def _rows_with_words(sheet: RawSheet, header: Header, titles: Titles) -> list[int]:
    """Rows below the header that hold words where it has codes or figures."""
    offset = header.bottom + 1 - sheet.first_row
    masks = [
        mask for column in _anchors(sheet, header, titles) if (mask := _words(column, offset)) is not None
    ]
    if not masks:
        return []
    rows = pl.DataFrame(masks).select(pl.any_horizontal(pl.all())).to_series().arg_true() + header.bottom + 1
    if len(rows) > _MOST_ROWS:
        rows = rows.filter(_mostly_titles(sheet, header, titles, rows))
    return rows.to_list()


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
