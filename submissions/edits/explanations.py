"""Explaining: the unit's reason for one warning, or for a group of like warnings."""

from __future__ import annotations

from collections.abc import Collection as Ids

from django.db import transaction
from django.db.models import Case, Count, Max, Min, Q, QuerySet, Value, When

from submissions.checks import results
from submissions.models import Explanation, ExplanationReason, Finding, State, Submission, User
from submissions.models.finding import FindingQuerySet
from submissions.workflow import permissions
from submissions.workflow.permissions import Action
from submissions.workflow.refusals import RefusalError
from submissions.workflow.transitions import move, note
from validation import Severity

TEXT_CHARACTERS = 500


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
    """Explain the warnings of `code`: all, those at `column` or with `value`, or the ones named by id."""
    chosen = {"column": column, "value": value, "pk__in": finding_ids}
    narrowed = {name: choice for name, choice in chosen.items() if choice is not None}
    meant = warnings_of(submission).filter(code=code, **narrowed)
    told = {"reason": reason, "text": text, "request_id": request_id}
    [explanation] = explain_found(submission=submission, by=by, found=meant, **told)
    return explanation


@transaction.atomic
def explain_found(
    *,
    submission: Submission,
    by: User,
    found: FindingQuerySet,
    reason: str,
    text: str = "",
    request_id: str = "",
) -> list[Explanation]:
    """Explain the warnings of the submission among `found`: one explanation for each rule, with the same words.

    Another explanation takes the place of the former; the same words of the same person, as twenty clicks send
    them, are one. The last open warning explained makes the submission ready.
    """
    held = _held(submission, by)
    _require_reason(reason, text)
    meant = _meant(held, found)
    counts, already = _counted(meant, by, reason, text)
    if not counts:
        raise RefusalError("nothing-to-explain")
    if already:
        submission.refresh_from_db(fields=["state", "open_warnings"])
        return list(Explanation.objects.filter(pk__in=already).order_by("code"))
    given = [
        Explanation.objects.create(submission=held, code=code, reason=reason, text=text, by=by)
        for code in counts
    ]
    meant.update(explanation=Case(*(When(code=one.code, then=Value(one.pk)) for one in given)))
    said = ", ".join(f"{code} × {count}" for code, count in counts.items())
    _recount(held, by, f"explained {said}", request_id)
    submission.state, submission.open_warnings = held.state, held.open_warnings
    return given


@transaction.atomic
def take_back(*, submission: Submission, by: User, found: FindingQuerySet, request_id: str = "") -> int:
    """Open the explained warnings among `found` again; the number of them. Their explanation stays on record."""
    held = _held(submission, by)
    meant = _meant(held, found).filter(explanation__isnull=False)
    opened = meant.update(explanation=None)
    if not opened:
        raise RefusalError("nothing-to-explain")
    results.restate(
        submission=held, by=by, reason=f"explanation taken back × {opened}", request_id=request_id
    )
    submission.refresh_from_db(fields=["state", "open_warnings"])
    return opened


def warnings_of(submission: Submission) -> FindingQuerySet:
    """What the unit may explain."""
    return Finding.objects.of_unit().filter(submission=submission, severity=Severity.WARNING)


def given_explanations(submission: Submission) -> QuerySet[Explanation]:
    """The explanations that hold, in the order of rules, each with `count`, the warnings that it answers."""
    given = submission.explanations.annotate(count=Count("findings")).filter(count__gt=0)
    return given.select_related("by").order_by("code", "-at", "-pk")


def _held(submission: Submission, by: User) -> Submission:
    """The row, held so that a check or another explanation cannot change the counts meanwhile."""
    permissions.require(by, Action.EXPLAIN, submission)
    held = Submission.objects.select_for_update().get(pk=submission.pk)
    permissions.require(by, Action.EXPLAIN, held)
    return held


def _require_reason(reason: str, text: str) -> None:
    if reason not in ExplanationReason.values:
        raise RefusalError("reason-unknown", reason=reason)
    if reason == ExplanationReason.OTHER and not text.strip():
        raise RefusalError("reason-required")
    if len(text) > TEXT_CHARACTERS:
        raise RefusalError("text-too-long", limit=TEXT_CHARACTERS)


def _meant(submission: Submission, found: FindingQuerySet) -> FindingQuerySet:
    return warnings_of(submission).filter(pk__in=found.order_by().values("pk"))


def _counted(meant: FindingQuerySet, by: User, reason: str, text: str) -> tuple[dict[str, int], list[int]]:
    """How many warnings of each code are meant; and the explanations in these words, one for each code, that answer
    all of them already, none where any is open or answered otherwise."""
    same = Q(explanation__by=by, explanation__reason=reason, explanation__text=text)
    found = (
        meant.order_by("code")
        .values("code")
        .annotate(
            all=Count("pk"),
            same=Count("pk", filter=same),
            first=Min("explanation", filter=same),
            last=Max("explanation", filter=same),
        )
    )
    rows = list(found)
    counts = {row["code"]: row["all"] for row in rows}
    if all(row["all"] == row["same"] and row["first"] == row["last"] for row in rows):
        return counts, [row["first"] for row in rows]
    return counts, []


def _recount(submission: Submission, by: User, reason: str, request_id: str) -> None:
    """Count what is left, and write the act's one event: a move when nothing is, else a note."""
    left = results.open_warnings(submission)
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
