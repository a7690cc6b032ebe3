"""What the file says of itself: period, unit, template, and what is ignored in it."""

from __future__ import annotations

import pytest

from tests.validation.layouts import TITLES, Triple, lay, lay_rows, only_finding, row, triples
from tests.validation.small_workbooks import with_parts, workbook
from validation.context import Context
from validation.layout.statements import named_units, read_period
from validation.periods import Period


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("江苏省工业5G专网登记表（2026年三季度）", "2026Q3"),
        ("2026年第三季度", "2026Q3"),
        ("２０２６年第３季度", "2026Q3"),
        ("2026年3季度情况", "2026Q3"),
        ("2026年前三季度", "2026Q3"),
        ("2026年度第4季度", "2026Q4"),
        ("Industrial networks, 2026Q2", "2026Q2"),
        ("2026 年 二 季 度", "2026Q2"),
        ("2026年上半年", "2026Q2"),
        ("截至2026年9月底", "2026Q3"),
        ("截至2025年12月31日", "2025Q4"),
        ("填报日期：2026年10月8日", None),
        ("2026年登记表", None),
        ("截至2026年8月底", None),
        ("", None),
    ],
)
def test_periods_in_texts(text: str, period: str | None) -> None:
    assert read_period(text) == (None if period is None else Period.parse(period))


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("江苏省工业5G专网登记表", {"320000"}),
        ("江苏工业5G专网登记表", {"320000"}),
        ("附件1：江苏省工业5G专网", {"320000"}),
        ("2026年三季度浙江工业5G专网", {"330000"}),
        ("江苏省工业和信息化厅", {"320000"}),
        ("广东省深圳市", {"440000", "440300"}),
        ("大连市工业和信息化局", {"210200"}),
        ("新疆生产建设兵团", {"660000"}),
        ("新疆维吾尔自治区", {"650000"}),
        ("320000", {"320000"}),
        ("苏州市", set()),
        ("吉林市", set()),
        ("海南州工信局", set()),
        ("中国移动江苏公司", set()),
        ("工业5G专网登记表", set()),
    ],
)
def test_reporting_units_in_texts(text: str, codes: set[str]) -> None:
    assert named_units(text) == codes


def stated(
    *above: list[object], below: list[list[object]] | None = None, context: Context | None = None
) -> list[Triple]:
    rows = [*above, TITLES, row(), *(below or [])]
    layout = lay(workbook(rows)) if context is None else lay(workbook(rows), context=context)
    return [triple for triple in triples(layout) if triple[2] != "file.I016"]


def test_the_right_period_and_unit_are_silent() -> None:
    assert stated(["附件1"], ["江苏省登记表（2026年三季度）"]) == []
    assert stated(["填报单位：江苏省工信厅", None, "填报人：张三"]) == []
    assert stated(["填报单位：", "江苏省", "填报日期：", "2026年10月9日"]) == []
    assert stated(["苏州市工业5G专网登记表"]) == []
    assert stated(["填报单位：苏州市工业和信息化局"]) == []


def test_another_period() -> None:
    assert stated(["江苏省登记表（2026年二季度）"]) == [(None, None, "file.E011")]
    assert stated(["报告期：2025年四季度"]) == [(None, None, "file.E011")]
    assert stated(["登记表"], below=[["填报单位：江苏省", "报告期：2026Q1"]]) == [(None, None, "file.E011")]


def test_another_unit() -> None:
    assert stated(["浙江省登记表"]) == [(None, None, "file.E012")]
    assert stated(["江苏省登记表"], ["填报单位：浙江省"]) == [(None, None, "file.E012")]
    assert stated(["填报单位（盖章）", "浙江省"]) == [(None, None, "file.E012")]
    assert stated(["登记表"], below=[["填报单位：浙江省", "审核人：李四"]]) == [(None, None, "file.E012")]
    assert stated(["大连市登记表"], context=Context("210000", Period(2026, 3))) == [(None, None, "file.E012")]
    assert stated(["广东省深圳市登记表"], context=Context("440300", Period(2026, 3))) == []


def test_what_is_stated_is_handed_on() -> None:
    layout = lay_rows([["浙江省登记表（2026年二季度）"], TITLES, row()])
    assert (layout.stated_period, layout.stated_unit) == (Period(2026, 2), "330000")
    assert (
        only_finding(layout, "file.E012").message("en")
        == "The form names Zhejiang Province but you report for Jiangsu Province."
    )
    layout = lay_rows([TITLES, row()])
    assert (layout.stated_period, layout.stated_unit) == (None, None)


def test_telephone_numbers_are_passed_over() -> None:
    layout = lay_rows(
        [["填报人：张三", None, "联系电话：13912345678", None, "电话", 13912345678], TITLES, row()]
    )
    assert triples(layout) == []
    assert "1391234" not in repr(
        (layout.findings, layout.stated_unit, layout.tables[0].columns, layout.tables[0].skipped)
    )


@pytest.mark.parametrize(
    ("mark", "old"),
    [
        ("networks-2026Q3-1", False),
        ("networks-2026Q3-0", True),
        ("networks-2026Q2-1", True),
        ("networks-2025Q4-9", True),
        ("networks-2026Q4-1", False),
        ("networks-2026Q3-10", False),
        ("ai_applications-2026Q2-1", False),
        ("something else", False),
    ],
)
def test_templates_of_an_earlier_version(mark: str, old: bool) -> None:
    layout = lay(workbook([TITLES, row()], mark=mark))
    assert triples(layout) == ([(None, None, "file.W013")] if old else [])


def test_macros_links_and_objects_are_ignored_and_said_once() -> None:
    data = with_parts(
        workbook([TITLES, row()]),
        {
            "xl/vbaProject.bin": b"x",
            "xl/externalLinks/externalLink1.xml": "<a/>",
            "xl/embeddings/o.bin": b"y",
        },
    )
    layout = lay(data)
    assert triples(layout) == [(None, None, "file.W019")]
    assert layout.findings[0].message("zh") == "文件含有宏、外部链接、嵌入对象，已忽略。"
