"""ods: values, repeats, formats and errors, and what is broken in one cell or one table."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from tests.validation.ods_files import MIMETYPE, OdsCell, ods, packed_ods, table_xml
from tests.validation.small_workbooks import Formula, Styled, part, with_parts
from tests.validation.test_reading_refused import message, packed, refused
from tests.validation.test_reading_xlsx import cells, only
from validation.raw import RawSheet, RefusedFileError
from validation.reading import read_workbook

ONE = 'office:value-type="float" office:value="1"'


def table(rows: str, name: str = "表1") -> str:
    return f'<table:table table:name="{name}">{rows}</table:table>'


def row(*cells_: str, attributes: str = "") -> str:
    return f"<table:table-row {attributes}>{''.join(cells_)}</table:table-row>"


def cell(attributes: str, text: str = "1") -> str:
    return f"<table:table-cell {attributes}><text:p>{text}</text:p></table:table-cell>"


def _only(value: OdsCell) -> RawSheet:
    return only(ods(("表1", [["a"], [value, "b"]])))


def test_every_kind_of_cell() -> None:
    rows = [
        ["甲\n乙", 1, -2.5, True, False, date(2026, 7, 1), datetime(2026, 7, 1, 8, 30), Styled(0.25, "0.0%")]
    ]
    assert cells(only(ods(("表1", rows)))) == {
        "A1": "甲\n乙", "B1": 1.0, "C1": -2.5, "D1": "TRUE", "E1": "FALSE", "F1": datetime(2026, 7, 1),
        "G1": datetime(2026, 7, 1, 8, 30), "H1": 0.25,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("attributes", "text", "read"),
    [
        ('office:value-type="date" office:date-value="20219-12-11"', "", "20219-12-11"),
        ('office:value-type="date" office:date-value="2026-13-01"', "2026-13-01", "2026-13-01"),
        ('office:value-type="date"', "2026年", "2026年"),
        ('office:value-type="date" office:date-value="2026-07-01T00:00:00+08:00"', "", datetime(2026, 7, 1)),
        ('office:value-type="float" office:value="one"', "1", "one"),
        ('office:value-type="float" office:value="NaN"', "", "NaN"),
        ('office:value-type="float" office:value="1e999"', "", "1e999"),
        ('office:value-type="float"', "12", 12.0),
        ('office:value-type="currency" office:value="3.5" office:currency="CNY"', "¥3.50", 3.5),
        ('office:value-type="time" office:time-value="PT8H"', "08:00", "08:00"),
        ('office:value-type="unheard-of"', "x", "x"),
    ],
)
def test_a_value_that_is_none_is_what_is_written(attributes: str, text: str, read: object) -> None:
    sheet = _only(OdsCell(attributes, text))
    assert (cells(sheet), sheet.refusal) == ({"A1": "a", "A2": read, "B2": "b"}, None)


def test_what_is_told_of_repeated_cells_is_so_of_each() -> None:
    percent = cell(
        'office:value-type="percentage" office:value="0.25" table:number-columns-repeated="2"', "25%"
    )
    error = cell('table:formula="of:=1/0" table:number-columns-repeated="2"', "#DIV/0!")
    waiting = '<table:table-cell table:formula="of:=A1" table:number-columns-repeated="2"/>'
    data = packed_ods(
        table(row(percent, error, waiting, attributes='table:number-rows-repeated="2"') + row(cell(ONE)))
    )
    sheet = only(data)
    assert cells(sheet) == {"A1": 0.25, "B1": 0.25, "A2": 0.25, "B2": 0.25, "A3": 1.0}
    assert sheet.formats.by_row(0) == {1: "0%", 2: "0%"}
    assert sheet.formats.by_row(1) == {1: "0%", 2: "0%"}
    assert sheet.errors == {(number, column): "#DIV/0!" for number in (1, 2) for column in (2, 3)}
    assert sheet.uncalculated == {(number, column) for number in (1, 2) for column in (4, 5)}


def test_formulas_with_results() -> None:
    rows = [[Formula("[.A2]", "文"), Formula("1+1", 2.5), Formula("1/0", "#DIV/0!")]]
    sheet = only(ods(("表1", rows)))
    assert (cells(sheet), sheet.errors) == ({"A1": "文", "B1": 2.5}, {(1, 2): "#DIV/0!"})


def test_reading_goes_on_to_the_last_filled_cell() -> None:
    blank = row("<table:table-cell/>", attributes='table:number-rows-repeated="5000"')
    assert cells(only(packed_ods(table(row(cell(ONE)) + blank + row(cell(ONE)))))) == {
        "A1": 1.0,
        "A5002": 1.0,
    }


def test_repeats_count_before_they_are_made() -> None:
    wide = cell(ONE + ' table:number-columns-repeated="60"')
    many = row(wide, attributes='table:number-rows-repeated="1048576"')
    assert message(refused(packed_ods(table(many)))).endswith("down to row 1048576 there are 62914560 cells.")
    more = row(cell(ONE), attributes='table:number-rows-repeated="1048577"')
    assert "at most 1048576 rows, and there are 1048577" in message(refused(packed_ods(table(more))))
    beyond = row(cell(ONE), cell(ONE + ' table:number-columns-repeated="16384"'))
    assert message(refused(packed_ods(table(beyond)))) == (
        "The file is over a limit: sheet “表1”: at most 256 columns, and cell XFE1 is in column 16385."
    )


def test_a_table_that_is_refused_is_refused_alone() -> None:
    beyond = table(
        row(cell(ONE)) + row(cell(ONE + ' table:number-columns-repeated="999"')) + row(cell(ONE)), "字典"
    )
    first, second = read_workbook(packed_ods(beyond + table_xml("表1", [["a"]]))).sheets
    assert (cells(first), cells(second)) == ({"A1": 1.0}, {"A1": "a"})
    assert isinstance(first.refusal, RefusedFileError)
    assert second.refusal is None


@pytest.mark.parametrize("name", ["number-rows-repeated", "number-columns-repeated", "number-rows-spanned"])
@pytest.mark.parametrize("count", ["x", "-1", "1.5", "9" * 12, "²"])
def test_a_broken_count_leaves_open_where_the_rest_stands(name: str, count: str) -> None:
    broken = f'table:{name}="{count}"'
    line = row(cell(ONE), attributes=broken) if "rows-repeated" in name else row(cell(f"{ONE} {broken}"))
    assert "a count in row 2 is broken" in message(refused(packed_ods(table(row(cell(ONE)) + line))))


def test_text_that_is_no_xml_text_is_broken_text_of_its_cell() -> None:
    data = ods(("表1", [["甲", "乙", "丙"]]))
    content = (
        part(data, "content.xml")
        .encode()
        .replace("甲".encode(), b"\x01&#0;\xff")
        .replace("乙".encode(), b"\xe4")
    )
    assert cells(only(with_parts(data, {"content.xml": content}))) == {
        "A1": "\ufffd" * 3,
        "B1": "\ufffd",
        "C1": "丙",
    }


def test_a_spreadsheet_told_by_its_manifest_alone() -> None:
    manifest = f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{MIMETYPE}"/>'
    data = with_parts(ods(("表1", [["a"]])), {"mimetype": None, "META-INF/manifest.xml": manifest})
    assert cells(only(data)) == {"A1": "a"}


def test_links_to_other_files_are_no_tables() -> None:
    linked = '<table:table table:name="外"><table:table-source/><table:table-source/></table:table>'
    read = read_workbook(packed_ods(linked + table_xml("表1", [["a"]])))
    assert ([sheet.name for sheet in read.sheets], read.ignored_kinds) == (["表1"], ("external links",))


def test_broken_packages() -> None:
    assert refused(packed(mimetype=MIMETYPE)).code == "file.E001"
    assert refused(packed_ods("<table:table><table:table-row>")).code == "file.E001"
