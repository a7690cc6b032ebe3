"""Rules against the last accepted register: each accepts one table and refuses another."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import polars as pl
import pytest

from tests.validation.ruling import Case, Change, found_in, rows
from tests.validation.tables import JIANGSU, table
from tests.validation.test_rules_networks import OTHER_CODE
from validation import FORMS, Context, from_row
from validation.casting import cast
from validation.checking import check


def after(collection: str, changes: Sequence[Change]) -> Context:
    """The context of a period whose last accepted register had these rows."""
    form = FORMS[collection]
    read = cast([table(form, rows(collection, tuple(changes)))], form, JIANGSU)
    return dataclasses.replace(JIANGSU, previous=read.frame)


ONE = after("networks", ({},))
MANY = after("networks", [{"status": "拆除"} for _ in range(60)])
BUILDING = after("networks", ({"status": "在建", "commissioned_on": None},))
PLANNED: Change = {"status": "规划", "commissioned_on": None}

CASES = (
    Case("hist.W401", ({}, {}), ({"network_code": "JS-NEW-1"},), [(None, None, "hist.W401")], ONE),
    Case(
        "hist.E402",
        ({"status": "停用", "decommissioned_on": "2026-08-01"},),
        ({"status": "在建", "commissioned_on": "2025-06-30"},),
        [(2, "status", "hist.E402"), (2, "status", "net.E325")],
        ONE,
    ),
    Case(
        "hist.W403",
        ({"commissioned_on": "2025-06-30"},),
        ({"commissioned_on": "2025-07-01"},),
        [(2, "commissioned_on", "hist.W403")],
        ONE,
    ),
    Case(
        "hist.W404",
        ({"investment_10k_cny": 860.5},),
        ({"investment_10k_cny": 860.49},),
        [(2, "investment_10k_cny", "hist.W404")],
        ONE,
    ),
    Case(
        "hist.W405",
        tuple({} for _ in range(42)),
        tuple({} for _ in range(39)),
        [(None, None, "hist.W405")],
        MANY,
    ),
    Case(
        "hist.W406",
        ({"region_code": "苏州市昆山市"},),
        ({"region_code": "320505"},),
        [(2, "region_code", "hist.W406")],
        ONE,
    ),
    Case("hist.W407", ({"terminals": 4200},), ({"terminals": 4201},), [(2, "terminals", "hist.W407")], ONE),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.code)
def test_accepts(case: Case) -> None:
    assert found_in("networks", case.accepts, case.context) == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.code)
def test_refuses(case: Case) -> None:
    assert found_in("networks", case.refuses, case.context) == sorted(case.findings, key=str)


@pytest.mark.parametrize(
    ("change", "column", "message"),
    [
        (
            {"network_type": "虚拟", "upf_placement": "共享UPF"},
            "network_type",
            "专网类型由混合专网改为虚拟专网",
        ),
        (
            {"enterprise_uscc": OTHER_CODE},
            "enterprise_uscc",
            f"统一社会信用代码由91320583DEM00CT705改为{OTHER_CODE}",
        ),
        ({"region_code": "320505"}, "region_code", "建设地点由320583改为320505"),
        (
            {"enterprise_uscc": OTHER_CODE, "region_code": "320505"},
            "enterprise_uscc",
            f"统一社会信用代码、建设地点由91320583DEM00CT705、320583改为{OTHER_CODE}、320505",
        ),
    ],
)
def test_a_changed_identity_is_told_at_the_first_column_that_changed(
    change: Change, column: str, message: str
) -> None:
    form = FORMS["networks"]
    read = cast([table(form, rows("networks", (change,)))], form, JIANGSU)
    (row,) = check(read, form, ONE).findings.filter(pl.col("code") == "hist.W406").iter_rows(named=True)
    assert (row["column"], row["value"]) == (column, change[column])
    assert from_row(row).message("zh") == f"“JS-00001”的{message}。"


def test_a_first_date_is_no_change_but_an_emptied_one_is() -> None:
    assert found_in("networks", ({"commissioned_on": "2026-08-01"},), BUILDING) == []
    emptied = {"status": "停用", "decommissioned_on": "2026-08-01", "commissioned_on": None}
    assert found_in("networks", (emptied,), ONE) == [(2, "commissioned_on", "hist.W403")]


def test_retired_applications_may_go_and_production_may_not_fall_back_to_planning() -> None:
    retired = after("ai_applications", ({}, {"status": "停用", "retired_on": "2026-06-30"}))
    assert found_in("ai_applications", ({},), retired) == []
    planned = {
        "status": "规划",
        "in_production_on": None,
        "productivity_gain_pct": None,
        "defect_cut_pct": None,
    }
    planned |= {"downtime_cut_pct": None, "energy_saving_pct": None, "cost_cut_pct": None}
    assert found_in("ai_applications", ({**planned},), after("ai_applications", ({},))) == [
        (2, "in_production_on", "hist.W403"),
        (2, "status", "hist.E402"),
    ]
