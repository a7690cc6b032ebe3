"""Column titles with all that people add to them: what they mean, in which unit, and what stays unknown."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.validation.layouts import NETWORKS, lay_rows, only_finding, row, titles, triples
from validation.forms import FORMS, Column, Form
from validation.forms.synonyms import synonyms_of
from validation.hints import title as template_title
from validation.layout.title_parts import is_row_number, take_apart, unit_of
from validation.layout.titles import OWN, SYNONYM, Titles

EVERY_FORM = pytest.mark.parametrize("form", FORMS.values(), ids=lambda form: form.name)
COLUMNS = [(form, column) for form in FORMS.values() for column in form.columns]

#: What may be added to a title, in any order, and changes nothing of what it means.
ADDITIONS: dict[str, Callable[[str, Column], str]] = {
    "colon": lambda title, column: f"{title}：",
    "star": lambda title, column: f"*{title}",
    "need": lambda title, column: f"{title}（必填）",
    "hint": lambda title, column: f"{title}\n（请按营业执照填写）",
    "English": lambda title, column: f"{title}\n{column.label_en}",
    "English in brackets": lambda title, column: f"{title}（{column.label_en}）",
    "quotes": lambda title, column: f"“{title}”",
    "spaces": lambda title, column: f" {title} \n",
    "escape": lambda title, column: f"{title}_x000D_\n",
    "number": lambda title, column: f"3．{title}",
    "full stop": lambda title, column: f"{title}。",
}


@EVERY_FORM
def test_every_spelling_finds_its_own_column(form: Form) -> None:
    spelled = Titles(form)
    for column in form.columns:
        for text in (column.label_zh, column.label_en, column.key, template_title(column)):
            assert spelled.look_up(text) == (column.key, "title"), text
            assert spelled.is_official(text)


@EVERY_FORM
def test_every_synonym_means_one_column_and_is_told_as_read_by_another_name(form: Form) -> None:
    spelled = Titles(form)
    for key, texts in synonyms_of(form.name).items():
        assert key in form.by_key
        for text in texts:
            assert spelled.look_up(text) == (key, "alias"), text
            assert spelled.trust(text) == SYNONYM
            assert not spelled.is_official(text)


@EVERY_FORM
def test_no_title_is_written_for_two_columns(form: Form) -> None:
    written: dict[str, str] = {}
    named = {column.key: column.titles for column in form.columns}
    for key, texts in synonyms_of(form.name).items():
        for text in (*named[key], *texts):
            assert written.setdefault(take_apart(text).full, key) == key, text


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(COLUMNS), st.lists(st.sampled_from(sorted(ADDITIONS)), max_size=3, unique=True))
def test_what_is_added_in_whatever_order_changes_nothing(
    where: tuple[Form, Column], names: list[str]
) -> None:
    form, column = where
    title = template_title(column)
    for name in names:
        title = ADDITIONS[name](title, column)
    assert Titles(form).look_up(title) == (column.key, "title"), title
    assert unit_of(title) == unit_of(template_title(column))


@settings(max_examples=30, deadline=None)
@given(st.permutations(range(33)), st.lists(st.sampled_from(sorted(ADDITIONS)), max_size=2, unique=True))
def test_columns_in_any_order_are_read_alike(order: list[int], names: list[str]) -> None:
    header = [template_title(column) for column in NETWORKS.columns]
    for name in names:
        header = [
            ADDITIONS[name](title, column) for title, column in zip(header, NETWORKS.columns, strict=True)
        ]
    layout = lay_rows([[header[at] for at in order], [row()[at] for at in order]])
    [table] = layout.tables
    assert [table.columns[place].key for place in range(33)] == [NETWORKS.columns[at].key for at in order]
    assert triples(layout) == []


@pytest.mark.parametrize(
    ("written", "key", "unit"),
    [
        ("总投资（含税）（万元）", "investment_10k_cny", "万元"),
        ("总投资（万元）：", "investment_10k_cny", "万元"),
        ("（亿元）总投资", "investment_10k_cny", "亿元"),
        ("总投资（单位：人民币万元）", "investment_10k_cny", "万元"),
        ("总投资（元，保留两位小数）", "investment_10k_cny", "元"),
        ("总投资\n单位：亿元", "investment_10k_cny", "亿元"),
        ("总投资（RMB 万元）", "investment_10k_cny", "万元"),
        ("Total investment (CNY)", "investment_10k_cny", "元"),
        ("Total investment (10k CNY)", "investment_10k_cny", "万元"),
        ("Total investment (million yuan)", "investment_10k_cny", "百万元"),
        ("总投资：元", "investment_10k_cny", "元"),
        ("总投资：\n亿元", "investment_10k_cny", "亿元"),
        ("总投资 — 亿元", "investment_10k_cny", "亿元"),
        ("总 投 资 （万 元）", "investment_10k_cny", "万元"),
        ("总投资（亿元", "investment_10k_cny", "亿元"),
        ("总投资 亿元）", "investment_10k_cny", "亿元"),
        ("5G终端数：万台", "terminals", "万台"),
        ("5G终端数 万台", "terminals", "万台"),
        ("宏 站 数 量", "base_stations_macro", None),
        ("可靠性（%）（选填）", "reliability_pct", "%"),
        ("端到端时延（毫秒）（ms）", "latency_ms", "ms"),
        ("上行速率Mbps\nUplink rate", "uplink_mbps", "mbps"),
        ("5G终端数（台） 5G terminals", "terminals", "台"),
        ("5G terminals 5G终端数", "terminals", None),
        ("UPF placement UPF部署方式", "upf_placement", None),
        ("专网编号/Network code", "network_code", None),
        ("专网编号<br/>Network code", "network_code", None),
        ("建成（投运）时间", "commissioned_on", None),
        ("停用、拆除时间", "decommissioned_on", None),
        ("工厂（园区、矿区、港区）名称", "site_name", None),
        ("企业名称，与营业执照一致", "enterprise_name", None),
        ("开工日期 格式：2026-07-01", "started_on", None),
        ("统一社会信用代码（18位）", "enterprise_uscc", None),
        ("★专网类型①", "network_type", None),
        ("专网类型注1", "network_type", None),
        ("總投資（萬元）", "investment_10k_cny", "万元"),
        ("總投資額（億元）", "investment_10k_cny", "亿元"),
        ("所在市（区、县）", "region_code", None),
        ("建设地点（详细地址）", "address", None),
    ],
)
def test_ways_to_write_a_title(written: str, key: str, unit: str | None) -> None:
    known = Titles(NETWORKS).look_up(written)
    assert known is not None
    assert (known.key, unit_of(written)) == (key, unit)


@pytest.mark.parametrize(
    "written",
    [
        "编号", "名称", "区县", "单位", "联系人", "联系电话", "专网", "", "备用", "序号", "天气", "信用编码", "数量（个）",
        "填表说明", "审核意见", "Network", "code", "2026", "JS-5G-00001", "说" * 200,
    ],
)  # fmt: skip
def test_titles_that_are_none_of_the_form(written: str) -> None:
    assert Titles(NETWORKS).look_up(written) is None
    assert Titles(NETWORKS).trust(written) == 0


@pytest.mark.parametrize("written", ["序号", "序号：", "序 号", "序号\nNo.", "No.", "序号（自动生成）", "NO"])
def test_titles_of_a_running_number(written: str) -> None:
    assert is_row_number(written)


def test_the_forms_own_title_is_read_where_a_synonym_claims_its_field_too() -> None:
    assert Titles(NETWORKS).trust("总投资（万元）") == OWN
    layout = lay_rows([["总投资额（亿元）", *titles()], [3, *row(investment_10k_cny=5)]])
    assert triples(layout) == [(None, "总投资额（亿元）", "file.W008")]
    assert layout.tables[0].positions["investment_10k_cny"] == 31


def test_two_synonyms_of_one_field_are_told() -> None:
    header = titles(investment_10k_cny="总投资额（万元）")
    layout = lay_rows([[*header, "项目总投资"], [*row(), 3]])
    assert only_finding(layout, "file.E007").value == "项目总投资"


@pytest.mark.parametrize(("line", "unit"), [("个", None), ("元", "元"), ("（亿元）", "亿元"), ("—", "万元")])
def test_units_in_a_row_of_their_own_are_those_of_the_columns(line: str, unit: str | None) -> None:
    header = titles(investment_10k_cny="总投资（万元）" if line == "—" else "总投资")
    units: list[object] = [None] * 33
    units[16], units[19], units[30] = "个", "台", line
    layout = lay_rows([header, units, row()])
    [table] = layout.tables
    assert (table.header_row, table.rows.to_list()) == (2, [3])
    assert next(c.unit for c in table.columns if c.key == "investment_10k_cny") == unit
    assert [code for _, _, code in triples(layout) if code == "file.E018"] == ["file.E018"] * (line == "个")
