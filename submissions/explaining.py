"""Explaining: the unit's reason for one warning, or for a group of like warnings."""

from __future__ import annotations

from collections.abc import Collection as Ids

from django.db import transaction

from submissions import permissions, settling
from submissions.models import Explanation, ExplanationReason, Finding, State, Submission, User
from submissions.models.finding import FindingQuerySet
from submissions.permissions import Action
from submissions.refusals import RefusalError
from submissions.transitions import move, note

TEXT_CHARACTERS = 500


@transaction.atomic
def explain(
    *,
    submission: Submission,
    by: User,
    code: str,
    reason: str,
    text: str = "",
    column: str | None = None,
    value: str | None = None,
    finding_ids: Ids[int] | None = None,
    request_id: str = "",
) -> Explanation:
    """Explain the warnings of `code`: all, those at `column` or with `value`, or the ones named by id.

    An explanation given again takes the place of the former. The last open warning explained makes the
    submission ready.
    """
    permissions.require(by, Action.EXPLAIN, submission)
    # the row is held so that a check or another explanation cannot change the counts meanwhile
    held = Submission.objects.select_for_update().get(pk=submission.pk)
    permissions.require(by, Action.EXPLAIN, held)
    _require_reason(reason, text)
    meant = _meant(held, code, column, value, finding_ids)
    if not meant.exists():
        raise RefusalError("nothing-to-explain")
    explanation = Explanation.objects.create(submission=held, code=code, reason=reason, text=text, by=by)
    explained = meant.update(explanation=explanation)
    _recount(held, by, f"explained {code} × {explained}", request_id)
    submission.state, submission.open_warnings = held.state, held.open_warnings
    return explanation


def _require_reason(reason: str, text: str) -> None:
    if reason not in ExplanationReason.values:
        raise RefusalError("reason-unknown", reason=reason)
    if reason == ExplanationReason.OTHER and not text.strip():
        raise RefusalError("reason-required")
    if len(text) > TEXT_CHARACTERS:
        raise RefusalError("text-too-long", limit=TEXT_CHARACTERS)


def _meant(
    submission: Submission, code: str, column: str | None, value: str | None, ids: Ids[int] | None
) -> FindingQuerySet:
    chosen = {"column": column, "value": value, "pk__in": ids}
    narrowed = {name: choice for name, choice in chosen.items() if choice is not None}
    return Finding.objects.of_unit().filter(submission=submission, code=code, severity="W", **narrowed)


def _recount(submission: Submission, by: User, reason: str, request_id: str) -> None:
    """Count what is left, and write the act's one event: a move when nothing is, else a note."""
    left = settling.open_warnings(submission)
    if left == 0 and submission.state == State.UNEXPLAINED:
        move(
            submission=submission,
            to=State.READY,
            by=by,
            reason=reason,
            request_id=request_id,
            open_warnings=0,
        )
        return
    Submission.objects.filter(pk=submission.pk).update(open_warnings=left)
    submission.open_warnings = left
    note(submission=submission, by=by, reason=reason, request_id=request_id)
