"""Number formats taken apart: which part shows a number, what stands around its digits, and what a date shows as."""

from __future__ import annotations

import math
from datetime import datetime

import pytest

from validation.number_formats import (
    LONGEST,
    Shows,
    clock,
    date_parts,
    figure,
    is_bare,
    is_full_day,
    moment,
    section_of,
    sections,
    tells,
    text_around,
)

MOMENT = datetime(2026, 3, 1, 8, 5, 9)


def displayed(number: float, code: str) -> str:
    """Prefix, digits and suffix as the format shows them, without separators and signs."""
    part = section_of(number, code)
    assert part is not None
    if part.shows is Shows.NOTHING:
        return part.prefix
    return f"{part.prefix}{figure(number, part, rounded=True)}{part.suffix}"


@pytest.mark.parametrize(
    ("number", "code", "text"),
    [
        (0.253, "0.0%", "25.3%"),
        (0.5, '0.0"%"', "0.5%"),
        (0.5, "0.0\\%", "0.5%"),
        (0.5, "0.0!%", "0.5%"),
        (0.5, "0.0_%", "0.5"),
        (123_456, '0!.0,"万"', "12.3万"),
        (1_234_567, "0!.0000", "123.4567"),
        (123_456, "#,##0,", "123"),
        (1_234_567, '0.0,,"M"', "1.2M"),
        (1_234, "#,##0", "1234"),
        (61, "000", "061"),
        (12, '"JS-"0000', "JS-0012"),
        (202_607, '0000"年"00"月"', "2026年07月"),
        (20_260_701, "0000-00-00", "2026-07-01"),
        (13_800_138_000, "000-0000-0000", "138-0013-8000"),
        (35, "[$HK$-C04]#,##0", "HK$35"),
        (35, "[$-409]0", "35"),
        (7, 'G/通用格式"台"', "7台"),
        (2.5, 'General"台"', "2.5台"),
        (2.345, "0.00", "2.35"),
        (0.30000000000000004, "0%", "30%"),
        (1, '[=1]"是";[=0]"否"', "是"),
        (0, '[=1]"是";[=0]"否"', "否"),
        (123_456_789, '[>=100000000]0!.00,,"亿";[>=10000]0!.0,"万";0', "1.23亿"),
        (12_345, '[>=100000000]0!.00,,"亿";[>=10000]0.0,"千";0', "12.3千"),
        (500, '[>=100000000]0!.00,,"亿";[>=10000]0.0,"万";0', "500"),
        (-5, "0;(0)", "(5)"),
        (0, '0;-0;"零"', "零"),
        (35, ";;;", ""),
        (5, "@", "5"),
        (5, "", ""),
    ],
)
def test_what_a_number_shows(number: float, code: str, text: str) -> None:
    assert displayed(number, code) == text


def test_a_number_that_no_part_is_for() -> None:
    assert section_of(2, '[=1]"是";[=0]"否"') is None


@pytest.mark.parametrize(
    ("code", "shows"),
    [
        ("0.00E+00", Shows.POWER),
        ("# ?/?", Shows.FRACTION),
        ("yyyy-mm-dd", Shows.MOMENT),
        ("[h]:mm", Shows.MOMENT),
        ("mm:ss.0", Shows.MOMENT),
        ("@", Shows.TEXT),
        ('"x"', Shows.NOTHING),
        ('0.0"yms"', Shows.FIGURE),
        ("0.0!d", Shows.FIGURE),
    ],
)
def test_what_a_part_shows(code: str, shows: Shows) -> None:
    assert sections(code)[0].shows is shows


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("yyyy-mm-dd", "2026-03-01"),
        ("yyyy/m/d;@", "2026/3/1"),
        ('yyyy"年"m"月"', "2026年3月"),
        ('[$-804]yyyy"年"m"月"d"日" aaaa', "2026年3月1日 星期日"),
        ("e-m-d", "2026-3-1"),
        ("mmm-yy", "Mar-26"),
        ("h:mm", "8:05"),
        ("hh:mm:ss", "08:05:09"),
        ("yyyy-m-d h:m", "2026-3-1 8:05"),
        ("aaa", "日"),
    ],
)
def test_what_a_date_shows(code: str, text: str) -> None:
    assert moment(MOMENT, code) == text


@pytest.mark.parametrize(
    ("code", "parts"),
    [
        ("yyyy-mm-dd", (True, True, True)),
        ("mmm-yy", (True, True, False)),
        ('m"月"d"日"', (False, True, True)),
        ("h:mm", (False, False, False)),
        ("mm:ss", (False, False, False)),
        ("yyyy", (True, False, False)),
        ("dddd", (False, False, False)),
        ('"日"0', (False, False, False)),
    ],
)
def test_which_parts_of_a_date_are_shown(code: str, parts: tuple[bool, bool, bool]) -> None:
    assert date_parts(code) == parts
    assert is_full_day(code) is (parts == (True, True, True))


@pytest.mark.parametrize("code", ["General", "0", "#,##0", "@", "0_ ", "G/通用格式"])
def test_formats_that_tell_nothing(code: str) -> None:
    assert not tells(code)
    assert is_bare(code)


@pytest.mark.parametrize("code", ["0.00", "0%", '0"台"', "000", "yyyy-mm-dd", "0;0", "0,", "[Red]0;0"])
def test_formats_that_may_tell_something(code: str) -> None:
    assert tells(code)


def test_what_stands_around_a_text() -> None:
    assert text_around('0;-0;0;"JS-"@"号"') == ("JS-", "号")
    assert text_around("0.00") == ("", "")


def test_a_format_is_read_no_further_than_programs_take_it() -> None:
    assert len(sections("0;" * 100_000)) <= LONGEST


@pytest.mark.parametrize(
    ("days", "text"), [(0.354166666, "8:30:00"), (1.5, "36:00:00"), (-0.5, "-12:00:00"), (math.inf, "inf")]
)
def test_times_of_day_and_durations(days: float, text: str) -> None:
    assert clock(days) == text
