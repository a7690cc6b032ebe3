"""One submission: its state, how the file was read, its findings, and the progress of the check."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRefresh

from portal import badges
from portal.access import StaffRequest, desk, desk_page, find, render_page
from portal.form_actions import decide
from portal.returns import column_mapping_forms, next_steps, presenters
from portal.returns.correction_carryover import taken_over
from portal.returns.quarantine_notice import doubt
from submissions.checks import intake
from submissions.jobs.progress import Progress
from submissions.jobs.progress import progress as progress_of
from submissions.models import Event, Register, State, Submission
from submissions.notifications import notify
from submissions.signoff import return_followup
from submissions.workflow import permissions
from submissions.workflow.failures import FAILURES

WORKED_ON = (State.RECEIVED, State.CHECKING)


@desk_page
def submission(request: StaffRequest, submission_id: UUID) -> HttpResponse:
    submission = find(request, submission_id)
    if desk(request) == "portal":
        notify.mark_read(request.user, submission)
    context = panels(request, submission) | {
        "step": next_steps.for_submission(submission, request.user),
        "doubt": doubt(submission, request.user),
        "mapping": column_mapping_forms.mapping(submission),
    }
    return render_page(request, "returns/submission.html", context)


@desk_page
def progress(request: StaffRequest, submission_id: UUID) -> HttpResponse:
    """Return the polled part of the page; the whole page when the check is done."""
    submission = find(request, submission_id)
    if submission.state not in WORKED_ON:
        return HttpResponseClientRefresh() if request.htmx else to_submission(request, submission)
    return render_page(request, "returns/_progress.html", _progress_context(submission))


@require_POST
@desk_page
def retry(request: StaffRequest, submission_id: UUID) -> HttpResponse:
    submission = find(request, submission_id)
    again = partial(intake.retry, submission=submission, by=request.user, request_id=request.request_id)
    decide(submission=submission, done=State.RECEIVED, by=request.user, verb=again)
    return to_submission(request, submission)


def to_submission(request: StaffRequest, submission: Submission, message: str = "") -> HttpResponse:
    """Redirect to the submission's page at the same desk, with a message."""
    if message:
        messages.success(request, message, extra_tags="kept")
    return redirect(f"{desk(request)}:submission", submission.pk)


def panels(request: StaffRequest, submission: Submission) -> dict[str, Any]:
    """Return what both desks show of a submission."""
    reasons = list(submission.return_reasons.all())
    return {
        "submission": submission,
        "actions": permissions.allowed_actions(request.user, submission),
        "working": submission.state in WORKED_ON,
        "failure": FAILURES.get(submission.failure, ""),
        "reasons": reasons,
        "followed": return_followup.follow(submission),
        "taken_over": taken_over(submission),
        "groups": presenters.groups(submission, request.user, reasons),
        "totals": presenters.totals(submission),
        "versions": versions(submission),
        "events": submission.events.select_related("actor"),
        "in_force": Register.objects.in_force().filter(submission=submission).exists(),
        "excluded": _exclusion(submission),
    } | _progress_context(submission)


def _exclusion(submission: Submission) -> Event | None:
    """Return the exclusion (who, when, why) of a submission that was taken out of force."""
    return (
        submission.events.filter(to_state=State.EXCLUDED).last()
        if submission.state == State.EXCLUDED
        else None
    )


def versions(submission: Submission) -> list[Submission]:
    """Return all versions of the slot, newest first."""
    slot = {"unit": submission.unit, "collection": submission.collection, "period": submission.period}
    return list(Submission.objects.filter(**slot).select_related("uploader", "signer", "file").newest())


def _progress_context(submission: Submission) -> dict[str, Any]:
    now: Progress = progress_of(submission)
    return {"progress": now, "phase": badges.PHASES[now.phase], "phases": badges.phases(now.phase)}
