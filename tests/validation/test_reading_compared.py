"""The fast xlsx reader compared with openpyxl cell by cell, on workbooks made at random and spelled in several ways."""

from __future__ import annotations

import io
import re
from datetime import date, datetime, timedelta
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.cell.cell import Cell

from tests.validation.test_reading_xlsx import cells, only
from tests.validation.workbooks import Formula, Sheet, Styled, book, part, with_parts
from validation.reading import read_workbook

SHEET = "xl/worksheets/sheet1.xml"
FOLDER = Path(__file__).parent.parent
CHARACTERS = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn")) | st.sampled_from(
    "\n\t&<>\"'= 　_x"
)
VALUES = st.one_of(
    st.none(),
    st.text(CHARACTERS, max_size=20),
    st.integers(-(10**9), 10**9),
    st.floats(allow_nan=False, allow_infinity=False, width=64),
    st.booleans(),
    st.dates(date(1900, 3, 1), date(2100, 1, 1)),
    st.datetimes(datetime(1950, 1, 1), datetime(2100, 1, 1)).map(
        lambda moment: moment.replace(microsecond=0)
    ),
    st.builds(
        Styled, st.floats(0, 1).map(lambda value: round(value, 6)), st.sampled_from(["0%", "0.00%", "0.00"])
    ),
    st.builds(
        Formula, st.just("=A1+1"), st.floats(-1000, 1000).map(lambda value: round(value, 3)) | st.just("文")
    ),
)
TABLES = st.lists(st.lists(VALUES, max_size=8), max_size=12)
PLACES = st.sampled_from(["A1", "B5", "Z3", "AA10", "C150"])


def by_openpyxl(data: bytes, sheet: int = 0) -> dict[str, object]:
    """Address -> value as openpyxl gives it, in the shape of a raw cell."""
    made = openpyxl.load_workbook(io.BytesIO(data), data_only=True).worksheets[sheet]
    found = {
        cell.coordinate: _value(cell) for row in made.iter_rows() for cell in row if isinstance(cell, Cell)
    }
    return {at: value for at, value in found.items() if value is not None}


def _value(cell: Cell) -> object:
    value = cell.value
    if value == "" or cell.data_type == "e":
        return None
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int):
        return float(value)
    return value


@settings(max_examples=150, deadline=None)
@given(rows=TABLES, at=PLACES)
def test_the_same_cells_as_openpyxl(rows: list[list[object]], at: str) -> None:
    data = book(Sheet(rows, at=at))
    assert cells(only(data)) == by_openpyxl(data)


@settings(max_examples=60, deadline=None)
@given(rows=TABLES, at=PLACES)
def test_the_same_cells_in_another_spelling(rows: list[list[object]], at: str) -> None:
    data = book(Sheet(rows, at=at))
    plain = part(data, SHEET)
    for pattern, replacement in ((r"<(/?)([a-z])", r"<\1x:\2"), (r' r="[A-Z]+(\d+)"', r" r = '\g<0>'")):
        if pattern.startswith("<"):
            other = re.sub(pattern, replacement, plain).replace("xmlns=", "xmlns:x=")
        else:
            other = re.sub(r'<c r="([A-Z]+\d+)"', r"<c r = '\1'", plain)
        assert cells(only(with_parts(data, {SHEET: other}))) == cells(only(data))


@settings(max_examples=60, deadline=None)
@given(rows=TABLES)
def test_workbooks_written_by_openpyxl(rows: list[list[object]]) -> None:
    made = openpyxl.Workbook()
    for row in rows:
        made.active.append(
            [
                value.value if isinstance(value, Styled) else value
                for value in row
                if not isinstance(value, Formula)
            ]
        )
    target = io.BytesIO()
    made.save(target)
    data = target.getvalue()
    expected = by_openpyxl(data)
    # openpyxl writes what looks like a formula as one, without a result.
    assert cells(only(data)) == expected


@pytest.mark.parametrize("date_1904", [False, True])
def test_days_and_times_of_both_systems(date_1904: bool) -> None:
    moments = [datetime(2026, 9, 30) + timedelta(hours=7 * n, seconds=n) for n in range(40)]
    data = book(Sheet([[moment] for moment in moments]), date_1904=date_1904)
    assert cells(only(data)) == by_openpyxl(data)


@pytest.mark.parametrize("path", sorted(FOLDER.glob("should_pass/**/*.xlsx")), ids=lambda path: path.name)
def test_real_files(path: Path) -> None:
    data = path.read_bytes()
    for index, sheet in enumerate(read_workbook(data).sheets):
        assert cells(sheet) == by_openpyxl(data, index)
