"""Every rule about single cells accepts one table and refuses another, told once and at its cell."""

from __future__ import annotations

from datetime import date

import pytest

from tests.validation.ruling import Case, found_in

CASES = (
    Case(
        "cell.E101",
        ({"address": "某路1号"},),
        ({"address": None}, {"address": "—"}),
        [(2, "address", "cell.E101"), (3, "address", "cell.E101")],
    ),
    Case("cell.E102", ({"terminals": "1,234"},), ({"terminals": "很多"},), [(2, "terminals", "cell.E102")]),
    Case("cell.E103", ({"terminals": "120.0"},), ({"terminals": 120.5},), [(2, "terminals", "cell.E103")]),
    Case(
        "cell.E104",
        ({"started_on": "2024年11月"},),
        ({"started_on": "去年"},),
        [(2, "started_on", "cell.E104")],
    ),
    Case(
        "cell.E105", ({"started_on": "2024.1"},), ({"started_on": 2024.1},), [(2, "started_on", "cell.E105")]
    ),
    Case(
        "cell.E106",
        ({"network_type": "园区下沉"},),
        ({"network_type": "混合型"},),
        [(2, "network_type", "cell.E106")],
    ),
    Case(
        "cell.E107",
        ({"terminals": 1_000_000},),
        ({"terminals": 1_000_001}, {"started_on": date(2017, 12, 31)}),
        [(2, "terminals", "cell.E107"), (3, "started_on", "cell.E107")],
    ),
    Case(
        "cell.E108",
        ({"network_name": "专网"},),
        ({"network_name": "网"}, {"address": "长" * 201}),
        [(2, "network_name", "cell.E108"), (3, "address", "cell.E108")],
    ),
    Case(
        "cell.E109",
        ({"network_code": "js-５g-0001"},),
        ({"network_code": "JS_0001"},),
        [(2, "network_code", "cell.E109")],
    ),
    Case(
        "cell.E110",
        ({"terminals": 60},),
        ({"terminals": "#REF!", "terminals_redcap": None},),
        [(2, "terminals", "cell.E110")],
    ),
    Case(
        "cell.E112",
        ({"spectrum_licence_no": 123456789012345},),
        ({"enterprise_uscc": 9.1320583e17}, {"spectrum_licence_no": "9.14403E+17"}),
        [(2, "enterprise_uscc", "cell.E112"), (3, "spectrum_licence_no", "cell.E112")],
    ),
    Case(
        "cell.E113",
        ({"slicing": "√"}, {"slicing": 0}, {"slicing": "无"}),
        ({"slicing": "可能"},),
        [(2, "slicing", "cell.E113")],
    ),
    Case(
        "cell.E114",
        ({"terminals": "１２０"},),
        ({"terminals": "约100"}, {"terminals": "100-200"}),
        [(2, "terminals", "cell.E114"), (3, "terminals", "cell.E114")],
    ),
    Case(
        "cell.E115",
        ({"address": "同上路1号"},),
        ({"address": "同上"}, {"address": "〃"}),
        [(2, "address", "cell.E115"), (3, "address", "cell.E115")],
    ),
    Case(
        "cell.E116",
        ({"remark": "商业秘密保护"},),
        ({"remark": "涉密"}, {"network_name": "（秘密）某专网"}),
        [(2, "remark", "cell.E116"), (3, "network_name", "cell.E116")],
    ),
    Case(
        "cell.W118",
        ({"investment_10k_cny": "350"},),
        ({"investment_10k_cny": "350万"}, {"terminals": "100台"}),
        [(2, "investment_10k_cny", "cell.W118"), (3, "terminals", "cell.W118")],
    ),
    Case(
        "cell.E119",
        ({"remark": "扩容\n计划𬭎"},),
        ({"remark": "扩容\ufffd"}, {"address": "某路\x021号"}),
        [(2, "remark", "cell.E119"), (3, "address", "cell.E119")],
    ),
    Case(
        "cell.E121",
        ({"region_code": "南京鼓楼区"},),
        ({"region_code": "鼓楼区"},),
        [(2, "region_code", "cell.E121")],
    ),
    Case(
        "cell.W122",
        ({"region_code": "320509"},),
        ({"region_code": "320584"}, {"region_code": "吴江市"}),
        [(2, "region_code", "cell.W122"), (3, "region_code", "cell.W122")],
    ),
    Case(
        "uscc.E201",
        ({"enterprise_uscc": "9132 0583 DEM0 0CT7 05"},),
        ({"enterprise_uscc": "91320583DEM00CT7O5"},),
        [(2, "enterprise_uscc", "uscc.E201")],
    ),
    Case(
        "uscc.E202",
        ({"enterprise_uscc": "91330100799655058B"},),
        ({"enterprise_uscc": "91330100799655058A"},),
        [(2, "enterprise_uscc", "uscc.E202")],
    ),
    Case(
        "uscc.W203",
        ({"enterprise_uscc": "914403001922038216"},),
        ({"enterprise_uscc": "91320583DEM00CT718"},),
        [(2, "enterprise_uscc", "uscc.W203")],
    ),
    Case(
        "uscc.W204",
        ({"enterprise_uscc": "91110000710926094P"},),
        ({"enterprise_uscc": "12100000400012342E"},),
        [(2, "enterprise_uscc", "uscc.W204")],
    ),
    Case(
        "uscc.E205",
        ({},),
        ({"enterprise_uscc": "91350100M000100Y43"}, {"enterprise_uscc": "1" * 18}),
        [(2, "enterprise_uscc", "uscc.E205"), (3, "enterprise_uscc", "uscc.E205")],
    ),
    Case(
        "uscc.E206",
        ({},),
        ({"enterprise_uscc": "320500000012345"}, {"enterprise_uscc": "71092609-4"}),
        [(2, "enterprise_uscc", "uscc.E206"), (3, "enterprise_uscc", "uscc.E206")],
    ),
    Case(
        "row.E301",
        ({"region_code": "320500"},),
        ({"region_code": "上海市浦东新区"},),
        [(2, "region_code", "row.E301")],
    ),
    Case(
        "row.E303",
        ({"industry_code": 391}, {"industry_code": "C3911"}),
        ({"industry_code": "990"}, {"industry_code": "390"}),
        [(2, "industry_code", "row.E303"), (3, "industry_code", "row.E303")],
    ),
    Case(
        "row.W304", ({"industry_code": "061"},), ({"industry_code": 6},), [(2, "industry_code", "row.W304")]
    ),
    Case(
        "row.W305",
        ({"industry_code": "451"},),
        ({"industry_code": 61}, {"industry_code": "6319"}),
        [(2, "industry_code", "row.W305"), (3, "industry_code", "row.W305")],
    ),
    Case(
        "row.W306",
        ({"investment_10k_cny": 1_000_000},),
        ({"investment_10k_cny": 1_000_000.01},),
        [(2, "investment_10k_cny", "row.W306")],
    ),
    Case(
        "row.E307",
        ({"ownership": "其他", "remark": "合作社"},),
        ({"ownership": "其他", "operators": "移动、其他", "bands": "700M", "remark": None},),
        [(2, "remark", "row.E307")],
    ),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.code)
def test_accepts(case: Case) -> None:
    assert found_in("networks", case.accepts, case.context) == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.code)
def test_refuses(case: Case) -> None:
    assert found_in("networks", case.refuses, case.context) == sorted(case.findings, key=str)
