"""Typed values as a person writes them, and the hint that says how."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import polars as pl

from demo import typed
from validation import FORMS, Column, Kind, Need
from validation.display import display
from validation.hints import bounds, hint, title

NETWORKS = FORMS["networks"]


def displayed(**values: object) -> dict[str, object]:
    row = display(NETWORKS, typed(NETWORKS, [values])).to_dicts()[0]
    return {key: row[key] for key in values}


def test_codes_become_labels_and_lists_are_joined() -> None:
    assert displayed(network_type="virtual", operators=["telecom", "unicom"], scenarios=["5G-06"]) == {
        "network_type": "虚拟专网",
        "operators": "中国电信、中国联通",
        "scenarios": "机器视觉质检",
    }


def test_codes_of_places_and_industries_stay_codes() -> None:
    assert displayed(region_code="320583", industry_code="061") == {
        "region_code": "320583",
        "industry_code": "061",
    }


def test_yes_no_money_and_dates() -> None:
    assert displayed(slicing=True, independent_pilot=False) == {"slicing": "是", "independent_pilot": "否"}
    assert displayed(investment_10k_cny=Decimal("860.50"), started_on=date(2024, 11, 1)) == {
        "investment_10k_cny": 860.5,
        "started_on": date(2024, 11, 1),
    }


def test_missing_stays_missing() -> None:
    nothing: dict[str, object] = {
        "ownership": None,
        "operators": None,
        "slicing": None,
        "investment_10k_cny": None,
    }
    assert displayed(**nothing) == nothing


def test_an_unknown_code_stays_as_it_is() -> None:
    assert displayed(ownership="guild", operators=["mobile", "other_one"]) == {
        "ownership": "guild",
        "operators": "中国移动、other_one",
    }


def test_only_the_forms_columns_are_given() -> None:
    frame = typed(NETWORKS, [{}]).with_columns(_sheet=pl.lit("表1"), _row=pl.lit(7))
    assert display(NETWORKS, frame).columns == [column.key for column in NETWORKS.columns]


def test_bounds_are_said_in_the_columns_own_terms() -> None:
    by_key = NETWORKS.by_key
    assert bounds(by_key["network_name"]).en == "2 to 100 characters"
    assert bounds(by_key["latency_ms"]) == ("0.1–1000ms", "0.1 to 1000")
    assert bounds(by_key["started_on"]).zh == "不早于2018-01-01"
    assert bounds(by_key["status"]) == ("", "")


def test_a_hint_says_need_way_and_limits() -> None:
    column = Column("count", "数量", "Count", Kind.INT, unit="个", required=Need.YES, minimum=0, maximum=9)
    assert hint(column) == ("必填；整数；0–9个。", "Required; Whole number; 0 to 9.")
    assert title(column) == "数量（个）"
