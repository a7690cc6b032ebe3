"""Plantable defects of the network form, in catalogue order."""

from __future__ import annotations

from datetime import date, timedelta

from demo.common_defects import CREDIT_CODES, cells, rows
from demo.defect import Changes, Defect, Register, Typed
from demo.defects import (  # fmt: skip
    both,
    cell,
    derived,
    duplicated,
    has,
    known,
    later,
    live_before,
    moved,
    new,
    paired,
    started_this_period,
)

PUBLIC = has(network_type=("virtual", "hybrid"))
INDEPENDENT = has(network_type="independent")
LIVE = has(status=("built", "operating"))
OPERATING = has(status="operating")
ENDED = has(status=("suspended", "dismantled"))
JUST_LIVE = both(LIVE, started_this_period("commissioned_on"))
NO_STATIONS = {"base_stations_macro": 0, "base_stations_indoor": 0, "base_stations_dedicated": 0}
NO_TERMINALS = {"terminals": 0, "terminals_redcap": 0}
#: What makes two rows the same network.
SAME = ("enterprise_name", "enterprise_uscc", "site_name", "network_type", "operators", "bands", "upf_placement",
        "spectrum_licence_no", "independent_pilot")  # fmt: skip


def _same_network(row: Typed, other: Typed, register: Register) -> Changes | None:
    """A second code for the other row's network."""
    usable = register.is_new(row) and register.is_sole(row) and register.is_sole(other)
    return {key: register.written_of(other)[key] for key in SAME} if usable else None


def _renamed(row: Typed, other: Typed, register: Register) -> Changes | None:
    """Another name for an enterprise that has exactly one more row."""
    same = row["enterprise_uscc"] == other["enterprise_uscc"]
    pair = register.rows_of_enterprise[row["enterprise_uscc"]] == 2
    return {"enterprise_name": row["enterprise_name"] + "分厂"} if same and pair else None


DEFECTS: tuple[Defect, ...] = (
    *cells(
        name="network_name",
        count="base_stations_dedicated",
        money="investment_10k_cny",
        day="started_on",
        listed="security_level",
        text="address",
    ),
    cell("cell.E109", "network_code", "JS_5G_001", new),
    cell("cell.E113", "slicing", "可能"),
    *CREDIT_CODES,
    *rows(other="ownership"),
    derived("net.E310", "network_type", lambda row, register: {"spectrum_licence_no": None}, INDEPENDENT),
    cell("net.E311", "bands", "5925-6125MHz", PUBLIC),
    cell("net.W312", "bands", "3.5GHz", has(operators=["mobile"])),
    cell("net.E313", "upf_placement", "企业自建UPF", has(network_type="virtual")),
    cell("net.E314", "upf_placement", "共享大网UPF", INDEPENDENT),
    cell("net.W315", "upf_placement", "共享大网UPF", has(network_type="hybrid")),
    cell("net.E316", "operators", "企业自建", PUBLIC),
    cell("net.W317", "operators", "中国移动", INDEPENDENT),
    derived(
        "net.E318",
        "base_stations_dedicated",
        lambda row, register: {
            "base_stations_dedicated": row["base_stations_macro"] + row["base_stations_indoor"] + 5
        },
    ),
    derived("net.E319", "terminals_redcap", lambda row, register: {"terminals_redcap": row["terminals"] + 3}),
    derived("net.W320", "status", lambda row, register: NO_TERMINALS, OPERATING),
    derived(
        "net.W321",
        "status",
        lambda row, register: NO_STATIONS,
        both(LIVE, has(network_type=("hybrid", "independent"))),
    ),
    derived("net.E322", "status", lambda row, register: {"commissioned_on": None}, JUST_LIVE),
    derived(
        "net.E323",
        "commissioned_on",
        lambda row, register: {"commissioned_on": date(2019, 5, 1), "started_on": None},
        JUST_LIVE,
    ),
    derived(
        "net.E324",
        "commissioned_on",
        lambda row, register: {"commissioned_on": register.period.end + timedelta(days=10)},
        JUST_LIVE,
    ),
    derived(
        "net.E325",
        "status",
        lambda row, register: {"commissioned_on": register.period.end},
        has(status="under_construction"),
    ),
    derived("net.E326", "status", lambda row, register: {"decommissioned_on": None}, ENDED),
    derived(
        "net.E327",
        "decommissioned_on",
        lambda row, register: {"decommissioned_on": row["commissioned_on"] - timedelta(days=10)},
        ENDED,
    ),
    derived(
        "net.E328",
        "started_on",
        lambda row, register: {"started_on": row["commissioned_on"] + timedelta(days=5)},
        LIVE,
    ),
    cell("net.W329", "investment_10k_cny", 0, both(new, LIVE)),
    cell("net.W330", "latency_ms", 0.5),
    cell("net.E331", "independent_pilot", "是", PUBLIC),
    paired("net.E340", "network_code", duplicated("network_code")),
    paired("net.W341", "enterprise_uscc", _same_network),
    paired("net.W342", "enterprise_name", _renamed),
    derived(
        "hist.W403",
        "commissioned_on",
        later("commissioned_on", 20),
        both(known, LIVE, live_before("commissioned_on", 20)),
    ),
    derived(
        "hist.W404",
        "investment_10k_cny",
        lambda row, register: {"investment_10k_cny": float(row["investment_10k_cny"]) / 2},
        both(known, LIVE, live_before("commissioned_on")),
    ),
    derived("hist.W406", "region_code", moved, known),
    derived(
        "hist.W407",
        "terminals",
        lambda row, register: {"terminals": row["terminals"] * 30},
        both(
            known, OPERATING, live_before("commissioned_on"), lambda row, register: row["terminals"] < 30_000
        ),
    ),
)
