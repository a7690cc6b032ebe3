"""xls: every kind of cell at its address, compared with another reader, and the oddities that other programs take."""

from __future__ import annotations

import io
import struct
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import xlrd
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.validation.small_workbooks import Formula, Styled
from tests.validation.test_reading_refused import message, refused
from tests.validation.test_reading_xlsx import cells, only
from tests.validation.xls_files import (
    BOF,
    CONTINUE,
    EOF,
    NAME,
    SST,
    XlsSheet,
    compound_file,
    record,
    stream,
    text,
    xls,
)
from validation.raw import Merged, RawSheet, address
from validation.reading import read_workbook
from validation.reading.compound import Compound

FOLDER = Path(__file__).parent.parent / "should_pass"
KEPT = ["register.xls", "register_wps.et", "wrong_string_count.xls", "saved_by_excel_for_mac.xls"]


def by_xlrd(content: bytes) -> list[dict[str, Any]]:
    """Per sheet address -> value, in the shape of a raw cell."""
    book = xlrd.open_workbook(file_contents=content, formatting_info=True, logfile=io.StringIO())
    return [
        {
            address(row + 1, column): value
            for row in range(sheet.nrows)
            for column in range(sheet.ncols)
            if (value := _value(book, sheet.cell(row, column))) is not None
        }
        for sheet in book.sheets()
    ]


def _value(book: xlrd.Book, cell: Any) -> Any:
    if cell.ctype == xlrd.XL_CELL_DATE:
        return xlrd.xldate_as_datetime(cell.value, book.datemode)
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return "TRUE" if cell.value else "FALSE"
    return cell.value if cell.ctype in (xlrd.XL_CELL_TEXT, xlrd.XL_CELL_NUMBER) and cell.value != "" else None


VALUES = st.one_of(
    st.none(),
    st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn")), max_size=20),
    st.integers(-(10**9), 10**9),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.dates(date(1900, 3, 1), date(2100, 1, 1)),
    st.builds(Styled, st.floats(0, 1), st.sampled_from(["0%", "0.00%", '0"%"', "#,##0.00", "G/通用格式"])),
    st.builds(Formula, st.just("=1"), st.floats(-1000, 1000) | st.text("ab", min_size=1) | st.just("#N/A")),
)
TABLES = st.lists(st.lists(VALUES, max_size=8), max_size=12)


@settings(max_examples=40, deadline=None)
@given(rows=TABLES, old=st.booleans())
def test_the_same_cells_as_xlrd(rows: list[list[Any]], old: bool) -> None:
    if old:  # Excel 95 had no characters beyond its code page
        rows = [
            [v.encode("gbk", "ignore").decode("gbk") if isinstance(v, str) else v for v in row]
            for row in rows
        ]
    content = stream(XlsSheet(rows), XlsSheet([["乙"]], name="二"), old=old)
    read = read_workbook(compound_file({"Workbook": content}))
    assert [cells(sheet) for sheet in read.sheets] == by_xlrd(content)


@pytest.mark.parametrize("name", KEPT[:2])
def test_real_files(name: str) -> None:
    data = (FOLDER / name).read_bytes()
    content = Compound(data).stream("Workbook")
    book = xlrd.open_workbook(file_contents=content, formatting_info=True, logfile=io.StringIO())
    read = read_workbook(data)
    assert [cells(sheet) for sheet in read.sheets] == by_xlrd(content)
    for sheet, other in zip(read.sheets, book.sheets(), strict=True):
        assert set(sheet.merged) == {Merged(t + 1, left, b, r - 1) for t, b, left, r in other.merged_cells}
        assert sheet.hidden_rows == {row + 1 for row, info in other.rowinfo_map.items() if info.hidden}


@pytest.mark.parametrize("old", [False, True])
def test_every_kind_of_cell_and_what_stands_beside(old: bool) -> None:
    rows = [
        ["甲", 1, -5, 1.25, 460.34, True, date(2026, 7, 1), Styled(0.25, "0.0%"), Styled(1.5, "[h]:mm"), Styled(0.5, "hh:mm")],
        [Formula("x", "结果"), Formula("x", "#REF!"), Formula("x", 2.5), Formula("x", ""), 2**30, 1e300],
    ]  # fmt: skip
    data = xls(
        XlsSheet(rows, merged=[(0, 1, 0, 1)], hidden_rows=[1]), XlsSheet([["b"]], "隐", hidden=True), old=old
    )
    read = read_workbook(data)
    sheet = read.sheets[0]
    assert cells(sheet) == {
        "A1": "甲", "B1": 1.0, "C1": -5.0, "D1": 1.25, "E1": 460.34, "F1": "TRUE", "G1": datetime(2026, 7, 1), "H1": 0.25,
        "I1": "36:00:00", "J1": "12:00:00", "A2": "结果", "C2": 2.5, "E2": float(2**30), "F2": 1e300,
    }  # fmt: skip
    assert (sheet.errors, sheet.uncalculated) == ({(2, 1): "#REF!"}, {(2, 3)})
    assert (sheet.merged, sheet.hidden_rows) == ((Merged(1, 0, 2, 1),), {2})
    assert [(other.name, other.hidden) for other in read.sheets] == [("表1", False), ("隐", True)]
    assert sheet.formats.by_row(7) == {1: "0.0%"}


