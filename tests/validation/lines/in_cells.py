"""Lines 12 to 20, 28, 31, 36 and 37: what stands in single cells."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from tests.validation.lines.case import Case, at, body, column, titled
from tests.validation.ruling import rows
from tests.validation.small_workbooks import Sheet, Styled, book, workbook
from validation import FORMS


def _read(
    line: int, what: str, key: str, cells: Sequence[tuple[Any, Any, str | None]], **others: Any
) -> Case:
    """A column of cells, each with the value read and the code of its only finding."""
    findings = [(row, key, code) for row, (_, _, code) in enumerate(cells, start=2) if code]
    values = [written for written, _, _ in cells]
    build: Callable[[], bytes] = lambda: column(key, *values, **others)  # noqa: E731
    return Case(line, what, build, at(*findings), {key: [value for _, value, _ in cells]})


def _sound(*pairs: tuple[Any, Any]) -> list[tuple[Any, Any, str | None]]:
    return [(written, value, None) for written, value in pairs]


def _nothing(code: str | None, *written: Any) -> list[tuple[Any, Any, str | None]]:
    return [(text, None, code) for text in written]


MISSING = ("—", "——", "-", "/", "无", "N/A", "暂无", "..", "*", "\u3000", "－", "…", "null")
JULY, FIRST, QUARTER, OCTOBER = "2026-07-31", "2026-07-01", "2026-09-30", "2025-10-31"


def _days_of_1904() -> bytes:
    """Bare day numbers and date cells of a workbook that counts from 1904."""
    rows = body({"started_on": 43_538}, {"started_on": datetime(2023, 3, 15)})
    return book(Sheet([titled(), *rows]), date_1904=True)


SHARES = (Styled(0.253, "0.0%"), 0.253, "0.253", "25.3%", 1, 0)


def _applications(key: str, values: Sequence[Any]) -> bytes:
    form = FORMS["ai_applications"]
    changes = tuple({key: value} for value in values)
    lines = [[row[field] for field in form.by_key] for row in rows("ai_applications", changes)]
    return workbook([[field.label_zh for field in form.columns], *lines])


CASES = (
    _read(12, "marks of a missing text", "remark", _nothing(None, *MISSING)),
    _read(12, "marks of a missing figure; 0 stays 0", "terminals_redcap",
          [*_nothing(None, *MISSING), (0, 0, None), ("0", 0, None)]),
    _read(12, "a required cell with a mark is missing", "address", _nothing("cell.E101", "—", "无", " ")),
    _read(12, "classified cells and 同上", "remark", [
        *_nothing("cell.E116", "保密", "涉密", "秘密", "机密", "绝密", "（涉密）二期", "【机密】二期"),
        *_nothing("cell.E115", "同上", "〃"),
        ("商业秘密保护", "商业秘密保护", None),
    ]),
    _read(12, "classified and 同上 where a figure is wanted", "terminals",
          [("保密", None, "cell.E116"), ("同上", None, "cell.E115")], terminals_redcap=None),
    _read(13, "yes and no", "slicing", [
        *((text, True, None) for text in ("是", "√", "Y", "y", "1", 1, "有", "已", "☑", "✓", "是 ", True)),
        *((text, False, None) for text in ("否", "×", "N", "n", "0", 0, "无", "未", "☐", "✗", False)),
        *_nothing(None, "", "—", None),
        *_nothing("cell.E113", "大概", "2", "部分"),
    ]),
    _read(14, "ways to write a date", "started_on", [
        *_sound(("2026年7月", JULY), ("2026年7月1日", FIRST), ("2026.07", JULY), ("2026.7.1", FIRST), ("2026/7", JULY),
                ("2026-07", JULY), ("202607", JULY), ("20260701", FIRST), (202607, JULY), (20260701, FIRST),
                ("２０２６年７月", JULY), ("2026 年 7 月", JULY), ("2026—07—01", FIRST), ("2026－07－01", FIRST),
                ("2026年7月1号", FIRST), ("2026/7/1 08:30", FIRST), ("2026年三季度", QUARTER), ("2026年第三季度", QUARTER),
                ("2026Q3", QUARTER), ("2026-Q3", QUARTER), ("2026年 3 季度", QUARTER), ("2026年度三季度", QUARTER),
                (45_000, "2023-03-15"), ("45000", "2023-03-15"), (date(2026, 7, 1), FIRST), (2026.7, JULY),
                (datetime(2026, 7, 1, 8, 30), FIRST), ("2026.1", "2026-01-31"), ("2026.10", "2026-10-31")),
        *_nothing("cell.E105", "26.7", 26.7, 2026.1, "26年7月", "7/1/2026", "1/7/26"),
        *_nothing("cell.E104", "2026", "2026-13", "2026-02-30", "昨天", "待定"),
    ], commissioned_on=date(2026, 12, 31), status="在建"),
    _read(14, "the number 2026.1 in a cell that shows two decimals", "commissioned_on",
          [(Styled(2025.1, "0.00"), OCTOBER, None), (Styled(2025.1, "0.0"), None, "cell.E105"),
           (Styled(2025.1, "General"), None, "cell.E105")]),
    Case(14, "day numbers that count from 1904", _days_of_1904, (),
         {"started_on": ["2023-03-15", "2023-03-15"]}),
    _read(15, "ways to write a figure", "terminals", [
        *_sound(("1，234", 1234), ("1,234", 1234), ("1 234", 1234), ("１２３", 123), ("'123", 123), ("1.0", 1),
                ("１，２３４", 1234), (" 100\u3000", 100), ("1\u202f234", 1234), ("5.00E+02", 500)),
        *((text, value, "cell.W118") for text, value in (("1.2万", 12000), ("100台", 100), ("100 台", 100), ("3台套", 3))),
        *_nothing("cell.E114", "约100", ">100", "100+", "100余", "100-200", "100～200", "1000余台", "100以上", "≥100"),
        *_nothing("cell.E103", "100.5", 100.5, "1,234.50"),
        *_nothing("cell.E102", "一百", "1,23", "1.234.567", "100元", "100、200"),
    ], terminals_redcap=None),
    _read(15, "figures of money, and suffixes that convert", "investment_10k_cny", [
        *_sound(("1,234.50", "1234.50"), (860.505, "860.51"), ("860.505", "860.51"), (860.004, "860.00"),
                (2.675, "2.68"), ("¥860", "860.00")),
        *((text, value, "cell.W118") for text, value in (
            ("1234万", "1234.00"), ("1.2亿", "12000.00"), ("350万元", "350.00"), ("3500000元", "350.00"),
            ("1.2亿元", "12000.00"))),
        *_nothing("cell.E114", "约500万", "500万左右"),
        *_nothing("cell.E102", "500万美元"),
    ]),
    _read(16, "percentages", "reliability_pct", [
        *_sound(("99.5%", 99.5), ("９９．５％", 99.5), (Styled(0.995, "0.0%"), 99.5), (99.5, 99.5), ("99.5", 99.5),
                ("99.5个百分点", 99.5), ("99.5 %", 99.5), (Styled(1, "0%"), 100.0)),
    ]),
    Case(
        16, "a bare share is kept as written and doubted", lambda: _applications("energy_saving_pct", SHARES),
        at((3, "energy_saving_pct", "cell.W117"), (4, "energy_saving_pct", "cell.W117")),
        {"energy_saving_pct": [25.3, 0.253, 0.253, 25.3, 1.0, 0.0]}, collection="ai_applications"),
    _read(16, "outside its range the range alone is told", "reliability_pct", [(0.995, 0.995, "cell.E107")]),
    _read(17, "credit codes", "enterprise_uscc", [
        *((text, "91320583DEM00CT705", None) for text in (
            "91320583DEM00CT705", "9132 0583 DEM0 0CT7 05", "９１３２０５８３ＤＥＭ００ＣＴ７０５", "91320583dem00ct705",
            "'91320583DEM00CT705", "91320583DEM00CT705\u200b")),
        *_nothing("cell.E112", 914403001234567890, "9.14403E+17", "9.144e+17", "9.14403E17", "9.14403e+017"),
    ]),
    _read(18, "places", "region_code", [
        *_sound(("320500", "320500"), (320500, "320500"), ("320500.0", "320500"), ("320500000000", "320500"),
                (320500000000, "320500"), ("江苏省苏州市", "320500"), ("苏州", "320500"), ("江苏-苏州-昆山市", "320583"),
                ("昆山", "320583"), ("江苏省 苏州市 昆山市", "320583"), ("昆山市（320583）", "320583"),
                ("昆山市花桥镇", "320583"), ("南京市鼓楼区", "320106")),
        ("鼓楼区", None, "cell.E121"),
        ("南京市下关区", "320106", "cell.W122"),
        *_nothing("cell.E106", "昆三市", "江苏省", "吴江区、昆山市", "320599"),
        ("杭州市", "330100", "row.E301"),
    ]),
    _read(18, "industries", "industry_code", [
        *_sound(("391", "391"), (391, "391"), ("C391", "391"), ("3911", "3911"), ("C3911 计算机整机制造", "3911"),
                ("计算机制造", "391")),
        (6, "06", "row.W304"), ("06", "06", "row.W304"), (61, "61", "row.W305"), ("汽车制造业", "36", "row.W304"),
        *_nothing("cell.E106", "制造业", "391、392", "391/392"),
    ]),
    _read(19, "several values in one cell", "operators", [
        *((text, ["telecom", "unicom"], None) for text in (
            "中国电信、中国联通", "电信,联通", "电信，联通", "电信;联通", "电信；联通", "CTCC/CUCC", "电信\n联通", "电信、电信、联通",
            " 电信 、 联通 、")),
        *_nothing("cell.E106", "中国铁通", "电信、铁通", "电信联通"),
    ]),
    _read(19, "aliases of a single value", "network_type",
          _sound(("混合专网", "hybrid"), ("混合", "hybrid"), ("专享", "hybrid"), ("比邻", "hybrid"), ("Hybrid", "hybrid"))),
    _read(20, "invisible characters, soft returns and widths", "network_name", _sound(
        ("云岭\u3000专网", "云岭 专网"), ("云岭\u00a0专网", "云岭 专网"), ("云岭\u200b专网", "云岭专网"),
        ("云岭_x000D_\n专网", "云岭 专网"), ("云岭\t专网", "云岭 专网"), ("（一）期(二)", "（一）期(二)"))),
    Case(
        20, "titles and list values written with odd spaces and brackets",
        lambda: workbook([
            titled(network_code="专网\u200b编号", site_name="工厂(园区／矿区／港区)名称", latency_ms="端到端时延\n(ＭＳ)"),
            *body({"network_type": "混合\u3000专网", "security_level": "二\u00a0级"})]),
        (), {"network_type": ["hybrid"], "security_level": ["grade_2"], "latency_ms": [12.5]},
    ),
    _read(20, "control characters and broken text", "network_name", _nothing("cell.E119", "云\x01岭", "云岭\ufffd专网")),
    _read(36, "a percent sign that is a literal", "reliability_pct", [
        *_sound((Styled(99.5, '0.0"%"'), 99.5), (Styled(99.5, "0.0\\%"), 99.5), (Styled(0.995, "0.0%"), 99.5)),
        (Styled(0.5, '0.0"%"'), 0.5, "cell.E107"),
    ]),
    _read(37, "other money than ours", "investment_10k_cny", [
        *_sound(("¥35", "35.00"), ("￥35", "35.00"), ("RMB 35", "35.00"), ("CNY 35", "35.00"), ("人民币35", "35.00"),
                (Styled(35, '"¥"0.00'), "35.00")),
        ("35元", "0.00", "cell.W118"),
        *_nothing("cell.E102", "$35", "US$35", "€35", "HK$35", "35美元", "35万美元", Styled(35, '"$"0.00'),
                  Styled(35, "[$€-407] 0.00"), Styled(35, '0"美元"')),
    ], status="在建", commissioned_on=None),
    _read(28, "texts that look like formulas", "network_name",
          _sound(*((text, text) for text in ("=1+1", "+8613", "-云岭", "@SUM(A1)", "=HYPERLINK(\"x\")")))),
    _read(31, "rare characters count as one, long texts are told", "network_name", [
        *_sound(("䶮𬭎", "䶮𬭎"), ("厂😀", "厂😀"), ("𬭎" * 100, "𬭎" * 100)),
        ("𬭎" * 101, "𬭎" * 101, "cell.E108"), ("𬭎", "𬭎", "cell.E108"),
    ]),
)  # fmt: skip
