"""Plans of the units: entered with their source, added up, and held against the national goal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from national.models import Plan
from national.permissions import Action, require
from submissions.models import Unit, User

YEARS = range(2026, 2031)


@dataclass(frozen=True, slots=True)
class PlanTotal:
    """What the plans for the end of `year` add up to: `goals` by unit, of `units_expected` units.

    `difference` is their sum less the national goal; None for years without a national goal.
    """

    year: int
    goals: Mapping[str, int]
    units_expected: int
    national_goal: Decimal | None

    @property
    def total(self) -> int:
        return sum(self.goals.values())

    @property
    def units_planned(self) -> int:
        """Units that have a plan; none is a goal of zero."""
        return len(self.goals)

    @property
    def complete(self) -> bool:
        """Whether every unit has a plan, so that the difference is one of goals and not of gaps."""
        return self.units_planned == self.units_expected

    @property
    def shortfall(self) -> Decimal:
        """By how much the plans fall short of the goal; 0 when they do not."""
        return max(-(self.difference or Decimal(0)), Decimal(0))

    @property
    def difference(self) -> Decimal | None:
        return None if self.national_goal is None else self.total - self.national_goal


def plan_totals(goal: Decimal, due_year: int, as_of: datetime | None = None) -> list[PlanTotal]:
    """The plans year by year, as known now or at `as_of`; empty while no unit has one."""
    by_year: dict[int, dict[str, int]] = {}
    for plan in Plan.objects.newest(as_of):
        by_year.setdefault(plan.year, {})[plan.unit_id] = plan.goal
    expected = Unit.objects.count()
    return [
        PlanTotal(year, goals, expected, goal if year == due_year else None)
        for year, goals in sorted(by_year.items())
    ]


def set_plan(*, by: User, unit: Unit, year: int, goal: int, source: str) -> Plan:
    """Enter a unit's goal for the end of `year`; an earlier one is kept and no longer holds.

    Raises RefusalError "not-allowed".
    """
    require(by, Action.SET_TARGETS)
    return Plan.objects.create(unit=unit, year=year, goal=goal, source=source, entered_by=by)
