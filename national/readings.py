"""Readings: where each target stands, from stored figures or from a published series."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from national.areas import NATION
from national.breakdowns import NOT_STATED, OUTSIDE, TOTAL
from national.models import Figure
from national.paths import rounded
from national.published import VALUE_ADDED, published
from validation import Period


@dataclass(frozen=True, slots=True)
class Reading:
    """A value, the day it speaks of, and for our own figures the period and how many units it covers."""

    value: Decimal
    on: date
    period: str | None = None
    units_accepted: int | None = None
    units_expected: int | None = None


def networks() -> Reading | None:
    """Networks that count: the sum of the units accepted in the latest period."""
    total = _latest_total("NET_COUNT")
    return None if total is None else _reading(total.value, total)


def graded_share() -> Reading | None:
    """Counted networks with a security grade ÷ counted networks, in percent; None without networks."""
    total = _latest_total("NET_COUNT")
    if total is None or not total.value:
        return None
    grades = _parts(total.period, ["NET_COUNT"], "security_level")
    graded = sum(row.value for row in grades if row.breakdown_value not in ("ungraded", NOT_STATED))
    return _reading(rounded(100 * graded / total.value), total)


def groups_covered() -> Reading | None:
    """Distinct industry groups with a counted network or an application in production.

    Its coverage is that of the register which fewer units have delivered.
    """
    totals = [total for code in ("NET_COUNT", "AI_COUNT") if (total := _latest_total(code))]
    if not totals:
        return None
    period = max(total.period for total in totals)
    rows = _parts(period, ["NET_COUNT", "AI_COUNT"], "industry_group")
    groups = {row.breakdown_value for row in rows} - {NOT_STATED, OUTSIDE}
    of_period = [total for total in totals if total.period == period]
    accepted = min(total.units_accepted for total in of_period) if len(of_period) == 2 else 0
    return Reading(
        Decimal(len(groups)), Period.parse(period).end, period, accepted, of_period[0].units_expected
    )


def value_added() -> Reading:
    """The latest published core value-added that is no forecast; never summed from rows."""
    stated = [value for value in published(VALUE_ADDED) if value.qualifier != "forecast"]
    return Reading(stated[-1].value, stated[-1].on)


def not_collected() -> None:
    """Nobody reports it."""


def _latest_total(indicator: str) -> Figure | None:
    totals = Figure.objects.in_force().filter(indicator=indicator, area=NATION, breakdown=TOTAL)
    return totals.order_by("-period").first()


def _parts(period: str, indicators: list[str], breakdown: str) -> list[Figure]:
    rows = Figure.objects.in_force().filter(period=period, area=NATION, indicator__in=indicators)
    return list(rows.filter(breakdown=breakdown))


def _reading(value: Decimal, total: Figure) -> Reading:
    on = Period.parse(total.period).end
    return Reading(value, on, total.period, total.units_accepted, total.units_expected)