def test_packed_numbers_many_in_a_record_and_in_hundredths() -> None:
    packed = [
        (46034 << 2) | 3,
        (((1 << 30) - 7) << 2) | 2,
        struct.unpack("<I", struct.pack("<d", 2.5)[4:])[0],
    ]
    several = (
        struct.pack("<HH", 0, 1)
        + b"".join(struct.pack("<HI", 0, bits) for bits in packed)
        + struct.pack("<H", 3)
    )
    sheet = only(xls(XlsSheet([["x"]], extra=record(0xBD, several))))
    assert cells(sheet) == {"A1": "x", "B1": 460.34, "C1": -7.0, "D1": 2.5}


def test_the_mark_of_the_template_among_odd_names() -> None:
    odd = record(NAME, b"\x20\x00") + record(
        NAME, struct.pack("<HBBHHH4B", 0, 0, 200, 9, 0, 0, 0, 0, 0, 0) + b"\x00x"
    )
    odd += record(
        NAME, struct.pack("<HBBHHH4B", 0x20, 0, 1, 11, 5, 9, 0, 0, 0, 0) + b"\x00\x06" + b"\x3b\xff\xff" * 4
    )
    read = read_workbook(xls(XlsSheet([["a"]]), mark="networks-2026Q3-1", extra=odd))
    assert (read.template_mark, cells(read.sheets[0])) == ("networks-2026Q3-1", {"A1": "a"})


@pytest.mark.parametrize("counts", [(9, 9), (0, 0), (1, 1), (2**31, 2**32 - 1)])
def test_the_count_of_shared_strings_is_not_believed(counts: tuple[int, int]) -> None:
    data = xls(XlsSheet([["甲", "乙", "丙"], ["乙", None, "甲"]]), counts=counts)
    assert cells(only(data)) == {"A1": "甲", "B1": "乙", "C1": "丙", "A2": "乙", "C2": "甲"}


def test_a_shared_string_that_is_not_there_is_a_broken_cell() -> None:
    content = stream(XlsSheet([["甲", "乙"]])).replace(
        struct.pack("<HHHI", 0, 1, 0, 1), struct.pack("<HHHI", 0, 1, 0, 7)
    )
    assert cells(only(compound_file({"Workbook": content}))) == {"A1": "甲", "B1": "\ufffd"}


def test_the_end_of_the_shared_strings_is_lost() -> None:
    whole, long = (
        stream(XlsSheet([["甲", "乙" * 3000]])),
        record(SST, struct.pack("<II", 2, 2) + text("甲") + text("乙" * 3000)),
    )
    short = struct.pack("<HH", SST, 4000) + long[4:4004]
    content = whole.replace(
        long, short + struct.pack("<HH", 0x99, len(long) - len(short) - 4) + bytes(len(long) - len(short) - 4)
    )
    assert content != whole
    assert cells(only(compound_file({"Workbook": content}))) == {"A1": "甲", "B1": "\ufffd"}


@pytest.mark.parametrize("before", range(8))
def test_long_strings_go_on_in_further_records(before: int) -> None:
    long = "x" * before + "字𬭎😀é" * 5_000
    assert cells(only(xls(XlsSheet([["a", long, "b"]])))) == {"A1": "a", "B1": long, "C1": "b"}


def test_a_string_goes_on_in_characters_of_another_width() -> None:
    wide = struct.pack("<II", 2, 2) + struct.pack("<HB", 6, 0) + b"abc"
    content = stream(XlsSheet([["abc甲乙", "y"]]))
    start, end = content.index(record(SST)[:2]), content.index(record(EOF))
    shared = (
        struct.pack("<HH", SST, len(wide))
        + wide
        + record(CONTINUE, b"\x01" + "甲乙丙".encode("utf-16-le") + text("y"))
    )
    moved = bytearray(content[:start] + shared + content[end:])
    at = content.index(struct.pack("<HH", 0x85, 6 + 6)) + 4
    struct.pack_into("<I", moved, at, struct.unpack_from("<I", content, at)[0] + len(shared) - (end - start))
    assert cells(only(compound_file({"Workbook": bytes(moved)}))) == {"A1": "abc甲乙丙", "B1": "y"}


def test_rich_text_and_phonetic_hints_are_passed_over() -> None:
    rich = struct.pack("<HBHI", 2, 0x0D, 1, 6) + "甲乙".encode("utf-16-le") + bytes(4) + bytes(6)
    label = record(0x204, struct.pack("<HHH", 0, 1, 0) + rich) + record(
        0xD6, struct.pack("<HHH", 0, 2, 0) + text("丙") + bytes(6)
    )
    assert cells(only(xls(XlsSheet([["a"]], extra=label)))) == {"A1": "a", "B1": "甲乙", "C1": "丙"}


