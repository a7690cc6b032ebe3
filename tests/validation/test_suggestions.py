"""Suggestions: each one offered is read without a fault when it is put into the cell."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from tests.validation.ruling import rows
from tests.validation.tables import JIANGSU, table
from validation import FORMS, Finding, Form, choices, city_of, from_row, suggested
from validation.casting import cast
from validation.checking import check
from validation.codelists import options, resolve, rows_of
from validation.codelists.industries import names
from validation.forms import Kind

FORM = FORMS["networks"]


def offered(code: str, column: str, written: str, **params: object) -> list[str]:
    finding = Finding(code, column=column, value=written, params=params)
    return [suggestion.value for suggestion in suggested(finding, FORM.by_key[column], written)]


def both(zh: str) -> dict[str, str]:
    return {"zh": zh, "en": "x"}


@pytest.mark.parametrize(
    ("code", "column", "written", "params", "expected"),
    [
        ("cell.E106", "security_level", "其他等级", {"allowed": both("二级、一级")}, ["二级", "一级"]),
        (
            "cell.E106",
            "operators",
            "移动、连通",
            {"value": "连通", "allowed": both("中国联通、中国电信")},
            ["移动、中国联通", "移动、中国电信"],
        ),
        ("cell.E106", "operators", "移懂、连通", {"value": "移懂、连通", "allowed": both("中国联通")}, []),
        ("cell.E106", "region_code", "昆山", {"allowed": both("苏州市昆山市（320583）")}, ["320583"]),
        ("cell.E121", "region_code", "鼓楼区", {"candidates": both("南京市鼓楼区（320106）")}, ["320106"]),
        ("cell.W122", "region_code", "320503", {"successor": both("苏州市姑苏区（320508）")}, ["320508"]),
        ("cell.E106", "industry_code", "芯片", {"allowed": "397 电子器件制造、398 电子元件"}, ["397", "398"]),
        ("cell.E113", "slicing", "有", {}, ["是", "否"]),
        ("cell.W117", "reliability_pct", "0.25", {"suggestion": "25"}, ["25"]),
        (
            "uscc.E201",
            "enterprise_uscc",
            "x",
            {"suggestion": both("（是否应为91320000MA1234567X）")},
            ["91320000MA1234567X"],
        ),
        ("uscc.E201", "enterprise_uscc", "x", {"suggestion": both("")}, []),
        ("cell.E101", "network_name", "", {}, []),
    ],
)
def test_what_is_offered(
    code: str, column: str, written: str, params: dict[str, object], expected: list[str]
) -> None:
    assert offered(code, column, written, **params) == expected


#: Cells that cannot be read, with the texts that must be offered, all of them or the first.
MISSPELT = (
    ("industry_code", "电子信息制造业", ["39", "397", "398", "392"]),
    ("industry_code", "芯片", ["397"]),
    ("industry_code", "汽车", ["36", "361", "367"]),
    ("industry_code", "计算机通信和其他电子设备制造", ["39"]),
    ("industry_code", "251X", ["251"]),
    ("industry_code", "391、392", ["391", "392"]),
    ("industry_code", "39 汽车制造业", ["39", "36"]),
    ("industry_code", "农林牧渔", ["05"]),
    ("industry_code", "飞船", []),
    ("region_code", "昆三市", ["320583"]),
    ("region_code", "320583 常熟市", ["320583", "320581"]),
    ("region_code", "320599", ["320509"]),
    ("region_code", "鼓楼区", ["320106", "320302"]),
    ("network_type", "虚拟网", ["虚拟专网"]),
    ("network_type", "混和专网", ["混合专网"]),
    ("status", "在建中", ["在建"]),
    ("status", "暂停", ["停用"]),
    ("security_level", "四级", ["一级", "二级", "三级", "未定级"]),
    ("operators", "移动、连通", ["移动、中国联通"]),
    ("operators", "移动和铁塔", ["移动和中国"]),
    ("scenarios", "机器视觉检测", ["机器视觉质检"]),
    ("slicing", "部分", ["是", "否"]),
    ("reliability_pct", "0.9995", ["99.95"]),
    ("reliability_pct", 0.9995, ["99.95"]),
    ("reliability_pct", 1, ["100"]),
    ("reliability_pct", "0.5", []),
    ("terminals", "-1", []),
)


def findings_of(key: str, cell: Any) -> list[Finding]:
    done = cast([table(FORM, rows("networks", ({key: cell},)))], FORM, JIANGSU)
    findings = pl.concat([done.findings, check(done, FORM, JIANGSU).findings]).filter(column=key)
    return [from_row(row) for row in findings.iter_rows(named=True)]


@pytest.mark.parametrize(("key", "cell", "first"), MISSPELT)
def test_what_is_offered_is_near_whole_and_read_without_a_fault(
    key: str, cell: Any, first: list[str]
) -> None:
    (finding,) = findings_of(key, cell)
    offers = [suggestion.value for suggestion in suggested(finding, FORM.by_key[key], str(cell))]
    assert [offer[: len(start)] for offer, start in zip(offers, first, strict=False)] == first
    assert bool(offers) == bool(first)
    for offer in offers:
        assert not [other for other in findings_of(key, offer) if other.code.startswith("cell.")], offer


@pytest.mark.parametrize("form", FORMS.values(), ids=lambda form: form.name)
def test_labels_are_cut_whole_from_a_message(form: Form) -> None:
    """Whatever signs the values of a list hold, each is one button."""
    for column in form.columns:
        if column.kind not in (Kind.ENUM, Kind.INDUSTRY):
            continue
        listed = list(names().items()) if column.kind is Kind.INDUSTRY else []
        labels = [f"{code} {name}" for code, name in listed] or [o.label_zh for o in options(column.codelist)]
        values = [code for code, _ in listed] or labels
        for joint in ("、", "；") if listed else ("、",):
            for at in range(0, len(labels), 4):
                finding = Finding(
                    "cell.E106", column=column.key, params={"allowed": both(joint.join(labels[at : at + 4]))}
                )
                offers = suggested(finding, column, "x")
                assert [(offer.value, offer.label) for offer in offers] == list(
                    zip(values[at : at + 4], labels[at : at + 4], strict=True)
                )


def test_the_message_names_the_nearest_industries_in_both_languages() -> None:
    (finding,) = findings_of("industry_code", "电子信息制造业")
    assert finding.message("zh") == (
        "“电子信息制造业”不在允许取值中，可选：39 计算机、通信和其他电子设备制造业；397 电子器件制造；"
        "398 电子元件及电子专用材料制造；392 通信设备制造。"
    )
    assert (
        "39 Manufacture of Computers, Communication and Other Electronic Equipment; 397"
        in finding.message("en")
    )


def test_a_share_in_a_column_of_percentages_names_the_percentage() -> None:
    (finding,) = findings_of("reliability_pct", 0.9995)
    assert finding.message("zh") == "0.9995超出允许范围（90–100），可能应为99.95。"
    assert finding.message("en") == "0.9995 is outside 90 to 100; perhaps 99.95 is meant."
    (far,) = findings_of("reliability_pct", "50")
    assert far.message("zh") == "50超出允许范围（90–100）。"


def test_a_stored_finding_without_a_suggestion_still_has_its_message() -> None:
    stored = Finding("cell.E107", column="terminals", value="-1", params={"min": "0", "max": "1000000"})
    assert stored.message("en") == "-1 is outside 0 to 1000000."


def test_every_word_of_industries_leads_to_codes_of_the_standard() -> None:
    for row in rows_of("industry_words"):
        assert set(row["codes"].split("|")) <= set(names())
        assert len(row["word"]) >= 2 or row["word"] in "鞋铝铜"


def test_a_finding_of_another_column_offers_nothing() -> None:
    finding = Finding("cell.E113", column="slicing", value="有")
    assert suggested(finding, FORM.by_key["independent_pilot"], "有") == ()


@pytest.mark.parametrize("form", FORMS.values(), ids=lambda form: form.name)
def test_every_choice_is_read(form: object) -> None:
    for column in form.columns:
        for choice in choices(column):
            assert choice in ("是", "否") or resolve(column.codelist, choice)


@pytest.mark.parametrize(
    ("code", "city"), [("320583", "320500"), ("320500", "320500"), ("419001", "419001"), ("330203", "330200")]
)
def test_the_city_of_a_division(code: str, city: str) -> None:
    assert city_of(code)[0] == city
