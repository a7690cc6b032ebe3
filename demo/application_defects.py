"""Plantable defects of the AI-application form, in catalogue order."""

from __future__ import annotations

from datetime import timedelta

from demo.applications import EFFECTS
from demo.common_defects import CREDIT_CODES, cells, rows
from demo.defect import Changes, Defect, Register, Typed
from demo.defects import (  # fmt: skip
    Fits,
    both,
    cell,
    derived,
    duplicated,
    filled,
    has,
    known,
    later,
    live_before,
    paired,
    started_this_period,
)
from demo.vocabulary import WITH_BASE_MODEL

IN_PRODUCTION = has(status="in_production")
NOT_RUNNING = has(status=("planned", "building"))
JUST_LIVE = both(IN_PRODUCTION, started_this_period("in_production_on"))
#: In production when the register before was made, and for more than 20 days.
LONG_LIVE = both(known, IN_PRODUCTION, live_before("in_production_on", 20))
NO_EFFECTS: Changes = dict.fromkeys(EFFECTS)
SAME = ("enterprise_name", "enterprise_uscc", "factory_name", "scenario", "stage", "application_name")
ON_NETWORK = filled("network_code")


def _large_model(row: Typed, register: Register) -> bool:
    return bool(WITH_BASE_MODEL & set(row["model_kinds"]))


def _ai_scenario_of(stage: str) -> Fits:
    return lambda row, register: row["scenario"].startswith("AI-") and row["stage"] == stage


def _same_application(row: Typed, other: Typed, register: Register) -> Changes | None:
    """A second code for the other row's application."""
    usable = register.is_new(row) and row["network_code"] is None
    return {key: register.written_of(other)[key] for key in SAME} if usable else None


DEFECTS: tuple[Defect, ...] = (
    *cells(
        name="application_name",
        count="devices_connected",
        money="investment_10k_cny",
        day="in_production_on",
        listed="data_level",
        text="address",
    ),
    cell("cell.E109", "network_code", "JS_5G_001"),
    cell("cell.W117", "productivity_gain_pct", 0.253, IN_PRODUCTION),
    *CREDIT_CODES,
    *rows(other="compute_locations"),
    derived("ai.E350", "status", lambda row, register: {"in_production_on": None}, JUST_LIVE),
    derived(
        "ai.E351",
        "in_production_on",
        lambda row, register: {"in_production_on": register.period.end + timedelta(days=10)},
        JUST_LIVE,
    ),
    derived("ai.E352", "status", lambda row, register: {"retired_on": register.period.end}, IN_PRODUCTION),
    cell("ai.E353", "data_level", "核心"),
    cell("ai.W354", "scenario", "需求预测与精准营销", _ai_scenario_of("production")),
    derived(
        "ai.W355",
        "annual_benefit_10k_cny",
        lambda row, register: {"annual_benefit_10k_cny": float(row["investment_10k_cny"]) * 11},
        IN_PRODUCTION,
    ),
    derived("ai.E356", "model_kinds", lambda row, register: {"base_model": None}, _large_model),
    derived("ai.W357", "status", lambda row, register: {"devices_connected": 0}, IN_PRODUCTION),
    cell("ai.W358", "defect_cut_pct", 20, NOT_RUNNING),
    paired("ai.E360", "application_code", duplicated("application_code")),
    paired("ai.W361", "enterprise_uscc", _same_application),
    cell("ai.E370", "network_code", "ZZ-5G-99999"),
    derived("hist.E402", "status", lambda row, register: {"status": "规划", **NO_EFFECTS}, LONG_LIVE),
    derived(
        "hist.W403",
        "in_production_on",
        later("in_production_on", 20),
        LONG_LIVE,
    ),
    derived(
        "hist.W404",
        "investment_10k_cny",
        lambda row, register: {
            "investment_10k_cny": float(row["investment_10k_cny"]) / 2,
            "annual_benefit_10k_cny": 1,
        },
        LONG_LIVE,
    ),
)
