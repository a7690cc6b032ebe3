"""The context of a check: what the unit's other registers hold, as plain frames, and which registers these are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypedDict

from django.conf import settings

from submissions.checks import column_titles
from submissions.files import storage
from submissions.files.edits_in_force import edits_of
from submissions.models import Collection, Register, State, Submission
from validation import Context, no_progress
from validation import Period as Quarter

#: a network form that AI applications are compared with: it has no errors and still stands
_VALID = [State.UNEXPLAINED, State.READY, State.SIGNED, State.ACCEPTED]


class Basis(TypedDict):
    """Ids of the submissions a check compared with; part of the stored report."""

    previous: str | None
    networks: str | None


def context_for(
    submission: Submission, progress: Callable[[str, int, int | None], None] = no_progress
) -> tuple[Context, Basis]:
    """Return the engine's context for `submission`, and the submissions it is made of."""
    previous = previous_register(submission)
    networks = networks_of(submission)
    context = replace(_context(submission, previous, networks), progress=progress)
    return context, {"previous": _id(previous), "networks": _id(networks)}


def context_as_checked(submission: Submission) -> Context:
    """Return the context of the stored check again: the same registers, with today's corrections."""
    basis = submission.report.get("compared_with") or {}
    submissions = {str(s.pk): s for s in Submission.objects.filter(pk__in=filter(None, basis.values()))}
    return _context(
        submission, *(submissions.get(basis.get(name) or "") for name in ("previous", "networks"))
    )


def _context(submission: Submission, previous: Submission | None, networks: Submission | None) -> Context:
    return Context(
        unit=submission.unit_id,
        period=Quarter.parse(submission.period_id),
        previous=storage.frame_of(previous) if previous else None,
        networks=storage.frame_of(networks) if networks else None,
        edits=edits_of(submission),
        titles=column_titles.remembered(submission.unit_id, submission.collection),
        headers=submission.headers,
        limits=settings.UPLOAD_LIMITS,
    )


def previous_register(submission: Submission) -> Submission | None:
    """Return the unit's last accepted register of this collection from an earlier period."""
    own = Register.objects.in_force().filter(unit=submission.unit_id, collection=submission.collection)
    register = own.newest_before(submission.period_id).select_related("submission").first()
    return register.submission if register else None


def networks_of(submission: Submission) -> Submission | None:
    """Return the newest network form of unit and period without errors, for AI applications; otherwise None."""
    if submission.collection != Collection.AI_APPLICATIONS:
        return None
    slot = Submission.objects.filter(
        unit=submission.unit_id, collection=Collection.NETWORKS, period=submission.period_id
    )
    return slot.filter(state__in=_VALID).newest().first()


def in_force_or_newest(unit: str, collection: str, period: str) -> Submission | None:
    """Return the submission that figures of `unit` and `period` can be made from: accepted, else newest valid."""
    slot = {"unit": unit, "collection": collection, "period": period}
    register = Register.objects.in_force().filter(**slot).select_related("submission").first()
    if register is not None:
        return register.submission
    return Submission.objects.filter(**slot, state__in=_VALID).newest().first()


def compared_with_standing(applications: Submission) -> bool:
    """Return whether an AI form was compared with the network form that stands now."""
    compared = applications.report.get("compared_with") or {}
    return compared.get("networks") == _id(networks_of(applications))


def _id(submission: Submission | None) -> str | None:
    return str(submission.pk) if submission else None
