"""Number formats of single cells of an xlsx, looked up in the sheet's part only when casting asks."""

from __future__ import annotations

import re
from collections.abc import Iterable

from validation.raw import column_letter
from validation.reading.xlsx_parts import formats_by_style
from validation.reading.xlsx_scan import row_blocks
from validation.reading.zipped import Package

_STYLE = re.compile(rb'\bs="(\d+)"')


class Formats:
    """Callable as RawSheet.formats. A column is read through once, at its first use."""

    def __init__(self, package: Package, part: str, workbook: str) -> None:
        self._package, self._part, self._workbook = package, part, workbook
        self._known: dict[int, dict[int, str]] = {}
        self._codes: list[str] | None = None

    def __call__(self, column: int, rows: Iterable[int]) -> dict[int, str]:
        """Spreadsheet row -> format code, for those of the rows that have a cell in the 0-based column."""
        if column not in self._known:
            self._known[column] = dict(self._column(column))
        known = self._known[column]
        return {row: known[row] for row in rows if row in known}

    def _column(self, column: int) -> Iterable[tuple[int, str]]:
        if self._codes is None:
            self._codes = formats_by_style(self._package, self._workbook) or ["General"]
        cell = re.compile(rb'<c\s([^>]*\br="%b(\d+)"[^>]*)>' % column_letter(column).encode())
        for block in row_blocks(self._package.blocks(self._part)):
            for match in cell.finditer(block):
                style = _STYLE.search(match[1])
                yield int(match[2]), self._code(int(style[1]) if style else 0)

    def _code(self, style: int) -> str:
        codes = self._codes or []
        return codes[style] if style < len(codes) else "General"
