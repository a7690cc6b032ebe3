"""Deciding: the ministry takes a submission up, accepts it, or returns it with reasons at their places."""

from __future__ import annotations

import re
from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from submissions import permissions, review
from submissions.models import State, Submission
from submissions.permissions import Action
from submissions.portal import showing
from submissions.portal.access import StaffRequest, desk_page, find, posted, render_page
from submissions.portal.attempting import attempt, decide
from submissions.portal.forms import MOST_REASONS, BaseReasons, ConfirmForm, ExcludeForm, ReasonFormSet
from submissions.portal.views.submission import to_submission
from submissions.refusals import RefusalError
from submissions.templatetags.portal import named
from validation import FORMS


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
        permissions.require(request.user, Action.ACCEPT, shown)
    form = ConfirmForm(posted(request))
    if not form.is_valid():
        context = {"submission": shown, "form": form, "totals": showing.totals(shown)}
        return render_page(request, "review/accept.html", context, status=400 if form.is_bound else 200)
    act = partial(review.accept, submission=shown, by=request.user, request_id=request.request_id)
    decide(submission=shown, done=State.ACCEPTED, by=request.user, verb=act)
    return to_submission(request, shown, _("Accepted: it is the unit's register for the period."))


@desk_page
def exclude(request: StaffRequest, submission_id: UUID) -> HttpResponse:
    shown = find(request, submission_id)
    if request.method != "POST":
        permissions.require(request.user, Action.EXCLUDE, shown)
    form = ExcludeForm(posted(request))
    if not form.is_valid():
        return _exclude_page(request, shown, form, 400 if form.is_bound else 200)
    reason = form.cleaned_data["reason"]
    act = partial(
        review.exclude, submission=shown, by=request.user, reason=reason, request_id=request.request_id
    )
    outcome = attempt(form, act)
    if isinstance(outcome, RefusalError):
        return _exclude_page(request, shown, form, outcome.status)
    return to_submission(request, shown, _("Excluded: the national figures have changed accordingly."))


def _exclude_page(request: StaffRequest, shown: Submission, form: ExcludeForm, status: int) -> HttpResponse:
    return render_page(request, "review/exclude.html", {"submission": shown, "form": form}, status=status)


@desk_page
def return_(request: StaffRequest, submission_id: UUID) -> HttpResponse:
    shown = find(request, submission_id)
    if request.method != "POST":
        permissions.require(request.user, Action.RETURN, shown)
    forms = _reasons(request, shown)
    if request.method != "POST" or "more" in request.POST:
        return _return_page(request, shown, forms, 200)
    if not forms.is_valid():
        return _return_page(request, shown, forms, 400)
    outcome = attempt(forms, partial(_send_back, request, shown, forms))
    if isinstance(outcome, RefusalError):
        return _return_page(request, shown, forms, outcome.status)
    return to_submission(request, shown, _("Returned: the unit sees the reasons at their places."))


def _return_page(request: StaffRequest, shown: Submission, forms: BaseReasons, status: int) -> HttpResponse:
    return render_page(request, "review/return.html", {"submission": shown, "forms": forms}, status=status)


def _reasons(request: StaffRequest, shown: Submission) -> BaseReasons:
    """The forms as sent, one more when another is asked for; else one, filled with the place in the address."""
    choices = {"choices": _places(request, shown)}
    if request.method != "POST":
        return ReasonFormSet(initial=[_place(request)], form_kwargs=choices)
    if "more" in request.POST:
        return ReasonFormSet(initial=_typed(request), form_kwargs=choices)
    return ReasonFormSet(request.POST, form_kwargs=choices)


def _places(request: StaffRequest, shown: Submission) -> dict[str, list[tuple[str, str]]]:
    """What a reason may speak of: rules that were broken, sheets that were read, columns of the form."""
    found = shown.findings.visible_to(request.user)
    codes = found.order_by("code").values_list("code", flat=True).distinct()
    sheets = [sheet["name"] for sheet in shown.report.get("sheets", ())]
    return {
        "code": [(code, code) for code in codes],
        "sheet": [(name, name) for name in sheets],
        "column": [(column.key, named(column)) for column in FORMS[shown.collection].columns],
    }


#: as many forms as a person can have asked for
COUNT = re.compile(r"[0-9]{1,3}")
PLACES = ("code", "sheet", "row", "column")


def _place(request: StaffRequest) -> dict[str, str]:
    return {name: request.GET[name] for name in PLACES if request.GET.get(name)}


def _typed(request: StaffRequest) -> list[dict[str, Any]]:
    """What was typed so far, and an empty reason after it."""
    count = request.POST.get("form-TOTAL_FORMS", "1")
    numbers = range(min(int(count), MOST_REASONS - 1) if COUNT.fullmatch(count) else 1)
    names = ("text", *PLACES)
    typed = [{name: request.POST.get(f"form-{at}-{name}", "") for name in names} for at in numbers]
    return [*typed, {}]


def _send_back(request: StaffRequest, shown: Submission, forms: BaseReasons) -> None:
    act = partial(
        review.return_,
        submission=shown,
        by=request.user,
        reasons=forms.given(),
        request_id=request.request_id,
    )
    decide(submission=shown, done=State.RETURNED, by=request.user, verb=act)
