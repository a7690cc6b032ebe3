"""One table of an OpenDocument file as it streams by: rows, cells and their repeats, values, spans and errors."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

from validation.limits import MOST_ROWS, OTHER_ROWS, Limits
from validation.raw import Merged
from validation.reading.allowance import Allowance
from validation.reading.columns import Gatherer, check_text
from validation.reading.refusals import over_limit

_URN = "urn:oasis:names:tc:opendocument:xmlns:"
OFFICE, STYLE, TABLE, TEXT = f"{_URN}office:1.0", f"{_URN}style:1.0", f"{_URN}table:1.0", f"{_URN}text:1.0"
_CALC = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"
_CELLS = frozenset({f"{TABLE} table-cell", f"{TABLE} covered-table-cell"})
_ERROR_TEXT = re.compile(r"#(?:REF|N/A|DIV/0|NAME|NUM|VALUE|NULL)[!?]?|Err:\d+")
_DECIMALS = re.compile(r"-?[\d,]*\.(\d+)")

#: Rows taken between two looks at the allowance.
ROWS_BETWEEN = 1_000

Value = str | float | bool | datetime | None


class Table:
    """`rows` holds the cells from A1 on. Rows are 1-based, columns 0-based."""

    def __init__(self, name: str, style: str, limits: Limits, allowance: Allowance) -> None:
        self.name, self.style, self.limits, self.allowance = name, style, limits, allowance
        self.rows = Gatherer()
        self.merged: list[Merged] = []
        self.hidden_rows: set[int] = set()
        self.errors: dict[tuple[int, int], str] = {}
        self.uncalculated: set[tuple[int, int]] = set()
        self.formats: dict[tuple[int, int], str] = {}
        self._row = 0
        self._filled = 0
        self._held = 0
        self._repeat, self._hidden = 1, False
        self._cells: list[Value] = []
        self._column = 0
        self._attributes: dict[str, str] = {}
        self._paragraphs: list[str] = []
        self._in_text = 0

    def formats_of(self, column: int, rows: Iterable[int]) -> dict[int, str]:
        """As RawSheet.formats."""
        return {row: self.formats.get((row, column), "General") for row in rows}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins inside the table."""
        if name in _CELLS:
            self._attributes, self._paragraphs = attributes, []
        elif name == f"{TABLE} table-row":
            self._repeat = _count(attributes, "number-rows-repeated")
            self._hidden = attributes.get(f"{TABLE} visibility") in ("collapse", "filter")
            self._cells, self._column = [], 0
        elif name == f"{TEXT} p":
            self._paragraphs.append("")
            self._in_text += 1
        elif self._in_text:
            self._special(name, attributes)

    def _special(self, name: str, attributes: dict[str, str]) -> None:
        if name == f"{TEXT} s":
            self.characters(" " * min(int(attributes.get(f"{TEXT} c", "1")), self.limits.cell_characters))
        elif name == f"{TEXT} tab":
            self.characters("\t")
        elif name == f"{TEXT} line-break":
            self.characters("\n")

    def end(self, name: str) -> None:
        """An element ends inside the table."""
        if name in _CELLS:
            self._end_cell()
        elif name == f"{TABLE} table-row":
            self._end_row()
        elif name == f"{TEXT} p":
            self._in_text -= 1

    def characters(self, text: str) -> None:
        """Text of the cell at hand."""
        if self._in_text:
            self._paragraphs[-1] += text

    def _end_cell(self) -> None:
        attributes, repeat = self._attributes, _count(self._attributes, "number-columns-repeated")
        value = self._value(attributes)
        if value is not None or self._is_odd(attributes):
            if self._column + repeat > self.limits.columns:
                most = self.limits.columns
                raise over_limit(f"列数不得超过{most}列", f"at most {most} columns")
            self._cells += [None] * (self._column - len(self._cells)) + [value] * repeat
            self._note(attributes, value)
        self._note_span(attributes)
        self._column += repeat

    def _is_odd(self, attributes: dict[str, str]) -> bool:
        """A formula without a value, or with an error."""
        return f"{TABLE} formula" in attributes

    def _value(self, attributes: dict[str, str]) -> Value:
        kind = attributes.get(f"{OFFICE} value-type")
        if kind is None or self._is_error(attributes):
            return None
        if kind in ("float", "currency", "percentage"):
            return float(attributes.get(f"{OFFICE} value", "nan"))
        if kind == "boolean":
            return attributes.get(f"{OFFICE} boolean-value") == "true"
        if kind == "date":
            return datetime.fromisoformat(attributes.get(f"{OFFICE} date-value", "")[:26])
        return self._text() or attributes.get(f"{OFFICE} string-value") or None

    def _text(self) -> str:
        return "\n".join(self._paragraphs)

    def _is_error(self, attributes: dict[str, str]) -> bool:
        if attributes.get(f"{_CALC} value-type") == "error":
            return True
        return f"{TABLE} formula" in attributes and _ERROR_TEXT.fullmatch(self._text()) is not None

    def _note(self, attributes: dict[str, str], value: Value) -> None:
        """Facts of a cell beside its value; a repeated cell has them once."""
        at = (self._row + 1, self._column)
        shown = self._text()
        if self._is_error(attributes):
            self.errors[at] = shown or "#VALUE!"
        elif f"{TABLE} formula" in attributes and f"{OFFICE} value-type" not in attributes:
            self.uncalculated.add(at)
        elif attributes.get(f"{OFFICE} value-type") == "percentage":
            self.formats[at] = "0%"
        elif isinstance(value, float) and (match := _DECIMALS.fullmatch(shown)):
            self.formats[at] = "0." + "0" * len(match[1])

    def _note_span(self, attributes: dict[str, str]) -> None:
        down = _count(attributes, "number-rows-spanned")
        right = _count(attributes, "number-columns-spanned")
        if down > 1 or right > 1:
            row, column = self._row + 1, self._column
            self.merged.append(Merged(row, column, row + down - 1, column + right - 1))

    def _end_row(self) -> None:
        blank = not self._cells
        if not blank:
            self._take()
        self._row += self._repeat

    def _take(self) -> None:
        """Keep a filled row, with the blank ones before it. What its repeats would hold is counted before they are
        made."""
        if self._repeat > 1 or self.rows.height % ROWS_BETWEEN == 0:
            self.allowance.check()
        gap = self._row - self.rows.height
        if self._row + self._repeat > MOST_ROWS:
            raise over_limit(f"工作表不得超过{MOST_ROWS}行", f"at most {MOST_ROWS} rows in a sheet")
        self._filled += self._repeat
        if self._filled > self.limits.rows + OTHER_ROWS:
            most = self.limits.rows
            raise over_limit(f"数据行不得超过{most}行", f"at most {most} rows of data")
        self._held += self._repeat * sum(len(cell) for cell in self._cells if isinstance(cell, str))
        check_text(self._held, self.limits)
        for _ in range(gap):
            self.rows.add(())
        for _ in range(self._repeat):
            self.rows.add(self._cells)
        if self._hidden:
            self.hidden_rows.update(range(self._row + 1, self._row + 1 + self._repeat))


def _count(attributes: dict[str, str], name: str) -> int:
    return max(1, int(attributes.get(f"{TABLE} {name}", "1")))
