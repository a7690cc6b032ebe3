"""Deciding about an upload that was set aside: take it all the same, send it where it belongs, or give it up."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from submissions import setting_aside
from submissions.models import State
from submissions.portal.access import StaffRequest, desk_page, find
from submissions.portal.attempting import decide
from submissions.portal.views.submission import to_submission


@require_POST
@desk_page
def confirm(request: StaffRequest, submission_id: UUID) -> HttpResponse:
    shown = find(request, submission_id)
    if shown.set_aside:
        setting_aside.confirm(submission=shown, by=request.user, request_id=request.request_id)
    return to_submission(request, shown, _("This version now stands."))


@require_POST
@desk_page
def discard(request: StaffRequest, submission_id: UUID) -> HttpResponse:
    shown = find(request, submission_id)
    verb = partial(setting_aside.discard, submission=shown, by=request.user, request_id=request.request_id)
    decide(submission=shown, done=State.WITHDRAWN, by=request.user, verb=verb)
    messages.success(request, _("The upload was discarded. It stays in the history."))
    return redirect("portal:home")


@require_POST
@desk_page
def redirect_(request: StaffRequest, submission_id: UUID) -> HttpResponse:
    shown = find(request, submission_id)
    if shown.state == State.WITHDRAWN:
        # a second click: the first one has sent it on
        return redirect("portal:home")
    sent = setting_aside.redirect(submission=shown, by=request.user, request_id=request.request_id)
    return to_submission(request, sent, _("The file was moved to the return that it names."))
