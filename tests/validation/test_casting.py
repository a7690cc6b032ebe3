"""Cells of every kind in the ways that offices write them: the value that is read, or the one finding."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from tests.validation.ruling import rows
from tests.validation.tables import JIANGSU, raw_column, table, triples
from validation import FORMS, Context, Period, from_row
from validation.casting import Cast, cast
from validation.casting.result import original_texts
from validation.table import TotalRow

FORM = FORMS["networks"]
APPLICATIONS = FORMS["ai_applications"]


def read(key: str, *cells: Any, **options: Any) -> Cast:
    """A table with one column."""
    return cast([table(FORM, [{key: cell} for cell in cells], keys=[key], **options)], FORM, JIANGSU)


def values(key: str, *cells: Any, **options: Any) -> list[Any]:
    """What is read, or the code of the finding."""
    done = read(key, *cells, **options)
    codes = dict(done.findings.select("row", "code").iter_rows())
    typed = done.frame[key].to_list()
    return [
        codes.get(row) if value is None else value
        for row, value in zip(done.frame["_row"], typed, strict=True)
    ]


@pytest.mark.parametrize(
    "written",
    ["—", "——", "-", "/", "无", "N/A", "暂无", "..", "*", "", "  ", "\u3000", "\u200b", None],
)
def test_missing_marks_are_no_values_and_no_findings(written: str | None) -> None:
    for key in ("remark", "terminals", "network_type", "started_on", "operators", "region_code"):
        assert values(key, written) == [None]


def test_zero_stays_zero() -> None:
    assert values("terminals", 0, "0", "０") == [0, 0, 0]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1,234.50", Decimal("1234.50")),
        ("1，234", Decimal("1234.00")),
        ("1 234", Decimal("1234.00")),
        ("１２３", Decimal("123.00")),
        ("'123", Decimal("123.00")),
        ("1234万", Decimal("1234.00")),
        ("1.2亿", Decimal("12000.00")),
        ("5000元", Decimal("0.50")),
        ("¥1,200", Decimal("1200.00")),
        ("+8", Decimal("8.00")),
        ("−8", Decimal("-8.00")),
        (860.555, Decimal("860.56")),
        ("1.2E+3", Decimal("1200.00")),
    ],
)
def test_money(written: Any, value: Decimal) -> None:
    assert read("investment_10k_cny", written).frame["investment_10k_cny"].to_list() == [value]


@pytest.mark.parametrize(
    ("unit", "written", "value"),
    [
        ("元", 5000, Decimal("0.50")),
        ("元", "12,345,678", Decimal("1234.57")),
        ("亿元", 1.2, Decimal("12000.00")),
        ("亿元", "350万", Decimal("350.00")),
        ("万元", 8.6, Decimal("8.60")),
        ("台", 8.6, Decimal("8.60")),  # inconvertible: told as file.E018, read as written
    ],
)
def test_money_in_the_unit_of_its_title(unit: str, written: Any, value: Decimal) -> None:
    done = read("investment_10k_cny", written, units={"investment_10k_cny": unit})
    assert done.frame["investment_10k_cny"].to_list() == [value]


def test_other_units_in_titles_and_cells() -> None:
    assert values("uplink_mbps", 1.5, units={"uplink_mbps": "Gbps"}) == [1500.0]
    assert values("uplink_mbps", "1.5Gbps", "800 Mbps") == [1500.0, 800.0]
    assert values("latency_ms", "0.02s", "20毫秒", "20台") == [20.0, 20.0, "cell.E102"]


@pytest.mark.parametrize(
    "written",
    ["约100", ">100", "≥100", "100+", "100余", "100余台", "100-200", "100~200", "100多", "近百", "100左右"],
)
def test_approximate_figures(written: str) -> None:
    expected = "cell.E102" if written == "近百" else "cell.E114"
    assert values("terminals", written) == [expected]


def test_what_is_no_whole_number() -> None:
    assert values("terminals", "12.5", 12.5, "abc", "1,23", "1.2.3", date(2026, 1, 1), 1e20, "100%") == [
        "cell.E103",
        "cell.E103",
        "cell.E102",
        "cell.E102",
        "cell.E102",
        "cell.E102",
        "cell.E107",
        "cell.E102",
    ]


def test_a_unit_in_the_cell_is_told_with_what_was_read() -> None:
    (row,) = read("investment_10k_cny", "1.2亿").findings.iter_rows(named=True)
    assert from_row(row).message("zh") == "“1.2亿”按12000万元读取。"
    assert from_row(row).message("en") == "“1.2亿” was read as 12000 × 10 000 CNY."


@pytest.mark.parametrize(
    ("written", "day", "precision"),
    [
        ("2026年7月", date(2026, 7, 31), "month"),
        ("2026年7月份", date(2026, 7, 31), "month"),
        ("2026年7月1日", date(2026, 7, 1), "day"),
        ("2026.07", date(2026, 7, 31), "month"),
        ("2026.7.1", date(2026, 7, 1), "day"),
        ("2026/7", date(2026, 7, 31), "month"),
        ("2026-07", date(2026, 7, 31), "month"),
        ("202607", date(2026, 7, 31), "month"),
        (202607, date(2026, 7, 31), "month"),
        ("20260701", date(2026, 7, 1), "day"),
        (20260701, date(2026, 7, 1), "day"),
        ("2026.1", date(2026, 1, 31), "month"),
        (2026.07, date(2026, 7, 31), "month"),
        (2026.11, date(2026, 11, 30), "month"),
        (45839, date(2025, 7, 1), "day"),
        ("45839", date(2025, 7, 1), "day"),
        (date(2026, 7, 1), date(2026, 7, 1), "day"),
        ("2026-07-01 00:00:00", date(2026, 7, 1), "day"),
        ("２０２６年７月", date(2026, 7, 31), "month"),
        ("2026年三季度", date(2026, 9, 30), "quarter"),
        ("2026年第3季度", date(2026, 9, 30), "quarter"),
        ("2026Q3", date(2026, 9, 30), "quarter"),
        ("2024年2月", date(2024, 2, 29), "month"),
    ],
)
def test_dates(written: Any, day: date, precision: str) -> None:
    frame = read("commissioned_on", written).frame
    assert frame.select("commissioned_on", "_precision_commissioned_on").row(0) == (day, precision)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("26.7", "cell.E105"),
        (26.7, "cell.E105"),
        (2026.1, "cell.E105"),
        ("26年7月", "cell.E105"),
        ("7/1/2026", "cell.E105"),
        ("260701", "cell.E105"),
        (260701, "cell.E105"),
        ("2026-13-01", "cell.E104"),
        ("2026-02-30", "cell.E104"),
        ("2026年", "cell.E104"),
        (2026, "cell.E104"),
        (-5, "cell.E104"),
        ("昨天", "cell.E104"),
    ],
)
def test_what_is_no_date_or_several(written: Any, code: str) -> None:
    assert values("commissioned_on", written) == [code]


def formats(known: Mapping[int, str]) -> dict[tuple[int, int], str]:
    """Number formats of the first column by spreadsheet row."""
    return {(row, 0): code for row, code in known.items()}


def test_two_decimals_tell_october_from_january() -> None:
    done = values("commissioned_on", 2026.1, 2026.1, 2026.7, formats=formats({2: "0.00"}))
    assert done == [date(2026, 10, 31), "cell.E105", date(2026, 7, 31)]


def test_percentages() -> None:
    cells = ("25.3%", "２５．３％", "25.3个百分点", 25.3, "25.3")
    form = APPLICATIONS
    done = cast([table(form, [{"cost_cut_pct": c} for c in cells], keys=["cost_cut_pct"])], form, JIANGSU)
    assert done.frame["cost_cut_pct"].to_list() == [25.3] * 5
    assert triples(done.findings) == []


def test_a_percent_format_makes_a_share_percent_points_and_a_bare_share_is_doubted() -> None:
    known = {2: "0.0%", 4: "0.00%"}
    cells = [{"cost_cut_pct": share} for share in (0.253, 0.253, 0.07, 25.3)]
    listed = table(APPLICATIONS, cells, keys=["cost_cut_pct"], formats=formats(known))
    done = cast([listed], APPLICATIONS, JIANGSU)
    assert done.frame["cost_cut_pct"].to_list() == [25.3, 0.253, 7.0, 25.3]
    assert triples(done.findings) == [(3, "cost_cut_pct", "cell.W117")]
    assert from_row(done.findings.row(0, named=True)).message("zh") == "“0.253”可能应为25.3%。"


def test_a_share_outside_the_range_is_not_doubted_twice() -> None:
    done = read("reliability_pct", 0.9999, "0.9999")
    assert done.frame["reliability_pct"].to_list() == [0.9999, 0.9999]
    assert triples(done.findings) == []


def test_yes_and_no() -> None:
    yes = ("是", "√", "Y", "yes", 1, "有", "已", "☑", "TRUE", "✓", "１")
    no = ("否", "×", "N", "no", 0, "无", "未", "☐", "FALSE", "✗")
    assert values("slicing", *yes) == [True] * len(yes)
    assert values("slicing", *no) == [False] * len(no)
    assert values("slicing", None, "/", "大概", 2) == [None, None, "cell.E113", "cell.E113"]


def test_register_and_credit_codes_are_cleaned() -> None:
    assert values("network_code", "js-0001", "ＪＳ－０００１", "JS 0001", "JS—0001", 320001) == [
        "JS-0001",
        "JS-0001",
        "JS0001",
        "JS-0001",
        "320001",
    ]
    assert values("network_code", "abc", "A" * 33, "编号-0001", 1e17) == ["cell.E109"] * 3 + ["cell.E112"]
    assert (
        values("enterprise_uscc", "9132 0583 DEM0 0CT7 05", "91320583dem00ct705\u200b")
        == ["91320583DEM00CT705"] * 2
    )
    assert values("enterprise_uscc", 913205830000000000.0, "9.14403E+17") == ["cell.E112"] * 2


def test_list_values_by_code_label_and_alias() -> None:
    assert (
        values("network_type", "virtual", "虚拟专网", "Virtual Private Network", " 虚 拟 ", "优享")
        == ["virtual"] * 5
    )
    assert values("security_level", "二级", "2级", "Ⅱ级", "ⅱ级") == ["grade_2"] * 4
    assert values("scenarios", "5G-06", "机器视觉质检", "5G-06 机器视觉质检") == [["5G-06"]] * 3


@pytest.mark.parametrize("joint", ["、", "，", ",", ";", "；", "/", "\n", "_x000D_\n", " 、 "])
def test_several_values_in_one_cell(joint: str) -> None:
    assert values("operators", f"电信{joint}中国联通{joint}电信") == [["telecom", "unicom"]]


def test_an_unknown_value_is_told_with_the_nearest_allowed_ones() -> None:
    (row,) = read("operators", "中国移动、铁塔").findings.iter_rows(named=True)
    finding = from_row(row)
    assert (finding.value, finding.code) == ("中国移动、铁塔", "cell.E106")
    assert finding.message("zh").startswith("“铁塔”不在允许取值中，可选：")
    assert "China Mobile" in finding.message("en")


def test_places_and_industries() -> None:
    assert values("region_code", 320500, "320500.0", "320583000000", "苏州", "江苏-苏州-昆山市") == [
        "320500",
        "320500",
        "320583",
        "320500",
        "320583",
    ]
    assert values("region_code", "鼓楼区", "昆三市", "320000", 999999) == ["cell.E121"] + ["cell.E106"] * 3
    assert values("industry_code", 6, 61, 391, "C3911", "39 计算机", "汽车整车制造", "飞船") == [
        "06",
        "61",
        "391",
        "3911",
        "39",
        "361",
        "cell.E106",
    ]


def test_marks_that_stand_for_no_value() -> None:
    assert values("address", "同上", "〃", "涉密", "（机密）某路1号", "[绝密]", "保密局路1号") == [
        "cell.E115",
        "cell.E115",
        "cell.E116",
        "cell.E116",
        "cell.E116",
        "保密局路1号",
    ]


def test_nothing_of_a_classified_cell_is_kept_but_its_mark() -> None:
    done = read("address", "（秘密）某基地")
    assert done.findings["value"].to_list() == ["秘密"]
    assert "基地" not in str(done.findings.rows())


def test_formula_errors_and_formulas_without_result() -> None:
    done = values("terminals", None, None, 7, errors={(2, 0): "#REF!", (4, 5): "#N/A"}, uncalculated=[(3, 0)])
    assert done == ["cell.E110", "cell.E111", 7]


def test_invisible_characters_go_and_rare_ones_stay() -> None:
    assert values("address", "\u200b 某\u00a0路\u3000 1 号_x000D_\n二楼\ufeff", "䶮𬭎😀路") == [
        "某 路 1 号 二楼",
        "䶮𬭎😀路",
    ]
    assert values("address", "坏\ufffd字", "控\x01制") == ["cell.E119"] * 2


def test_text_that_begins_like_a_formula_is_kept() -> None:
    cells = ("=1+1", "+86", "-甲", "@乙")
    assert values("address", *cells) == list(cells)


def test_originals_are_what_a_person_sees() -> None:
    cells = raw_column(["a ", 391.0, 0.25, date(2026, 7, 1), None])
    assert original_texts(cells).to_list() == ["a ", "391", "0.25", "2026-07-01", None]


def test_a_missing_column_is_all_missing_and_only_a_required_one_is_excused() -> None:
    done = cast([table(FORM, [{"network_code": "JS-1-1"}], keys=["network_code"])], FORM, JIANGSU)
    assert done.frame["terminals"].to_list() == [None]
    assert done.unread.select("terminals", "spectrum_licence_no", "network_code").row(0) == (
        True,
        False,
        False,
    )


def test_tables_of_several_sheets_become_one_frame_with_their_own_addresses() -> None:
    first = table(
        FORM, [{"terminals": 1}, {"terminals": "x"}], keys=["network_code", "terminals"], name="苏州"
    )
    second = table(FORM, [{"terminals": "y"}], keys=["terminals"], name="南京", first_row=9)
    done = cast([first, second], FORM, JIANGSU)
    assert done.frame.select("_sheet", "_row").rows() == [("苏州", 2), ("苏州", 3), ("南京", 9)]
    assert sorted(done.findings.select("sheet", "cell").rows()) == [("南京", "A9"), ("苏州", "B3")]


def test_no_table_gives_an_empty_frame() -> None:
    done = cast([], FORM, JIANGSU)
    assert done.frame.height == done.findings.height == done.unread.height == 0


@pytest.mark.parametrize(
    ("stated", "differing"),
    [
        ({"terminals": 30.0}, []),
        ({"terminals": "30台"}, []),
        ({"terminals": 31.0}, [(5, "terminals", "file.W017")]),
        ({"terminals": "—"}, []),
        ({"investment_10k_cny": 3.7}, []),
        ({"investment_10k_cny": 4.0}, []),
        ({"investment_10k_cny": 3.9}, [(5, "investment_10k_cny", "file.W017")]),
        ({"latency_ms": 99.0}, []),
    ],
)
def test_total_rows_are_compared_with_the_rows_they_cover(
    stated: dict[str, float | str], differing: list[tuple[int, str, str]]
) -> None:
    cells = [{"terminals": 10, "investment_10k_cny": 1.25}, {"terminals": 20, "investment_10k_cny": 2.45}]
    listed = table(FORM, [*cells, {"terminals": 999}], totals=[TotalRow(5, (2, 3), stated)])
    assert triples(cast([listed], FORM, JIANGSU).findings) == differing


def test_totals_are_silent_over_cells_that_could_not_be_read() -> None:
    listed = table(
        FORM, [{"terminals": 10}, {"terminals": "x"}], totals=[TotalRow(4, (2, 3), {"terminals": 99.0})]
    )
    assert triples(cast([listed], FORM, JIANGSU).findings) == [(3, "terminals", "cell.E102")]


def test_progress_is_told_in_rows() -> None:
    seen: list[tuple[str, int, int | None]] = []
    context = Context("320000", Period(2026, 3), progress=lambda *progress: seen.append(progress))
    cast(
        [table(FORM, rows("networks", ({}, {}))), table(FORM, rows("networks", ({},)), name="二")],
        FORM,
        context,
    )
    done = [rows_done for _, rows_done, _ in seen]
    assert done == sorted(done)
    assert seen[0] == ("casting", 0, 3)
    assert seen[-1] == ("casting", 3, 3)


def test_a_defect_in_every_cell_gives_one_finding_each() -> None:
    done = cast([table(FORM, [dict.fromkeys(FORM.by_key, "�")])], FORM, JIANGSU)
    assert done.findings["column"].to_list() == list(FORM.by_key) or done.findings.height == len(FORM.columns)
    assert set(done.findings["code"]) == {"cell.E119"}
    assert done.findings.schema == pl.Schema({**done.findings.schema})
