"""CSV and TSV: encodings, delimiters, line ends and row numbers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.validation.test_reading_xlsx import cells
from tests.validation.workbooks import csv_bytes
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
    with pytest.raises(RefusedFileError, match="E004"):
        read_workbook(b",".join([b"x"] * 257), limits=DEFAULT_LIMITS)


def test_a_quote_that_never_ends_is_no_endless_cell() -> None:
    with pytest.raises(RefusedFileError) as caught:
        read_workbook(b'a,"b\n' + b"c,d\n" * 50_000, limits=replace(DEFAULT_LIMITS))
    assert caught.value.code in ("file.E001", "file.E004")


def test_control_characters_in_one_cell_are_left_to_casting() -> None:
    assert cells(read_workbook("甲\x07,乙\n".encode()).sheets[0]) == {"A1": "甲\x07", "B1": "乙"}


def test_broken_text_is_never_replaced() -> None:
    with pytest.raises(RefusedFileError, match="E001"):
        read_workbook("名称,企业\n".encode("gb18030") + b"\x81\n")
