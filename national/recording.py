"""Recording: figures change inside the transaction that accepts a register, and only those that differ."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

import polars as pl
from django.db.models import CharField
from django.db.models.functions import Cast

from national.areas import NATION, province_area
from national.counting_rules import rule_for
from national.indicators import INDICATORS, indicators_of
from national.models import AreaType, Cause, Change, Figure
from national.moments import moment_of_change
from national.registers import Standing, standing
from national.rollup import unit_figures
from national.summing import sums_of_units
from submissions import storage
from submissions.copying import copy_frame
from submissions.locks import lock
from submissions.models import Register, Submission, Unit
from validation import Period

#: what a figure says; two that say the same are one
FIGURE: dict[str, pl.DataType] = {
    "indicator": pl.String(),
    "area": pl.String(),
    "area_type": pl.String(),
    "breakdown": pl.String(),
    "breakdown_value": pl.String(),
    "value": pl.Decimal(38, 4),
    "value_strict": pl.Decimal(38, 4),
    "numerator": pl.Decimal(38, 4),
    "denominator": pl.Decimal(38, 4),
    "records": pl.Int64(),
    "records_carried": pl.Int64(),
    "units_accepted": pl.Int64(),
    "units_carried": pl.Int64(),
    "units_expected": pl.Int64(),
    "carried_from": pl.String(),
    "rule_version": pl.Int64(),
    "submission_id": pl.String(),
}


def record_acceptance(*, submission: Submission, frame: pl.DataFrame, **_signal: Any) -> None:
    """Receiver of `submission_accepted`: the unit's figures, then its province's and the country's.

    Needs the accepting transaction. Acceptances of one period change figures one after the other.
    """
    lock("figures", submission.period_id)
    read = partial(_frame_once_read, submission, frame)
    registers = standing(submission.unit_id, submission.period_id, read)
    change = _accepted(submission)
    record(change, submission.unit_id, submission.period_id, registers, indicators_of(submission.collection))


def _accepted(submission: Submission) -> Change:
    """The change that an acceptance is: a revision when the unit had a register for the period already."""
    slot = {"unit": submission.unit, "collection": submission.collection, "period": submission.period_id}
    former = Register.objects.filter(**slot, valid_to__isnull=False).exclude(submission=submission)
    return Change.objects.create(
        **slot,
        cause=Cause.REVISION if former.exists() else Cause.NEW_DATA,
        submission=submission,
        by=submission.reviewer,
        at=moment_of_change(),
    )


def _frame_once_read(accepted: Submission, frame: pl.DataFrame, submission: Submission) -> pl.DataFrame:
    return frame if submission.pk == accepted.pk else storage.frame_of(submission)


def record(change: Change, unit: str, period: str, registers: Standing, indicators: list[str]) -> None:
    """Make the figures of `indicators` those of `registers`. Needs the period's lock."""
    drafts = unit_drafts(unit, period, registers).filter(pl.col("indicator").is_in(indicators))
    _replace(period, [unit], drafts, indicators, change)
    sums = sums_of_units(unit=unit, period=period, indicators=indicators)
    province = province_area(Unit.objects.get(pk=unit).province)
    _replace(period, [NATION, province], _figures(sums), indicators, change)


def unit_drafts(unit: str, period: str, registers: Standing) -> pl.DataFrame:
    """Figures of one unit as rows of FIGURE, with the submission each one comes from."""
    rule = rule_for(Period.parse(period))
    sources = {
        code: registers.submissions[indicator.collection]
        for code, indicator in INDICATORS.items()
        if indicator.collection in registers.submissions
    }
    drafts = unit_figures(registers.frames, rule).with_columns(
        area=pl.lit(unit),
        area_type=pl.lit(AreaType.UNIT.value),
        value_strict=pl.col("value"),
        numerator=pl.lit(None, pl.Decimal(38, 4)),
        denominator=pl.lit(None, pl.Decimal(38, 4)),
        records_carried=pl.lit(0, pl.Int64),
        units_accepted=pl.lit(1, pl.Int64),
        units_carried=pl.lit(0, pl.Int64),
        carried_from=pl.lit(""),
        units_expected=pl.lit(1, pl.Int64),
        rule_version=pl.lit(rule.version, pl.Int64),
        submission_id=pl.col("indicator").replace_strict(sources, default=None, return_dtype=pl.String),
    )
    return drafts.select(list(FIGURE))


def _replace(
    period: str, areas: list[str], drafts: pl.DataFrame, indicators: list[str], change: Change
) -> None:
    """Close the areas' figures that no longer hold and open those that are new."""
    held = _held(period, areas, indicators)
    closed = held.join(drafts, on=list(FIGURE), how="anti", nulls_equal=True)["id"]
    Figure.objects.filter(pk__in=closed.to_list()).update(valid_to=change.at, closed_by=change)
    opened = drafts.join(held, on=list(FIGURE), how="anti", nulls_equal=True)
    told = {"period": period, "valid_from": change.at.isoformat(), "change_id": change.pk}
    copy_frame(Figure, opened.with_columns(**{name: pl.lit(value) for name, value in told.items()}))


def _held(period: str, areas: list[str], indicators: list[str]) -> pl.DataFrame:
    rows = Figure.objects.in_force().filter(period=period, area__in=areas, indicator__in=indicators)
    told = rows.annotate(source=Cast("submission_id", CharField()))
    columns = [*FIGURE][:-1]
    return _figures(told.order_by().values_list(*columns, "source", "id"), id=pl.Int64())


def _figures(rows: Iterable[tuple[Any, ...]], **more: pl.DataType) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=FIGURE | more, orient="row")
