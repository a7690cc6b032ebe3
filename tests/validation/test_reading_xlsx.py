"""xlsx and xlsm: values at their own addresses, and the facts beside them."""

from __future__ import annotations

import io
import re
from datetime import date, datetime

import openpyxl
import pytest

from tests.validation.small_workbooks import Formula, Sheet, Styled, book, part, with_parts, workbook
from validation.raw import Merged, RawSheet, RefusedFileError, Workbook, address
from validation.reading import read_workbook

SHEET = "xl/worksheets/sheet1.xml"


def cells(sheet: RawSheet) -> dict[str, object]:
    """Address -> value of every cell that holds one."""
    values: dict[str, object] = {}
    for offset, column in enumerate(sheet.columns):
        for series in (column.text, column.number, column.moment):
            for index, value in enumerate(series):
                if value is not None:
                    values[address(sheet.first_row + index, sheet.first_column + offset)] = value
    return values


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
        "D1": "36:00:00",
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


def test_number_formats_that_tell_something_are_kept_by_cell() -> None:
    cells = [
        ["x", Styled(0.25, "0.0%"), Styled(2026.1, "0.00"), Styled(7, "0")],
        ["y", 0.5, Styled("某", "@"), Styled("某", '@"厂"')],
    ]
    formats = only(workbook(cells, at="C3")).formats
    assert formats.codes == {3: {"0.0%"}, 4: {"0.00"}, 5: {'@"厂"'}}
    assert [formats.cells(column).rows() for column in (3, 4, 5, 9)] == [
        [(3, "0.0%")],
        [(3, "0.00")],
        [(4, '@"厂"')],
        [],
    ]


def test_the_format_of_the_first_style_counts_too() -> None:
    data = workbook([[0.25]])
    styles = part(data, "xl/styles.xml").replace(
        '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>', "{}"
    )
    styles = styles.format('<xf numFmtId="9" fontId="0" fillId="0" borderId="0" xfId="0"/>')
    assert only(with_parts(data, {"xl/styles.xml": styles})).formats.cells(0).rows() == [(1, "0%")]


def test_built_in_percent_format() -> None:
    data = workbook([[Styled(0.25, "0.0%")]])
    styles = part(data, "xl/styles.xml").replace('numFmtId="164" fontId', 'numFmtId="10" fontId')
    assert only(with_parts(data, {"xl/styles.xml": styles})).formats.cells(0).rows() == [(1, "0.00%")]


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


def test_reading_goes_on_to_the_last_filled_cell() -> None:
    assert cells(only(workbook([["a"], *[[None]] * 5_000, ["kept"]]))) == {"A1": "a", "A5002": "kept"}
    data = edited(
        workbook([["a"], [Formula("=A1", "")]]),
        "</sheetData>",
        '<row r="1048576"><c r="C1048576"><v>1</v></c></row></sheetData>',
    )
    sheet = only(data)
    assert (sheet.height, sheet.uncalculated) == (1_048_576, {(2, 0)})
    assert cells(sheet) == {"A1": "a", "C1048576": 1.0}


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


@pytest.mark.parametrize(
    "tag", ["<sheetData />", "<sheetData/>", "<sheetData></sheetData>", "<sheetData  ></sheetData >"]
)
def test_ways_to_write_an_empty_sheet(tag: str) -> None:
    data = edited(workbook([["a"]]), r"<sheetData>.*</sheetData>", tag)
    assert (only(data).height, only(data).refusal) == (0, None)


def test_ends_of_rows_spelled_otherwise() -> None:
    data = edited(workbook([["a"], ["b"]]), "</sheetData>", "</sheetData >")
    assert cells(only(data)) == {"A1": "a", "A2": "b"}


