"""Coverage: which units have reported and been accepted, per collection of a period."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from national.queries import BadFilterError
from submissions.models import Collection, Period, Unit
from submissions.slots import Slot, SlotState, slots


@dataclass(frozen=True, slots=True)
class UnitCoverage:
    """One unit: what it handed in (see SlotState), and whether a register of it is in force."""

    unit: Unit
    state: SlotState
    accepted: bool


@dataclass(frozen=True, slots=True)
class CollectionCoverage:
    """One collection of one period. `units` are all that report, in the order of their codes."""

    period: Period
    collection: str
    units: tuple[UnitCoverage, ...]

    @property
    def units_expected(self) -> int:
        """Units that owe a return."""
        return len(self.units)

    @property
    def units_accepted(self) -> int:
        """Units with a register in force, nil returns too."""
        return sum(unit.accepted for unit in self.units)

    @property
    def states(self) -> dict[SlotState, int]:
        """Number of units per state; every state is there, 0 too."""
        counted = Counter(unit.state for unit in self.units)
        return {state: counted[state] for state in SlotState}


def coverage(
    period: str = "", today: date | None = None, as_of: datetime | None = None
) -> list[CollectionCoverage]:
    """Coverage of every collection on `today`, or as it was at `as_of`; of the latest period that has opened
    by then unless one is named.

    Raises BadFilterError when the period is not collected. Empty when no period has opened yet.
    """
    day = today or timezone.localdate(as_of)
    chosen = _named(period) if period else Period.objects.filter(opens__lte=day).first()
    if chosen is None:
        return []
    units = list(Unit.objects.all())
    found = slots(units, chosen, day, as_of)
    return [
        CollectionCoverage(chosen, name, tuple(_unit(found[unit.code, name]) for unit in units))
        for name in Collection.values
    ]


def _named(period: str) -> Period:
    found = Period.objects.filter(pk=period).first()
    if found is None:
        raise BadFilterError("period", period, Period.objects.values_list("code", flat=True))
    return found


def _unit(slot: Slot) -> UnitCoverage:
    return UnitCoverage(slot.unit, slot.state, accepted=slot.in_force is not None)
