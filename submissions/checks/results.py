"""Storing a check's result: findings, counts, report and state change together, and only under a live lease."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone

from submissions import dispatch
from submissions.checks import correction_carryover, supersession
from submissions.checks.context import Basis, compared_with_standing
from submissions.checks.correction_carryover import Carried
from submissions.checks.report_json import report_json
from submissions.files import storage
from submissions.files.storage import KeptFrame
from submissions.findings import explanation_carryover, store
from submissions.jobs.leases import FREE, Lease
from submissions.models import Act, Finding, State, Submission, User
from submissions.workflow.locks import lock_slot, lock_verdicts
from submissions.workflow.transitions import move, record_event
from validation import FORMS, Result

logger = logging.getLogger(__name__)

VERDICTS = [State.INVALID, State.UNEXPLAINED, State.READY]


@transaction.atomic
def store_result(*, lease: Lease, result: Result, basis: Basis, frame: KeptFrame, carried: Carried) -> None:
    """Store what a check found. Nothing is stored when the worker has lost its lease meanwhile."""
    slot = Submission.objects.values_list("unit_id", "collection", "period_id")
    unit, collection, period = slot.get(pk=lease.submission_id)
    lock_verdicts(unit, period)
    lock_slot(unit, collection, period)
    submission = _locked(lease)
    if submission is None:
        logger.warning("check of %s was taken over or given up; its result is dropped", lease.submission_id)
        storage.drop_frame(frame.path)
        return
    counts = result.counts
    if result.cells is not None:
        correction_carryover.store(submission, carried)
    open_warnings = _store_findings(submission, result, counts["W"])
    replaced = submission.frame_path
    set_aside = supersession.is_doubtful(result) and supersession.checked_before(submission).exists()
    move(
        submission=submission,
        to=verdict(counts["E"], open_warnings),
        act=Act.CHECKED,
        by=None,
        checked_at=timezone.now(),
        data_rows=sum(sheet.data_rows for sheet in result.report.sheets),
        errors=counts["E"],
        warnings=counts["W"],
        infos=counts["I"],
        open_warnings=open_warnings,
        report=report_json(result, FORMS[submission.collection], basis),
        frame_path=frame.path,
        frame_sha256=frame.sha256,
        set_aside=set_aside,
        **FREE,
    )
    if not set_aside:
        supersession.supersede(submission)
    transaction.on_commit(partial(storage.drop_frame, replaced), robust=True)
    recheck_dependents(unit, period)


@transaction.atomic
def fail(lease: Lease, failure: str) -> None:
    """End a check for good with a failure code (see `workflow/failures.py`)."""
    submission = _locked(lease)
    if submission is not None:
        logger.error("check of %s failed: %s", submission.pk, failure)
        move(
            submission=submission,
            to=State.FAILED,
            act=Act.CHECK_FAILED,
            by=None,
            detail={"failure": failure},
            failure=failure,
            **FREE,
        )


def verdict(errors: int, open_warnings: int) -> State:
    """Return the state that follows from the counts."""
    if errors:
        return State.INVALID
    return State.UNEXPLAINED if open_warnings else State.READY


def recheck_dependents(unit: str, period: str) -> None:
    """Queue those of the unit's forms for a check that were compared with another version of their companion than now stands.

    The caller holds the unit's `lock_verdicts`.
    """
    for form in FORMS.values():
        if form.companion is not None:
            _recheck_dependent(unit, period, form.name)


def _recheck_dependent(unit: str, period: str, collection: str) -> None:
    dependent = (
        Submission.objects.select_for_update()
        .filter(unit=unit, period=period, collection=collection, nil_return=False)
        .filter(state__in=VERDICTS, set_aside=False)
        .newest()
        .first()
    )
    if dependent is None or compared_with_standing(dependent):
        return
    move(
        submission=dependent,
        to=State.RECEIVED,
        act=Act.NETWORKS_CHANGED,
        by=None,
        attempts=0,
        queued_at=timezone.now(),
    )
    dispatch.enqueue_on_commit(dependent.pk)


def _locked(lease: Lease) -> Submission | None:
    rows = Submission.objects.select_for_update().filter(state=State.CHECKING, lease=lease.token)
    return rows.filter(pk=lease.submission_id).first()


def _store_findings(submission: Submission, result: Result, warnings: int) -> int:
    """Replace the findings, and return the number of warnings left without an explanation."""
    explained = explanation_carryover.remember(submission)
    store.store(submission, result.findings)
    if not explained:
        return warnings
    explanation_carryover.restore(submission)
    return open_warnings(submission)


def open_warnings(submission: Submission) -> int:
    """Return how many warnings of `submission` have no explanation."""
    return Finding.objects.of_unit().filter(submission=submission).open_warnings().count()


def restate(
    *,
    submission: Submission,
    act: Act,
    by: User | None,
    detail: Mapping[str, Any] | None = None,
    request_id: str = "",
    **fields: Any,
) -> None:
    """Set counts and state after stored findings have changed, with `fields`, and write the event of `act`.

    The caller holds the row.
    """
    counts = store.counts(submission)
    state = verdict(counts["E"], counts["open"])
    fields |= {
        "errors": counts["E"],
        "warnings": counts["W"],
        "infos": counts["I"],
        "open_warnings": counts["open"],
    }
    event: dict[str, Any] = {"act": act, "by": by, "detail": detail, "request_id": request_id}
    if state != submission.state:
        move(submission=submission, to=state, **event, **fields)
        return
    Submission.objects.filter(pk=submission.pk).update(**fields)
    record_event(submission=submission, **event)
