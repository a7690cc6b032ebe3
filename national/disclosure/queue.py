"""The queue of disclosure control: which states of which periods wait to be judged, as the database has it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from national.definitions.moments import settled_moment
from national.disclosure.run import judge
from national.disclosure.solver import AttackError, UnprotectedError
from national.models import Change, Figure, Release
from submissions.files.stored_bytes import DamagedError

#: figures are judged once they have been at rest, so that a row of acceptances is published as one state; but
#: nobody waits longer than this
LONGEST_WAIT = timedelta(minutes=15)
#: moments of releases that were found judged whole, which they stay: they need not be looked through again
_whole: set[datetime] = set()


def judge_waiting() -> None:
    """Judge every waiting state: those of releases first, then present ones in which nothing has changed for a while."""
    _judge_all(rested=True)


def judge_now(period: str = "") -> None:
    """Judge everything that waits, at rest or not; of `period` alone, with what is carried into it, when one is given.

    What another run is at is waited for.
    """
    if period:
        _judge_period(period)
    else:
        _judge_all(rested=False)


def _judge_all(*, rested: bool) -> None:
    """Raises the faults of periods that cannot be judged, once all others are."""
    moment = _now()
    faults = [fault for release in _releases(moment) for fault in _judge_release(release)]
    faults += _judge_state(_due(moment) if rested else _waiting(moment), moment, wait=not rested)
    _raise(faults)


def _judge_period(period: str) -> None:
    moment = _now()
    figures = Figure.objects.as_of(moment).filter(period=period).order_by()
    meant = {period, *figures.values_list("carried_from", flat=True).distinct()}
    _raise(_judge_state([code for code in _waiting(moment) if code in meant], moment, wait=True))


def _now() -> datetime:
    with transaction.atomic():
        return settled_moment()


def _raise(faults: list[Exception]) -> None:
    if faults:
        raise ExceptionGroup("figures that cannot be judged stay withheld", faults)


def _releases(moment: datetime) -> list[Release]:
    """Releases made up to `moment` that are not known to be judged, oldest first."""
    standing = Release.objects.standing().filter(moment__lte=moment).order_by("moment")
    return [release for release in standing if release.moment not in _whole]


def _judge_release(release: Release) -> list[Exception]:
    waiting = _waiting(release.moment)
    if not waiting:
        _whole.add(release.moment)
    return _judge_state(waiting, release.moment)


def _judge_state(periods: list[str], moment: datetime, *, wait: bool = False) -> list[Exception]:
    """Judge periods in time order, so that what is carried forward is judged in its own period first; what is
    carried out of one that could not be judged waits too. Returns the faults."""
    faults: list[Exception] = []
    left: list[str] = []
    for period in periods:
        if left and Figure.objects.as_of(moment).filter(period=period, carried_from__in=left).exists():
            continue
        try:
            # who waited for another run may find nothing left to judge
            done = judge(period, moment, wait=wait) is not None or wait
        except (AttackError, UnprotectedError, DamagedError) as fault:
            fault.add_note(f"in {period} as it stood at {moment}")
            faults.append(fault)
            done = False
        if not done:
            left.append(period)
    return faults


def _waiting(moment: datetime) -> list[str]:
    """Periods with figures that have no clearance, in time order."""
    figures = Figure.objects.as_of(moment).filter(clearance__isnull=True)
    return list(figures.order_by("period").values_list("period", flat=True).distinct())


def _due(moment: datetime) -> list[str]:
    """Waiting periods that have come to rest, and those before them, out of which something may be carried."""
    waiting = _waiting(moment)
    last = max((period for period in waiting if _at_rest(period, moment)), default="")
    return [period for period in waiting if period <= last]


def _at_rest(period: str, moment: datetime) -> bool:
    """Report whether nothing has changed for a while, or something has waited long enough."""
    waiting = Figure.objects.in_force().filter(period=period, clearance__isnull=True)
    first = waiting.order_by("valid_from").values_list("valid_from", flat=True).first()
    last = Change.objects.order_by("-at").values_list("at", flat=True).first()
    rest = timedelta(seconds=settings.CLEARING_SECONDS)
    return first is not None and (moment - first > LONGEST_WAIT or last is None or moment - last > rest)
