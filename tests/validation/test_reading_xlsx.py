"""xlsx and xlsm: values at their own addresses, and the facts beside them."""

from __future__ import annotations

import io
import re
from datetime import date, datetime

import openpyxl
import pytest

from tests.validation.workbooks import Formula, Sheet, Styled, book, part, with_parts, workbook
from validation.raw import Merged, RawSheet, Workbook, address
from validation.reading import read_workbook

SHEET = "xl/worksheets/sheet1.xml"


def cells(sheet: RawSheet) -> dict[str, object]:
    """Address -> value of every cell that holds one."""
    found: dict[str, object] = {}
    for offset, column in enumerate(sheet.columns):
        for series in (column.text, column.number, column.moment):
            for index, value in enumerate(series):
                if value is not None:
                    found[address(sheet.first_row + index, sheet.first_column + offset)] = value
    return found


def only(data: bytes) -> RawSheet:
    return read_workbook(data).sheets[0]


def edited(data: bytes, pattern: str, replacement: str) -> bytes:
    """The workbook with its first sheet's XML changed."""
    changed, count = re.subn(pattern, replacement, part(data, SHEET))
    assert count
    return with_parts(data, {SHEET: changed})


def test_values_stand_at_the_sheets_own_addresses() -> None:
    sheet = only(workbook([["a", 1, True], [None, 2.5], ["", "乙"]], at="B5"))
    assert cells(sheet) == {"B5": "a", "C5": 1.0, "D5": "TRUE", "C6": 2.5, "C7": "乙"}
    assert (sheet.first_row, sheet.first_column, sheet.height) == (5, 1, 3)


def test_dates_and_times() -> None:
    rows = [[date(2026, 7, 1), datetime(2026, 7, 1, 8, 30), Styled(0.5, "hh:mm"), Styled(1.5, "[h]:mm")]]
    assert cells(only(workbook(rows))) == {
        "A1": datetime(2026, 7, 1),
        "B1": datetime(2026, 7, 1, 8, 30),
        "C1": "12:00:00",
        "D1": "1 day, 12:00:00",
    }


@pytest.mark.parametrize("number_format", ["27", "31", "36", "50", "57", "58"])
def test_chinese_built_in_date_formats_are_dates(number_format: str) -> None:
    data = workbook([[Styled(46204, "yyyy-mm-dd")]])
    styles = part(data, "xl/styles.xml").replace(
        'numFmtId="164" fontId', f'numFmtId="{number_format}" fontId'
    )
    assert cells(only(with_parts(data, {"xl/styles.xml": styles}))) == {"A1": datetime(2026, 7, 1)}


def test_the_1904_day_count_is_noted_and_date_cells_are_right() -> None:
    read = read_workbook(book(Sheet([[date(2026, 7, 1), 44742]]), date_1904=True))
    assert read.date_1904
    assert cells(read.sheets[0]) == {"A1": datetime(2026, 7, 1), "B1": 44742.0}


def test_text_that_begins_like_a_formula_stays_text() -> None:
    assert cells(only(workbook([["=1+1", "+86", "-", "@x"]]))) == {
        "A1": "=1+1",
        "B1": "+86",
        "C1": "-",
        "D1": "@x",
    }


def test_formula_results_errors_and_formulas_never_calculated() -> None:
    rows = [["x", Formula("=1+1", 2), Formula('="a"', "a"), Formula("=1/0", "#DIV/0!"), Formula("=B1", "")]]
    sheet = only(workbook(rows))
    assert cells(sheet) == {"A1": "x", "B1": 2.0, "C1": "a"}
    assert sheet.errors == {(1, 3): "#DIV/0!"}
    assert sheet.uncalculated == {(1, 4)}
    assert len(sheet.columns) == 5


def test_formulas_saved_by_a_library_carry_no_result() -> None:
    made = openpyxl.Workbook()
    made.active["A1"] = "x"
    made.active["B3"] = "=A1"
    target = io.BytesIO()
    made.save(target)
    sheet = only(target.getvalue())
    assert sheet.uncalculated == {(3, 1)}
    assert (sheet.height, len(sheet.columns)) == (3, 2)


def test_a_formula_whose_result_is_empty_text_was_calculated() -> None:
    data = edited(workbook([["x", 1]]), r'<c r="B1"><v>1</v></c>', '<c r="B1" t="str"><f>A2</f><v></v></c>')
    assert only(data).uncalculated == set()


def test_shared_formulas_without_a_result() -> None:
    data = edited(workbook([["x", 1]]), r"<v>1</v>", '<f t="shared" si="0"/>')
    assert only(data).uncalculated == {(1, 1)}


def test_hidden_rows_sheets_and_merged_ranges() -> None:
    data = book(
        Sheet([["a"], ["b"], ["c"], ["d"]], at="B2", merged=["B3:C4"], hidden_rows=[3, 5]),
        Sheet([["z"]], name="隐藏", hidden=True),
    )
    first, second = read_workbook(data).sheets
    assert first.hidden_rows == {3, 5}
    assert first.merged == (Merged(3, 1, 4, 2),)
    assert (first.hidden, second.hidden, second.name) == (False, True, "隐藏")


def test_very_hidden_sheets_are_hidden() -> None:
    data = book(Sheet([["a"]]), Sheet([["b"]], name="乙", hidden=True))
    changed = part(data, "xl/workbook.xml").replace('state="hidden"', 'state="veryHidden"')
    assert [
        sheet.hidden for sheet in read_workbook(with_parts(data, {"xl/workbook.xml": changed})).sheets
    ] == [
        False,
        True,
    ]


