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

from tests.validation.small_workbooks import Formula, Sheet, Styled, book, part, with_parts
from tests.validation.test_reading_xlsx import cells, only
from validation.reading import own_package, read_workbook

SHEET = "xl/worksheets/sheet1.xml"
FOLDER = Path(__file__).parent.parent
CHARACTERS = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn")) | st.sampled_from(
    "\n\t&<>\"'= 　_x"
)
VALUES = st.one_of(
    st.none(),
    st.text(CHARACTERS, max_size=20),
    st.integers(-(10**9), 10**9),
    # what is written with 16 digits may be infinite otherwise
    st.floats(-1e300, 1e300),
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
    made = openpyxl.load_workbook(io.BytesIO(own_package(data)), data_only=True).worksheets[sheet]
    differing = {
        cell.coordinate: _value(cell) for row in made.iter_rows() for cell in row if isinstance(cell, Cell)
    }
    return {at: value for at, value in differing.items() if value is not None}


def _value(cell: Cell) -> object:
    value = cell.value
    if value == "" or cell.data_type == "e":
        return None
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int):
        return float(value)
    return value


@settings(max_examples=30, deadline=None)
@given(rows=TABLES, at=PLACES)
def test_the_same_cells_as_openpyxl(rows: list[list[object]], at: str) -> None:
    data = book(Sheet(rows, at=at))
    assert cells(only(data)) == by_openpyxl(data)


@settings(max_examples=30, deadline=None)
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


@settings(max_examples=30, deadline=None)
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


def test_every_kind_of_cell() -> None:
    """Rich text, inline strings, shared formulas, results of formulas of every type, errors, percents, fractions."""
    strings = (
        "<si><r><t>云</t></r><r><rPr><b/></rPr><t xml:space='preserve'> 岭</t></r><rPh sb='0' eb='1'><t>yun</t></rPh></si>"
        "<si><t>A &amp; &#20113;_x000D__x4E00_</t></si>"
    )
    rows = """
        <row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c>
          <c r="C1" t="inlineStr"><is><t xml:space="preserve"> 行内 </t></is></c>
          <c r="D1" t="inlineStr"><is><r><t>甲</t></r><r><t>乙</t></r></is></c></row>
        <row r="2"><c r="A2"><f t="shared" ref="A2:C2" si="0">1+1</f><v>2</v></c><c r="B2"><f t="shared" si="0"/><v>3</v></c>
          <c r="C2" t="str"><f>"a"&amp;"b"</f><v>ab</v></c><c r="D2" t="b"><f>1=1</f><v>1</v></c></row>
        <row r="3"><c r="A3" t="e"><v>#N/A</v></c><c r="B3" t="e"><f>1/0</f><v>#DIV/0!</v></c><c r="C3" t="b"><v>0</v></c>
          <c r="D3"><v>1E-3</v></c><c r="E3" s="0"/><c r="F3" t="n"><v>0.1</v></c></row>
        <row r="5" hidden="1"><c r="B5"><f t="array" ref="B5">SUM(A2:B2)</f><v>5</v></c><c r="XFC5" t="str"><v></v></c></row>
    """
    made = book(Sheet([["x"]]))
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    sheet = re.sub(
        r"<sheetData>.*</sheetData>", f"<sheetData>{rows}</sheetData>", part(made, SHEET), flags=re.DOTALL
    )
    data = with_parts(made, {SHEET: sheet, "xl/sharedStrings.xml": f'<sst xmlns="{space}">{strings}</sst>'})
    read, expected = cells(only(data)), by_openpyxl(data)
    # openpyxl leaves the escapes of characters that XML cannot hold as they are.
    assert (read.pop("B1"), expected.pop("B1")) == ("A & 云\r一", "A & 云_x000D__x4E00_")
    assert read == expected
    assert (read["A1"], read["D1"], read["B2"], read["D2"]) == ("云 岭", "甲乙", 3.0, "TRUE")
    assert only(data).errors == {(3, 0): "#N/A", (3, 1): "#DIV/0!"}


def _clock(value: timedelta) -> str:
    minutes, seconds = divmod(round(value.total_seconds()), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"


@pytest.mark.parametrize("date_1904", [False, True])
@pytest.mark.parametrize(
    "number_format", ["0%", "0.00%", 'yyyy"年"m"月"', "yyyy-mm-dd hh:mm", "[h]:mm", "@", "0.00"]
)
def test_numbers_under_every_kind_of_format(number_format: str, date_1904: bool) -> None:
    values = [
        *([0.253] if "%" in number_format or "0.0" in number_format else []),
        1,
        45_000,
        45_000.5,
        2026.1,
        61,
    ]
    data = book(Sheet([[Styled(value, number_format)] for value in values]), date_1904=date_1904)
    read, expected = cells(only(data)), by_openpyxl(data)
    if number_format == "[h]:mm":  # openpyxl gives a timedelta, the reader a text that no field takes
        expected = {at: _clock(value) for at, value in expected.items() if isinstance(value, timedelta)}
    assert read == expected


@pytest.mark.parametrize("path", sorted(FOLDER.glob("should_pass/**/*.xlsx")), ids=lambda path: path.name)
def test_real_files(path: Path) -> None:
    data = path.read_bytes()
    for index, sheet in enumerate(read_workbook(data).sheets):
        assert cells(sheet) == by_openpyxl(data, index)
