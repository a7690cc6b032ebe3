"""Suggestions: each one offered is read without a fault when it is put into the cell."""

from __future__ import annotations

import pytest

from validation import FORMS, Finding, choices, city_of, suggested
from validation.codelists import resolve

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
