"""Every rule of the AI application form accepts one table and refuses another, told once and at its cell."""

from __future__ import annotations

import dataclasses

import polars as pl
import pytest

from tests.validation.ruling import Case, found_in
from tests.validation.tables import JIANGSU

PLANNED = {
    "status": "规划",
    "in_production_on": None,
    "productivity_gain_pct": None,
    "defect_cut_pct": None,
    "downtime_cut_pct": None,
    "energy_saving_pct": None,
    "cost_cut_pct": None,
}
TWIN = {"application_name": "视觉质检"}
RETIRED = {"status": "停用", "retired_on": "2026-06-30"}

NETWORKS = dataclasses.replace(
    JIANGSU,
    companion=pl.DataFrame(
        {
            "network_code": ["JS-N-1", "JS-N-2", "JS-N-3"],
            "enterprise_uscc": ["91320583DEM00CT705", "91330100799655058B", "91320583DEM00CT705"],
            "enterprise_name": ["苏州云岭电子有限公司（演示）", "别的公司", "苏州云岭电子有限公司（演示）"],
            "status": ["operating", "operating", "built"],
        }
    ),
)

CASES = (
    Case("ai.E350", (PLANNED,), ({"in_production_on": None},), [(2, "status", "ai.E350")]),
    Case(
        "ai.E351",
        ({"in_production_on": "2026年三季度"},),
        ({"in_production_on": "2026-10-01"},),
        [(2, "in_production_on", "ai.E351")],
    ),
    Case(
        "ai.E352",
        (RETIRED,),
        (
            {**RETIRED, "retired_on": None},
            {**RETIRED, "retired_on": "2020-01-01"},
            {"retired_on": "2026-06-30"},
        ),
        [(2, "status", "ai.E352"), (3, "status", "ai.E352"), (4, "status", "ai.E352")],
    ),
    Case("ai.E353", ({"data_level": "重要"},), ({"data_level": "核心数据"},), [(2, "data_level", "ai.E353")]),
    Case(
        "ai.W354",
        (
            {"scenario": "SM-24", "stage": "运营管理"},
            {"scenario": "AI-OT-99", "stage": "研发", "remark": "试点"},
        ),
        ({"scenario": "AI-RD-01", "stage": "生产制造"},),
        [(2, "scenario", "ai.W354")],
    ),
    Case(
        "ai.W355",
        ({"investment_10k_cny": 10, "annual_benefit_10k_cny": 100},),
        ({"investment_10k_cny": 10, "annual_benefit_10k_cny": 100.01},),
        [(2, "annual_benefit_10k_cny", "ai.W355")],
    ),
    Case(
        "ai.E356",
        ({"model_kinds": "小模型", "base_model": None},),
        ({"model_kinds": "小模型、智能体", "base_model": None},),
        [(2, "model_kinds", "ai.E356")],
    ),
    Case("ai.W357", ({"devices_connected": None},), ({"devices_connected": 0},), [(2, "status", "ai.W357")]),
    Case(
        "ai.W358",
        ({**PLANNED, "cost_cut_pct": 0},),
        ({**PLANNED, "downtime_cut_pct": 5, "cost_cut_pct": 3},),
        [(2, "downtime_cut_pct", "ai.W358")],
    ),
    Case(
        "ai.E360",
        ({"application_code": "JS-A-1"}, {"application_code": "JS-A-2"}),
        ({"application_code": "JS-A-1"}, {"application_code": "JS-A-1"}),
        [(2, "application_code", "ai.E360"), (3, "application_code", "ai.E360")],
    ),
    Case(
        "ai.W361",
        (TWIN, {**TWIN, "scenario": "SM-24"}),
        (TWIN, TWIN, {}),
        [(2, "enterprise_uscc", "ai.W361"), (3, "enterprise_uscc", "ai.W361")],
    ),
    Case(
        "ai.E370",
        ({"network_code": "JS-N-1"}, {"network_code": None}),
        ({"network_code": "JS-N-9"},),
        [(2, "network_code", "ai.E370")],
        NETWORKS,
    ),
    Case(
        "ai.W371",
        ({"network_code": "js-n-1"},),
        ({"network_code": "JS-N-2"},),
        [(2, "network_code", "ai.W371")],
        NETWORKS,
    ),
    Case(
        "ai.W372",
        ({"network_code": "JS-N-3", **PLANNED},),
        ({"network_code": "JS-N-3"},),
        [(2, "network_code", "ai.W372")],
        NETWORKS,
    ),
    Case(
        "cell.W117",
        ({"defect_cut_pct": "0.3%"}, {"defect_cut_pct": 1}),
        ({"defect_cut_pct": 0.3}, {"cost_cut_pct": "0.25"}),
        [(2, "defect_cut_pct", "cell.W117"), (3, "cost_cut_pct", "cell.W117")],
    ),
    Case(
        "uscc.E202",
        ({"vendor_uscc": "914403001922038216"},),
        ({"vendor_uscc": "914403001922038215"},),
        [(2, "vendor_uscc", "uscc.E202")],
    ),
    Case(
        "row.E307",
        ({"compute_locations": "边缘"},),
        ({"compute_locations": "其他", "remark": None},),
        [(2, "remark", "row.E307")],
    ),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.code)
def test_accepts(case: Case) -> None:
    assert found_in("ai_applications", case.accepts, case.context) == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.code)
def test_refuses(case: Case) -> None:
    assert found_in("ai_applications", case.refuses, case.context) == sorted(case.found, key=str)
