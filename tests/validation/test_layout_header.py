"""Where the header is and what its titles mean."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.validation.layouts import (
    JIANGSU,
    NETWORKS,
    TITLES,
    lay,
    lay_rows,
    only_finding,
    row,
    rows_of,
    titles,
    triples,
)
from tests.validation.small_workbooks import Sheet, book, csv_bytes, workbook
from validation.forms import FORMS, Form
from validation.hints import title as template_title
from validation.layout.titles import Titles, take_apart


@pytest.mark.parametrize("form", FORMS.values(), ids=lambda form: form.name)
def test_every_title_and_alias_finds_its_own_column(form: Form) -> None:
    spellings = Titles(form)
    for column in form.columns:
        official, *aliases = column.titles
        assert spellings.look_up(official) == (column.key, "title")
        assert spellings.look_up(template_title(column)) == (column.key, "title")
        assert [spellings.look_up(alias) for alias in aliases] == [(column.key, "alias")] * len(aliases)


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("＊专网编号", "network_code"),
        ("专网编号*", "network_code"),
        ("专 网\n编 号", "network_code"),
        ("专网\u200b编号（必填）", "network_code"),
        ("1、专网编号", "network_code"),
        ("ＵＰＦ部署方式", "upf_placement"),
        ("upf部署方式", "upf_placement"),
        ("工厂(园区/矿区/港区)名称", "site_name"),
        ("工厂【园区/矿区/港区】名称", "site_name"),
        ("总投资", "investment_10k_cny"),
        ("总投资（元）", "investment_10k_cny"),
        ("总投资，单位：亿元", "investment_10k_cny"),
        ("宏站数量（个）", "base_stations_macro"),
        ("宏站数", "base_stations_macro"),
        ("其中:RedCap终端数", "terminals_redcap"),
        ("专网类型（单选）", "network_type"),
        ("Network ID", "network_code"),
    ],
)
def test_ways_to_write_a_title(written: str, key: str) -> None:
    known = Titles(NETWORKS).look_up(written)
    assert known is not None
    assert known.key == key


@pytest.mark.parametrize("written", ["编号", "名称", "区县", "单位", "联系人", "专网", ""])
def test_titles_that_are_none_of_the_form(written: str) -> None:
    assert Titles(NETWORKS).look_up(written) is None


def test_a_unit_in_a_title_is_set_aside() -> None:
    assert take_apart("总投资（万元）") == ("总投资(万元)", "总投资", "万元")
    assert take_apart("工厂（园区）名称").unit is None


def test_header_in_the_first_row() -> None:
    layout = lay_rows([TITLES, row()])
    assert triples(layout) == []
    table = layout.tables[0]
    assert (table.header_row, table.rows.to_list()) == (1, [2])
    assert list(table.cells) == [column.key for column in NETWORKS.columns]


def test_title_rows_above_and_columns_to_the_left() -> None:
    layout = lay_rows([["附件1"], ["登记表"], [None], TITLES, row()], at="C2", merged=["C3:AI3"])
    table = layout.tables[0]
    assert triples(layout) == []
    assert (table.header_row, table.rows.to_list()) == (5, [6])
    assert table.positions["network_code"] == 2
    assert [tuple(skipped) for skipped in table.skipped] == [
        (2, "title"),
        (3, "title"),
        (4, "blank"),
        (5, "header"),
    ]


def test_the_header_is_looked_for_in_the_first_thirty_rows() -> None:
    assert rows_of(lay_rows([*[["x"]] * 29, TITLES, row()])) == [[31]]
    assert triples(lay_rows([*[["x"]] * 30, TITLES, row()])) == [(None, None, "file.E005")]


def test_no_header_at_all() -> None:
    assert triples(lay_rows([["a", "b"], ["c", "d"]])) == [(None, None, "file.E005")]
    assert triples(lay(workbook([]))) == [(None, None, "file.E005")]
    assert triples(lay_rows([["专网编号", "专网名称"], ["x", "y"]])) == [(None, None, "file.E005")]


def test_columns_moved_and_a_running_number_added() -> None:
    order = ["序号", *reversed(TITLES)]
    layout = lay_rows([order, [1, *reversed(row(remark="备"))]])
    assert triples(layout) == []
    assert layout.tables[0].columns[0].how == "ignored"
    assert layout.tables[0].cells["remark"].text.to_list() == ["备"]


def test_an_alias_is_said() -> None:
    layout = lay_rows([titles(enterprise_name="单位名称"), row()])
    finding = only_finding(layout, "file.I021")
    assert (finding.column, finding.cell, finding.params["found"]) == ("enterprise_name", "C1", "单位名称")
    assert len(layout.findings) == 1


def test_an_unknown_column_is_ignored_with_a_warning() -> None:
    layout = lay_rows([[*TITLES, "区县领导"], [*row(), "x"]])
    assert triples(layout) == [(None, "区县领导", "file.W008")]
    assert layout.findings[0].cell == "AH1"


def test_data_under_no_title_is_an_unknown_column() -> None:
    assert triples(lay_rows([[*TITLES, None], [*row(), "x"]])) == [(None, "AH", "file.W008")]
    assert triples(lay_rows([[*TITLES[:3], None, *TITLES[3:]], [*row()[:3], None, *row()[3:]]])) == []


def test_missing_columns_are_listed_once_with_the_closest_titles() -> None:
    header = [title for title in titles(enterprise_uscc="信用编码") if title != "建设状态"]
    data = [value for index, value in enumerate(row()) if TITLES[index] != "建设状态"]
    layout = lay_rows([header, data])
    assert triples(layout) == [(None, None, "file.E006"), (None, "信用编码", "file.W008")]
    finding = only_finding(layout, "file.E006")
    assert "统一社会信用代码（最接近的列名：“信用编码”）、建设状态" in finding.message("zh")
    assert "Unified social credit code" in finding.message("en")
    assert rows_of(layout) == [[2]]


def test_an_optional_column_may_be_missing() -> None:
    assert triples(lay_rows([TITLES[:-1], row()[:-1]])) == []


def test_two_columns_of_one_field() -> None:
    layout = lay_rows([[*TITLES, "网络编号"], [*row(), "x"]])
    assert triples(layout) == [(None, "网络编号", "file.E007")]
    assert layout.findings[0].cell == "AH1"
    assert layout.tables[0].cells["network_code"].text.to_list() == ["JS-01"]


def test_two_level_headers_with_merged_parents() -> None:
    upper = [*TITLES[:16], "基站", None, None, "终端", None, *TITLES[21:]]
    lower = [
        *[None] * 16,
        "宏站数量",
        "室分及小站数量",
        "其中：专用基站数",
        "5G终端数",
        "其中：RedCap终端数",
        *[None] * 12,
    ]
    merged = ["Q2:S2", "T2:U2", *[f"{chr(65 + i)}2:{chr(65 + i)}3" for i in range(16)]]
    layout = lay_rows([["登记表"], upper, lower, row(terminals=5)], merged=merged)
    table = layout.tables[0]
    assert triples(layout) == []
    assert (table.header_row, table.rows.to_list()) == (3, [4])
    assert [skipped.kind for skipped in table.skipped] == ["title", "header", "header"]
    assert table.columns[16].title == "基站 / 宏站数量"
    assert table.cells["terminals"].number.to_list() == [5.0]


def test_a_child_title_that_means_something_only_with_its_parent() -> None:
    upper = [*TITLES[:16], "宏站", "室分", "专用基站", *TITLES[19:]]
    lower = [*[None] * 16, "数量", "数量", "数", *[None] * 14]
    layout = lay_rows([upper, lower, row()], merged=["A1:A2"])
    assert layout.tables[0].columns[16].title == "宏站 / 数量"
    assert {"base_stations_macro", "base_stations_indoor"} <= set(layout.tables[0].cells)


def test_the_same_child_under_two_parents_stays_distinct() -> None:
    upper = [*TITLES[:30], "一期", "二期", *TITLES[31:]]
    lower = [*[None] * 30, "备用", "备用", *[None] * 2]
    layout = lay_rows([upper, lower, [*row(), "x"]], merged=["A1:A2", "B1:B2"])
    assert (None, "一期 / 备用", "file.W008") in triples(layout)
    assert (None, "二期 / 备用", "file.W008") in triples(layout)


def test_the_parent_that_makes_the_title_wins() -> None:
    upper = [*TITLES[:18], "专用", None, *TITLES[19:]]
    lower = [*[None] * 18, "基站数", "终端数", *[None] * 14]
    layout = lay_rows([upper, lower, [*row(), "x"]], merged=["S1:T1", "A1:A2"])
    assert layout.tables[0].positions["base_stations_dedicated"] == 18
    assert layout.tables[0].positions["terminals"] == 20
    assert (None, "专用 / 终端数", "file.W008") in triples(layout)


def test_the_other_collections_sheet_is_said_and_nothing_else() -> None:
    other = FORMS["ai_applications"]
    data = workbook([[column.label_zh for column in other.columns], ["x"] * len(other.columns)])
    layout = lay(data)
    assert triples(layout) == [(None, None, "file.E010")]
    assert layout.tables == ()
    assert triples(lay(data, "ai_applications")) == []


def test_every_visible_sheet_with_the_header_is_read_in_order() -> None:
    layout = lay(
        book(
            Sheet([["说明"], ["填表说明：…"]], name="说明"),
            Sheet([TITLES, row("B-1"), row("B-2")], name="苏州"),
            Sheet([["地市", "专网名称", "5G终端数", "总投资"], ["苏州", 3, 9, 4]], name="汇总"),
            Sheet([["附件"], TITLES, row("C-1")], name="无锡"),
            Sheet([["类型", "代码"], ["运行", "03"]], name="字典"),
        )
    )
    assert [table.sheet.name for table in layout.tables] == ["苏州", "无锡"]
    assert rows_of(layout) == [[2, 3], [3]]
    assert triples(layout) == []


def test_a_lone_sheet_with_few_known_titles_is_the_form_with_columns_missing() -> None:
    layout = lay_rows([["专网名称", "5G终端数", "总投资（万元）"], ["甲", 9, 4]])
    assert triples(layout) == [(None, None, "file.E006")]


def test_hidden_sheets_with_data_are_not_imported() -> None:
    layout = lay(
        book(
            Sheet([TITLES, row()], name="表1"),
            Sheet([TITLES, row()], name="旧表", hidden=True),
            Sheet([TITLES], name="空表", hidden=True),
            Sheet([["x"]], name="字典", hidden=True),
        )
    )
    assert triples(layout) == [(None, None, "file.W014")]
    assert layout.findings[0].sheet == "旧表"
    assert len(layout.tables) == 1


def test_only_a_hidden_sheet() -> None:
    layout = lay(book(Sheet([["x"]]), Sheet([TITLES, row()], name="旧表", hidden=True)))
    assert triples(layout) == [(None, None, "file.W014"), (None, None, "file.E005")]


def test_a_header_without_data() -> None:
    layout = lay_rows([TITLES])
    assert triples(layout) == [(None, None, "file.E009")]
    assert rows_of(layout) == [[]]
    assert triples(lay(book(Sheet([TITLES, row()]), Sheet([TITLES], name="空")))) == []


def test_delimited_text() -> None:
    layout = lay(csv_bytes([["登记表"], TITLES, row("JS-09")]))
    assert rows_of(layout) == [[3]]
    assert layout.tables[0].cells["network_code"].text.to_list() == ["JS-09"]


def test_units_of_titles_and_of_the_unit_line() -> None:
    def unit(layout_rows: list[list[object]]) -> str | None:
        layout = lay_rows(layout_rows)
        assert [code for _, _, code in triples(layout)] in ([], ["file.I021"])
        return next(c.unit for c in layout.tables[0].columns if c.key == "investment_10k_cny")

    plain = titles(investment_10k_cny="总投资")
    assert unit([plain, row()]) is None
    assert unit([TITLES, row()]) == "万元"
    assert unit([titles(investment_10k_cny="总投资（亿元）"), row()]) == "亿元"
    assert unit([["单位：元"], plain, row()]) == "元"
    assert unit([["单位：", "元"], plain, row()]) == "元"
    assert unit([["单位：个、万元"], plain, row()]) == "万元"
    assert unit([["登记表（单位：元）"], plain, row()]) == "元"
    assert unit([["单位：万元"], TITLES, row()]) == "万元"


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("单位：元", "总投资（万元）"),
        ("单位：万元", "总投资（万美元）"),
        ("单位：万元", "总投资（台）"),
        ("单位：美元", "总投资"),
    ],
)
def test_unclear_units(line: str, title: str) -> None:
    layout = lay_rows([[line], titles(investment_10k_cny=title), row()])
    finding = only_finding(layout, "file.E018")
    assert (finding.row, finding.column, finding.cell) == (None, "investment_10k_cny", "AE2")
    assert rows_of(layout) == [[3]]


def test_a_header_is_taken_from_the_row_that_was_chosen_with_its_parents() -> None:
    upper = ["专网编号", "规模", None, *titles()[3:]]
    lower = [None, "专网名称", "企业名称", *[None] * len(titles()[3:])]
    written = workbook([titles(), row("JS-0"), upper, lower, row("JS-1")], merged=["A3:A4", "B3:C3"])
    [table] = lay(written, context=replace(JIANGSU, headers={"表1": 4})).tables
    assert (table.header_row, table.rows.to_list()) == (4, [5])
    assert [column.title for column in table.columns[:3]] == [
        "专网编号",
        "规模 / 专网名称",
        "规模 / 企业名称",
    ]


def test_sheets_passed_by_are_not_read_and_told_as_unread() -> None:
    sheets = [Sheet([titles(), row(code)], name) for code, name in (("JS-1", "甲"), ("JS-2", "乙"))]
    layout = lay(book(*sheets), context=replace(JIANGSU, headers={"乙": None}))
    assert [table.sheet.name for table in layout.tables] == ["甲"]
    assert layout.unread == ("乙",)


def test_a_row_that_is_not_at_the_top_of_its_sheet_is_no_header() -> None:
    layout = lay(workbook([titles(), row()]), context=replace(JIANGSU, headers={"表1": 9}))
    assert layout.tables == ()
    assert layout.unread == ("表1",)
