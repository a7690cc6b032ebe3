"""Demo networks: what network number `index` of a unit looks like at the end of a period."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from random import Random
from typing import Any

from demo import vocabulary as words
from demo.enterprises import Enterprise, address, enterprise, site, unit_letters, weighted
from demo.growth import finished, quarters_between, went_live
from validation import Period

#: Of ten networks in a row, which of seven enterprises has which: (enterprise, site).
OWNERS = ((0, 0), (1, 0), (1, 1), (2, 0), (3, 0), (3, 1), (3, 2), (4, 0), (5, 0), (6, 0))
#: Quarters that a network may be listed before it is commissioned.
LONGEST_LEAD = 4
SCENARIOS = tuple(f"5G-{number:02d}" for number in range(1, 21))


@dataclass(frozen=True, slots=True)
class Network:
    """The facts of a network that never change, and when the others do. `seed` in [0, 1) stands for its luck."""

    index: int
    owner: Enterprise
    site_ordinal: int
    type: str
    operators: tuple[str, ...]
    bands: tuple[str, ...]
    seed: float
    appears: Period
    goes_live: Period
    ends: Period | None
    started_on: date
    commissioned_on: date
    facts: dict[str, Any]

    def operates(self, period: Period) -> bool:
        """Whether it is operating at the end of `period`."""
        return _status(self, period) == "operating"


@lru_cache(maxsize=200_000)
def network(unit: str, index: int, scale: float) -> Network:
    """Network `index` of a unit; the order of indexes is the order of commissioning."""
    random = Random(f"{unit}/networks/{index}")  # noqa: S311
    block, place_in_block = divmod(index, len(OWNERS))
    number, ordinal = OWNERS[place_in_block]
    kind = weighted(random, words.NETWORK_TYPES)
    operators, bands = _operators_and_bands(random, kind)
    goes_live = went_live(unit, "networks", index, scale)
    commissioned_on = _day(random, goes_live)
    return Network(
        index=index,
        owner=enterprise(unit, block * 7 + number),
        site_ordinal=ordinal,
        type=kind,
        operators=operators,
        bands=bands,
        seed=random.random(),
        appears=goes_live.shift(-random.randint(0, LONGEST_LEAD)),
        goes_live=goes_live,
        ends=goes_live.shift(random.randint(6, 20)) if random.random() < 0.025 else None,
        started_on=commissioned_on - timedelta(days=random.randint(60, 300)),
        commissioned_on=commissioned_on,
        facts=_facts(random, kind),
    )


def networks_at(unit: str, period: Period, scale: float) -> list[Network]:
    """Every network of the unit's register at the end of `period`, in the order of its codes."""
    most = finished(unit, "networks", period.shift(LONGEST_LEAD), scale)
    everything = (network(unit, index, scale) for index in range(most))
    return [network for network in everything if network.appears <= period]


def network_row(unit: str, network: Network, period: Period) -> dict[str, Any]:
    """Return its row at the end of `period`, by field key."""
    status = _status(network, period)
    live = status not in ("planned", "under_construction")
    ended = status in ("suspended", "dismantled")
    return {
        **network.facts,
        **_identity(unit, network),
        **_traffic(network, status, period),
        "status": status,
        "security_level": _grade(network, period),
        "started_on": None if status == "planned" else network.started_on,
        "commissioned_on": network.commissioned_on if live else None,
        "decommissioned_on": _end_day(network) if ended else None,
        "investment_10k_cny": _investment(network, status, period),
    }


def network_code(unit: str, index: int) -> str:
    """The unit's own register number, e.g. JS-5G-00012."""
    return f"{unit_letters(unit)}-5G-{index + 1:05d}"


