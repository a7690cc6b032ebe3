"""Readings: where each target stands, from stored figures or from a published series."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from national.definitions.areas import NATION
from national.definitions.breakdowns import TOTAL
from national.dissemination.queries import requested_vantage, seen
from national.models import Figure
from national.models.figure import FigureQuerySet
from national.targets.paths import rounded
from national.targets.published_series import VALUE_ADDED, observed, published
from validation import Period


@dataclass(frozen=True, slots=True)
class Observation:
    """A value, the day it speaks of, and for our own figures the period and how many units it covers."""

    value: Decimal
    on: date
    period: str | None = None
    units_accepted: int | None = None
    units_expected: int | None = None
    units_carried: int | None = None
    #: without what is carried forward
    value_strict: Decimal | None = None

    @property
    def units_with_figure(self) -> int | None:
        """Units accepted or carried forward; None for a published value."""
        return None if self.units_accepted is None else self.units_accepted + (self.units_carried or 0)

    @property
    def label(self) -> str:
        """The quarter or year the value is for."""
        return self.period or str(self.on.year)


def networks(as_of: datetime | None = None) -> list[Observation]:
    """Networks that count, quarter by quarter: the sums of the units."""
    return [_reading(total.value, total) for total in _totals("NET_COUNT", as_of)]


def graded_share(as_of: datetime | None = None) -> list[Observation]:
    """Counted networks with a security grade ÷ counted networks, in percent, quarter by quarter."""
    return [_reading(rounded(total.value), total) for total in _totals("NET_GRADED_SHARE", as_of)]


def groups_covered(as_of: datetime | None = None) -> list[Observation]:
    """Distinct industry groups with a counted network or an application in production, quarter by quarter."""
    return [_reading(total.value, total) for total in _totals("GROUPS_COVERED", as_of)]


def value_added(as_of: datetime | None = None) -> list[Observation]:
    """The published core value-added of every year, without forecasts; never summed from rows."""
    return [Observation(value.value, value.on) for value in observed(published(VALUE_ADDED, as_of))]


def not_collected(as_of: datetime | None = None) -> list[Observation]:
    """Nobody reports it."""
    return []


def _totals(indicator: str, as_of: datetime | None) -> FigureQuerySet:
    rows = seen(requested_vantage(as_of=as_of))
    return rows.filter(indicator=indicator, area=NATION, breakdown=TOTAL).order_by("period")


def _reading(value: Decimal, total: Figure) -> Observation:
    on = Period.parse(total.period).end
    return Observation(
        value,
        on,
        total.period,
        total.units_accepted,
        total.units_expected,
        total.units_carried,
        total.value_strict,
    )
