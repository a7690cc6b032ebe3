"""Titles that a unit has told of: read as told, never against the form's own titles."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.validation.layouts import JIANGSU, NETWORKS, PLACES, lay, only_finding, row, titles, triples
from tests.validation.small_workbooks import workbook
from validation import closest_column, meaning, official_titles, title_key
from validation.layout import Layout


def lay_with(meanings: dict[str, str | None], *rows: list[object]) -> Layout:
    """Lay out rows for a unit that has told of these titles as written."""
    context = replace(JIANGSU, titles={title_key(title): key for title, key in meanings.items()})
    return lay(workbook(list(rows)), context=context)


def test_an_unknown_title_is_read_as_told_and_said_so() -> None:
    layout = lay_with(
        {"企业大名": "enterprise_name"}, titles(enterprise_name="企业大名"), row(enterprise_name="甲厂")
    )
    column = layout.tables[0].columns[PLACES["enterprise_name"]]
    assert (column.key, column.how, column.title) == ("enterprise_name", "remembered", "企业大名")
    assert layout.tables[0].cells["enterprise_name"].text.to_list() == ["甲厂"]
    assert only_finding(layout, "file.I021").params["found"] == "企业大名"
    assert [code for _, _, code in triples(layout)] == ["file.I021"]


@pytest.mark.parametrize("written", ["企业 大名", "企业大名*", "企业\n大名", "1、企业大名"])
def test_other_spellings_of_it_are_the_same_title(written: str) -> None:
    layout = lay_with({"企业大名": "enterprise_name"}, titles(enterprise_name=written), row())
    assert layout.tables[0].columns[PLACES["enterprise_name"]].how == "remembered"


def test_a_title_to_pass_by_gives_no_finding() -> None:
    layout = lay_with({"备用": None}, [*titles(), "备用"], [*row(), "x"])
    assert layout.tables[0].columns[-1][2:4] == (None, "remembered")
    assert triples(layout) == []


def test_the_forms_own_titles_always_win() -> None:
    own = NETWORKS.by_key["enterprise_name"].label_zh
    layout = lay_with({own: "site_name"}, titles(), row())
    assert layout.tables[0].columns[PLACES["enterprise_name"]].key == "enterprise_name"
    assert triples(layout) == []


def test_a_second_column_for_a_field_is_told_and_the_official_one_is_read() -> None:
    layout = lay_with(
        {"企业大名": "enterprise_name"}, [*titles(), "企业大名"], [*row(enterprise_name="甲厂"), "乙厂"]
    )
    assert layout.tables[0].cells["enterprise_name"].text.to_list() == ["甲厂"]
    assert only_finding(layout, "file.E007").value == "企业大名"


def test_two_told_columns_for_a_field_are_told_as_well() -> None:
    meanings = {"企业大名": "enterprise_name", "厂名": "enterprise_name"}
    layout = lay_with(meanings, [*titles(enterprise_name="企业大名"), "厂名"], [*row(), "乙厂"])
    assert only_finding(layout, "file.E007").value == "厂名"


def test_a_field_that_the_form_no_longer_has_is_unknown_again() -> None:
    layout = lay_with({"备用": "abolished"}, [*titles(), "备用"], [*row(), "x"])
    assert only_finding(layout, "file.W008").value == "备用"


def test_only_titles_as_the_form_writes_them_are_fixed() -> None:
    written = [
        "专网编号",
        "1、专网编号*",
        "专网 / 编号",
        "总投资(亿元)",
        "建设主体",
        "企业 / 专网编号",
        "企业大名",
    ]
    assert official_titles(written, NETWORKS) == {"专网编号", "1、专网编号*", "专网 / 编号", "总投资(亿元)"}


@pytest.mark.parametrize(
    ("title", "key"),
    [("专网编号", "network_code"), ("企业 / 专网编号", "network_code"), ("企业大名", None)],
)
def test_what_a_title_means_by_itself(title: str, key: str | None) -> None:
    assert meaning(title, NETWORKS) == key


def test_a_title_read_by_an_alias_is_read_as_told() -> None:
    alias = NETWORKS.by_key["site_name"].aliases[0]
    layout = lay_with({alias: "enterprise_name"}, titles(enterprise_name=alias), row(enterprise_name="甲厂"))
    assert layout.tables[0].columns[PLACES["enterprise_name"]][2:4] == ("enterprise_name", "remembered")
    assert layout.tables[0].cells["enterprise_name"].text.to_list() == ["甲厂"]


def test_the_official_title_is_one_field_too_many_no_longer_when_its_alias_is_passed_by() -> None:
    alias = NETWORKS.by_key["enterprise_name"].aliases[0]
    rows = [*titles(), alias], [*row(enterprise_name="甲厂"), "乙厂"]
    assert "file.E007" in {code for _, _, code in triples(lay_with({}, *rows))}
    layout = lay_with({alias: None}, *rows)
    assert layout.tables[0].cells["enterprise_name"].text.to_list() == ["甲厂"]
    assert triples(layout) == []


def test_a_leaf_of_the_form_below_a_parent_of_its_own_can_be_told() -> None:
    """承建单位 over 企业名称 is not the enterprise."""
    upper = ["专网编号", "承建单位", None, *titles()[3:]]
    lower = [None, "专网名称", "企业名称", *[None] * len(titles()[3:])]
    context = replace(JIANGSU, titles={title_key("承建单位 / 企业名称"): None})
    written = workbook([upper, lower, row(network_name="乙厂")], merged=["A1:A2", "B1:C1"])
    columns = lay(written, context=context).tables[0].columns
    assert [column[1:4] for column in columns[1:3]] == [
        ("承建单位 / 专网名称", "network_name", "title"),
        ("承建单位 / 企业名称", None, "remembered"),
    ]


def test_the_closest_column_is_one_that_is_free() -> None:
    assert closest_column("终端总数量合计", NETWORKS, ()) == "terminals"
    assert closest_column("终端总数量合计", NETWORKS, ("terminals",)) != "terminals"
    assert closest_column("天气", NETWORKS, ()) is None
