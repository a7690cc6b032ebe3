"""Deciding: the ministry takes a submission up, accepts it, or takes an accepted one out of force."""

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
    shown = find(request, submission_id)
    review.begin_review(submission=shown, by=request.user, request_id=request.request_id)
    return to_submission(request, shown, _("The review has begun: the unit can no longer withdraw it."))


@desk_page
def accept(request: StaffRequest, submission_id: UUID) -> HttpResponse:
    shown = find(request, submission_id)
    if request.method != "POST":
        if shown.state == State.ACCEPTED:  # also by the browser's way back after it was
            return to_submission(request, shown)
        permissions.require(request.user, Action.ACCEPT, shown)
    form = ConfirmForm(posted(request))
    if not form.is_valid():
        context = {"submission": shown, "form": form, "totals": presenters.totals(shown)}
        return render_page(request, "review/accept.html", context, status=400 if form.is_bound else 200)
    act = partial(review.accept, submission=shown, by=request.user, request_id=request.request_id)
    decide(submission=shown, done=State.ACCEPTED, by=request.user, verb=act)
    return to_submission(request, shown, _("Accepted: it is the unit's register for the period."))


@desk_page
def exclude(request: StaffRequest, submission_id: UUID) -> HttpResponse:
    said = _("Excluded: the national figures have changed accordingly.")
    return _with_reason(request, submission_id, Action.EXCLUDE, State.EXCLUDED, review.exclude, said)


@desk_page
def reinstate(request: StaffRequest, submission_id: UUID) -> HttpResponse:
    said = _("In force again: the national figures have changed with it.")
    return _with_reason(request, submission_id, Action.REINSTATE, State.ACCEPTED, review.reinstate, said)


def _with_reason(
    request: StaffRequest,
    submission_id: UUID,
    action: Action,
    done: State,
    verb: Callable[..., None],
    said: str,
) -> HttpResponse:
    """The page that asks for the reason of `verb`, then the verb itself."""
    shown = find(request, submission_id)
    if request.method != "POST":
        if shown.state == done:
            return to_submission(request, shown)
        permissions.require(request.user, action, shown)
    form = ReasonedForm(posted(request))
    if not form.is_valid():
        return _reason_page(request, shown, action, form, 400 if form.is_bound else 200)
    reason = form.cleaned_data["reason"]
    act = partial(verb, submission=shown, by=request.user, reason=reason, request_id=request.request_id)
    outcome = attempt(form, act)
    if isinstance(outcome, RefusalError):
        return _reason_page(request, shown, action, form, status_of(outcome))
    return to_submission(request, shown, said)


def _reason_page(
    request: StaffRequest, shown: Submission, action: Action, form: ReasonedForm, status: int
) -> HttpResponse:
    context = {"submission": shown, "form": form}
    return render_page(request, f"review/{action.value}.html", context, status=status)
