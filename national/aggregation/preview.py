"""Preview: the figures that registers not yet in force would give, for the person about to sign them."""

from __future__ import annotations

from decimal import Decimal

import polars as pl

from national.aggregation.rollup import unit_totals
from national.definitions.counting_rules import rule_for
from national.definitions.indicators import INDICATORS
from submissions.workflow.figure_effects import FigureValue
from validation import Period

#: a far fall of one of these wants a reason from the unit
MAIN = frozenset(
    {"NET_COUNT", "NET_OPERATING", "NET_TERMINALS", "NET_INVESTMENT", "AI_COUNT", "AI_ON_5G", "AI_INVESTMENT"}
)


def preview_figures(period: str, frames: dict[str, pl.DataFrame]) -> list[FigureValue]:
    """Return the unit's totals of `period` (e.g. 2026Q3) from typed frames by collection, in indicator order."""
    made = unit_totals(frames, rule_for(Period.parse(period)))
    totals = dict(made.select("indicator", "value").iter_rows())
    return [
        FigureValue(
            code=code,
            collection=indicator.collection,
            name_zh=indicator.name_zh,
            name_en=indicator.name_en,
            unit_zh=indicator.unit_zh,
            unit_en=indicator.unit_en,
            value=_plain(totals[code]),
            main=code in MAIN,
        )
        for code, indicator in INDICATORS.items()
        if code in totals
    ]


def _plain(value: Decimal) -> Decimal:
    """Without trailing zeros and without an exponent."""
    short = value.normalize()
    return short if int(short.as_tuple().exponent) <= 0 else short.quantize(Decimal(1))
