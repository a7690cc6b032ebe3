"""One submission: its state, how the file was understood, what was found, and the progress until then."""

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
    shown = find(request, submission_id)
    if desk(request) == "portal":
        notify.mark_read(request.user, shown)
    context = panels(request, shown) | {
        "step": next_steps.for_submission(shown, request.user),
        "doubt": doubt(shown, request.user),
        "mapping": column_mapping_forms.mapping(shown),
    }
    return render_page(request, "returns/submission.html", context)


@desk_page
def progress(request: StaffRequest, submission_id: UUID) -> HttpResponse:
    """The part of the page that is asked for again and again; the whole page comes when the check is done."""
    shown = find(request, submission_id)
    if shown.state not in WORKED_ON:
        return HttpResponseClientRefresh() if request.htmx else to_submission(request, shown)
    return render_page(request, "returns/_progress.html", _progress_context(shown))


@require_POST
@desk_page
def retry(request: StaffRequest, submission_id: UUID) -> HttpResponse:
    shown = find(request, submission_id)
    again = partial(intake.retry, submission=shown, by=request.user, request_id=request.request_id)
    decide(submission=shown, done=State.RECEIVED, by=request.user, verb=again)
    return to_submission(request, shown)


def to_submission(request: StaffRequest, shown: Submission, said: str = "") -> HttpResponse:
    """Back to the submission's page at the same desk, with a sentence about what was done."""
    if said:
        messages.success(request, said, extra_tags="kept")
    return redirect(f"{desk(request)}:submission", shown.pk)


def panels(request: StaffRequest, shown: Submission) -> dict[str, Any]:
    """What both desks show of a submission."""
    reasons = list(shown.return_reasons.all())
    return {
        "submission": shown,
        "actions": permissions.allowed_actions(request.user, shown),
        "working": shown.state in WORKED_ON,
        "failure": FAILURES.get(shown.failure, ""),
        "reasons": reasons,
        "followed": return_followup.follow(shown),
        "taken_over": taken_over(shown),
        "groups": presenters.groups(shown, request.user, reasons),
        "totals": presenters.totals(shown),
        "versions": versions(shown),
        "events": shown.events.select_related("actor"),
        "in_force": Register.objects.in_force().filter(submission=shown).exists(),
        "excluded": _exclusion(shown),
    } | _progress_context(shown)


def _exclusion(shown: Submission) -> Event | None:
    """By whom, when and why it was taken out of force, where it is."""
    return shown.events.filter(to_state=State.EXCLUDED).last() if shown.state == State.EXCLUDED else None


def versions(shown: Submission) -> list[Submission]:
    """All versions of the slot, newest first."""
    slot = {"unit": shown.unit, "collection": shown.collection, "period": shown.period}
    return list(Submission.objects.filter(**slot).select_related("uploader", "signer", "file").newest())


def _progress_context(shown: Submission) -> dict[str, Any]:
    now: Progress = progress_of(shown)
    return {"progress": now, "phase": badges.PHASES[now.phase], "phases": badges.phases(now.phase)}
