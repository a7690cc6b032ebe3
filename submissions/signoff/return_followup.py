"""Following up a return: what became of its reasons in a later version, and the unit's answers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import polars as pl
from django.db import transaction

from submissions.files import storage
from submissions.models import Act, ReasonAnswer, ReturnReason, State, Submission, User
from submissions.models.finding import FindingQuerySet
from submissions.signoff.register_diff import compare
from submissions.workflow import permissions
from submissions.workflow.permissions import Action
from submissions.workflow.refusals import Refusal, RefusalError
from submissions.workflow.transitions import record_event
from validation import FORMS, national_codes

ANSWER_CHARACTERS = 1000


class ReasonOutcome(StrEnum):
    """What became of a reason."""

    FIXED = "fixed"  # the cell or record it speaks of is another, or the rule is broken no more
    CHANGED = "changed"  # it speaks of more than a record, and something there changed
    EXPLAINED = "explained"  # nothing changed, and the unit has answered or explained
    UNCHANGED = "unchanged"


@dataclass(frozen=True)
class Followed:
    """A reason, its outcome, and the unit's answer where there is one."""

    reason: ReturnReason
    outcome: ReasonOutcome
    answer: ReasonAnswer | None

    @property
    def is_open(self) -> bool:
        return self.outcome is ReasonOutcome.UNCHANGED


@dataclass(frozen=True)
class _Since:
    """What changed since the returned version, and the findings of the unit now."""

    keys: pl.DataFrame  # _sheet, _row, key of the returned version
    lines: pl.DataFrame  # register_diff.LINES
    findings: FindingQuerySet


def follow(submission: Submission) -> list[Followed]:
    """Return the reasons of the last return before `submission`; none when it has no table to compare."""
    returned = returned_before(submission)
    if returned is None or not (submission.frame_path or submission.nil_return):
        return []
    since = _since(returned, submission)
    answers = _answers(returned, submission)
    return [
        _followed(reason, since, answers.get(reason.pk))
        for reason in returned.return_reasons.select_related("by")
    ]


def follow_on(returned: Submission, versions: list[Submission]) -> list[Followed]:
    """Return the reasons of a returned version as the last version before the next return has left them.

    `versions` are those of the slot in any order. Without a later one that stands and holds a table every reason
    is unchanged.
    """
    later = sorted((v for v in versions if _follows(v, returned)), key=lambda v: v.version)
    newest: Submission | None = None
    for version in later:
        newest = version if version.frame_path or version.nil_return else newest
        if version.state == State.RETURNED:
            break
    if newest is not None:
        return follow(newest)
    return [
        Followed(reason, ReasonOutcome.UNCHANGED, None)
        for reason in returned.return_reasons.select_related("by")
    ]


def _follows(version: Submission, returned: Submission) -> bool:
    """Return whether it answers the return: neither withdrawn, nor replaced, nor a file that was set aside."""
    given_up = version.set_aside or version.state in (State.WITHDRAWN, State.SUPERSEDED)
    return version.version > returned.version and not given_up


def returned_before(submission: Submission) -> Submission | None:
    """Return the last version of the slot before this one that was returned."""
    earlier = Submission.objects.of_slot(submission).filter(version__lt=submission.version)
    return earlier.filter(state=State.RETURNED).newest().first()


@transaction.atomic
def answer(
    *, submission: Submission, by: User, reason: ReturnReason, text: str, request_id: str = ""
) -> ReasonAnswer:
    """Store the unit's answer to a reason of the last return."""
    permissions.require(by, Action.EXPLAIN, submission)
    returned = returned_before(submission)
    if returned is None or reason.submission_id != returned.pk:
        raise RefusalError(Refusal.NOT_FOUND)
    words = text.strip()
    if not words:
        raise RefusalError(Refusal.REASON_REQUIRED)
    if len(words) > ANSWER_CHARACTERS:
        raise RefusalError(Refusal.TEXT_TOO_LONG, limit=ANSWER_CHARACTERS)
    given = ReasonAnswer.objects.create(reason=reason, submission=submission, text=words, by=by)
    record_event(submission=submission, act=Act.REASON_ANSWERED, by=by, request_id=request_id)
    return given


def _since(returned: Submission, submission: Submission) -> _Since:
    form = FORMS[submission.collection]
    old, new = storage.frame_of(returned), storage.frame_of(submission)
    return _Since(
        keys=old.select("_sheet", "_row", pl.col(form.key.key).alias("key")),
        lines=compare(form, old, new).lines,
        findings=submission.findings.of_unit(),
    )


def _answers(returned: Submission, submission: Submission) -> dict[int, ReasonAnswer]:
    """Return the newest answer to each reason, given with this version or one before it."""
    given = ReasonAnswer.objects.filter(
        reason__submission=returned, submission__version__lte=submission.version
    ).select_related("by")
    return {answered.reason_id: answered for answered in given.order_by("id")}


def _followed(reason: ReturnReason, since: _Since, answered: ReasonAnswer | None) -> Followed:
    outcome = _outcome(reason, since)
    if outcome is ReasonOutcome.UNCHANGED and answered is not None:
        outcome = ReasonOutcome.EXPLAINED
    return Followed(reason, outcome, answered)


def _outcome(reason: ReturnReason, since: _Since) -> ReasonOutcome:
    if reason.row is not None:
        return _of_record(reason, since)
    if reason.code and reason.code not in national_codes():
        return _of_findings(
            since.findings.filter(code=reason.code, **_at_column(reason)), gone=ReasonOutcome.FIXED
        )
    lines = since.lines
    touched = lines.filter(pl.col("column") == reason.column) if reason.column else lines
    return ReasonOutcome.UNCHANGED if touched.is_empty() else ReasonOutcome.CHANGED


def _of_record(reason: ReturnReason, since: _Since) -> ReasonOutcome:
    """Return the outcome of a reason about a row or cell, whose record is looked up by key."""
    placed = since.keys.filter(pl.col("_row") == reason.row)
    named = placed.filter(pl.col("_sheet") == reason.sheet) if reason.sheet else placed
    keys = named["key"].drop_nulls().to_list()
    touched = since.lines.filter(pl.col("key").is_in(keys))
    if reason.column:
        touched = touched.filter((pl.col("column") == reason.column) | pl.col("column").is_null())
    if not touched.is_empty():
        return ReasonOutcome.FIXED
    code = {"code": reason.code} if reason.code else {}
    return _of_findings(
        since.findings.filter(key__in=keys, **code, **_at_column(reason)), gone=ReasonOutcome.UNCHANGED
    )


def _at_column(reason: ReturnReason) -> dict[str, str]:
    return {"column": reason.column} if reason.column else {}


def _of_findings(findings: FindingQuerySet, *, gone: ReasonOutcome) -> ReasonOutcome:
    """EXPLAINED when every finding has an explanation, UNCHANGED when any has none, `gone` when there is none."""
    if not findings.exists():
        return gone
    return (
        ReasonOutcome.UNCHANGED
        if findings.filter(explanation__isnull=True).exists()
        else ReasonOutcome.EXPLAINED
    )
