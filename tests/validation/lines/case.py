"""A case: a real file, what is found in the whole of it, and the values that are read from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.validation.ruling import rows
from tests.validation.small_workbooks import workbook
from validation import FORMS

FORM = FORMS["networks"]
KEYS = list(FORM.by_key)
TITLES = [column.label_zh for column in FORM.columns]

#: (sheet, spreadsheet row, column, code) of one finding.
Found = tuple[str | None, int | None, str | None, str]
Cells = list[list[Any]]


@dataclass(frozen=True)
class Case:
    """`findings` is the whole list of findings, in reading order; `read` the values by field key, row by row;
    `rows` the spreadsheet rows of data, sheet by sheet."""

    line: int
    what: str
    build: Callable[[], bytes]
    findings: Sequence[Found] = ()
    read: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    rows: Sequence[Sequence[int]] | None = None
    filename: str = ""
    unit: str = "320000"
    collection: str = "networks"


def body(*changes: Mapping[str, Any]) -> Cells:
    """Cells of sound rows with some changed by field key, in the form's order."""
    return [[row[key] for key in KEYS] for row in rows("networks", tuple(dict(c) for c in changes))]


def sheet(*changes: Mapping[str, Any], above: Cells = (), below: Cells = (), **options: Any) -> bytes:  # type: ignore[assignment]
    """An xlsx with rows above the titles, the data, and rows below it."""
    return workbook([*above, TITLES, *body(*changes), *below], **options)


def column(key: str, *values: Any, **others: Any) -> bytes:
    """An xlsx whose rows differ in one field; `others` hold for all of them."""
    return sheet(*({**others, key: value} for value in values))


def titled(**changed: str) -> list[str]:
    """The official titles with some changed by field key."""
    return [changed.get(column.key, column.label_zh) for column in FORM.columns]


def place(key: str) -> int:
    """0-based position of a field's column where the table begins at A."""
    return KEYS.index(key)


def line_of(**values: Any) -> list[Any]:
    """A row that holds these values alone."""
    cells: list[Any] = [None] * len(KEYS)
    for key, value in values.items():
        cells[place(key)] = value
    return cells


def at(*places: tuple[int | None, str | None, str], sheet: str = "表1") -> list[Found]:
    """Findings of one sheet."""
    return [(sheet, *place) for place in places]
