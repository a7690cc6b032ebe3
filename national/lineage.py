"""Lineage: the units behind a figure, and the rows of the original file behind a unit's figure."""

from __future__ import annotations

import polars as pl
from django.db.models import Q

from national.areas import areas
from national.breakdowns import BREAKDOWNS, NOT_STATED, TOTAL
from national.counting_rules import COUNTING_RULES, CountingRule
from national.indicators import INDICATORS
from national.models import AreaType, Figure
from national.models.figure import FigureQuerySet
from national.populations import Frames
from national.rollup import amount
from submissions import storage
from submissions.models import Register
from validation import FORMS


def unit_figures_of(figure: Figure) -> FigureQuerySet:
    """The units' figures that add up to `figure`, as they stood when it came into force."""
    same = Figure.objects.filter(
        area_type=AreaType.UNIT,
        area__in=areas()[figure.area].units,
        indicator=figure.indicator,
        period=figure.period,
        breakdown=figure.breakdown,
        breakdown_value=figure.breakdown_value,
    )
    return same.as_of(figure.valid_from).select_related("submission").order_by("area")


def rows_of(figure: Figure) -> pl.DataFrame:
    """Rows behind a unit's figure in file order: key, sheet, row (the spreadsheet's own) and the value each adds.

    The values add up to the figure's value. Raises ValueError for a figure that is a sum over units.
    """
    if figure.submission is None:
        raise ValueError("a sum over units has no rows of its own")
    indicator = INDICATORS[figure.indicator]
    frames = _frames(figure)
    frame = storage.frame_of(figure.submission)
    value = amount(indicator, frames, rule_of(figure))
    return (
        frame.filter(_belongs(figure))
        .select(
            key=pl.col(FORMS[indicator.collection].key.key),
            sheet=pl.col("_sheet"),
            row=pl.col("_row"),
            value=value,
        )
        .filter(pl.col("value").is_not_null())
    )


def rule_of(figure: Figure) -> CountingRule:
    """The version of the counting rule that `figure` was made by."""
    return next(rule for rule in COUNTING_RULES if rule.version == figure.rule_version)


def _frames(figure: Figure) -> Frames:
    """The unit's registers that were in force when the figure came into force."""
    moment = figure.valid_from
    then = Q(valid_to__isnull=True) | Q(valid_to__gt=moment)
    registers = Register.objects.filter(
        then, unit=figure.area, period=figure.period, valid_from__lte=moment
    ).select_related("submission")
    return Frames(**{one.collection: storage.frame_of(one.submission) for one in registers})


def _belongs(figure: Figure) -> pl.Expr:
    """Whether a row lies in the figure's part of its breakdown."""
    if figure.breakdown == TOTAL:
        return pl.lit(True)  # noqa: FBT003 a literal column
    breakdown = BREAKDOWNS[figure.breakdown]
    value = breakdown.value()
    if not breakdown.multi_valued:
        return value.fill_null(NOT_STATED) == figure.breakdown_value
    if figure.breakdown_value == NOT_STATED:
        return value.list.len().fill_null(0) == 0
    return value.list.contains(figure.breakdown_value)
