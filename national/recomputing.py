"""Recomputing: figures made anew from the records of registers in force, to compare with what is stored."""

from __future__ import annotations

from typing import NamedTuple

import polars as pl
from django.db import transaction

from national.areas import areas
from national.indicators import INDICATORS
from national.models import AreaType, Cause, Change, Figure
from national.moments import moment_of_change
from national.recording import FIGURE, record, unit_drafts
from national.registers import frame_of_records, standing
from submissions.locks import lock
from submissions.models import Register

#: everything a figure says but where it comes from and what follows from its area
_SAID = {
    name: dtype
    for name, dtype in FIGURE.items()
    if name
    in (
        "indicator",
        "area",
        "breakdown",
        "breakdown_value",
        "value",
        "records",
        "units_accepted",
        "units_expected",
        "rule_version",
    )
}


class Comparison(NamedTuple):
    """Rows of `computed` and `stored` that the other side does not have; both empty when they agree."""

    computed: pl.DataFrame
    stored: pl.DataFrame

    @property
    def agrees(self) -> bool:
        """Whether the stored figures are the computed ones, no more and no fewer."""
        return self.computed.is_empty() and self.stored.is_empty()


def periods() -> list[str]:
    """Every period with a register or a figure in force, in time order."""
    registers = Register.objects.in_force().values_list("period_id", flat=True)
    figures = Figure.objects.in_force().values_list("period", flat=True)
    return sorted({*registers.distinct(), *figures.order_by("period").distinct()})


@transaction.atomic
def rebuild(period: str) -> None:
    """Make the stored figures of `period` those of its registers in force; closes and opens what differs."""
    lock("figures", period)
    # units with figures but without a register too: theirs are closed
    with_figures = Figure.objects.in_force().filter(period=period, area_type=AreaType.UNIT)
    units = {*_reported(period), *with_figures.order_by("area").values_list("area", flat=True).distinct()}
    change = Change.objects.create(cause=Cause.REPAIR, period=period, at=moment_of_change())
    for unit in sorted(units):
        record(change, unit, period, standing(unit, period, frame_of_records), list(INDICATORS))


@transaction.atomic
def compare(period: str) -> Comparison:
    """Stored figures in force beside figures made from records; sums are made here and not in SQL."""
    lock("figures", period)
    computed, stored = _computed(period), _stored(period)
    keys = list(_SAID)
    return Comparison(computed.join(stored, on=keys, how="anti"), stored.join(computed, on=keys, how="anti"))


def _reported(period: str) -> list[str]:
    registers = Register.objects.in_force().filter(period=period)
    return list(registers.order_by("unit").values_list("unit_id", flat=True).distinct())


def _stored(period: str) -> pl.DataFrame:
    rows = Figure.objects.in_force().filter(period=period).values_list(*_SAID)
    return pl.DataFrame(list(rows), schema=_SAID, orient="row")


def _computed(period: str) -> pl.DataFrame:
    drafts = [
        unit_drafts(unit, period, standing(unit, period, frame_of_records)) for unit in _reported(period)
    ]
    of_units = pl.concat([pl.DataFrame(schema=FIGURE), *drafts])
    return pl.concat([_summed(of_units, area.code, area.units) for area in areas().values()])


def _summed(of_units: pl.DataFrame, area: str, units: tuple[str, ...]) -> pl.DataFrame:
    held = of_units.filter(pl.col("area").is_in(units))
    accepted = (
        held.filter(pl.col("breakdown") == "total")
        .group_by("indicator")
        .agg(pl.len().cast(pl.Int64).alias("accepted"))
    )
    sums = held.group_by("indicator", "breakdown", "breakdown_value").agg(
        pl.col("value").sum(), pl.col("records").sum(), pl.col("rule_version").max()
    )
    return sums.join(accepted, on="indicator").select(
        "indicator",
        pl.lit(area).alias("area"),
        "breakdown",
        "breakdown_value",
        "value",
        "records",
        pl.col("accepted").alias("units_accepted"),
        pl.lit(len(units), pl.Int64).alias("units_expected"),
        "rule_version",
    )
