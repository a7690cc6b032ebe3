"""Demo AI applications: what application number `index` of a unit looks like at the end of a period."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache, lru_cache
from random import Random
from typing import Any

from demo import vocabulary as words
from demo.credit_codes import credit_code
from demo.enterprises import Enterprise, address, enterprise, site, unit_letters, weighted
from demo.growth import finished, went_live
from demo.networks import Network, network, network_code
from validation import Period
from validation.codelists import rows_of

LONGEST_LEAD = 3
#: Enterprises without a network of their own are numbered from here.
WITHOUT_NETWORK = 40_000
EFFECTS = {
    "productivity_gain_pct": (4, 45), "defect_cut_pct": (5, 60), "downtime_cut_pct": (5, 50),
    "energy_saving_pct": (2, 25), "cost_cut_pct": (2, 22),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Application:
    """The facts of an application that never change, and when the others do."""

    index: int
    owner: Enterprise
    site_ordinal: int
    carrier: Network | None
    appears: Period
    goes_live: Period
    ends: Period | None
    seed: float
    in_production_on: date
    scenario: str
    facts: dict[str, Any]
    effects: dict[str, float | None]


@lru_cache(maxsize=200_000)
def application(unit: str, index: int, scale: float) -> Application:
    """Application `index` of a unit; the order of indexes is the order of going into production."""
    random = Random(f"{unit}/applications/{index}")  # noqa: S311
    goes_live = went_live(unit, "ai_applications", index, scale)
    host = _host(random, unit, goes_live, scale)
    scenario = random.choice(_scenarios())
    return Application(
        index=index,
        owner=host.owner if host else enterprise(unit, WITHOUT_NETWORK + index // 2),
        site_ordinal=host.site_ordinal if host else index % 2,
        carrier=host if random.random() < 0.85 else None,
        appears=goes_live.shift(-random.randint(0, LONGEST_LEAD)),
        goes_live=goes_live,
        ends=goes_live.shift(random.randint(6, 16)) if random.random() < 0.015 else None,
        seed=random.random(),
        in_production_on=goes_live.start + timedelta(days=random.randint(0, 88)),
        scenario=scenario["code"],
        facts=_facts(random, scenario),
        effects=_effects(random),
    )


def applications_at(unit: str, period: Period, scale: float) -> list[Application]:
    """Every application of the unit's register at the end of `period`, in the order of its codes."""
    most = finished(unit, "ai_applications", period.shift(LONGEST_LEAD), scale)
    everything = (application(unit, index, scale) for index in range(most))
    return [application for application in everything if application.appears <= period]


def application_row(unit: str, application: Application, period: Period) -> dict[str, Any]:
    """Return its row at the end of `period`, by field key."""
    status = _status(application, period)
    ran = status in ("in_production", "retired")
    investment = _investment(application, ran)
    return {
        **application.facts,
        **_identity(unit, application, period),
        **(application.effects if ran or status == "trial" else dict.fromkeys(EFFECTS)),
        "status": status,
        "in_production_on": application.in_production_on if ran else None,
        "retired_on": application.ends.start + timedelta(days=20)
        if application.ends and status == "retired"
        else None,
        "devices_connected": round(4 + 300 * application.seed**3) if ran else None,
        "investment_10k_cny": investment,
        "annual_benefit_10k_cny": round(investment * Decimal(0.2 + application.seed), 2) if ran else None,
    }


def application_code(unit: str, index: int) -> str:
    """The unit's own register number, e.g. JS-AI-00012."""
    return f"{unit_letters(unit)}-AI-{index + 1:05d}"


def _host(random: Random, unit: str, goes_live: Period, scale: float) -> Network | None:
    """A network that operates when the application goes live and ever after; two in five have none."""
    known = finished(unit, "networks", goes_live.shift(-1), scale)
    if random.random() < 0.4 or not known:
        return None
    carrier = network(unit, random.randrange(known), scale)
    return carrier if carrier.ends is None and carrier.operates(goes_live) else None


@cache
def _scenarios() -> tuple[dict[str, str], ...]:
    """All scenarios but 其他, the proposed AI codes twice as often as the older list."""
    known = [row for row in rows_of("scenarios_ai") if row["code"] != "AI-OT-99"]
    new = [row for row in known if row["code"].startswith("AI-")]
    return tuple(known + new * 2)


def _facts(random: Random, scenario: dict[str, str]) -> dict[str, Any]:
    kinds = weighted(random, words.MODEL_KINDS)
    vendor = random.randrange(len(words.VENDORS) * 3)
    own = random.random() < 0.25
    return {
        "stage": words.STAGES[scenario["stage_zh"]],
        "scenario": scenario["code"],
        "scenario_name": scenario["name_zh"],
        "model_kinds": list(kinds),
        "base_model": random.choice(words.BASE_MODELS) if words.WITH_BASE_MODEL & set(kinds) else None,
        "vendor": "自研" if own else _vendor_name(vendor),
        "vendor_uscc": None if own else credit_code("110108", 900_000 + vendor),
        "compute_locations": list(weighted(random, words.COMPUTE_LOCATIONS)),
        "data_level": weighted(random, words.DATA_LEVELS),
        "remark": random.choice(words.AI_REMARKS) if random.random() < 0.05 else None,
    }


def _vendor_name(number: int) -> str:
    return f"北京{'甲乙丙'[number % 3]}号{words.VENDORS[number // 3]}{words.SUFFIX}"


def _effects(random: Random) -> dict[str, float | None]:
    return {
        key: round(random.uniform(low, high), 1) if random.random() < 0.7 else None
        for key, (low, high) in EFFECTS.items()
    }


def _identity(unit: str, application: Application, period: Period) -> dict[str, Any]:
    owner = application.owner
    carried = application.carrier is not None and application.carrier.appears <= period
    return {
        "application_code": application_code(unit, application.index),
        "application_name": f"{owner.brand}{application.facts['scenario_name']}系统{application.index + 1:05d}",
        "enterprise_name": owner.name,
        "enterprise_uscc": owner.uscc,
        "factory_name": site(owner, application.site_ordinal),
        "region_code": owner.place.code,
        "address": address(owner, application.site_ordinal),
        "industry_code": owner.industry,
        "network_code": network_code(unit, application.carrier.index)
        if carried and application.carrier
        else None,
    }


def _status(application: Application, period: Period) -> str:
    if application.ends is not None and application.ends <= period:
        return "retired"
    if application.goes_live <= period:
        return "in_production"
    return {1: "trial", 2: "building"}.get(_quarters_before(application, period), "planned")


def _quarters_before(application: Application, period: Period) -> int:
    return next((steps for steps in (1, 2) if period.shift(steps) == application.goes_live), 3)


def _investment(application: Application, ran: bool) -> Decimal:
    """In 10 000 CNY; it never falls from one quarter to the next."""
    full = 30 + 900 * application.seed**2
    return Decimal(round(full * (1 if ran else 0.4) * 100)) / 100
