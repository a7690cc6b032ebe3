"""Decisions of the ministry: begin a review, accept, exclude, reinstate."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.access import StaffRequest, desk_page, find, posted, render_page
from portal.form_actions import attempt, decide
from portal.returns import presenters
from portal.returns.forms import ConfirmForm, ReasonedForm
from portal.returns.views.submission import to_submission
from project.refusal_status import status_of
from submissions.models import State, Submission
from submissions.signoff import review
from submissions.workflow import permissions
from submissions.workflow.permissions import Action
from submissions.workflow.refusals import RefusalError


@require_POST
@desk_page
def begin(request: StaffRequest, submission_id: UUID) -> HttpResponse:
    submission = find(request, submission_id)
    review.begin_review(submission=submission, by=request.user, request_id=request.request_id)
    return to_submission(request, submission, _("The review has begun: the unit can no longer withdraw it."))


@desk_page
def accept(request: StaffRequest, submission_id: UUID) -> HttpResponse:
    submission = find(request, submission_id)
    if request.method != "POST":
        if submission.state == State.ACCEPTED:  # also by the browser's way back after it was
            return to_submission(request, submission)
        permissions.require(request.user, Action.ACCEPT, submission)
    form = ConfirmForm(posted(request))
    if not form.is_valid():
        context = {"submission": submission, "form": form, "totals": presenters.totals(submission)}
        return render_page(request, "review/accept.html", context, status=400 if form.is_bound else 200)
    act = partial(review.accept, submission=submission, by=request.user, request_id=request.request_id)
    decide(submission=submission, done=State.ACCEPTED, by=request.user, verb=act)
    return to_submission(request, submission, _("Accepted: it is the unit's register for the period."))


@desk_page
def exclude(request: StaffRequest, submission_id: UUID) -> HttpResponse:
    message = _("Excluded: the national figures have changed accordingly.")
    return _with_reason(request, submission_id, Action.EXCLUDE, State.EXCLUDED, review.exclude, message)


@desk_page
def reinstate(request: StaffRequest, submission_id: UUID) -> HttpResponse:
    message = _("In force again: the national figures have changed with it.")
    return _with_reason(request, submission_id, Action.REINSTATE, State.ACCEPTED, review.reinstate, message)


def _with_reason(
    request: StaffRequest,
    submission_id: UUID,
    action: Action,
    done: State,
    verb: Callable[..., None],
    message: str,
) -> HttpResponse:
    """Show the page that asks for a reason, then call `verb` with it."""
    submission = find(request, submission_id)
    if request.method != "POST":
        if submission.state == done:
            return to_submission(request, submission)
        permissions.require(request.user, action, submission)
    form = ReasonedForm(posted(request))
    if not form.is_valid():
        return _reason_page(request, submission, action, form, 400 if form.is_bound else 200)
    reason = form.cleaned_data["reason"]
    act = partial(verb, submission=submission, by=request.user, reason=reason, request_id=request.request_id)
    outcome = attempt(form, act)
    if isinstance(outcome, RefusalError):
        return _reason_page(request, submission, action, form, status_of(outcome))
    return to_submission(request, submission, message)


def _reason_page(
    request: StaffRequest, submission: Submission, action: Action, form: ReasonedForm, status: int
) -> HttpResponse:
    context = {"submission": submission, "form": form}
    return render_page(request, f"review/{action.value}.html", context, status=status)
