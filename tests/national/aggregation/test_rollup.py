"""Rolling up a unit's registers: what each indicator counts, how breakdowns add up, and that sums are exact."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from demo.registers import register
from national.aggregation.rollup import SCHEMA, roll_up, unit_totals
from national.definitions.breakdowns import BREAKDOWNS, value_labels
from national.definitions.counting_rules import COUNTING_RULES, rule_for
from national.definitions.indicator import Adds, Indicator
from national.definitions.indicators import INDICATORS
from national.definitions.populations import counted, on_5g
from tests.national.frames import applications, networks
from validation import Period

RULE = COUNTING_RULES[0]


def figures(networks: pl.DataFrame | None = None, ai: pl.DataFrame | None = None) -> pl.DataFrame:
    given = {"networks": networks, "ai_applications": ai}
    return roll_up({name: frame for name, frame in given.items() if frame is not None}, RULE).figures


def total(frame: pl.DataFrame, indicator: str) -> tuple[Decimal, int]:
    row = frame.filter(pl.col("indicator") == indicator, pl.col("breakdown") == "total")
    assert len(row) == 1
    return row["value"][0], row["records"][0]


def parts(frame: pl.DataFrame, indicator: str, breakdown: str) -> dict[str, Decimal]:
    rows = frame.filter(pl.col("indicator") == indicator, pl.col("breakdown") == breakdown)
    return dict(rows.select("breakdown_value", "value").iter_rows())


@pytest.mark.parametrize("status", ["built", "operating"])
@pytest.mark.parametrize("industry", ["061", "36", "3611", "441"])
def test_a_network_counts_when_built_or_operating_in_sections_b_c_d(status: str, industry: str) -> None:
    rolled_up = figures(networks({"status": status, "industry_code": industry}))
    assert total(rolled_up, "NET_COUNT") == (1, 1)
    assert total(rolled_up, "NET_PIPELINE") == (0, 0)


@pytest.mark.parametrize(
    "row",
    [
        {"status": "planned"},
        {"status": "under_construction"},
        {"status": "suspended"},
        {"status": "dismantled"},
        {"status": None},
        {"industry_code": "011"},
        {"industry_code": "631"},
        {"industry_code": None},
        {"industry_code": "99"},
    ],
)
def test_a_network_does_not_count_otherwise(row: dict[str, Any]) -> None:
    rolled_up = figures(networks(row))
    for indicator in ("NET_COUNT", "NET_OPERATING", "NET_TERMINALS", "NET_INVESTMENT", "NET_BASE_STATIONS"):
        assert total(rolled_up, indicator) == (0, 0)


@pytest.mark.parametrize(
    ("row", "carries"),
    [
        ({"status": "operating", "terminals": 1}, 1),
        ({"status": "operating", "terminals": 0}, 0),
        ({"status": "operating", "terminals": None}, 0),
        ({"status": "built", "terminals": 9}, 0),
        ({"status": "operating", "terminals": 9, "industry_code": "011"}, 0),
    ],
)
def test_operating_needs_a_terminal(row: dict[str, Any], carries: int) -> None:
    assert total(figures(networks(row)), "NET_OPERATING")[0] == carries


def test_the_pipeline_is_industrial_too() -> None:
    rows = [
        {"status": "planned"},
        {"status": "under_construction"},
        {"status": "planned", "industry_code": "65"},
    ]
    assert total(figures(networks(*rows)), "NET_PIPELINE") == (2, 2)


def test_sums_are_over_counted_networks_and_exact() -> None:
    rolled_up = figures(
        networks(
            {"investment_10k_cny": Decimal("0.10"), "terminals": 7, "terminals_redcap": 2},
            {"investment_10k_cny": Decimal("0.20"), "terminals": 8, "terminals_redcap": None},
            {"investment_10k_cny": Decimal("99.00"), "terminals": 9, "status": "planned"},
        )
    )
    assert total(rolled_up, "NET_INVESTMENT") == (Decimal("0.30"), 2)
    assert total(rolled_up, "NET_TERMINALS") == (15, 2)
    assert total(rolled_up, "NET_REDCAP") == (2, 1)  # one network states it
    assert total(rolled_up, "NET_BASE_STATIONS") == (10, 2)


def test_applications_are_told_apart_by_status() -> None:
    rows = [
        {"status": status} for status in ("in_production", "in_production", "trial", "planned", "retired")
    ]
    rolled_up = figures(ai=applications(*rows, {"status": "building"}))
    assert total(rolled_up, "AI_COUNT") == (2, 2)
    assert total(rolled_up, "AI_TRIAL") == (1, 1)
    assert total(rolled_up, "AI_INVESTMENT") == (Decimal("21.00"), 2)


def test_benefit_counts_those_that_state_it() -> None:
    rolled_up = figures(ai=applications({"annual_benefit_10k_cny": Decimal("3.25")}, {}))
    assert total(rolled_up, "AI_BENEFIT") == (Decimal("3.25"), 1)


def test_applications_on_5g_run_on_a_counted_network() -> None:
    register = networks({"network_code": "N-01"}, {"network_code": "N-02", "status": "planned"}, {})
    ai = applications(
        {"network_code": "N-01"},
        {"network_code": "N-01"},
        {"network_code": "N-01", "status": "trial"},
        {"network_code": "N-02"},
        {"network_code": "N-99"},
        {"network_code": None},
    )
    rolled_up = figures(register, ai)
    assert total(rolled_up, "AI_ON_5G") == (2, 2)
    assert total(rolled_up, "NET_WITH_AI") == (1, 1)


def test_joint_indicators_wait_for_both_registers() -> None:
    """A register that is not in force is not an empty one: nothing is said instead of zero."""
    alone = figures(networks({}))["indicator"].unique().to_list()
    assert "NET_COUNT" in alone
    assert not {"NET_WITH_AI", "AI_ON_5G", "AI_COUNT"} & set(alone)
    assert "AI_ON_5G" not in figures(ai=applications({}))["indicator"].unique()
    with pytest.raises(ValueError, match="not in force"):
        on_5g(RULE, {"ai_applications": applications({})})


def test_an_empty_register_has_totals_of_zero_and_no_parts() -> None:
    rolled_up = figures(networks(), applications())
    assert rolled_up["indicator"].to_list() == sorted(
        code for code, indicator in INDICATORS.items() if not indicator.is_quotient
    )
    assert set(rolled_up["breakdown"]) == {"total"}
    assert set(rolled_up["value"]) == {Decimal(0)}


def test_no_register_has_no_figures() -> None:
    assert figures().equals(pl.DataFrame(schema=SCHEMA))


def test_industry_splits_at_three_depths() -> None:
    rows = [{"industry_code": code} for code in ("361", "3612", "36", "061")]
    rolled_up = figures(networks(*rows))
    assert parts(rolled_up, "NET_COUNT", "industry_section") == {"C": 3, "B": 1}
    assert parts(rolled_up, "NET_COUNT", "industry_division") == {"36": 3, "06": 1}
    assert parts(rolled_up, "NET_COUNT", "industry_group") == {"361": 2, "061": 1, "not_stated": 1}


def test_groups_lie_in_sections_b_c_d() -> None:
    rolled_up = figures(ai=applications({"industry_code": "011"}, {"industry_code": "361"}))
    assert parts(rolled_up, "AI_COUNT", "industry_group") == {"361": 1, "outside": 1}


def test_a_field_left_empty_is_a_part_of_its_own() -> None:
    rolled_up = figures(networks({"ownership": None}, {"ownership": "private"}))
    assert parts(rolled_up, "NET_COUNT", "ownership") == {"not_stated": 1, "private": 1}


def test_a_network_of_two_operators_is_with_each_of_them_once() -> None:
    rolled_up = figures(networks({"operators": ["mobile", "telecom", "mobile"]}, {"operators": []}))
    assert parts(rolled_up, "NET_COUNT", "operator") == {"mobile": 1, "telecom": 1, "not_stated": 1}
    assert not BREAKDOWNS["operator"].adds_up


def test_every_part_is_labelled_in_both_languages() -> None:
    rolled_up = figures(networks({}, {"industry_code": "36", "ownership": None}), applications({}))
    split = rolled_up.filter(pl.col("breakdown") != "total").select("breakdown", "breakdown_value").unique()
    for breakdown, value in split.iter_rows():
        label = value_labels(breakdown)[value]
        assert label.label_zh
        assert label.label_en


def test_the_rule_is_data_with_a_version() -> None:
    assert [rule.version for rule in COUNTING_RULES] == list(range(1, len(COUNTING_RULES) + 1))
    assert [rule.since for rule in COUNTING_RULES] == sorted(rule.since for rule in COUNTING_RULES)
    assert rule_for(Period(2026, 3)) is RULE
    with pytest.raises(LookupError, match="2018Q4"):
        rule_for(Period(2018, 4))


def test_an_impossible_declaration_is_refused() -> None:
    good = INDICATORS["NET_TERMINALS"]
    facts = {name: getattr(good, name) for name in Indicator.__dataclass_fields__}
    with pytest.raises(TypeError, match="weather"):
        Indicator(**facts | {"breakdowns": ("weather",)})
    with pytest.raises(TypeError, match="latency_ms"):
        Indicator(**facts | {"columns": ("latency_ms",)})
    assert counted(RULE, {}).meta.is_literal() is False


#: exact over parts and registers, for quotients too
_SUMMABLE = ["numerator", "denominator", "records"]


def test_every_indicator_of_a_register_is_split_by_status() -> None:
    rows = (
        {"status": "in_production"},
        {"status": "in_production"},
        {"status": "trial"},
        {"status": "retired"},
    )
    rolled_up = figures(networks({}, {"status": "built"}, {"status": "planned"}), applications(*rows))
    split = rolled_up.filter(pl.col("breakdown") == "status")
    values = {
        code: dict(split.filter(pl.col("indicator") == code).select("breakdown_value", "value").iter_rows())
        for code in ("AI_COUNT", "AI_TRIAL", "AI_INVESTMENT", "NET_COUNT", "NET_PIPELINE")
    }
    assert values == {
        "AI_COUNT": {"in_production": 2},
        "AI_TRIAL": {"trial": 1},
        "AI_INVESTMENT": {"in_production": 21},
        "NET_COUNT": {"operating": 1, "built": 1},
        "NET_PIPELINE": {"planned": 1},
    }
    assert {"in_production", "trial", "operating", "planned"} <= set(value_labels("status"))


_NETWORK_ROWS = st.fixed_dictionaries(
    {
        "status": st.sampled_from(
            ["built", "operating", "planned", "under_construction", "dismantled", None]
        ),
        "industry_code": st.sampled_from(["061", "36", "361", "3611", "44", "011", "65", None]),
        "network_type": st.sampled_from(["virtual", "hybrid", "independent", None]),
        "ownership": st.sampled_from(["private", "foreign", None]),
        "operators": st.lists(st.sampled_from(["mobile", "telecom", "unicom"]), max_size=3),
        "terminals": st.integers(0, 1_000_000) | st.none(),
        "terminals_redcap": st.integers(0, 1_000_000) | st.none(),
        "investment_10k_cny": st.decimals(0, 5_000_000, places=2) | st.none(),
    }
)
_APPLICATION_ROWS = st.fixed_dictionaries(
    {
        "status": st.sampled_from(["in_production", "trial", "planned", None]),
        "industry_code": st.sampled_from(["061", "36", "361", "011", None]),
        "scenario": st.sampled_from(["AI-PM-01", "AI-PM-02", None]),
        "network_code": st.sampled_from(["NET-0001", "NET-0002", "NET-0003", "ELSEWHERE", None]),
        "annual_benefit_10k_cny": st.decimals(0, 10_000_000, places=2) | st.none(),
    }
)


@settings(max_examples=25, deadline=None)
@given(st.lists(_NETWORK_ROWS, max_size=12), st.lists(_APPLICATION_ROWS, max_size=12))
def test_parts_add_up_to_totals(net: list[dict[str, Any]], ai: list[dict[str, Any]]) -> None:
    rolled_up = figures(networks(*net), applications(*ai))
    for code, indicator in INDICATORS.items():
        of_it = rolled_up.filter(pl.col("indicator") == code)
        whole = of_it.filter(pl.col("breakdown") == "total")
        for breakdown in indicator.breakdowns:
            split = of_it.filter(pl.col("breakdown") == breakdown)
            sums, wholes = split.select(_SUMMABLE).sum().rows(), whole.select(_SUMMABLE).sum().rows()
            exact = BREAKDOWNS[breakdown].adds_up
            if indicator.parts_add_up(breakdown):
                assert split["value"].sum() == whole["value"].sum()
            # a row with several operators is in several parts, and never in none
            assert sums == wholes if exact else sums >= wholes


@settings(max_examples=25, deadline=None)
@given(st.lists(_NETWORK_ROWS, min_size=1, max_size=12), st.lists(_APPLICATION_ROWS, max_size=12))
def test_definitions_hold_row_by_row(net: list[dict[str, Any]], ai: list[dict[str, Any]]) -> None:
    """The same figures by a plain loop over rows, written from the definitions alone."""
    rolled_up = figures(networks(*net), applications(*ai))
    counting = [
        row | {"code": f"NET-{number:04d}"}
        for number, row in enumerate(net, 1)
        if row["status"] in ("built", "operating")
        and row["industry_code"] in ("061", "36", "361", "3611", "44")
    ]
    codes = {row["code"] for row in counting}
    running = [row for row in ai if row["status"] == "in_production"]
    carried = [row for row in running if row["network_code"] in codes]
    expected = {
        "NET_COUNT": len(counting),
        "NET_OPERATING": sum(row["status"] == "operating" and bool(row["terminals"]) for row in counting),
        "NET_TERMINALS": sum(row["terminals"] or 0 for row in counting),
        "NET_REDCAP": sum(row["terminals_redcap"] or 0 for row in counting),
        "NET_INVESTMENT": sum((row["investment_10k_cny"] or Decimal(0) for row in counting), Decimal(0)),
        "NET_WITH_AI": len({row["network_code"] for row in carried}),
        "AI_COUNT": len(running),
        "AI_ON_5G": len(carried),
        "AI_BENEFIT": sum((row["annual_benefit_10k_cny"] or Decimal(0) for row in running), Decimal(0)),
    }
    assert {code: total(rolled_up, code)[0] for code in expected} == expected


@settings(max_examples=25, deadline=None)
@given(st.lists(_NETWORK_ROWS, max_size=12), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(net: list[dict[str, Any]], random: Any) -> None:
    numbered = [row | {"network_code": f"N-{number}"} for number, row in enumerate(net)]
    shuffled = random.sample(numbered, len(numbered))
    assert figures(networks(*numbered)).equals(figures(networks(*shuffled)))


@settings(max_examples=25, deadline=None)
@given(st.lists(_NETWORK_ROWS, max_size=8), st.lists(_NETWORK_ROWS, max_size=8))
def test_two_registers_add_up_to_the_register_of_all_rows(
    here: list[dict[str, Any]], there: list[dict[str, Any]]
) -> None:
    both = pl.concat([figures(networks(*here)), figures(networks(*there))])
    part = ["indicator", "breakdown", "breakdown_value"]
    added = both.group_by(part).agg(pl.col(_SUMMABLE).sum(), pl.col("value").sum()).sort(part)
    together = figures(networks(*here, *there)).with_columns(pl.col(_SUMMABLE).fill_null(0))
    assert added.select(part + _SUMMABLE).equals(together.select(part + _SUMMABLE))
    sums = pl.col("indicator").is_in(
        [code for code, indicator in INDICATORS.items() if indicator.adds is Adds.SUM]
    )
    assert added.filter(sums).select([*part, "value"]).equals(together.filter(sums).select([*part, "value"]))


@pytest.mark.parametrize("with_applications", [True, False])
def test_totals_alone_are_those_of_the_whole(with_applications: bool) -> None:
    collections = ("networks", "ai_applications") if with_applications else ("networks",)
    frames = {collection: register("640000", collection, Period(2026, 3)) for collection in collections}
    whole = roll_up(frames, RULE).figures.filter(pl.col("breakdown") == "total")
    assert unit_totals(frames, RULE).equals(whole)
    assert len(whole) >= 9
