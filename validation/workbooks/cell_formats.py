"""Cells of a copy under the number formats of the original, so that both show the same and are read alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple


class Formatted(NamedTuple):
    """A value with the number format that it is shown under."""

    value: Any
    code: str


def formatted(values: Sequence[Any], rows: Sequence[int], codes: Mapping[int, str]) -> list[Any]:
    """The values of some rows of a column, those with a format as Formatted; `codes` are the formats by row."""
    if not codes:
        return list(values)
    return [
        Formatted(value, codes[row]) if row in codes else value
        for row, value in zip(rows, values, strict=True)
    ]


class Pen:
    """Writes into the sheets of one xlsxwriter workbook; each number format is made once."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._formats: dict[str, Any] = {}

    def write(self, sheet: Any, row: int, column: int, value: Any) -> None:
        """One cell (both numbers 0-based), a plain value or a Formatted one."""
        if not isinstance(value, Formatted):
            sheet.write(row, column, value)
            return
        if value.code not in self._formats:
            self._formats[value.code] = self._book.add_format({"num_format": value.code})
        sheet.write(row, column, value.value, self._formats[value.code])
