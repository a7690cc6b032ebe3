"""Deciding about an upload that was set aside: keep it, redirect it, or discard it."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.access import StaffRequest, desk_page, find
from portal.form_actions import decide
from portal.returns.views.submission import to_submission
from submissions.checks import quarantine
from submissions.models import State


@require_POST
@desk_page
def confirm(request: StaffRequest, submission_id: UUID) -> HttpResponse:
    submission = find(request, submission_id)
    if submission.set_aside:
        quarantine.confirm(submission=submission, by=request.user, request_id=request.request_id)
    return to_submission(request, submission, _("This version is now in force."))


@require_POST
@desk_page
def discard(request: StaffRequest, submission_id: UUID) -> HttpResponse:
    submission = find(request, submission_id)
    verb = partial(quarantine.discard, submission=submission, by=request.user, request_id=request.request_id)
    decide(submission=submission, done=State.WITHDRAWN, by=request.user, verb=verb)
    messages.success(request, _("The upload was discarded. It stays in the history."))
    return redirect("portal:home")


@require_POST
@desk_page
def redirect_(request: StaffRequest, submission_id: UUID) -> HttpResponse:
    submission = find(request, submission_id)
    if submission.state == State.WITHDRAWN:
        # a second click: the first one has sent it on
        return redirect("portal:home")
    sent = quarantine.redirect(submission=submission, by=request.user, request_id=request.request_id)
    return to_submission(request, sent, _("The file was moved to the return that it names."))
