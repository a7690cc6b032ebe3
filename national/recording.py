"""Recording: figures change inside the transaction that accepts a register, and only those that differ."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

import polars as pl
from django.db import connection
from django.db.models import CharField
from django.db.models.functions import Cast

from national.counting_rules import rule_for
from national.indicators import INDICATORS, indicators_of
from national.models import AreaType, Figure
from national.registers import Standing, standing
from national.rollup import unit_figures
from national.summing import sum_units
from submissions import storage
from submissions.copying import copy_frame
from submissions.locks import lock
from submissions.models import Submission
from validation import Period

#: what makes two figures of a unit and period the same
_IDENTITY = [
    "indicator", "breakdown", "breakdown_value", "value", "records", "rule_version", "submission_id",
]  # fmt: skip


def record_acceptance(*, submission: Submission, frame: pl.DataFrame, **_signal: Any) -> None:
    """Receiver of `submission_accepted`: the unit's figures, then its province's and the country's.

    Needs the accepting transaction. Acceptances of one period change figures one after the other.
    """
    lock("figures", submission.period_id)
    read = partial(_frame_once_read, submission, frame)
    registers = standing(submission.unit_id, submission.period_id, read)
    record(submission.unit_id, submission.period_id, registers, indicators_of(submission.collection))


def _frame_once_read(accepted: Submission, frame: pl.DataFrame, submission: Submission) -> pl.DataFrame:
    return frame if submission.pk == accepted.pk else storage.frame_of(submission)


def record(unit: str, period: str, registers: Standing, indicators: list[str]) -> None:
    """Make the figures of `indicators` those of `registers`. Needs the period's lock."""
    moment = database_time()
    drafts = unit_drafts(period, registers).filter(pl.col("indicator").is_in(indicators))
    _replace(unit, period, drafts, indicators, moment)
    sum_units(unit=unit, period=period, indicators=indicators, moment=moment)


def unit_drafts(period: str, registers: Standing) -> pl.DataFrame:
    """Figures of one unit with the rule's version and the submission each one comes from."""
    rule = rule_for(Period.parse(period))
    sources = {
        code: registers.submissions[indicator.collection]
        for code, indicator in INDICATORS.items()
        if indicator.collection in registers.submissions
    }
    return unit_figures(registers.frames, rule).with_columns(
        rule_version=pl.lit(rule.version, pl.Int64),
        submission_id=pl.col("indicator").replace_strict(sources, default=None, return_dtype=pl.String),
    )


def database_time() -> datetime:
    """Now by the database's clock, the one clock that all hosts share."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return moment


def _replace(unit: str, period: str, drafts: pl.DataFrame, indicators: list[str], moment: datetime) -> None:
    """Close the unit's figures that no longer hold and open those that are new."""
    held = _held(unit, period, indicators)
    closed = held.join(drafts, on=_IDENTITY, how="anti")["id"]
    Figure.objects.filter(pk__in=closed.to_list()).update(valid_to=moment)
    opened = drafts.join(held, on=_IDENTITY, how="anti").with_columns(
        area=pl.lit(unit),
        area_type=pl.lit(AreaType.UNIT.value),
        period=pl.lit(period),
        units_accepted=pl.lit(1),
        units_expected=pl.lit(1),
        valid_from=pl.lit(moment.isoformat()),
    )
    copy_frame(Figure, opened)


def _held(unit: str, period: str, indicators: list[str]) -> pl.DataFrame:
    rows = Figure.objects.in_force().filter(area=unit, period=period, indicator__in=indicators)
    told = rows.annotate(source=Cast("submission_id", CharField())).values_list(
        "id", *_IDENTITY[:-1], "source"
    )
    return pl.DataFrame(list(told), schema=_HELD, orient="row")


_HELD: dict[str, pl.DataType] = {
    "id": pl.Int64(),
    "indicator": pl.String(),
    "breakdown": pl.String(),
    "breakdown_value": pl.String(),
    "value": pl.Decimal(38, 4),
    "records": pl.Int64(),
    "rule_version": pl.Int64(),
    "submission_id": pl.String(),
}
