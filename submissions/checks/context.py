"""The context of a check: what the unit's other registers hold, as plain frames, and which registers these are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from django.conf import settings

from submissions.checks import column_titles
from submissions.files import storage
from submissions.files.edits_in_force import edits_of
from submissions.models import Register, State, Submission
from submissions.models.submission import SubmissionQuerySet
from validation import FORMS, Companion, Context, companions, no_progress
from validation import Period as Quarter

#: states of a form that another one is compared with: it has no errors and still stands
_VALID = [State.UNEXPLAINED, State.READY, State.SIGNED, State.ACCEPTED]


#: ids of the submissions a check compared with, as the stored report has them: `previous`, and each collection that is
#: a companion by its name
Basis = dict[str, str | None]


def context_for(
    submission: Submission, progress: Callable[[str, int, int | None], None] = no_progress
) -> tuple[Context, Basis]:
    """Return the engine's context for `submission`, and the submissions it is made of."""
    previous = previous_register(submission)
    companion = companion_of(submission)
    context = replace(_context(submission, previous, companion), progress=progress)
    basis: Basis = {"previous": _id(previous), **dict.fromkeys(form.name for form in companions())}
    if companion is not None:
        basis[companion.collection] = _id(companion)
    return context, basis


def context_as_checked(submission: Submission) -> Context:
    """Return the context of the stored check again: the same registers, with today's corrections."""
    basis = submission.report.get("compared_with") or {}
    submissions = {str(s.pk): s for s in Submission.objects.filter(pk__in=filter(None, basis.values()))}
    previous = submissions.get(basis.get("previous") or "")
    declared = companion_declared(submission)
    companion = None if declared is None else submissions.get(basis.get(declared.collection) or "")
    return _context(submission, previous, companion)


def _context(submission: Submission, previous: Submission | None, companion: Submission | None) -> Context:
    return Context(
        unit=submission.unit_id,
        period=Quarter.parse(submission.period_id),
        previous=storage.frame_of(previous) if previous else None,
        companion=storage.frame_of(companion) if companion else None,
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


def companion_declared(submission: Submission) -> Companion | None:
    """What the form of a submission declares of the register it is compared with; None where it has none."""
    return FORMS[submission.collection].companion


def companion_versions(submission: Submission) -> SubmissionQuerySet:
    """All versions of the form that `submission` is compared with; none where its form has no companion."""
    declared = companion_declared(submission)
    if declared is None:
        return Submission.objects.none()
    return Submission.objects.filter(
        unit=submission.unit_id, collection=declared.collection, period=submission.period_id
    )


def companion_of(submission: Submission) -> Submission | None:
    """The newest version without errors of the form that `submission` is compared with."""
    return companion_versions(submission).filter(state__in=_VALID).newest().first()


def in_force_or_newest(unit: str, collection: str, period: str) -> Submission | None:
    """Return the submission that figures of `unit` and `period` can be made from: accepted, else newest valid."""
    slot = {"unit": unit, "collection": collection, "period": period}
    register = Register.objects.in_force().filter(**slot).select_related("submission").first()
    if register is not None:
        return register.submission
    return Submission.objects.filter(**slot, state__in=_VALID).newest().first()


def compared_with_standing(submission: Submission) -> bool:
    """Whether a form was compared with the version of its companion that stands now."""
    declared = companion_declared(submission)
    if declared is None:
        return True
    compared = submission.report.get("compared_with") or {}
    return bool(compared.get(declared.collection) == _id(companion_of(submission)))


def _id(submission: Submission | None) -> str | None:
    return str(submission.pk) if submission else None
