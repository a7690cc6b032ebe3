"""Raw sheets: what a reader hands to the layout stage, cells untyped and at their own addresses."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

import polars as pl


class RefusedFileError(Exception):
    """The file cannot be taken at all; carries the ``file.*`` code and the message's params."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(f"{code} {params}")
        self.code = code
        self.params = params


class Merged(NamedTuple):
    """A merged range; rows are 1-based spreadsheet rows, columns 0-based, both ends included."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int


@dataclass(frozen=True, slots=True)
class RawColumn:
    """One sheet column as three aligned series; at most one is not null per cell, none where it is blank.

    Yes/no cells of a workbook stand in `text` as TRUE or FALSE.
    """

    text: pl.Series  # String
    number: pl.Series  # Float64
    moment: pl.Series  # Datetime("us")


def _no_formats(column: int, rows: Iterable[int]) -> dict[int, str]:
    return {}


@dataclass(frozen=True, slots=True)
class RawSheet:
    """One sheet. `columns[i]` is spreadsheet column `first_column + i` (0-based); element j of its
    series is spreadsheet row `first_row + j` (1-based)."""

    name: str
    hidden: bool
    first_row: int
    first_column: int
    height: int
    columns: tuple[RawColumn, ...]
    merged: tuple[Merged, ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    #: (row, column) -> error text such as #REF!, for formula errors
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    #: (row, column) of formulas that carry no stored result
    uncalculated: frozenset[tuple[int, int]] = frozenset()
    #: number formats of some rows of one column, looked up only when a value alone is ambiguous
    formats: Callable[[int, Iterable[int]], dict[int, str]] = _no_formats
    #: rows that cannot be split into cells, from the one whose quote is never closed on; all in `height`
    unreadable: range = range(0)


@dataclass(frozen=True, slots=True)
class Workbook:
    """A whole file as read. `format` is xlsx, xlsm, xls, ods, csv or tsv."""

    format: str
    sheets: tuple[RawSheet, ...]
    template_mark: str | None = None  # the hidden defined name gongwang_template
    ignored_kinds: tuple[str, ...] = ()  # macros, external links, embedded objects
    date_1904: bool = False  # whether serial day numbers count from 1904


def column_letter(index: int) -> str:
    """Letters of a 0-based column index: 0 is A, 27 is AB."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def address(row: int, column: int) -> str:
    """Spreadsheet address of a 1-based row and a 0-based column, e.g. F12."""
    return f"{column_letter(column)}{row}"
