"""The queue of clearing: which states of which periods wait for disclosure control; the database knows, nothing is kept."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from national.clearing import clear
from national.models import Change, ClearingRun, Figure, Release
from national.moments import settled_moment

#: figures are judged once they have been at rest, so that a row of acceptances is published as one state; but
#: nobody waits longer than this
LONGEST_WAIT = timedelta(minutes=15)


def clear_waiting() -> None:
    """Judge every state that waits: those of releases first, then what stands now where it has come to rest."""
    _clear_all(rested=True)


def clear_now() -> None:
    """Judge everything that waits, at rest or not."""
    _clear_all(rested=False)


def _clear_all(*, rested: bool) -> None:
    for release in _releases():
        for period in _waiting(release.moment):
            clear(period, release.moment)
    with transaction.atomic():
        moment = settled_moment()
    for period in _waiting(moment):
        if not rested or _at_rest(period, moment):
            clear(period, moment)


def _releases() -> list[Release]:
    """Releases that were made after the last state was judged, oldest first."""
    newest = ClearingRun.objects.aggregate(at=Max("moment"))["at"]
    standing = Release.objects.standing().order_by("moment")
    return list(standing.filter(moment__gt=newest) if newest else standing)


def _waiting(moment: datetime) -> list[str]:
    """Periods with figures that have no clearance, the newest first."""
    figures = Figure.objects.as_of(moment).filter(clearance__isnull=True)
    return list(figures.order_by("-period").values_list("period", flat=True).distinct())


def _at_rest(period: str, moment: datetime) -> bool:
    """Whether nothing changed for a while, or something has waited long enough."""
    waiting = Figure.objects.in_force().filter(period=period, clearance__isnull=True)
    first = waiting.order_by("valid_from").values_list("valid_from", flat=True).first()
    last = Change.objects.order_by("-at").values_list("at", flat=True).first()
    rest = timedelta(seconds=settings.CLEARING_SECONDS)
    return first is not None and (moment - first > LONGEST_WAIT or last is None or moment - last > rest)
