"""Total rows and the data rows they cover, for the comparison of stated and computed sums after casting."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence

from validation.raw import RawColumn, RawSheet
from validation.table import TotalRow

#: What a mark covers: since its own kind before it, or all.
_PARTS = ("小计", "本页")


def total_rows(
    sheet: RawSheet, positions: Mapping[str, int], data: Sequence[int], marks: Mapping[int, str]
) -> tuple[TotalRow, ...]:
    """The total rows in order. 小计 covers the rows since the 小计 before (本页合计 likewise), 合计 and 总计 all
    rows above; where they lead their rows and none stands above, the rows that follow."""
    leading = {part: _leads(part, data, marks) for part in _PARTS}
    return tuple(
        TotalRow(row, tuple(_covered(row, _part(mark), data, marks, leading)), _cells(sheet, positions, row))
        for row, mark in marks.items()
    )


def _part(mark: str) -> str:
    return next((part for part in reversed(_PARTS) if part in mark), "")


def _fellows(part: str, marks: Mapping[int, str]) -> list[int]:
    return [row for row, mark in marks.items() if _part(mark) == part]


def _leads(part: str, data: Sequence[int], marks: Mapping[int, str]) -> bool:
    """Whether totals of this kind stand above their rows: the first of them has no row above."""
    first = min(_fellows(part, marks), default=None)
    return first is not None and bool(data) and data[0] > first


def _covered(
    row: int, part: str, data: Sequence[int], marks: Mapping[int, str], leading: Mapping[str, bool]
) -> Sequence[int]:
    if not part:
        return data[: bisect_left(data, row)] or data
    fellows = _fellows(part, marks)
    if leading[part]:
        following = min((other for other in fellows if other > row), default=None)
        return data[bisect_left(data, row) : None if following is None else bisect_left(data, following)]
    before = max((other for other in fellows if other < row), default=0)
    return data[bisect_left(data, before) : bisect_left(data, row)]


def _cells(sheet: RawSheet, positions: Mapping[str, int], row: int) -> dict[str, float | str]:
    """Raw figures and texts of the total row by field key."""
    cells = {}
    for key, position in positions.items():
        value = _value(sheet.columns[position - sheet.first_column], row - sheet.first_row)
        if value is not None:
            cells[key] = value
    return cells


def _value(column: RawColumn, offset: int) -> float | str | None:
    number: float | None = column.number[offset]
    text: str | None = column.text[offset]
    return number if number is not None else text
