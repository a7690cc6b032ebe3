"""Obligations: what a unit owes for a collection and period, and how that stands on a day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from django.db.models import Case, OuterRef, Q, Subquery, When

from submissions.models import Collection, Event, Period, Register, State, Submission, Unit


class SlotState(StrEnum):
    """Seven different things: only the last two are reports. A draft that is not signed is no report."""

    NOT_OPEN = "not_open"  # the period does not take reports yet
    NOT_YET_DUE = "not_yet_due"  # nothing handed in, and time is left
    LATE = "late"  # nothing handed in after the due date, and the period still takes it
    MISSING = "missing"  # the period closed and nothing was handed in
    EXCLUDED = "excluded"  # handed in, accepted, and taken out of force
    NIL = "nil"  # handed in: nothing to report
    SUBMITTED = "submitted"  # handed in


@dataclass(frozen=True, slots=True)
class Slot:
    """`current` is the version that stands: the signed one, else the newest that was neither set aside nor given up.
    `in_force` is the accepted one that counts. Both may be None."""

    unit: Unit
    collection: str
    period: Period
    state: SlotState
    current: Submission | None
    in_force: Submission | None


def slot(unit: Unit, collection: str, period: Period, today: date) -> Slot:
    """Return one unit's slot on `today`."""
    return slots([unit], period, today)[unit.code, collection]


def slots(
    units: Iterable[Unit], period: Period, today: date, as_of: datetime | None = None
) -> dict[tuple[str, str], Slot]:
    """Return every slot of `units` in `period`, by unit code and collection, in two queries.

    With `as_of` as they were at that moment: versions in the states that their events tell for then.
    """
    listed = list(units)
    current = _current(listed, [period]) if as_of is None else _current_then(listed, period, as_of)
    held = _held(listed, [period], as_of)
    return {
        (unit.code, collection): _slot(unit, collection, period, today, current, held)
        for unit in listed
        for collection in Collection.values
    }


def slots_of(unit: Unit, periods: Iterable[Period], today: date) -> dict[tuple[str, str], Slot]:
    """Return every slot of `unit` in `periods`, by collection and period code, in two queries."""
    listed = list(periods)
    current, held = _current([unit], listed), _held([unit], listed)
    return {
        (collection, period.code): _slot(unit, collection, period, today, current, held)
        for period in listed
        for collection in Collection.values
    }


#: by unit, collection and period
_BySlot = dict[tuple[str, str, str], Submission]

_SLOT = ("unit_id", "collection", "period_id")


def _current(units: list[Unit], periods: list[Period]) -> _BySlot:
    newest = (
        Submission.objects.filter(unit__in=units, period__in=periods)
        .order_by(*_SLOT, _standing("state"), "-version")
        .distinct(*_SLOT)
        .select_related("period")
    )
    return {_key(submission): submission for submission in newest}


def _standing(state: str) -> Case:
    """Rank a slot's versions: the least rank stands, of several the newest; `state` names the column."""
    return Case(
        When(**{state: State.SIGNED}, then=0),
        When(**{state: State.SUPERSEDED}, then=3),
        # where the newer was withdrawn, the one before it goes on
        When(Q(set_aside=True) | Q(**{state: State.WITHDRAWN}), then=2),
        default=1,
    )


def _key(of: Submission | Register) -> tuple[str, str, str]:
    return of.unit_id, of.collection, of.period_id


def _current_then(units: list[Unit], period: Period, moment: datetime) -> _BySlot:
    events = Event.objects.filter(submission=OuterRef("pk"), at__lte=moment).order_by("-id")
    newest = (
        Submission.objects.filter(unit__in=units, period=period, received_at__lte=moment)
        .annotate(state_then=Subquery(events.values("to_state")[:1]))
        .order_by(*_SLOT, _standing("state_then"), "-version")
        .distinct(*_SLOT)
    )
    by_slot = {_key(submission): submission for submission in newest}
    for submission in by_slot.values():
        submission.state = submission.state_then  # type: ignore[attr-defined]  # annotated
    return by_slot


class _Held(NamedTuple):
    """By slot the register in force, and the slots that ever had one."""

    in_force: _BySlot
    ever: frozenset[tuple[str, str, str]]


def _held(units: list[Unit], periods: list[Period], moment: datetime | None = None) -> _Held:
    """Return registers as they stand, or as they stood at `moment`."""
    begun = Register.objects.begun(moment).filter(unit__in=units, period__in=periods)
    ever = list(begun.select_related("submission"))
    standing = [row for row in ever if row.valid_to is None or (moment is not None and row.valid_to > moment)]
    return _Held({_key(row): row.submission for row in standing}, frozenset(map(_key, ever)))


def _slot(unit: Unit, collection: str, period: Period, today: date, current: _BySlot, held: _Held) -> Slot:
    key = unit.code, collection, period.code
    newest, accepted = current.get(key), held.in_force.get(key)
    handed_in = newest if newest is not None and newest.state == State.SIGNED else accepted
    if handed_in is not None:
        state = _with_report(handed_in)
    else:
        state = SlotState.EXCLUDED if key in held.ever else _without_report(period, today)
    return Slot(unit, collection, period, state, newest, accepted)


def _with_report(handed_in: Submission) -> SlotState:
    return SlotState.NIL if handed_in.nil_return else SlotState.SUBMITTED


def _without_report(period: Period, today: date) -> SlotState:
    if today < period.opens:
        return SlotState.NOT_OPEN
    if today <= period.due:
        return SlotState.NOT_YET_DUE
    return SlotState.LATE if today <= period.closes else SlotState.MISSING
