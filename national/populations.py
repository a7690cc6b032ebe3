"""Populations: which rows of a register an indicator is about, under a counting rule."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import polars as pl

from national.breakdowns import BREAKDOWNS
from national.counting_rules import CountingRule


class Frames(NamedTuple):
    """A unit's typed registers of one period; None where none is in force, which is not the same as empty."""

    networks: pl.DataFrame | None = None
    ai_applications: pl.DataFrame | None = None


#: makes the condition under which a row belongs; a null counts as no
Population = Callable[[CountingRule, Frames], pl.Expr]


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


def _codes(frame: pl.DataFrame | None, belongs: pl.Expr) -> list[str]:
    """Network codes named by the rows that belong. Asked only when that register is in force."""
    if frame is None:
        raise ValueError("the other register is not in force")
    return frame.filter(belongs)["network_code"].drop_nulls().unique().to_list()
