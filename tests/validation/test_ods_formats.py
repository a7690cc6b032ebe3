"""Formats of OpenDocument cells, worked out from what the cells show beside their values."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.validation.small_workbooks import with_parts
from tests.validation.test_reading_files import FOLDER
from validation.number_formats import Shows, figure, moment, section_of
from validation.reading import read_workbook
from validation.reading.ods_formats import code_of

DAY = datetime(2026, 7, 1)
SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
)


def code(
    value: float | datetime, display: str | None, *, share: bool = False, currency: str = ""
) -> str | None:
    return code_of(value, display, share=share, currency=currency)


@pytest.mark.parametrize(
    ("value", "display", "expected"),
    [
        (35.0, "35", "0"),
        (1234.5, "1,234.50", "0.00"),
        (61.0, "061", "000"),
        (12.0, "JS-0012", '"JS-"0000'),
        (35.0, "$35.00", '"$"0.00'),
        (0.5, "0.5%", '0.0"%"'),
        (0.253, "25.3%", "0.0%"),
        (123_456.0, "12.3万", '0!.0,"万"'),
        (123_456_789.0, "1.23亿", '0!.00,,"亿"'),
        (123_456.0, "123", "0,"),
        (202_607.0, "2026年07月", '0000"年"00"月"'),
        (20_260_701.0, "2026-07-01", '0000"-"00"-"00'),
        (2026.1, "2026.10", "0.00"),
        (-5.0, "-5.0", "0.0"),
        (-5.0, "(5)", '0;"("0")"'),
        (-5.0, "5", "0;0"),
        (1_200_000.0, "1.20E+06", "0.00E+00"),
        (1.5, "1 1/2", None),
        (420.0, "四百二十", None),
        (7.0, "是", '"是"'),
        (7.0, "", ";;;"),
        (7.0, None, None),
        (float("nan"), "x", None),
        (DAY, "2026-07-01", 'yyyy"-"mm"-"dd'),
        (DAY, "2026年7月1日", 'yyyy"年"m"月"d"日"'),
        (DAY, "2026年7月", 'yyyy"年"m"月"'),
        (DAY, "Jul 26", 'yyyy"年"m"月"'),
        (DAY, "7月1日", 'm"月"d"日"'),
        (DAY, "2026", "yyyy"),
        (DAY, "星期三", '"星期三"'),
        (DAY, None, None),
    ],
)
def test_the_format_that_shows_a_value_so(
    value: float | datetime, display: str | None, expected: str | None
) -> None:
    assert code(value, display) == expected


def test_what_the_file_says_where_nothing_is_shown() -> None:
    assert code(0.25, None, share=True) == "0%"
    assert code(35.0, None, currency="USD") == '"USD"0'
    assert code(0.004, "0%", share=True) == "0%"
    assert code(25.3, "25.3%", share=True) == '0.0"%"'


@settings(max_examples=200, deadline=None)
@given(
    number=st.floats(-(10**9), 10**9).map(lambda value: round(value, 4)),
    before=st.sampled_from(["", "¥", "$", "约", "JS-"]),
    behind=st.sampled_from(["", "台", "万元", "%"]),
    decimals=st.integers(0, 3),
)
def test_the_format_shows_what_was_shown(number: float, before: str, behind: str, decimals: int) -> None:
    display = f"{before}{abs(number):.{decimals}f}{behind}"
    worked_out = code(abs(number), display)
    assert worked_out is not None
    part = section_of(abs(number), worked_out)
    assert part is not None
    assert part.shows is Shows.FIGURE
    assert (part.prefix, part.suffix, part.scale) == (before, behind, 0)
    assert float(figure(abs(number), part)) == abs(number)
    assert len(figure(0, part).partition(".")[2]) == decimals


def test_dates_are_shown_as_they_were() -> None:
    for display in ("2026-07-01", "2026/7/1", "2026年7月1日", "2026.07.1"):
        worked_out = code(DAY, display)
        assert worked_out is not None
        assert moment(DAY, worked_out) == display


def document(rows: str) -> bytes:
    """The committed register with other rows in one sheet."""
    content = (
        f'<office:document-content {SPACES}><office:body><office:spreadsheet><table:table table:name="表1">{rows}'
        "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    return with_parts((FOLDER / "should_pass" / "register.ods").read_bytes(), {"content.xml": content})


def test_cells_and_rows_that_repeat_have_the_format_and_the_error_of_the_first() -> None:
    """Spreadsheet programs write equal neighbours once: 10 % beside 10 %, a row below its twin."""
    percent = '<table:table-cell table:number-columns-repeated="2" office:value-type="percentage" office:value="0.1"><text:p>10%</text:p></table:table-cell>'
    error = (
        '<table:table-cell table:number-columns-repeated="2" table:formula="of:=1/0" office:value-type="string">'
        "<text:p>#DIV/0!</text:p></table:table-cell>"
    )
    waiting = '<table:table-cell table:number-columns-repeated="2" table:formula="of:=1+1"/>'
    row = f'<table:table-row table:number-rows-repeated="2">{percent}{error}{waiting}</table:table-row>'
    (sheet,) = read_workbook(document(row)).sheets
    assert [sheet.formats.cells(column).rows() for column in (0, 1)] == [[(1, "0%"), (2, "0%")]] * 2
    places = {(row, column) for row in (1, 2) for column in (2, 3)}
    assert sheet.errors == dict.fromkeys(places, "#DIV/0!")
    assert sheet.uncalculated == {(row, column + 2) for row, column in places}
