"""What if: the figures that a counting rule not in force would make of the accepted registers; nothing is stored."""

from __future__ import annotations

import polars as pl

from national.aggregation.figure_store import FIGURE, stored
from national.aggregation.unit_figures import Drafter
from national.definitions.breakdowns import TOTAL
from national.definitions.counting_rules import CountingRule
from national.models import Figure
from national.verification.recompute import computed
from submissions.files import storage

_KEYS = ["indicator", "area", "breakdown", "breakdown_value"]


def effect(rule: CountingRule, period: str, *, breakdowns: bool = False) -> pl.DataFrame:
    """Figures of `period` that would differ under `rule`: the four columns of their key, `old` and `new`.

    Totals alone unless `breakdowns` are asked for. A null is no figure: one that would go, or that would
    come. The country first, then provinces, then units.
    """
    now = stored(Figure.objects.in_force().filter(period=period))
    then = computed(period, Drafter(storage.frame_of), rule)
    both = _compared(now, "old").join(
        _compared(then, "new"), on=[*_KEYS, "area_type"], how="full", coalesce=True
    )
    wanted = pl.lit(True) if breakdowns else pl.col("breakdown") == TOTAL  # noqa: FBT003 a literal column
    changed = both.filter(wanted & pl.col("old").ne_missing(pl.col("new")))
    size = pl.col("area_type").replace_strict({"national": 0, "province": 1, "unit": 2})
    return changed.sort("indicator", size, "area", "breakdown", "breakdown_value").select(
        *_KEYS, "old", "new"
    )


def _compared(figures: pl.DataFrame, name: str) -> pl.DataFrame:
    return figures.select(*_KEYS, "area_type", pl.col("value").cast(FIGURE["value"]).alias(name))
