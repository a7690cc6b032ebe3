"""Every rule of the network form accepts one table and refuses another, told once and at its cell."""

from __future__ import annotations

import pytest

from tests.validation.ruling import Case, Change, found_in

#: An independent network that breaks no rule.
INDEPENDENT = {
    "network_type": "独立专网",
    "operators": "企业自建",
    "bands": "5925-6125MHz",
    "upf_placement": "企业自建UPF",
}
PLANNED = {"status": "规划", "commissioned_on": None}
ENDED = {"status": "拆除", "decommissioned_on": "2026-06-30"}
TWIN = {"site_name": "昆山一厂"}
OTHER_CODE = "91330100799655058B"

CASES = (
    Case(
        "net.E310",
        (INDEPENDENT,),
        ({**INDEPENDENT, "spectrum_licence_no": None},),
        [(2, "network_type", "net.E310")],
    ),
    Case("net.E311", (INDEPENDENT,), ({"bands": "3.5GHz、毫米波专用"},), [(2, "bands", "net.E311")]),
    Case(
        "net.W312",
        (
            {"operators": "电信", "bands": "2.1G、3.5G"},
            {"operators": "广电", "bands": "4.9G"},
            {"operators": "其他", "bands": "2.6G"},
        ),
        ({"operators": "移动", "bands": "2.6G、3.5G"}, {"operators": "联通", "bands": "700M"}),
        [(2, "bands", "net.W312"), (3, "bands", "net.W312")],
    ),
    Case(
        "net.E313",
        ({"network_type": "虚拟"},),
        ({"network_type": "虚拟", "upf_placement": "自建UPF"},),
        [(2, "upf_placement", "net.E313")],
    ),
    Case(
        "net.E314",
        (INDEPENDENT,),
        ({**INDEPENDENT, "upf_placement": "大网UPF"},),
        [(2, "upf_placement", "net.E314")],
    ),
    Case(
        "net.W315",
        ({"upf_placement": "边缘UPF"},),
        ({"upf_placement": "共享UPF"},),
        [(2, "upf_placement", "net.W315")],
    ),
    Case("net.E316", (INDEPENDENT,), ({"operators": "自建、电信"},), [(2, "operators", "net.E316")]),
    Case(
        "net.W317",
        (INDEPENDENT,),
        ({**INDEPENDENT, "operators": "移动、联通"},),
        [(2, "operators", "net.W317")],
    ),
    Case(
        "net.E318",
        ({"base_stations_dedicated": 40},),
        ({"base_stations_dedicated": 41},),
        [(2, "base_stations_dedicated", "net.E318")],
    ),
    Case(
        "net.E319",
        ({"terminals_redcap": 420},),
        ({"terminals_redcap": 421},),
        [(2, "terminals_redcap", "net.E319")],
    ),
    Case(
        "net.W320",
        ({"terminals": 1, "terminals_redcap": 0},),
        ({"terminals": 0, "terminals_redcap": 0},),
        [(2, "status", "net.W320")],
    ),
    Case(
        "net.W321",
        (
            {
                "network_type": "虚拟",
                "base_stations_macro": 0,
                "base_stations_indoor": 0,
                "base_stations_dedicated": None,
            },
        ),
        ({"base_stations_macro": 0, "base_stations_indoor": 0, "base_stations_dedicated": 0},),
        [(2, "status", "net.W321")],
    ),
    Case("net.E322", (PLANNED,), ({"commissioned_on": None},), [(2, "status", "net.E322")]),
    Case(
        "net.E323",
        ({"started_on": None, "commissioned_on": "2019年6月"},),
        ({"started_on": None, "commissioned_on": "2019-06-05"},),
        [(2, "commissioned_on", "net.E323")],
    ),
    Case(
        "net.E324",
        ({"commissioned_on": "2026年9月"},),
        ({"commissioned_on": "2026-10-01"},),
        [(2, "commissioned_on", "net.E324")],
    ),
    Case(
        "net.E325",
        ({**PLANNED, "commissioned_on": "2026-12-31"},),
        ({**PLANNED, "commissioned_on": "2026-09-30"},),
        [(2, "status", "net.E325")],
    ),
    Case(
        "net.E326",
        (ENDED,),
        ({**ENDED, "decommissioned_on": None}, {**ENDED, "decommissioned_on": "2026-10-01"}),
        [(2, "status", "net.E326"), (3, "status", "net.E326")],
    ),
    Case(
        "net.E327",
        ({**ENDED, "commissioned_on": "2026年6月", "decommissioned_on": "2026-06-15"},),
        ({**ENDED, "decommissioned_on": "2025-06-29"},),
        [(2, "decommissioned_on", "net.E327")],
    ),
    Case(
        "net.E328",
        ({"started_on": "2025年6月"}, {"started_on": "2025年二季度"}),
        ({"started_on": "2025-07-01"},),
        [(2, "started_on", "net.E328")],
    ),
    Case(
        "net.W329",
        ({"investment_10k_cny": 0.01},),
        ({"investment_10k_cny": 0},),
        [(2, "investment_10k_cny", "net.W329")],
    ),
    Case("net.W330", ({"latency_ms": 1},), ({"latency_ms": 0.9},), [(2, "latency_ms", "net.W330")]),
    Case(
        "net.E331",
        ({**INDEPENDENT, "independent_pilot": "是"},),
        ({"independent_pilot": "是"},),
        [(2, "independent_pilot", "net.E331")],
    ),
    Case(
        "net.E340",
        ({"network_code": "JS-A-1"}, {"network_code": "JS-A-2"}),
        ({"network_code": "JS-A-1"}, {}, {"network_code": "js-a-1"}),
        [(2, "network_code", "net.E340"), (4, "network_code", "net.E340")],
    ),
    Case(
        "net.W341",
        (TWIN, {**TWIN, "network_type": "虚拟"}),
        ({**TWIN, "operators": "电信、联通"}, {"site_name": "昆山 一厂", "operators": "联通、电信"}, {}),
        [(2, "enterprise_uscc", "net.W341"), (3, "enterprise_uscc", "net.W341")],
    ),
    Case(
        "net.W342",
        ({"enterprise_name": "云岭（苏州）"}, {"enterprise_name": "云岭(苏州) "}),
        ({}, {"enterprise_name": "别名公司"}, {"enterprise_name": "甲公司", "enterprise_uscc": OTHER_CODE}),
        [(2, "enterprise_name", "net.W342"), (3, "enterprise_name", "net.W342")],
    ),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.code)
def test_accepts(case: Case) -> None:
    assert found_in("networks", case.accepts, case.context) == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.code)
def test_refuses(case: Case) -> None:
    assert found_in("networks", case.refuses, case.context) == sorted(case.findings, key=str)


@pytest.mark.parametrize(
    ("second", "column"),
    [
        ({"enterprise_name": "别名公司"}, "enterprise_name"),
        ({"enterprise_uscc": OTHER_CODE}, "enterprise_uscc"),
    ],
)
def test_names_and_codes_that_do_not_go_together_are_told_where_they_differ(
    second: Change, column: str
) -> None:
    both = ({}, {**second, "site_name": "另一厂区"})
    assert found_in("networks", both) == [(2, column, "net.W342"), (3, column, "net.W342")]
