"""Rules against other units: each accepts one table and refuses another; without other units they say nothing."""

from __future__ import annotations

import dataclasses
from typing import Any

import polars as pl
import pytest

from tests.validation.ruling import Case, Change, found_in
from tests.validation.tables import JIANGSU
from validation import FORMS, GROWTH_SCHEMA, Context
from validation.forms.national import robust_score

USCC = "91320583DEM00CT705"
SITE, FACTORY = "云岭昆山智能工厂1", "云岭昆山智能工厂"


def beside(collection: str, *rows: dict[str, Any]) -> Context:
    """The context in which Zhejiang reports `rows`."""
    schema = dict.fromkeys(("unit", "key", *FORMS[collection].compared), pl.String)
    others = [{"unit": "330000", "key": f"ZJ-{number}", **row} for number, row in enumerate(rows, start=1)]
    return dataclasses.replace(JIANGSU, others=pl.DataFrame(others, schema=schema))


def growing(*shares: float, own: int = 1) -> Context:
    """The context in which Jiangsu's records went from `own` to 3 and other units' 100 grew by `shares`."""
    rows = [(str(unit), 100, round(100 + 100 * share)) for unit, share in enumerate(shares)]
    frame = pl.DataFrame([("320000", own, 3), *rows], schema=GROWTH_SCHEMA, orient="row")
    return dataclasses.replace(JIANGSU, growth=frame)


NETWORK = beside("networks", {"enterprise_uscc": USCC, "site_name": SITE.upper() + " "})
LICENCE = beside("networks", {"spectrum_licence_no": "工频示2025-320000-00001"})
APPLICATION = beside(
    "ai_applications",
    {"enterprise_uscc": USCC, "factory_name": FACTORY, "application_name": "云岭外观缺陷视觉质检系统1"},
)
STEADY = growing(0.01, 0.02, 0.03, 0.04, 0.05, 0.06, 0.07, 0.08)
ELSEWHERE: Change = {"site_name": "另一厂区"}

CASES = (
    Case("nat.W501", (ELSEWHERE,), ({},), [(2, "enterprise_uscc", "nat.W501")], NETWORK),
    Case("nat.W503", ({},), ({}, {}, {}), [(None, None, "nat.W503")], STEADY),
)
APPLICATION_CASES = (
    Case(
        "nat.W502",
        ({"application_name": "另一应用"},),
        ({},),
        [(2, "enterprise_uscc", "nat.W502")],
        APPLICATION,
    ),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.code)
def test_networks(case: Case) -> None:
    accepting = growing(*[0.5] * 8, own=2) if case.code == "nat.W503" else case.context
    assert found_in("networks", case.accepts, accepting) == []
    assert found_in("networks", case.refuses, case.context) == case.found


@pytest.mark.parametrize("case", APPLICATION_CASES, ids=lambda case: case.code)
def test_applications(case: Case) -> None:
    assert found_in("ai_applications", case.accepts, case.context) == []
    assert found_in("ai_applications", case.refuses, case.context) == case.found


def test_the_same_licence_number_is_the_same_network() -> None:
    assert found_in("networks", (ELSEWHERE,), LICENCE) == [(2, "spectrum_licence_no", "nat.W501")]
    assert found_in("networks", ({"spectrum_licence_no": "工频示2025-320000-00002"},), LICENCE) == []


def test_without_other_registers_nothing_is_the_same() -> None:
    assert found_in("networks", ({},), beside("networks")) == []


def test_growth_is_compared_with_eight_units_at_least() -> None:
    assert found_in("networks", ({},), growing(*[0.01] * 7)) == []
    assert found_in("networks", ({},), growing(*[0.01] * 8)) == [(None, None, "nat.W503")]


def test_a_unit_without_an_earlier_register_has_not_grown() -> None:
    assert found_in("networks", ({},), growing(*[0.01] * 8, own=0)) == []


def test_the_score_is_by_median_and_mad() -> None:
    others = pl.Series([1.0, 2.0, 3.0, 4.0, 5.0])
    assert robust_score(3.0, others) == 0
    assert robust_score(10.0, others) == pytest.approx(7 / 1.4826)
    assert robust_score(10.0, pl.Series([0.0] * 9 + [10.0])) == pytest.approx(10 / 1.2533)
    assert robust_score(0.5, pl.Series([0.0] * 9)) == 0.5