@pytest.mark.parametrize(
    ("content", "display"),
    [
        (text("甲\ud83d乙"), "甲\ufffd乙"),
        (text("甲\x00乙"), "甲\ufffd乙"),
        (struct.pack("<HB", 40, 1) + "甲乙".encode("utf-16-le"), "\ufffd"),
    ],
    ids=["half a character", "a zero", "cut off"],
)
def test_a_broken_text_is_one_cell(content: bytes, display: str) -> None:
    label = record(0x204, struct.pack("<HHH", 0, 1, 0) + content)
    assert cells(only(xls(XlsSheet([["a"], ["b"]], extra=label)))) == {"A1": "a", "B1": display, "A2": "b"}


def test_numbers_that_are_none() -> None:
    odd = b"".join(
        record(0x203, struct.pack("<HHHd", 0, at, 0, value))
        for at, value in enumerate((float("nan"), float("inf")), 1)
    )
    assert cells(only(xls(XlsSheet([["a"]], extra=odd)))) == {"A1": "a", "B1": "NaN", "C1": "inf"}


def test_records_of_no_concern_may_be_broken() -> None:
    """Drawings, notes, conditional formats, links: xlrd stopped at many of them."""
    odd = b"".join(
        record(code, b"\x01")
        for code in (0xEC, 0x5D, 0x1C, 0x1B0, 0x1B1, 0x1B8, 0x99, 0x55, 0x1B6, 0x15F, 0x872)
    )
    assert cells(only(xls(XlsSheet([["a"]], extra=odd), extra=odd))) == {"A1": "a"}


def test_a_chart_inside_a_sheet() -> None:
    chart = (
        record(BOF, struct.pack("<HH", 0x600, 0x20))
        + record(0x203, struct.pack("<HHHd", 8, 8, 0, 9))
        + record(EOF)
    )
    assert cells(only(xls(XlsSheet([["a"]], extra=chart)))) == {"A1": "a"}


@pytest.mark.parametrize("root", ["R", "", "Root Entry"])
def test_the_root_of_the_file_may_have_any_name(root: str) -> None:
    made = compound_file({"Workbook": stream(XlsSheet([["a"]]))}, root=root, root_length=2)
    assert cells(only(made)) == {"A1": "a"}


@pytest.mark.parametrize("name", KEPT)
def test_files_kept(name: str) -> None:
    read = read_workbook((FOLDER / name).read_bytes())
    assert all(sheet.refusal is None for sheet in read.sheets)


def _broken(second: bytes) -> tuple[RawSheet, RawSheet]:
    """A sound sheet and one whose stream is this."""
    content = stream(XlsSheet([["a"]]), XlsSheet([["b"]] * 3, "坏"))
    end = content.rindex(record(EOF))
    return read_workbook(compound_file({"Workbook": content[:end] + second})).sheets  # type: ignore[return-value]


def test_a_sheet_that_is_cut_off_is_refused_alone() -> None:
    sound, broken = _broken(b"")
    assert (cells(sound), sound.refusal) == ({"A1": "a"}, None)
    assert cells(broken) == {"A1": "b", "A2": "b", "A3": "b"}
    assert broken.refusal is not None
    assert message(broken.refusal) == "The file cannot be read: it is cut off."


def test_a_record_of_a_cell_that_is_cut_off() -> None:
    _, broken = _broken(record(0x203, b"\x00\x00") + record(EOF))
    assert broken.refusal is not None
    assert "a record of a cell is cut off" in message(broken.refusal)


def test_sheets_that_begin_nowhere_or_at_one_place() -> None:
    sheets = read_workbook(
        xls(*[XlsSheet([["a"]], f"表{number}") for number in range(3)], starts=[0, 0, 1])
    ).sheets
    assert [cells(sheet) for sheet in sheets] == [{"A1": "a"}] * 3
    content = stream(
        XlsSheet([["a"]] * 9_000), *[XlsSheet([], f"表{number}") for number in range(400)], starts=[0] * 401
    )
    assert "again and again" in message(refused(compound_file({"Workbook": content})))
    nowhere = content.replace(struct.pack("<I", content.rindex(record(EOF))), b"\xff\xff\xff\xff")
    assert refused(compound_file({"Workbook": nowhere[:40]})).code == "file.E001"


def test_a_cell_beyond_the_columns_names_itself() -> None:
    far = record(0x203, struct.pack("<HHHd", 3, 300, 0, 1))
    assert message(refused(xls(XlsSheet([["a"]], extra=far)))) == (
        "The file is over a limit: sheet “表1”: at most 256 columns, and cell KO4 is in column 301."
    )


def test_a_workbook_of_excel_4() -> None:
    early = record(BOF, struct.pack("<HH", 0x0400, 5)) + record(EOF)
    assert "Excel 4.0" in message(refused(compound_file({"Workbook": early})))


def test_a_workbook_without_sheets() -> None:
    assert "it has no sheets" in message(refused(xls()))
