"""Row, table, cross, history and national rules of the AI application form; one declaration each, in the catalogue's order."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from validation.codelists import scenario_stages
from validation.context import Context
from validation.forms.common import column_rules, labelled, shared_rules
from validation.forms.form import Column
from validation.forms.history import COUNT_RULE, date_rule, investment_rule, missing_rule, status_rule
from validation.forms.national import GROWTH_RULE, same_elsewhere_rule
from validation.rules import Reference, Rule, Twins, absent, earliest, folded, has_any, twin_rule

#: ai.W355: a yearly benefit above this many times the investment is doubted.
BENEFIT_FACTOR = 10

EFFECTS = (
    "productivity_gain_pct",
    "defect_cut_pct",
    "downtime_cut_pct",
    "energy_saving_pct",
    "cost_cut_pct",
)
_LARGE_MODELS = ("industry_llm", "general_llm", "agent")

_status = pl.col("status")
_in_production = _status == "in_production"
_retired = _status == "retired"
_started = _in_production | _retired
_retired_on = pl.col("retired_on")


def _expected_stage() -> pl.Expr:
    """The stage of an AI-… scenario, null for other scenarios."""
    stages = scenario_stages()
    return pl.col("scenario").replace_strict(
        list(stages), list(stages.values()), default=None, return_dtype=pl.String
    )


def _has_effect(key: str) -> pl.Expr:
    """A stated effect; 0 says that there is none."""
    return (pl.col(key) != 0).fill_null(value=False)


def _retirement_fits() -> pl.Expr:
    missing = _retired & absent("retired_on")
    too_early = (_retired_on < earliest("in_production_on")).fill_null(value=False)
    not_retired = (_retired_on.is_not_null() & ~_retired).fill_null(value=False)
    return ~(missing | too_early | not_retired)


def _other_enterprise() -> dict[str, pl.Expr]:
    return {"other": pl.coalesce("_companion_enterprise_name", "_companion_enterprise_uscc")}


def _period_end(context: Context) -> dict[str, pl.Expr]:
    return {"end": pl.lit(str(context.period.end))}


APPLICATION_RULES = (
    Rule("ai.E350", ("status", "in_production_on"), ~(_started & absent("in_production_on"))),
    Rule(
        "ai.E351",
        ("in_production_on",),
        lambda context: ~(_started & (pl.col("in_production_on") > context.period.end)),
        _period_end,
    ),
    Rule("ai.E352", ("status", "retired_on", "in_production_on"), _retirement_fits()),
    Rule("ai.E353", ("data_level",), pl.col("data_level") != "core"),
    Rule(
        "ai.W354",
        ("scenario", "stage"),
        _expected_stage() == pl.col("stage"),
        {
            "scenario": labelled(pl.col("scenario"), "scenario_ai"),
            "expected": labelled(_expected_stage(), "ai_stage"),
        },
    ),
    Rule(
        "ai.W355",
        ("annual_benefit_10k_cny", "investment_10k_cny"),
        pl.col("annual_benefit_10k_cny") <= pl.col("investment_10k_cny") * BENEFIT_FACTOR,
    ),
    Rule(
        "ai.E356",
        ("model_kinds", "base_model"),
        ~(has_any("model_kinds", _LARGE_MODELS) & absent("base_model")),
    ),
    Rule("ai.W357", ("status", "devices_connected"), ~(_in_production & (pl.col("devices_connected") == 0))),
    Rule(
        "ai.W358",
        EFFECTS,
        ~(_status.is_in(("planned", "building")) & pl.any_horizontal(_has_effect(key) for key in EFFECTS)),
        at=pl.coalesce(pl.when(_has_effect(key)).then(pl.lit(key)) for key in EFFECTS),
    ),
    twin_rule("ai.E360", ("application_code",), Twins((pl.col("application_code"),))),
    twin_rule(
        "ai.W361",
        ("enterprise_uscc", "factory_name", "scenario", "application_name"),
        Twins(
            (
                pl.col("enterprise_uscc"),
                folded("factory_name"),
                pl.col("scenario"),
                folded("application_name"),
            ),
            differ=pl.col("application_code"),
        ),
    ),
    Rule(
        "ai.E370",
        ("network_code",),
        pl.col("network_code").is_null() | pl.col("_companion_known"),
        needs=Reference.COMPANION,
    ),
    Rule(
        "ai.W371",
        ("network_code", "enterprise_uscc"),
        pl.col("enterprise_uscc") == pl.col("_companion_enterprise_uscc"),
        _other_enterprise(),
        needs=Reference.COMPANION,
    ),
    Rule(
        "ai.W372",
        ("network_code", "status"),
        ~_in_production | (pl.col("_companion_status") == "operating"),
        needs=Reference.COMPANION,
    ),
)


def rules_of(columns: Iterable[Column]) -> tuple[Rule, ...]:
    """All rules over rows, in the order in which they are reported."""
    listed = tuple(columns)
    by_key = {column.key: column for column in listed}
    history = (
        status_rule("application_code", "ai_status", {("in_production",): ("planned",)}),
        date_rule("application_code", by_key["in_production_on"]),
        investment_rule("application_code"),
    )
    return (*column_rules(listed), *shared_rules(listed), *APPLICATION_RULES, *history, NATIONAL_RULE)


#: an application of another unit is the same when enterprise, factory and name agree
MATCHES = (("enterprise_uscc", "factory_name", "application_name"),)
NATIONAL_RULE = same_elsewhere_rule(
    "nat.W502", MATCHES, ("enterprise_uscc", "factory_name", "application_name")
)

REGISTER_RULES = (missing_rule("application_code", "retired"), COUNT_RULE, GROWTH_RULE)
