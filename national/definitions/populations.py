"""Populations: which rows of a register an indicator is about, under a counting rule, and the keys they have."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import NamedTuple

import polars as pl

from national.definitions.breakdowns import BREAKDOWNS, OUTSIDE
from national.definitions.counting_rules import CountingRule


class Frames(NamedTuple):
    """A unit's typed registers of one period; None where none is in force, which is not the same as empty."""

    networks: pl.DataFrame | None = None
    ai_applications: pl.DataFrame | None = None


#: makes the condition under which a row belongs; a null counts as no
Population = Callable[[CountingRule, Frames], pl.Expr]
#: makes what tells a row's site or group from others, for a collection; null where the row does not say
Key = Callable[[str], pl.Expr]


@cache
def _industrial(rule: CountingRule) -> pl.Expr:
    return BREAKDOWNS["industry_section"].value().is_in(rule.sections)


def counted(rule: CountingRule, frames: Frames) -> pl.Expr:
    """Networks that count."""
    return pl.col("status").is_in(rule.counted) & _industrial(rule)


def operating(rule: CountingRule, frames: Frames) -> pl.Expr:
    """Counted networks that carry traffic."""
    carries = pl.col("status").is_in(rule.operating) & (pl.col("terminals") >= rule.operating_terminals)
    return counted(rule, frames) & carries


def pipeline(rule: CountingRule, frames: Frames) -> pl.Expr:
    """Networks planned or under construction."""
    return pl.col("status").is_in(rule.pipeline) & _industrial(rule)


def carrying_ai(rule: CountingRule, frames: Frames) -> pl.Expr:
    """Counted networks that carry at least one AI application in production."""
    used = _codes(frames.ai_applications, in_production(rule, frames))
    return counted(rule, frames) & pl.col("network_code").is_in(used)


def in_production(rule: CountingRule, frames: Frames) -> pl.Expr:
    """AI applications in production."""
    return pl.col("status").is_in(rule.production)


def in_trial(rule: CountingRule, frames: Frames) -> pl.Expr:
    """AI applications in trial."""
    return pl.col("status").is_in(rule.trial)


def on_5g(rule: CountingRule, frames: Frames) -> pl.Expr:
    """AI applications in production on a counted network of the same unit."""
    carrying = _codes(frames.networks, counted(rule, frames))
    return in_production(rule, frames) & pl.col("network_code").is_in(carrying)


def graded(rule: CountingRule, frames: Frames) -> pl.Expr:
    """Networks with a security grade."""
    return pl.col("security_level").is_not_null() & ~pl.col("security_level").is_in(rule.ungraded)


def counted_with_ai(rule: CountingRule, frames: Frames) -> pl.Expr:
    """Counted networks of sites that have an AI application in production too."""
    sites = _keys(frames.ai_applications, "ai_applications", in_production(rule, frames))
    return counted(rule, frames) & site("networks").is_in(sites)


def in_production_with_5g(rule: CountingRule, frames: Frames) -> pl.Expr:
    """AI applications in production at sites that have a counted network too."""
    sites = _keys(frames.networks, "networks", counted(rule, frames))
    return in_production(rule, frames) & site("ai_applications").is_in(sites)


#: name of the site in each form
SITE_NAMES = {"networks": "site_name", "ai_applications": "factory_name"}
#: as long as the database keeps keys; enterprise codes and names are far shorter
KEY_CHARACTERS = 320


def site(collection: str) -> pl.Expr:
    """Key of a row's enterprise and site, the same however the name is spaced or its letters are cased or wide."""
    name = pl.col(SITE_NAMES[collection]).str.normalize("NFKC").str.to_lowercase()
    folded = name.str.replace_all(r"\s+", "")
    return pl.concat_str(pl.col("enterprise_uscc"), pl.lit(" "), folded).str.slice(0, KEY_CHARACTERS)


def group(collection: str) -> pl.Expr:
    """Key of a row's industry group; null outside the 207 groups of sections B, C and D."""
    value = BREAKDOWNS["industry_group"].value()
    return pl.when(value != OUTSIDE).then(value)


def _keys(frame: pl.DataFrame | None, collection: str, belongs: pl.Expr) -> list[str]:
    """Sites of the rows that belong. Asked only when that register is in force."""
    if frame is None:
        raise ValueError("the other register is not in force")
    return frame.filter(belongs).select(site(collection)).to_series().drop_nulls().unique().to_list()


def _codes(frame: pl.DataFrame | None, belongs: pl.Expr) -> list[str]:
    """Network codes named by the rows that belong. Asked only when that register is in force."""
    if frame is None:
        raise ValueError("the other register is not in force")
    return frame.filter(belongs)["network_code"].drop_nulls().unique().to_list()
