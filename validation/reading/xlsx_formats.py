"""Number formats of single cells of an xlsx, looked up in the sheet's part only when casting asks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from validation.raw import column_letter
from validation.reading.xlsx_blocks import SheetBlocks

_STYLE = re.compile(rb'\bs="(\d{1,9})"')


class Formats:
    """Callable as RawSheet.formats. A column is read through once, at its first use."""

    def __init__(self, blocks: SheetBlocks, codes: Sequence[str]) -> None:
        self._blocks, self._codes = blocks, codes
        self._known: dict[int, dict[int, str]] = {}

    def __call__(self, column: int, rows: Iterable[int]) -> dict[int, str]:
        """Spreadsheet row -> format code, for those of the rows that have a cell in the 0-based column."""
        if column not in self._known:
            self._known[column] = dict(self._column(column))
        known = self._known[column]
        return {row: known[row] for row in rows if row in known}

    def _column(self, column: int) -> Iterator[tuple[int, str]]:
        cell = re.compile(rb'<c r="%b(\d{1,7})"([^>]*)>' % column_letter(column).encode())
        for block in self._blocks:
            for match in cell.finditer(block):
                style = _STYLE.search(match[2])
                yield int(match[1]), self._code(int(style[1]) if style else 0)

    def _code(self, style: int) -> str:
        return self._codes[style] if style < len(self._codes) else "General"