def _operators_and_bands(random: Random, kind: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    if kind == "independent":
        return ("self",), weighted(random, words.DEDICATED_BANDS)
    return weighted(random, words.OFFERS)


def _day(random: Random, period: Period) -> date:
    return period.start + timedelta(days=random.randint(0, (period.end - period.start).days))


def _facts(random: Random, kind: str) -> dict[str, Any]:
    macro, indoor, fastest, slowest = words.DIMENSIONS[kind]
    stations = random.randint(1, macro), random.randint(2, indoor)
    latency = round(random.uniform(fastest, slowest), 1)
    return {
        "network_type": kind,
        "coverage_level": weighted(random, words.COVERAGE_LEVELS),
        "upf_placement": weighted(random, words.UPF_PLACEMENTS[kind]),
        "slicing": kind != "independent" and random.random() < 0.6,
        "base_stations_macro": stations[0],
        "base_stations_indoor": stations[1],
        "base_stations_dedicated": 0 if kind == "virtual" else random.randint(1, sum(stations)),
        "latency_ms": latency if random.random() < 0.93 else None,
        "reliability_pct": random.choice((99.0, 99.9, 99.95, 99.99, 99.999, None)),
        "uplink_mbps": float(random.randint(6, 150) * 10) if random.random() < 0.9 else None,
        "scenarios": sorted(random.sample(SCENARIOS, random.randint(1, 4))),
        "independent_pilot": kind == "independent" and random.random() < 0.4,
        "remark": random.choice(words.NETWORK_REMARKS) if random.random() < 0.06 else None,
    }


def _identity(unit: str, network: Network) -> dict[str, Any]:
    owner = network.owner
    name = site(owner, network.site_ordinal)
    licence = (
        f"工频示{network.goes_live.year}-{unit}-{network.index + 1:05d}"
        if network.type == "independent"
        else None
    )
    return {
        "network_code": network_code(unit, network.index),
        "network_name": f"{name}5G专网",
        "enterprise_name": owner.name,
        "enterprise_uscc": owner.uscc,
        "ownership": owner.ownership,
        "site_name": name,
        "region_code": owner.place.code,
        "address": address(owner, network.site_ordinal),
        "industry_code": owner.industry,
        "operators": list(network.operators),
        "bands": list(network.bands),
        "spectrum_licence_no": licence,
    }


def _status(network: Network, period: Period) -> str:
    if period < network.goes_live:
        return "under_construction" if network.started_on <= period.end else "planned"
    if network.ends is not None and network.ends <= period:
        return "dismantled" if network.seed < 0.6 else "suspended"
    waits = 3 if network.seed > 0.97 else 1 if network.seed > 0.7 else 0
    return "built" if quarters_between(network.goes_live, period) < waits else "operating"


def _end_day(network: Network) -> date | None:
    return network.ends and network.ends.start + timedelta(days=int(network.seed * 80))


def _grade(network: Network, period: Period) -> str:
    """Two percent of the networks are graded each quarter; a grade once given stays."""
    share = 0.56 + 0.02 * quarters_between(Period(2025, 4), period)
    return weighted(Random(network.index), words.GRADES) if network.seed < share else "ungraded"  # noqa: S311


def _traffic(network: Network, status: str, period: Period) -> dict[str, int]:
    """Terminals: none before it runs, then more with every quarter."""
    if status not in ("built", "operating"):
        return {"terminals": 0, "terminals_redcap": 0}
    largest = {"virtual": 400, "hybrid": 900, "independent": 1500}[network.type]
    age = quarters_between(network.goes_live, period)
    full = 8 + largest * network.seed**2
    terminals = round(full * (0.6 + min(age, 8) * 0.05) * (1.01**age))
    return {"terminals": terminals, "terminals_redcap": int(terminals * min(0.03 * age, 0.3) * network.seed)}


def _investment(network: Network, status: str, period: Period) -> Decimal:
    """In 10 000 CNY; it never falls from one quarter to the next."""
    cost = {"virtual": 180, "hybrid": 520, "independent": 1100}[network.type]
    stations = network.facts["base_stations_macro"] * 18 + network.facts["base_stations_indoor"] * 1.6
    full = cost * (0.5 + network.seed) + stations
    age = max(quarters_between(network.goes_live, period), 0)
    share = {"planned": 0.05, "under_construction": 0.45}.get(status, 1 + 0.01 * age)
    return Decimal(round(full * share * 100)) / 100