@pytest.mark.parametrize("name", ["xl/workbook22.xml", "workbook.xml", "Mappe/Buch.xml"])
def test_the_workbook_part_stands_where_the_relations_say(name: str) -> None:
    data = workbook([["a", 1]], mark="networks-2026Q3-1")
    folder = name.rpartition("/")[0]
    relations = part(data, "xl/_rels/workbook.xml.rels").replace('Target="', 'Target="/xl/')
    moved = {
        "xl/workbook.xml": None,
        "xl/_rels/workbook.xml.rels": None,
        name: part(data, "xl/workbook.xml"),
        f"{folder}/_rels/{name.rpartition('/')[2]}.rels".lstrip("/"): relations,
        "_rels/.rels": part(data, "_rels/.rels").replace("xl/workbook.xml", name),
        "[Content_Types].xml": part(data, "[Content_Types].xml").replace("/xl/workbook.xml", f"/{name}"),
    }
    read = read_workbook(with_parts(data, moved))
    assert cells(read.sheets[0]) == {"A1": "a", "B1": 1.0}
    assert read.template_mark == "networks-2026Q3-1"


def _cell(xml: str) -> dict[str, object]:
    """The cells of a sheet whose row 2 is this."""
    return cells(only(edited(workbook([["a"]]), "</sheetData>", f'<row r="2">{xml}</row></sheetData>')))


@pytest.mark.parametrize(
    ("xml", "read"),
    [
        ('<c r="A2" t="inlineStr"><is><t>甲</t></is><v></v></c>', "甲"),
        ('<c r="A2" t="inlineStr"><is><t>甲</t></is><v/></c>', "甲"),
        ('<c r="A2" t="inlineStr"><v>0</v><is><t>甲</t></is></c>', "甲"),
        ('<c r="A2" t="inlineStr"><v>甲</v></c>', "甲"),
        ('<c r="A2" t="str"><v>甲</v><is><t>乙</t></is></c>', "甲"),
        ('<c r="A2"><v>5</v><is><t>乙</t></is></c>', 5.0),
        ('<c r="A2"><v></v><is><t>乙</t></is></c>', "乙"),
        ('<c r="A2"><v>5</v><v>6</v></c>', 5.0),
        ('<c r="A2"><is><t>甲</t><rPh sb="0" eb="1"><t>jia</t></rPh></is></c>', "甲"),
        ('<c r="A2" t="str"><v>甲&#13;乙</v><is/></c>', "甲\r乙"),
        ('<c t="inlineStr"><is><t>甲</t></is></c>', "甲"),
        ('<c r="A2" s="x"><v>1</v></c>', 1.0),
    ],
)
def test_text_and_value_of_one_cell(xml: str, read: object) -> None:
    assert _cell(xml) == {"A1": "a", "A2": read}


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("专网_xD83D__xDE00_", "专网😀"),
        ("_xd83d__xde00_", "😀"),
        ("_xD83D_专网", "\ufffd专网"),
        ("专网_xDE00_", "专网\ufffd"),
        ("_xDE00__xD83D_", "\ufffd\ufffd"),
        ("_x0000_", "\ufffd"),
        ("_x005F_xD83D_", "_xD83D_"),
        ("甲&#0;乙", "甲\ufffd乙"),
        ("甲&#xD83D;乙", "甲\ufffd乙"),
        ("甲&#99999999999999999999;乙", "甲\ufffd乙"),
        ("甲&#128512;乙", "甲😀乙"),
        ("甲&#x1;乙", "甲\ufffd乙"),
        ("甲\x01乙", "甲\ufffd乙"),
    ],
)
def test_escapes_of_characters(written: str, read: str) -> None:
    """In shared strings and in cells, read with a parser and without."""
    strings = '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{}</sst>'
    data = workbook([["a", "b"]])
    for items in (
        f"<si><t>{written}</t></si><si><t>b</t></si>",
        f"<si><r><t>{written}</t></r></si><si><t>b</t></si>",
    ):
        shared = cells(only(with_parts(data, {"xl/sharedStrings.xml": strings.format(items)})))
        assert (_mended(shared["A1"]), shared["B1"]) == (read, "b")
    for attribute in ("r='A2' t", 't="str" r'):
        own = (
            f'<c {attribute}="inlineStr"><is><t>{written}</t></is></c>'
            if attribute[-1] == "t"
            else f'<c {attribute}="A2"><v>{written}</v></c>'
        )
        assert _mended(_cell(own)["A2"]) == read