def test_number_formats_are_looked_up_by_cell() -> None:
    sheet = only(workbook([["x", Styled(0.25, "0.0%"), Styled(2026.1, "0.00")], ["y", 0.5]], at="C3"))
    assert sheet.formats(3, [3, 4, 9]) == {3: "0.0%", 4: "General"}
    assert sheet.formats(4, [3]) == {3: "0.00"}


def test_built_in_percent_format() -> None:
    data = workbook([[Styled(0.25, "0.0%")]])
    styles = part(data, "xl/styles.xml").replace('numFmtId="164" fontId', 'numFmtId="10" fontId')
    assert only(with_parts(data, {"xl/styles.xml": styles})).formats(0, [1]) == {1: "0.00%"}


def test_the_template_mark_and_what_is_ignored() -> None:
    data = with_parts(
        workbook([["a"]], mark="networks-2026Q3-1"),
        {
            "xl/vbaProject.bin": b"x",
            "xl/externalLinks/externalLink1.xml": "<a/>",
            "xl/embeddings/o.bin": b"y",
        },
    )
    read = read_workbook(data)
    assert read.template_mark == "networks-2026Q3-1"
    assert read.ignored_kinds == ("macros", "external links", "embedded objects")
    assert read.format == "xlsm"


def _plain_and(pattern: str, replacement: str) -> tuple[Workbook, Workbook]:
    data = workbook([["a", 1], ["b", Formula("=1/0", "#N/A")]], hidden_rows=[2])
    return read_workbook(data), read_workbook(edited(data, pattern, replacement))


@pytest.mark.parametrize(
    ("pattern", "replacement"),
    [
        (r"<dimension[^>]*/>", '<dimension ref="A1"/>'),
        (r"<dimension[^>]*/>", ""),
        (r'(\w)="([^"]*)"', r"\1='\2'"),
        (r' r="(\w+)"', r' r = "\1"'),
        (r' spans="[^"]*"', ""),
    ],
    ids=["WPS dimension", "no dimension", "single quotes", "spaces", "no spans"],
)
def test_ways_to_write_the_same_sheet(pattern: str, replacement: str) -> None:
    plain, other = _plain_and(pattern, replacement)
    assert cells(other.sheets[0]) == cells(plain.sheets[0])
    assert other.sheets[0].errors == plain.sheets[0].errors == {(2, 1): "#N/A"}
    assert other.sheets[0].hidden_rows == {2}


def test_sheets_written_with_a_name_space_prefix() -> None:
    data = workbook([["a", 1], ["b", Formula("=1/0", "#N/A")]], hidden_rows=[2])
    prefixed = re.sub(r"<(/?)(\w)", r"<\1x:\2", part(data, SHEET)).replace("xmlns=", "xmlns:x=")
    sheet = only(with_parts(data, {SHEET: prefixed}))
    assert cells(sheet) == {"A1": "a", "B1": 1.0, "A2": "b"}
    assert (sheet.errors, sheet.hidden_rows) == ({(2, 1): "#N/A"}, {2})


def test_inline_and_rich_text_and_soft_returns() -> None:
    cell = (
        '<c r="B1" t="inlineStr"><is><r><t>上</t></r><r><t xml:space="preserve"> 海_x000D_</t></r></is></c>'
        '<c r="C1" t="str"><f>x</f><v>a&amp;b</v></c></row>'
    )
    assert cells(only(edited(workbook([["x"]]), "</row>", cell))) == {"A1": "x", "B1": "上 海\r", "C1": "a&b"}


def test_a_million_formatted_empty_rows_cost_nothing() -> None:
    rows = "".join(f'<row r="{number}"><c r="A{number}" s="1"/></row>' for number in range(3, 60_000))
    data = edited(workbook([["a"], ["b"]]), "</sheetData>", f"{rows}</sheetData>")
    assert only(data).height == 2


def test_reading_goes_on_below_a_long_blank_stretch() -> None:
    assert cells(only(workbook([["a"], *[[None]] * 5_000, ["last"]]))) == {"A1": "a", "A5002": "last"}


def test_a_stray_cell_in_a_sheets_last_row_is_read() -> None:
    data = edited(
        workbook([["a"], [Formula("=A1", "")]]),
        "</sheetData>",
        '<row r="1048576"><c r="C1048576"><v>1</v></c></row></sheetData>',
    )
    sheet = only(data)
    assert (sheet.height, sheet.uncalculated) == (1_048_576, {(2, 0)})
    assert sheet.columns[2].number.drop_nulls().to_list() == [1.0]


def test_chart_sheets_are_left_out() -> None:
    made = openpyxl.Workbook()
    made.active["A1"] = "x"
    made.create_chartsheet("图")
    target = io.BytesIO()
    made.save(target)
    assert [sheet.name for sheet in read_workbook(target.getvalue()).sheets] == ["Sheet"]


def test_strict_office_open_xml_and_odd_part_names() -> None:
    data = workbook([["a", 1]])
    renamed = with_parts(
        data,
        {
            SHEET: None,
            "xl/worksheets/Sheet1.XML": part(data, SHEET),
        },
    )
    assert cells(only(renamed)) == {"A1": "a", "B1": 1.0}


def test_an_empty_workbook_has_an_empty_sheet() -> None:
    sheet = only(workbook([]))
    assert (sheet.height, sheet.columns) == (0, ())
