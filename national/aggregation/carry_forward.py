"""Carrying forward: which period's registers a unit's figures come from, its own or the last ones before."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from national.definitions.areas import Area
from national.definitions.indicators import Group

#: periods in which a unit has every register of a group in force
_COMPLETE = """
    SELECT unit_id AS unit, period_id AS period FROM submissions_register
    WHERE valid_to IS NULL AND collection = ANY(%(group)s::text[]) GROUP BY 1, 2 HAVING count(*) = %(size)s
"""
_LATEST = f"SELECT unit, max(period) FROM ({_COMPLETE}) held WHERE period <= %(period)s GROUP BY 1"  # noqa: S608
_LATER = f"SELECT DISTINCT period FROM ({_COMPLETE}) held WHERE period > %(period)s ORDER BY 1"  # noqa: S608


@dataclass(frozen=True, slots=True)
class Sources:
    """By unit the period of its registers that speak for `period`; units without any are not there."""

    period: str
    of: dict[str, str]

    @property
    def open(self) -> bool:
        """Whether any unit reported for the period itself: only then it has figures."""
        return self.period in self.of.values()

    def accepted(self, area: Area) -> int:
        """Units of the area with registers of the period itself."""
        return sum(self.of.get(unit) == self.period for unit in area.units)

    def carried(self, area: Area) -> int:
        """Units of the area that are carried forward."""
        return sum(unit in self.of for unit in area.units) - self.accepted(area)


def sources(group: Group, period: str) -> Sources:
    """Where figures made from the registers of `group` come from in `period`."""
    return Sources(period, dict(_rows(_LATEST, group, period)))


def later_periods(group: Group, period: str) -> list[str]:
    """Periods after `period` that have figures of `group`, in time order."""
    return [later for (later,) in _rows(_LATER, group, period)]


def _rows(query: str, group: Group, period: str) -> list[tuple[str, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, {"group": list(group), "size": len(group), "period": period})
        return cursor.fetchall()
