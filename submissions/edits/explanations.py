"""Explanations: the unit's reason for one warning, or for a group of like warnings."""

from __future__ import annotations

from collections.abc import Collection as Ids
from typing import Any

from django.db import transaction
from django.db.models import Case, Count, Max, Min, Q, QuerySet, Value, When

from submissions.checks import results
from submissions.models import Act, Explanation, ExplanationReason, Finding, State, Submission, User
from submissions.models.finding import FindingQuerySet
from submissions.workflow import permissions
from submissions.workflow.permissions import Action
from submissions.workflow.refusals import Refusal, RefusalError
from submissions.workflow.transitions import move, record_event
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
    """Explain the warnings of `code`: all, those at `column` or with `value`, or those in `finding_ids`."""
    chosen = {"column": column, "value": value, "pk__in": finding_ids}
    narrowed = {name: choice for name, choice in chosen.items() if choice is not None}
    meant = warnings_of(submission).filter(code=code, **narrowed)
    words = {"reason": reason, "text": text, "request_id": request_id}
    [explanation] = explain_findings(submission=submission, by=by, findings=meant, **words)
    return explanation


@transaction.atomic
def explain_findings(
    *,
    submission: Submission,
    by: User,
    findings: FindingQuerySet,
    reason: str,
    text: str = "",
    request_id: str = "",
) -> list[Explanation]:
    """Explain the warnings of the submission among `findings`: one explanation for each rule, with the same words.

    Another explanation takes the place of the former; the same words of the same person, as twenty clicks send
    them, are one. The last open warning explained makes the submission ready.
    """
    held = _locked(submission, by)
    _require_reason(reason, text)
    meant = _meant(held, findings)
    counts, already = _counted(meant, by, reason, text)
    if not counts:
        raise RefusalError(Refusal.NOTHING_TO_EXPLAIN)
    if already:
        submission.refresh_from_db(fields=["state", "open_warnings"])
        return list(Explanation.objects.filter(pk__in=already).order_by("code"))
    given = [
        Explanation.objects.create(submission=held, code=code, reason=reason, text=text, by=by)
        for code in counts
    ]
    meant.update(
        explanation=Case(*(When(code=explanation.code, then=Value(explanation.pk)) for explanation in given))
    )
    _recount(held, by, counts, request_id)
    submission.state, submission.open_warnings = held.state, held.open_warnings
    return given


@transaction.atomic
def take_back(*, submission: Submission, by: User, findings: FindingQuerySet, request_id: str = "") -> int:
    """Open the explained warnings among `findings` again and return their number. The explanation stays on record."""
    held = _locked(submission, by)
    meant = _meant(held, findings).filter(explanation__isnull=False)
    opened = meant.update(explanation=None)
    if not opened:
        raise RefusalError(Refusal.NOTHING_TO_EXPLAIN)
    results.restate(
        submission=held,
        act=Act.EXPLANATION_WITHDRAWN,
        by=by,
        detail={"warnings": opened},
        request_id=request_id,
    )
    submission.refresh_from_db(fields=["state", "open_warnings"])
    return opened


def warnings_of(submission: Submission) -> FindingQuerySet:
    """Return the warnings that the unit may explain."""
    return Finding.objects.of_unit().filter(submission=submission, severity=Severity.WARNING)


def given_explanations(submission: Submission) -> QuerySet[Explanation]:
    """Return the explanations in force by rule code, each with `count`, the warnings it answers."""
    given = submission.explanations.annotate(count=Count("findings")).filter(count__gt=0)
    return given.select_related("by").order_by("code", "-at", "-pk")


def _locked(submission: Submission, by: User) -> Submission:
    """Return the row, locked so that no check or other explanation changes the counts meanwhile."""
    permissions.require(by, Action.EXPLAIN, submission)
    held = Submission.objects.select_for_update().get(pk=submission.pk)
    permissions.require(by, Action.EXPLAIN, held)
    return held


def _require_reason(reason: str, text: str) -> None:
    if reason not in ExplanationReason.values:
        raise RefusalError(Refusal.REASON_UNKNOWN, reason=reason)
    if reason == ExplanationReason.OTHER and not text.strip():
        raise RefusalError(Refusal.REASON_REQUIRED)
    if len(text) > TEXT_CHARACTERS:
        raise RefusalError(Refusal.TEXT_TOO_LONG, limit=TEXT_CHARACTERS)


def _meant(submission: Submission, findings: FindingQuerySet) -> FindingQuerySet:
    return warnings_of(submission).filter(pk__in=findings.order_by().values("pk"))


def _counted(meant: FindingQuerySet, by: User, reason: str, text: str) -> tuple[dict[str, int], list[int]]:
    """Return the number of warnings of each code, and the ids of explanations in these words, one for each code, that
    answer all of them already; no ids when any warning is open or explained otherwise."""
    same = Q(explanation__by=by, explanation__reason=reason, explanation__text=text)
    counts_by_code = (
        meant.order_by("code")
        .values("code")
        .annotate(
            all=Count("pk"),
            same=Count("pk", filter=same),
            first=Min("explanation", filter=same),
            last=Max("explanation", filter=same),
        )
    )
    rows = list(counts_by_code)
    counts = {row["code"]: row["all"] for row in rows}
    if all(row["all"] == row["same"] and row["first"] == row["last"] for row in rows):
        return counts, [row["first"] for row in rows]
    return counts, []


def _recount(submission: Submission, by: User, counts: dict[str, int], request_id: str) -> None:
    """Count the warnings left open, and write the act's one event; `counts` are those explained, by rule code."""
    left = results.open_warnings(submission)
    event: dict[str, Any] = {
        "act": Act.EXPLAINED,
        "by": by,
        "detail": {"rules": counts},
        "request_id": request_id,
    }
    if left == 0 and submission.state == State.UNEXPLAINED:
        move(
            submission=submission,
            to=State.READY,
            **event,
            open_warnings=0,
        )
        return
    Submission.objects.filter(pk=submission.pk).update(open_warnings=left)
    submission.open_warnings = left
    record_event(submission=submission, **event)