def _mended(value: object) -> str:
    """What is left of control characters that no parser saw is for casting to find."""
    return str(value).replace("\x01", "\ufffd")


def test_bytes_that_are_no_characters_are_broken_text_of_their_cell() -> None:
    data = workbook([["甲", "乙"], ["丙", 1]])
    strings = part(data, "xl/sharedStrings.xml").encode().replace("乙".encode(), b"\xe4\xb9")
    assert cells(only(with_parts(data, {"xl/sharedStrings.xml": strings}))) == {
        "A1": "甲",
        "B1": "\ufffd",
        "A2": "丙",
        "B2": 1.0,
    }
    own = (
        part(data, SHEET)
        .replace("</sheetData>", '<row r="3"><c r="A3" t="str"><v>丁</v></c></row></sheetData>')
        .encode()
    )
    for spelled in (own, own.replace(b'<c r="A3"', b"<c r = 'A3'")):
        broken = spelled.replace("丁".encode(), b"\xff")
        assert cells(only(with_parts(data, {SHEET: broken})))["A3"] == "\ufffd"


def test_shared_strings_that_are_not_there() -> None:
    data = edited(workbook([["甲", "乙"]]), "<v>1</v>", "<v>7</v>")
    assert cells(only(data)) == {"A1": "甲", "B1": "\ufffd"}
    assert cells(only(with_parts(data, {"xl/sharedStrings.xml": None}))) == {"A1": "\ufffd", "B1": "\ufffd"}


@pytest.mark.parametrize("value", ["NaN", "inf", "1E+999", "-1e999", "1,5", "一"])
def test_numbers_that_are_none(value: str) -> None:
    assert cells(only(edited(workbook([["a", 1]]), "<v>1</v>", f"<v>{value}</v>"))) == {
        "A1": "a",
        "B1": value,
    }


@pytest.mark.parametrize(
    ("at", "code"), [("A0", "E001"), ("A1048577", "E004"), ("XFE1", "E001"), ("AAAA1", "E001")]
)
def test_addresses_that_no_sheet_has(at: str, code: str) -> None:
    data = edited(workbook([["a", 1]]), 'r="B1"', f'r="{at}"')
    with pytest.raises(RefusedFileError, match=code):
        read_workbook(data)


def test_numbers_of_styles_that_are_too_long_to_be_numbers() -> None:
    data = edited(workbook([["a", Styled(0.5, "0%")]]), ' s="1"', f' s="{"9" * 5000}"')
    assert cells(only(data)) == {"A1": "a", "B1": 0.5}
    assert only(data).formats.by_row(1) == {}


def test_names_of_sheets_are_such_as_workbooks_can_have() -> None:
    data = book(Sheet([["a"]], "甲"), Sheet([["b"]], "乙"), Sheet([["c"]], "丙"), Sheet([["d"]], "丁"))
    names = part(data, "xl/workbook.xml")
    for old, new in (("乙", "甲"), ("丙", "a/b:c*" + "长" * 40), ("丁", "&#39;&#39;")):
        names = names.replace(f'name="{old}"', f'name="{new}"')
    read = read_workbook(with_parts(data, {"xl/workbook.xml": names}))
    assert [sheet.name for sheet in read.sheets] == ["甲", "甲 (2)", "a_b_c_" + "长" * 25, "_"]


def test_an_empty_workbook_has_an_empty_sheet() -> None:
    sheet = only(workbook([]))
    assert (sheet.height, sheet.columns) == (0, ())
