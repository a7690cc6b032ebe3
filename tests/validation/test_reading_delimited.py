"""CSV and TSV: encodings, delimiters, line ends and row numbers."""

from __future__ import annotations

import pytest

from tests.validation.small_workbooks import csv_bytes
from tests.validation.test_reading_xlsx import cells
from validation.limits import DEFAULT_LIMITS
from validation.raw import RefusedFileError
from validation.reading import read_workbook

ROWS = [["专网编号", "企业名称"], ["JS-01", "无锡䶮新厂"], ["007", ""]]
READ = {"A1": "专网编号", "B1": "企业名称", "A2": "JS-01", "B2": "无锡䶮新厂", "A3": "007"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
@pytest.mark.parametrize("line_end", ["\r\n", "\n", "\r"])
def test_encodings_delimiters_and_line_ends(encoding: str, delimiter: str, line_end: str) -> None:
    read = read_workbook(csv_bytes(ROWS, encoding=encoding, delimiter=delimiter, line_end=line_end))
    assert cells(read.sheets[0]) == READ
    assert read.format == ("tsv" if delimiter == "\t" else "csv")


def test_gbk_of_common_characters() -> None:
    assert cells(read_workbook(csv_bytes(ROWS[:1], encoding="gbk")).sheets[0]) == {
        "A1": "专网编号",
        "B1": "企业名称",
    }


def test_big_endian_utf16_with_its_mark() -> None:
    data = b"\xfe\xff" + csv_bytes(ROWS, encoding="utf-16-be")
    assert cells(read_workbook(data).sheets[0]) == READ


def test_everything_is_text() -> None:
    assert cells(read_workbook(b"a,1.50,2026-07-01,=1+1\n").sheets[0]) == {
        "A1": "a",
        "B1": "1.50",
        "C1": "2026-07-01",
        "D1": "=1+1",
    }


def test_a_separator_line_is_a_row_of_its_own_and_rules() -> None:
    assert cells(read_workbook(b"sep=;\na;b,c\n").sheets[0]) == {"A2": "a", "B2": "b,c"}
    assert cells(read_workbook(b"sep=|\r\na|b\r\n").sheets[0]) == {"A2": "a", "B2": "b"}


def test_quoted_line_breaks_stay_inside_one_row() -> None:
    assert cells(read_workbook('a,"上\n海, ""新"""\nb,c\n'.encode()).sheets[0]) == {
        "A1": "a",
        "B1": '上\n海, "新"',
        "A2": "b",
        "B2": "c",
    }


def test_full_width_commas_do_not_separate() -> None:
    assert cells(read_workbook("甲，乙,丙\n".encode()).sheets[0]) == {"A1": "甲，乙", "B1": "丙"}


def test_blank_lines_keep_their_numbers() -> None:
    assert cells(read_workbook(b"a\n\n,\nb\n\n\n").sheets[0]) == {"A1": "a", "A4": "b"}


def test_reading_goes_on_below_a_long_blank_stretch() -> None:
    assert cells(read_workbook(b"a\n" + b"\n" * 5_000 + b"b\n").sheets[0]) == {"A1": "a", "A5002": "b"}
    assert cells(read_workbook(b"a\n" + b",\n" * 5_000 + b"b\n").sheets[0]) == {"A1": "a", "A5002": "b"}


def test_blank_lines_at_the_end_are_not_kept() -> None:
    assert read_workbook(b"a\n" + b"\n" * 2_000_000).sheets[0].height == 1


def test_rows_of_unequal_length() -> None:
    assert cells(read_workbook(b"a\nb,c,d\ne,f\n").sheets[0]) == {
        "A1": "a", "A2": "b", "B2": "c", "C2": "d", "A3": "e", "B3": "f",
    }  # fmt: skip


def test_trailing_delimiters_are_no_columns() -> None:
    sheet = read_workbook(b"a" + b"," * 5000 + b"\nb\n").sheets[0]
    assert cells(sheet) == {"A1": "a", "A2": "b"}


def test_many_columns_with_content() -> None:
    with pytest.raises(RefusedFileError, match="E004") as caught:
        read_workbook(b"a\n" + b",".join([b"x"] * 257), limits=DEFAULT_LIMITS)
    assert caught.value.reason["en"] == "at most 256 columns, and row 2 has 257"


def test_more_rows_than_a_sheet_has() -> None:
    with pytest.raises(RefusedFileError, match="E004") as caught:
        read_workbook(b"a\n" * 1_048_577)
    assert caught.value.reason["en"] == "at most 1048576 rows, and there are 1048577 or more"


def test_a_cell_too_long_to_be_split() -> None:
    with pytest.raises(RefusedFileError, match="E004") as caught:
        read_workbook(b"a\nb," + b"x" * 200_000 + b"\n")
    assert caught.value.reason["en"] == "at most 32767 characters in a cell, and row 2 has a longer one"


WIDE = ",".join(f"列{number}" for number in range(12))
RECORD = ",".join(["甲"] * 12)


@pytest.mark.parametrize(
    ("text", "read", "unreadable"),
    [
        ('a,b\nc,"d\ne,f\n', {"A1": "a", "B1": "b"}, range(2, 4)),
        ('a,b\nc,"d', {"A1": "a", "B1": "b"}, range(2, 3)),
        ('a,b\nc,"d\n\n\n', {"A1": "a", "B1": "b"}, range(2, 3)),
        ('a,b\nc,"d\ne,f\ng,"h"\ni,j\n', {"A1": "a", "B1": "b"}, range(2, 6)),
        ('a,b\n\n\nc,"d\ne,f\n', {"A1": "a", "B1": "b"}, range(4, 6)),
        ('"a\nb', {}, range(1, 3)),
        ('a,"b\n' + "c,d\n" * 50_000, {}, range(1, 50_002)),
        ('sep=;\na;"b\nc;d\n', {}, range(2, 4)),
    ],
    ids=["to the end", "in the last line", "with blank lines", "closed by another", "after blank rows", "first", "long", "sep"],
)  # fmt: skip
def test_rows_from_an_unclosed_quote_on_are_unreadable(
    text: str, read: dict[str, object], unreadable: range
) -> None:
    sheet = read_workbook(text.encode()).sheets[0]
    assert (cells(sheet), sheet.unreadable) == (read, unreadable)
    assert sheet.first_row + sheet.height == unreadable.stop


def test_a_quote_closed_by_that_of_a_row_below_swallows_rows() -> None:
    swallowed = f'{WIDE}\n{RECORD},"备注一\n{RECORD}\n{RECORD},备注二",x\n{RECORD}\n'
    sheet = read_workbook(swallowed.encode()).sheets[0]
    assert sheet.unreadable == range(2, 6)
    assert set(cells(sheet)) == {f"{letter}1" for letter in "ABCDEFGHIJKL"}


@pytest.mark.parametrize(
    "cell",
    [
        '"一，\n二，""三""\r\n四, 五"',
        '"a ""b"" c"',
        '"a"b"c',
        'a"b',
        '""',
        '"\n"',
    ],
    ids=["lines, commas and doubled quotes", "doubled", "sloppy", "inside", "empty", "a line end alone"],
)
def test_quotes_that_are_closed_are_no_fault(cell: str) -> None:
    sheet = read_workbook(f"a,b\n{cell},x\nc,d\n".encode()).sheets[0]
    assert not sheet.unreadable
    assert cells(sheet)["B2"] == "x" if "\n" not in cell else "x" in cells(sheet).values()
    assert "d" in cells(sheet).values()


@pytest.mark.parametrize("end", ["\x1a", "\r\n\x1a", "\x1a\x1a\x00\x00\n", "\r\n\x00\x00\x00"])
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_what_dos_puts_at_the_end_is_no_cell(end: str, encoding: str) -> None:
    data = ("专网编号,企业名称\r\nJS-01,无锡䶮新厂\r\n007," + end).encode(encoding)
    assert cells(read_workbook(data).sheets[0]) == READ


def test_a_mark_between_texts_that_were_put_together_is_a_blank_row() -> None:
    assert cells(read_workbook(b"a\n\x1a\nb\n").sheets[0]) == {"A1": "a", "A3": "b"}


def test_texts_written_as_formulas_are_what_they_say() -> None:
    text = '="91320583DEM00CT705",="0",=1+1,="a"&"b","=""007""",=""\n'
    assert cells(read_workbook(text.encode()).sheets[0]) == {
        "A1": "91320583DEM00CT705", "B1": "0", "C1": "=1+1", "D1": 'a"&"b', "E1": "007",
    }  # fmt: skip


def test_control_characters_in_one_cell_are_left_to_casting() -> None:
    assert cells(read_workbook("甲\x07,乙\n".encode()).sheets[0]) == {"A1": "甲\x07", "B1": "乙"}


def test_a_cut_character_stays_in_its_cell() -> None:
    whole = "专网编号,企业名称,所在地区,建设地点\nJS-01,无锡新厂,江苏,无锡\n"
    for data in (whole.encode(), whole.encode("utf-8-sig")):
        cut = data.replace("锡新".encode(), "锡新".encode()[:-1])
        read = cells(read_workbook(cut).sheets[0])
        assert (read["B2"], read["C2"]) == ("无锡\ufffd厂", "江苏")
    half = whole.encode("utf-16").replace("锡".encode("utf-16-le"), b"\x3d\xd8")
    assert cells(read_workbook(half).sheets[0])["B2"] == "无\ufffd新厂"


def test_a_stray_zero_is_no_character_of_a_cell() -> None:
    assert cells(read_workbook("甲\x00乙,丙\n".encode()).sheets[0]) == {"A1": "甲\ufffd乙", "B1": "丙"}


@pytest.mark.parametrize(
    ("data", "where"),
    [
        ("名称,企业\n".encode("gb18030") + b"\x81\n", "at byte 1 of line 2"),
        ("名称,值\n".encode() + b"\xff\xff\xff", "at byte 1 of line 2"),
        ("名称,值\n江苏,".encode() + b"\xe6\x97", "at byte 8 of line 2"),
        (b"\xff\xfe" + "名称".encode("utf-16-le") + b"\x00", "its text in UTF-16 is cut off"),
        (b"\xef\xbb\xbf\xe6,\n", "at byte 1 of line 1"),
    ],
    ids=["GB18030", "bytes of no encoding", "too little text to tell", "half a UTF-16 character", "UTF-8 by its mark"],
)  # fmt: skip
def test_bytes_that_are_no_text_are_named(data: bytes, where: str) -> None:
    with pytest.raises(RefusedFileError, match="E001") as caught:
        read_workbook(data)
    assert where in caught.value.reason["en"]
