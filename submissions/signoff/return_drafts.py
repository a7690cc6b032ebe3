"""Return drafts: the reasons a reviewer collects from finding to finding, kept until the submission is returned."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.db import transaction
from django.db.models import QuerySet

from submissions.models import ReturnDraft, Submission, User
from submissions.signoff.review import ReasonGiven
from submissions.workflow import permissions
from submissions.workflow.locks import lock
from submissions.workflow.permissions import Action

#: Reasons of one return; more are no help to the unit.
MOST_REASONS = 50


def drafts_of(submission: Submission, by: User) -> QuerySet[ReturnDraft]:
    """Return the reasons that `by` has collected for `submission`, oldest first."""
    return ReturnDraft.objects.filter(submission=submission, by=by)


@transaction.atomic
def collect(*, submission: Submission, by: User, given: ReasonGiven) -> ReturnDraft | None:
    """Add a reason at a place. One at the same place is there once; None when there are as many as can be given."""
    permissions.require(by, Action.RETURN, submission)
    _lock(submission, by)
    place = given._asdict()
    text = place.pop("text")
    own = drafts_of(submission, by)
    same = own.filter(**place).first()
    if same is not None or own.count() >= MOST_REASONS:
        return same
    return ReturnDraft.objects.create(submission=submission, by=by, text=text, **place)


@transaction.atomic
def keep(
    *,
    submission: Submission,
    by: User,
    typed: Sequence[tuple[int | None, ReasonGiven]],
    removed: Collection[int],
) -> list[ReturnDraft]:
    """Store what was typed so far, each under its draft's id, None for a new one; `removed` drafts go.

    A draft that was removed meanwhile, in another window, is made anew with what was typed here.
    """
    permissions.require(by, Action.RETURN, submission)
    _lock(submission, by)
    own = {draft.pk: draft for draft in drafts_of(submission, by)}
    drafts_of(submission, by).filter(pk__in=removed).delete()
    return [_kept(own.get(pk or 0), submission, by, given) for pk, given in typed]


def _kept(draft: ReturnDraft | None, submission: Submission, by: User, given: ReasonGiven) -> ReturnDraft:
    stored = ReturnDraft(submission=submission, by=by) if draft is None else draft
    for name, value in given._asdict().items():
        setattr(stored, name, value)
    stored.save()
    return stored


def _lock(submission: Submission, by: User) -> None:
    """Make a second click wait for the first."""
    lock("return drafts", str(submission.pk), str(by.pk))
