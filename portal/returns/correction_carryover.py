"""Corrections carried to a new file: what is at stake before the upload, and what became of it after."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import QuerySet

from submissions.models import Correction, Submission, UncarriedCorrection, User

#: corrections and lost ones that a page names before it refers to the whole list
MOST = 10


class AtStake(NamedTuple):
    """`corrections` of the version that the next upload replaces; `first` are the first few."""

    submission: Submission
    corrections: int
    first: Iterable[Correction]


class TakenOver(NamedTuple):
    """Corrections taken over from the version `before`: `carried` were, `left` were not, with the first few."""

    before: Submission
    carried: int
    left: int
    first: Iterable[UncarriedCorrection]


def at_stake(user: User, collection: str, period: str) -> AtStake | None:
    """Return the corrections an upload into the slot would have to carry over; None where there are none."""
    slot = Submission.objects.visible_to(user).filter(unit=user.unit_id, collection=collection, period=period)
    before = slot.with_table().newest().first()
    if before is None:
        return None
    corrections = before.corrections.in_force()
    count = corrections.count()
    return AtStake(before, count, corrections.select_related("by")[:MOST]) if count else None


def taken_over(submission: Submission) -> TakenOver | None:
    """Return what became of the previous version's corrections; None where there were none."""
    carried = submission.corrections.filter(carried_from__isnull=False)
    left = submission.uncarried_corrections.select_related("correction__submission", "correction__by")
    before = _left_by(left) or _carried_from(carried)
    return TakenOver(before, carried.count(), left.count(), left[:MOST]) if before else None


def _left_by(left: QuerySet[UncarriedCorrection]) -> Submission | None:
    uncarried = left.first()
    return uncarried.correction.submission if uncarried else None


def _carried_from(carried: QuerySet[Correction]) -> Submission | None:
    correction = carried.select_related("carried_from__submission").first()
    return correction.carried_from.submission if correction and correction.carried_from else None
