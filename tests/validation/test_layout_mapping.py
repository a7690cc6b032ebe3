"""Titles that a unit has told of: read as told, never against the form's own titles."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.validation.layouts import JIANGSU, NETWORKS, PLACES, lay, one, row, titles, triples
from tests.validation.workbooks import workbook
from validation import closest_column, names_a_column, title_key
from validation.layout import Layout


def lay_with(told: dict[str, str | None], *rows: list[object]) -> Layout:
    """Lay out rows for a unit that has told of these titles as written."""
    context = replace(JIANGSU, titles={title_key(title): key for title, key in told.items()})
    return lay(workbook(list(rows)), context=context)


def test_an_unknown_title_is_read_as_told_and_said_so() -> None:
    layout = lay_with(
        {"企业大名": "enterprise_name"}, titles(enterprise_name="企业大名"), row(enterprise_name="甲厂")
    )
    column = layout.tables[0].columns[PLACES["enterprise_name"]]
    assert (column.key, column.how, column.title) == ("enterprise_name", "remembered", "企业大名")
    assert layout.tables[0].cells["enterprise_name"].text.to_list() == ["甲厂"]
    assert one(layout, "file.I021").params["found"] == "企业大名"
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
    assert one(layout, "file.E007").value == "企业大名"


def test_two_told_columns_for_a_field_are_told_as_well() -> None:
    told = {"企业大名": "enterprise_name", "厂名": "enterprise_name"}
    layout = lay_with(told, [*titles(enterprise_name="企业大名"), "厂名"], [*row(), "乙厂"])
    assert one(layout, "file.E007").value == "厂名"


def test_a_field_that_the_form_no_longer_has_is_unknown_again() -> None:
    layout = lay_with({"备用": "abolished"}, [*titles(), "备用"], [*row(), "x"])
    assert one(layout, "file.W008").value == "备用"


def test_what_the_form_knows_cannot_be_told_otherwise() -> None:
    assert names_a_column("专网编号", NETWORKS)
    assert names_a_column("企业 / 专网编号", NETWORKS)
    assert not names_a_column("企业大名", NETWORKS)


def test_the_closest_column_is_one_that_is_free() -> None:
    assert closest_column("终端总数量合计", NETWORKS, ()) == "terminals"
    assert closest_column("终端总数量合计", NETWORKS, ("terminals",)) != "terminals"
    assert closest_column("天气", NETWORKS, ()) is None
