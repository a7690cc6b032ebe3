"""Placing: a new version takes the place of a checked one once its own file is known to belong there."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.utils import timezone

from submissions.jobs import leases
from submissions.models import Act, Period, State, Submission
from submissions.models.submission import SubmissionQuerySet
from submissions.workflow.transitions import ALLOWED, move
from validation import FORMS, Result

#: what a newer version takes the place of: all that is not signed, decided or withdrawn
SUPERSEDABLE = [state for state, targets in ALLOWED.items() if State.SUPERSEDED in targets]

#: the file speaks of another form, another period, another unit
MISPLACED = ("file.E010", "file.E011", "file.E012")


class Slot(NamedTuple):
    """A collection and period, both as codes."""

    collection: str
    period: str


def misplaced(result: Result) -> list[str]:
    """Return the codes of findings that show that the file belongs to another slot or unit."""
    codes = set(result.findings["code"].unique())
    return [code for code in MISPLACED if code in codes]


def is_doubtful(result: Result) -> bool:
    """Return whether a file must not replace a checked version by itself: it belongs elsewhere, or has no record."""
    return bool(misplaced(result)) or not any(sheet.data_rows for sheet in result.report.sheets)


def checked_before(submission: Submission) -> SubmissionQuerySet:
    """Return earlier versions of the slot that are checked, not set aside, and would be superseded."""
    return _earlier(submission).filter(checked_at__isnull=False, set_aside=False)


def supersede_unchecked(newer: Submission, request_id: str) -> None:
    """Supersede earlier versions that have no verdict yet."""
    for older in _earlier(newer).filter(checked_at__isnull=True):
        _supersede(older, newer, request_id)


def supersede(newer: Submission, request_id: str = "") -> None:
    """Supersede all earlier versions that are not signed, decided or withdrawn."""
    for older in _earlier(newer):
        _supersede(older, newer, request_id)


def _earlier(submission: Submission) -> SubmissionQuerySet:
    slot = Submission.objects.of_slot(submission)
    return slot.filter(version__lt=submission.version, state__in=SUPERSEDABLE)


def _supersede(older: Submission, newer: Submission, request_id: str) -> None:
    move(
        submission=older,
        to=State.SUPERSEDED,
        act=Act.SUPERSEDED,
        by=newer.uploader,
        detail={"version": newer.version},
        request_id=request_id,
        **leases.FREE,
    )


def meant_slot(submission: Submission) -> Slot | None:
    """Return the slot that the file itself names; None when it names another unit or no other slot."""
    codes = submission.misplaced
    if not codes or "file.E012" in codes:
        return None
    params: dict[str, Any] = dict(submission.findings.filter(code__in=codes).values_list("code", "params"))
    period = params.get("file.E011", {}).get("found", submission.period_id)
    named = params.get("file.E010", {}).get("other", {}).get("zh")
    collection = next((form.name for form in FORMS.values() if form.label_zh == named), submission.collection)
    meant = Slot(collection, period)
    return None if meant == (submission.collection, submission.period_id) else meant


def open_slot(slot: Slot) -> bool:
    """Return whether the slot takes uploads today."""
    return Period.objects.open_on(timezone.localdate()).filter(pk=slot.period).exists()
