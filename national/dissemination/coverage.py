"""Coverage: which units have reported and been accepted, per collection of a period."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from national.dissemination.queries import BadFilterError
from submissions.models import Collection, Period, Register, Unit
from submissions.notifications.obligations import Slot, SlotState, slots


@dataclass(frozen=True, slots=True)
class UnitCoverage:
    """One unit: what it handed in (see SlotState), and whether a register of it is in force.

    `carried_from` is the period whose register speaks for it in the figures instead, else empty.
    """

    unit: Unit
    state: SlotState
    accepted: bool
    carried_from: str = ""


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
    def units_carried(self) -> int:
        """Units that the figures carry forward from an earlier period."""
        return sum(bool(unit.carried_from) for unit in self.units)

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
    chosen = _chosen_period(period) if period else Period.objects.filter(opens__lte=day).first()
    if chosen is None:
        return []
    units = list(Unit.objects.all())
    slot_list = slots(units, chosen, day, as_of)
    former = _former(chosen, as_of)
    return [
        CollectionCoverage(
            chosen, name, _units([slot_list[unit.code, name] for unit in units], former.get(name, {}))
        )
        for name in Collection.values
    ]


def _former(period: Period, as_of: datetime | None) -> dict[str, dict[str, str]]:
    """By collection and unit the last period before `period` with a register in force."""
    held = Register.objects.as_of(as_of) if as_of else Register.objects.in_force()
    former: dict[str, dict[str, str]] = defaultdict(dict)
    for register in held.newest_before(period.code):
        former[register.collection][register.unit_id] = register.period_id
    return former


def _chosen_period(period: str) -> Period:
    match = Period.objects.filter(pk=period).first()
    if match is None:
        raise BadFilterError("period", period, Period.objects.values_list("code", flat=True))
    return match


def _units(slot_list: list[Slot], former: dict[str, str]) -> tuple[UnitCoverage, ...]:
    """Nobody is carried forward into a period for which no unit is accepted: it has no figures."""
    begun = any(slot.in_force for slot in slot_list)
    return tuple(
        UnitCoverage(
            slot.unit,
            slot.state,
            accepted=slot.in_force is not None,
            carried_from=former.get(slot.unit.code, "") if begun and slot.in_force is None else "",
        )
        for slot in slot_list
    )
