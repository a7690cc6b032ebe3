"""Odd cells as offices write them, each with what an official would expect to be read of it, or the finding."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any, NamedTuple

import pytest

from tests.validation.ruling import rows
from tests.validation.tables import JIANGSU, table
from validation import FORMS, from_row
from validation.casting import cast
from validation.checking import check


class Spelling(NamedTuple):
    """A cell of a field; the value read as text, None where none is; the code of its finding, if any."""

    key: str
    cell: Any
    value: str | None
    code: str | None = None


def some(key: str, *cells: tuple[Any, ...]) -> list[Spelling]:
    return [Spelling(key, *cell) for cell in cells]


E102, E103, E104, E105, E106, E107, E109, E112, E113, E114, E115, E116 = (
    f"cell.E{number}" for number in (102, 103, 104, 105, 106, 107, 109, 112, 113, 114, 115, 116)
)
CODE = "91320583DEM00CT705"

NUMBERS = some(
    "terminals",
    (420, "420"), ("420", "420"), ("４２０", "420"), (" 420 ", "420"), ("'420", "420"), ("420.0", "420"),
    ("1,420", "1420"), ("1，420", "1420"), ("1 420", "1420"), ("+420", "420"), ("4.2E+02", "420"),
    ("420台", "420", "cell.W118"), ("420 台", "420", "cell.W118"), ("4.2千台", "4200", "cell.W118"),
    ("0.5万", "5000", "cell.W118"), ("1.2万台", "12000", "cell.W118"),
    ("约420", None, E114), ("420左右", None, E114), ("400-450", None, E114), ("400～450", None, E114),
    ("420余", None, E114), ("≥420", None, E114), ("420+", None, E114), ("近420台", None, E114), ("±420", None, E114),
    ("四百二十", None, E102), ("420人", None, E102), ("420元", None, E102), ("4,20", None, E102), ("1.420,00", None, E102),
    ("1'420", None, E102), ("42O", None, E102), ("(420)", None, E102), ("420/450", None, E102), (date(2026, 3, 1), None, E102),
    ("TRUE", None, E102), ("420X", None, E102), ("42 0", None, E102), ("待统计", None, E102), ("=420", None, E102),
    ("420.5", None, E103), (0.1 + 0.2, None, E103), ("-420", "-420", E107), ("4200000", "4200000", E107),
    (1e15, None, E107), ("—", None, "cell.E101"), ("同上", None, E115), ("保密", None, E116), ("#DIV/0!", None, "cell.E110"),
)  # fmt: skip

PERCENTAGES = some(
    "reliability_pct",
    (99.95, "99.95"), ("99.95%", "99.95"), ("99.95％", "99.95"), ("99.95 %", "99.95"), ("９９．９５％", "99.95"),
    ("99.95个百分点", "99.95"), ("999.5‰", "99.95", "cell.W118"), ("+99.95%", "99.95"),
    (0.9995, "0.9995", E107), ("0.9995", "0.9995", E107), (1, "1.0", E107), ("99.9%以上", None, E114), (">99.9%", None, E114),
    ("五个九", None, E102), ("99.95分", None, E102), ("99.95%-99.99%", None, E114), ("9995", "9995.0", E107),
)  # fmt: skip

MONEY = some(
    "investment_10k_cny",
    (35, "35.00"), ("35", "35.00"), ("35万", "35.00", "cell.W118"), ("35万元", "35.00", "cell.W118"), ("350000元", "35.00", "cell.W118"),
    ("350千元", "35.00", "cell.W118"), ("0.0035亿元", "35.00", "cell.W118"), ("¥35", "35.00"), ("￥35", "35.00"), ("RMB 35", "35.00"),
    ("CNY35", "35.00"), ("人民币35", "35.00"), ("35 RMB", "35.00"), ("人民币35万元", "35.00", "cell.W118"), ("¥ 1,234.50", "1234.50"),
    ("$35", None, E102), ("US$35", None, E102), ("HK$35", None, E102), ("€35", None, E102), ("35美元", None, E102),
    ("35万美元", None, E102), ("USD 35", None, E102), ("£35", None, E102), ("35万港元", None, E102), ("35日元", None, E102),
    ("35万元左右", None, E114), ("叁拾伍万元", None, E102), ("35.005", "35.01"), (0.004, "0.00", "net.W329"), ("35万元（含税）", None, E102),
    ("35W", None, E102), ("3.5e1", "35.00"), ("-35", "-35.00", E107),
)  # fmt: skip

MEASURES = [
    *some(
        "latency_ms",
        (12.5, "12.5"), ("12.5", "12.5"), ("12.5ms", "12.5", "cell.W118"), ("12.5毫秒", "12.5", "cell.W118"), ("0.0125s", "12.5", "cell.W118"),
        ("12500μs", "12.5", "cell.W118"), ("<20ms", None, E114), ("10-20ms", None, E114), ("≤20", None, E114), ("20ms以内", None, E114),
        ("0.5", "0.5", "net.W330"), ("12.5台", None, E102), ("低", None, E102),
    ),
    *some(
        "uplink_mbps",
        ("800Mbps", "800.0", "cell.W118"), ("800 Mb/s", "800.0", "cell.W118"), ("0.8Gbps", "800.0", "cell.W118"), ("800兆", "800.0", "cell.W118"), ("800M", None, E102),
        ("0.8G", None, E102), ("≥800Mbps", None, E114),
    ),
]  # fmt: skip

DATES = some(
    "started_on",
    ("2025-03-01", "2025-03-01"), ("2025/3/1", "2025-03-01"), ("2025.3.1", "2025-03-01"), ("2025年3月1日", "2025-03-01"),
    ("2025年3月1号", "2025-03-01"), ("2025年3月", "2025-03-31"), ("2025-3", "2025-03-31"), ("2025.03", "2025-03-31"),
    ("202503", "2025-03-31"), ("20250301", "2025-03-01"), (45717, "2025-03-01"), ("2025年一季度", "2025-03-31"),
    ("2025Q1", "2025-03-31"), ("2025-03-01 08:30", "2025-03-01"), ("2025-03-01T08:30:00+08:00", "2025-03-01"),
    ("2025-03-01T08:30:00.000Z", "2025-03-01"), ("2025-03-01T08:30:00+0800", "2025-03-01"), ("2025-03-01+08:00", "2025-03-01"),
    ("2025-02-28T16:00:00Z", None, E105), ("2025年3月1日 星期六", "2025-03-01"), ("2025/3/1 上午8:30:00", "2025-03-01"),
    ("二〇二五年三月一日", "2025-03-01"), ("2025年3月底", "2025-03-31"), ("２０２５年３月", "2025-03-31"), ("2025-03-01。", "2025-03-01"),
    ("25.3", None, E105), ("25年3月", None, E105), ("3/1/2025", None, E105), (2025.1, None, E105), ("3月1日", None, E104),
    ("2025", None, E104), ("2025年", None, E104), ("2025-13-01", None, E104), ("2025-02-30", None, E104), ("去年", None, E104),
    ("2025年3月1日至4月1日", None, E104), ("TRUE", None, E104), ("20219-12-11", None, E104),
)  # fmt: skip

ANSWERS = some(
    "slicing",
    *((text, "True") for text in (
        "是", "是。", "√", "✓", "☑", "■", "☑是 □否", "■是 □否", "√是 ×否", "（√）是 （ ）否", "(√)是 ( )否", "是（√） 否（ ）",
        "☒是 ☐否", "是√ 否", "[√]是 []否", "●是 ○否", "是☑ 否☐", "√是\n否", "✅", "Y", "yes", "TRUE", 1, "1.0", "有", "已使用", "是的")),
    *((text, "False") for text in (
        "否", "×", "☐", "□是 ☑否", "×是 √否", "是 否√", "( )是 (√)否", "N", 0, "没有", "不使用", "未使用")),
    *((text, None, E113) for text in (
        "是/否", "□是 □否", "☑是 ☑否", "☒是", "是√否", "部分", 2, "待定", "10", "是 否")),
)  # fmt: skip

CODES = some(
    "network_code",
    ("js-0001", "JS-0001"), ("ＪＳ－０００２", "JS-0002"), ("JS 0001", "JS0001"), ("JS—0003", "JS-0003"), (320001, "320001"),
    ("JS_0001", None, E109), ("JS0001（一期）", None, E109), ("编号1", None, E109), ("001", None, E109), (date(2026, 3, 1), "2026-03-01"),
    (999_999_999_999_999, "999999999999999"), (1_234_567_890_123_456, None, E112), (12_345_678_901_234_567, None, E112),
    ("1234567890123456", "1234567890123456"), ("1.23E+15", None, E112),
)  # fmt: skip

CREDIT_CODES = some(
    "enterprise_uscc",
    (CODE, CODE), (CODE.lower(), CODE), ("9132 0583 DEM0 0CT7 05", CODE), (f"'{CODE}", CODE), (f"{CODE}\u200b", CODE),
    ("9.13206E+17", None, E112), (913_205_830_000_000_000, None, E112), (1_234_567_890_123_456, None, E112),
    (f"{CODE}X", f"{CODE}X", "uscc.E201"), ("91320583DEMO0CT705", "91320583DEMO0CT705", "uscc.E201"),
    ("320583000012345", "320583000012345", "uscc.E206"), ("无", None, "cell.E101"),
)  # fmt: skip

LISTS = [
    *some(
        "operators",
        *((text, "['mobile', 'unicom']") for text in (
            "移动、联通", "移动和联通", "移动与联通", "移动及联通", "移动以及联通", "移动+联通", "移动＋联通", "移动 + 联通", "移动 联通", "移动&联通",
            "移动；联通", "移动/联通", "移动，联通。", "移动\n联通", "中国移动和中国联通", "☑移动 □电信 ☑联通", "CMCC+CUCC")),
        ("移动", "['mobile']"), ("移动、联通和电信", "['mobile', 'unicom', 'telecom']"), ("移动联通", None, E106),
        ("移动和铁通", None, E106), ("三大运营商", None, E106),
    ),
    *some(
        "security_level",
        *((text, "grade_3") for text in (3, "3", "三", "三级", "3级", "第三级", "第3级", "Ⅲ级", "III", "Ⅲ", "三级。", "□二级 ☑三级")),
        ("四级", None, E106), ("等保三级", None, E106), (4, None, E106), ("未定级", "ungraded"), ("TRUE", None, E106),
    ),
]  # fmt: skip

PLACES = some(
    "region_code",
    *((text, "320583") for text in (
        320583, "320583", "320583.0", "320583000000", "昆山", "昆山市", "苏州昆山", "江苏省苏州市昆山市", "江苏/苏州/昆山", "江苏-苏州-昆山市",
        "320583 昆山市", "昆山市（320583）", "昆山市花桥镇", "320583（苏州市昆山市）", "３２０５８３")),
    ("320583X", None, E106), ("320583 常熟市", None, "cell.E121"), ("鼓楼区", None, "cell.E121"), ("昆三市", None, E106),
    ("江苏省", None, E106), ("上海市浦东新区", "310115", "row.E301"), (date(2026, 3, 1), None, E106),
)  # fmt: skip

INDUSTRIES = some(
    "industry_code",
    ("391", "391"), (391, "391"), ("391.0", "391"), ("C391", "391"), ("C-391", "391"), ("3911", "3911"), ("C3911计算机整机制造", "3911"),
    ("391（GB/T 4754-2017）", "391"), ("计算机制造", "391"), ("06", "06", "row.W304"), (6, "06", "row.W304"), ("39 计算机、通信和其他电子设备制造业", "39", "row.W304"),
    ("251X", None, E106), ("251 X", None, E106), ("２５１Ｘ", None, E106), ("251A", None, E106), ("39.1", None, E106), ("391、392", None, E106),
    ("251或252", None, E106), ("39 汽车制造业", None, E106), ("电子信息制造业", None, E106), ("C", None, E106), ("999", "999", "row.E303"),
    (date(2026, 3, 1), None, E106),
)  # fmt: skip

TEXTS = some(
    "network_name",
    ("云岭\u3000专网", "云岭 专网"), ("云岭\n专网", "云岭 专网"), ("云岭_x000D_\n专网", "云岭 专网"), ("=1+1", "=1+1"), ("+86 专网", "+86 专网"),
    ("TRUE", "TRUE"), ("1.2E+06", "1.2E+06"), ("9.144E+17", None, E112), (999_999_999_999_999, "999999999999999"),
    (1_234_567_890_123_456, None, E112), (12_345_678_901_234_567, None, E112), ("#REF!", None, "cell.E110"), ("#N/A", None, "cell.E110"),
    ("#DIV/0", None, "cell.E110"), ("Err:502", None, "cell.E110"), ("#1厂房", "#1厂房"), ("〃", None, E115),
    ("（机密）专网", None, E116), ("云岭\ufffd专网", None, "cell.E119"), ("网", "网", "cell.E108"),
)  # fmt: skip

ALL = [
    *NUMBERS, *PERCENTAGES, *MONEY, *MEASURES, *DATES, *ANSWERS, *CODES, *CREDIT_CODES, *LISTS, *PLACES, *INDUSTRIES, *TEXTS,
]  # fmt: skip
FORM = FORMS["networks"]
#: Fields that would speak up for the changed one.
QUIET = {"terminals_redcap": None, "commissioned_on": None, "status": "规划"}


@cache
def read(key: str) -> list[tuple[str | None, list[str], list[str]]]:
    """Value, codes and messages of each spelling of a field, all checked in one table."""
    spellings = [spelling for spelling in ALL if spelling.key == key]
    others = {name: value for name, value in QUIET.items() if name != key}
    status = {"status": "运行", "commissioned_on": "2025-06-30"} if key == "investment_10k_cny" else {}
    changes = tuple({**others, **status, key: spelling.cell} for spelling in spellings)
    done = cast([table(FORM, rows("networks", changes))], FORM, JIANGSU)
    findings = [
        from_row(row)
        for frame in (done.findings, check(done, FORM, JIANGSU).findings)
        for row in frame.iter_rows(named=True)
    ]
    at = [
        [finding for finding in findings if (finding.row, finding.column) == (n, key)]
        for n in range(2, len(spellings) + 2)
    ]
    return [
        (None if value is None else str(value), [f.code for f in own], [f.message("zh") for f in own])
        for value, own in zip(done.frame[key].to_list(), at, strict=True)
    ]


@pytest.mark.parametrize("spelling", ALL, ids=lambda spelling: f"{spelling.key}-{spelling.cell!r}")
def test_it_is_read_as_an_official_means_it(spelling: Spelling) -> None:
    at = [other for other in ALL if other.key == spelling.key].index(spelling)
    value, codes, _ = read(spelling.key)[at]
    assert (value, codes) == (spelling.value, [spelling.code] if spelling.code else [])


def test_there_are_spellings_of_every_kind() -> None:
    assert len(ALL) >= 150
    kinds = {FORM.by_key[spelling.key].kind for spelling in ALL}
    assert {kind.value for kind in kinds} == {
        "int", "decimal", "percent", "money", "date", "bool", "code", "uscc", "enum_list", "enum", "region", "industry", "text",
    }  # fmt: skip
