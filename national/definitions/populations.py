"""Populations: which rows of a register an indicator is about, under a counting rule, and the keys they have."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

import polars as pl

from national.definitions.breakdowns import BREAKDOWNS, OUTSIDE
from national.definitions.counting_rules import CountingRule
from validation import FORMS

#: a unit's typed registers of one period by collection; one that is not in force is missing, which is not the same as
#: empty
Frames = Mapping[str, pl.DataFrame]

#: the two collections that these populations are of
NETWORKS, AI_APPLICATIONS = "networks", "ai_applications"
#: makes the condition under which a row belongs; a null counts as no
Population = Callable[[CountingRule, Frames], pl.Expr]
#: makes the key of a row's site or group for a collection; null where the row does not say
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
    used = _codes(frames.get(AI_APPLICATIONS), in_production(rule, frames))
    return counted(rule, frames) & pl.col("network_code").is_in(used)


def in_production(rule: CountingRule, frames: Frames) -> pl.Expr:
    """AI applications in production."""
    return pl.col("status").is_in(rule.production)


def in_trial(rule: CountingRule, frames: Frames) -> pl.Expr:
    """AI applications in trial."""
    return pl.col("status").is_in(rule.trial)


def on_5g(rule: CountingRule, frames: Frames) -> pl.Expr:
    """AI applications in production on a counted network of the same unit."""
    carrying = _codes(frames.get(NETWORKS), counted(rule, frames))
    return in_production(rule, frames) & pl.col("network_code").is_in(carrying)


def graded(rule: CountingRule, frames: Frames) -> pl.Expr:
    """Networks with a security grade."""
    return pl.col("security_level").is_not_null() & ~pl.col("security_level").is_in(rule.ungraded)


def counted_with_ai(rule: CountingRule, frames: Frames) -> pl.Expr:
    """Counted networks of sites that have an AI application in production too."""
    sites = _keys(frames, AI_APPLICATIONS, in_production(rule, frames))
    return counted(rule, frames) & site(NETWORKS).is_in(sites)


def in_production_with_5g(rule: CountingRule, frames: Frames) -> pl.Expr:
    """AI applications in production at sites that have a counted network too."""
    sites = _keys(frames, NETWORKS, counted(rule, frames))
    return in_production(rule, frames) & site(AI_APPLICATIONS).is_in(sites)


#: as long as the database keeps keys; enterprise codes and names are far shorter
KEY_CHARACTERS = 320


def site(collection: str) -> pl.Expr:
    """Key of a row's enterprise and site, the same however the name is spaced or its letters are cased or wide."""
    name = pl.col(FORMS[collection].site).str.normalize("NFKC").str.to_lowercase()
    folded = name.str.replace_all(r"\s+", "")
    return pl.concat_str(pl.col("enterprise_uscc"), pl.lit(" "), folded).str.slice(0, KEY_CHARACTERS)


def group(collection: str) -> pl.Expr:
    """Key of a row's industry group; null outside the 207 groups of sections B, C and D."""
    value = BREAKDOWNS["industry_group"].value()
    return pl.when(value != OUTSIDE).then(value)


def _keys(frames: Frames, collection: str, belongs: pl.Expr) -> list[str]:
    """Sites of the rows that belong. Raises ValueError when that register is not in force."""
    frame = frames.get(collection)
    if frame is None:
        raise ValueError("the other register is not in force")
    return frame.filter(belongs).select(site(collection)).to_series().drop_nulls().unique().to_list()


def _codes(frame: pl.DataFrame | None, belongs: pl.Expr) -> list[str]:
    """Network codes of the rows that belong. Raises ValueError when that register is not in force."""
    if frame is None:
        raise ValueError("the other register is not in force")
    return frame.filter(belongs)["network_code"].drop_nulls().unique().to_list()
