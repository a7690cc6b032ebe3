"""Row, table, history and national rules of the network form; one declaration each, in the catalogue's order."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import polars as pl

from validation.context import Context
from validation.forms.common import column_rules, labelled_list, shared_rules
from validation.forms.form import Column
from validation.forms.history import (
    COUNT_RULE,
    date_rule,
    identity_rule,
    investment_rule,
    missing_rule,
    status_rule,
    terminals_rule,
)
from validation.forms.national import GROWTH_RULE, same_elsewhere_rule
from validation.rules import Rule, Twins, absent, earliest, folded, has_any, twin_rule

#: The day on which the 5G licences were granted.
LICENCES = date(2019, 6, 6)

DEDICATED_BANDS = ("5925-6125M", "24.75-25.15G")
#: Operators that hold a public band, the sharing pairs telecom+unicom and mobile+broadnet included.
HOLDERS = {
    "700M": ("mobile", "broadnet"),
    "2.1G": ("telecom", "unicom"),
    "2.6G": ("mobile", "broadnet"),
    "3.3G": ("telecom", "unicom", "broadnet", "mobile"),
    "3.5G": ("telecom", "unicom"),
    "4.9G": ("mobile", "broadnet"),
}
PUBLIC_OPERATORS = ("mobile", "telecom", "unicom", "broadnet")

_type = pl.col("network_type")
_independent = _type == "independent"
_upf = pl.col("upf_placement")
_status = pl.col("status")
_built = _status.is_in(("built", "operating"))
_not_built = _status.is_in(("planned", "under_construction"))
_ended = _status.is_in(("suspended", "dismantled"))
_commissioned = pl.col("commissioned_on")
_decommissioned = pl.col("decommissioned_on")
_macro, _indoor = pl.col("base_stations_macro"), pl.col("base_stations_indoor")


def _period_end(context: Context) -> dict[str, pl.Expr]:
    return {"end": pl.lit(str(context.period.end))}


def _unheld() -> dict[str, pl.Expr]:
    """Public band -> true where it is used and none of the named public operators holds it."""
    return {
        band: pl.col("bands").list.contains(band) & ~has_any("operators", holders)
        for band, holders in HOLDERS.items()
    }


def _bands_fit() -> pl.Expr:
    return ~has_any("operators", PUBLIC_OPERATORS) | ~pl.any_horizontal(_unheld().values())


def _unheld_bands() -> pl.Expr:
    bands = [pl.when(unheld).then(pl.lit(band)) for band, unheld in _unheld().items()]
    return pl.concat_list(bands).list.drop_nulls()


def _dedicated() -> pl.Expr:
    return pl.col("bands").list.filter(pl.element().is_in(DEDICATED_BANDS))


NETWORK_RULES = (
    Rule(
        "net.E310", ("network_type", "spectrum_licence_no"), ~(_independent & absent("spectrum_licence_no"))
    ),
    Rule(
        "net.E311",
        ("bands", "network_type"),
        ~has_any("bands", DEDICATED_BANDS) | _independent,
        {"bands": labelled_list(_dedicated(), "band")},
    ),
    Rule(
        "net.W312",
        ("bands", "operators"),
        _bands_fit(),
        {
            "bands": labelled_list(_unheld_bands(), "band"),
            "operators": labelled_list(pl.col("operators"), "operator"),
        },
    ),
    Rule(
        "net.E313", ("upf_placement", "network_type"), ~((_type == "virtual") & (_upf == "enterprise_owned"))
    ),
    Rule("net.E314", ("upf_placement", "network_type"), ~(_independent & (_upf == "public_shared"))),
    Rule("net.W315", ("upf_placement", "network_type"), ~((_type == "hybrid") & (_upf == "public_shared"))),
    Rule("net.E316", ("operators", "network_type"), ~has_any("operators", ("self",)) | _independent),
    Rule("net.W317", ("operators", "network_type"), ~_independent | has_any("operators", ("self", "other"))),
    Rule(
        "net.E318",
        ("base_stations_dedicated", "base_stations_macro", "base_stations_indoor"),
        pl.col("base_stations_dedicated") <= _macro + _indoor,
        {"total": _macro + _indoor},
    ),
    Rule(
        "net.E319",
        ("terminals_redcap", "terminals"),
        pl.col("terminals_redcap") <= pl.col("terminals"),
        {"total": pl.col("terminals")},
    ),
    Rule("net.W320", ("status", "terminals"), ~((_status == "operating") & (pl.col("terminals") == 0))),
    Rule(
        "net.W321",
        ("status", "base_stations_macro", "base_stations_indoor", "network_type"),
        ~(_built & _type.is_in(("hybrid", "independent")) & (_macro == 0) & (_indoor == 0)),
    ),
    Rule("net.E322", ("status", "commissioned_on"), ~(_built & absent("commissioned_on"))),
    Rule("net.E323", ("commissioned_on",), _commissioned >= LICENCES),
    Rule(
        "net.E324",
        ("commissioned_on",),
        lambda context: ~(_built & (_commissioned > context.period.end)),
        _period_end,
    ),
    Rule(
        "net.E325",
        ("status", "commissioned_on"),
        lambda context: ~(_not_built & (_commissioned <= context.period.end)),
    ),
    Rule(
        "net.E326",
        ("status", "decommissioned_on"),
        lambda context: ~(_ended & (absent("decommissioned_on") | (_decommissioned > context.period.end))),
    ),
    Rule(
        "net.E327",
        ("decommissioned_on", "commissioned_on"),
        _decommissioned >= earliest("commissioned_on"),
        {"other": _commissioned.cast(pl.String)},
    ),
    Rule(
        "net.E328",
        ("started_on", "commissioned_on"),
        earliest("started_on") <= _commissioned,
        {"other": _commissioned.cast(pl.String)},
    ),
    Rule("net.W329", ("investment_10k_cny", "status"), ~(_built & (pl.col("investment_10k_cny") == 0))),
    Rule("net.W330", ("latency_ms",), pl.col("latency_ms") >= 1),
    Rule("net.E331", ("independent_pilot", "network_type"), ~pl.col("independent_pilot") | _independent),
    twin_rule("net.E340", ("network_code",), Twins((pl.col("network_code"),))),
    twin_rule(
        "net.W341",
        ("enterprise_uscc", "site_name", "network_type", "operators"),
        Twins(
            (
                pl.col("enterprise_uscc"),
                folded("site_name"),
                _type,
                pl.col("operators").list.sort().list.join(","),
            ),
            differ=pl.col("network_code"),
        ),
    ),
    twin_rule(
        "net.W342",
        ("enterprise_name", "enterprise_uscc"),
        Twins((pl.col("enterprise_uscc"),), differ=folded("enterprise_name"), at="enterprise_name"),
        Twins((folded("enterprise_name"),), differ=pl.col("enterprise_uscc"), at="enterprise_uscc"),
    ),
)


def rules_of(columns: Iterable[Column]) -> tuple[Rule, ...]:
    """All rules over rows, in the order in which they are reported."""
    listed = tuple(columns)
    by_key = {column.key: column for column in listed}
    history = (
        status_rule(
            "network_code", "network_status", {("built", "operating"): ("planned", "under_construction")}
        ),
        date_rule("network_code", by_key["commissioned_on"]),
        investment_rule("network_code"),
        identity_rule(
            "network_code", [by_key[key] for key in ("network_type", "enterprise_uscc", "region_code")]
        ),
        terminals_rule("network_code"),
    )
    return (*column_rules(listed), *shared_rules(listed), *NETWORK_RULES, *history, NATIONAL_RULE)


#: a network of another unit is the same when enterprise and site agree, or the licence
MATCHES = (("enterprise_uscc", "site_name"), ("spectrum_licence_no",))
NATIONAL_RULE = same_elsewhere_rule("nat.W501", MATCHES, ("enterprise_uscc", "site_name", "network_type"))

REGISTER_RULES = (missing_rule("network_code", "dismantled"), COUNT_RULE, GROWTH_RULE)
