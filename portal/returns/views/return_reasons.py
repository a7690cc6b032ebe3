"""Returning a submission: reasons collected from findings, and the return that sends them to the unit."""

from __future__ import annotations

import re
from functools import partial
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.access import StaffRequest, desk_page, find, render_page
from portal.form_actions import attempt, decide
from portal.returns import presenters
from portal.returns.forms import BaseReasons, CollectForm, ReasonForm, ReasonFormSet
from portal.returns.views.submission import to_submission
from portal.templatetags.portal import named, rule_condition
from project.refusal_status import status_of
from submissions.models import ReturnDraft, State, Submission
from submissions.signoff import return_drafts, review
from submissions.signoff.return_drafts import MOST_REASONS
from submissions.signoff.review import REASON_CHARACTERS, ReasonGiven
from submissions.workflow import permissions
from submissions.workflow.permissions import Action
from submissions.workflow.refusals import Refusal, RefusalError
from validation import FORMS, catalogue

#: as many forms as a person can have asked for
COUNT = re.compile(r"[0-9]{1,3}")
_FIELDS = ("draft", "text", "code", "sheet", "row", "column")

Typed = dict[str, Any]


@require_POST
@desk_page
def collect(request: StaffRequest, submission_id: UUID) -> HttpResponse:
    """Add a finding's or rule's place to the reasons, with the finding's text as a start."""
    submission = find(request, submission_id)
    form = CollectForm(request.POST)
    if not form.is_valid():
        raise RefusalError(Refusal.NOT_FOUND)
    given = _given_for(request, submission, form.cleaned_data)
    draft = return_drafts.collect(submission=submission, by=request.user, given=given)
    address = reverse("review:return", args=[submission.pk])
    query = urlencode({"from": form.cleaned_data["from"]}) if form.cleaned_data["from"] else ""
    return redirect(f"{address}?{query}#reason-{draft.pk if draft else 'more'}")


@desk_page
def return_(request: StaffRequest, submission_id: UUID) -> HttpResponse:
    submission = find(request, submission_id)
    if request.method != "POST":
        if submission.state == State.RETURNED:
            return to_submission(request, submission)
        permissions.require(request.user, Action.RETURN, submission)
        collected = [_typed_of(draft) for draft in return_drafts.drafts_of(submission, request.user)]
        return _return_page(request, submission, _unbound(request, submission, collected or [{}]), 200)
    typed = _typed(request)
    if permissions.can(request.user, Action.RETURN, submission):
        typed = _kept(request, submission, typed)
    if "keep" in request.POST:
        return redirect(_came_from(request) or reverse("review:submission", args=[submission.pk]))
    if "more" in request.POST:
        more = [*typed, {}][:MOST_REASONS]
        return _return_page(request, submission, _unbound(request, submission, more), 200)
    return _send(request, submission, typed)


def _send(request: StaffRequest, submission: Submission, typed: list[Typed]) -> HttpResponse:
    others = _collected_elsewhere(request, submission, typed)
    forms = _bound(request, submission, [*typed, *others])
    if others:
        forms.non_form_errors().append(
            _("More reasons were collected in another window. Review them, then return.")
        )
        return _return_page(request, submission, forms, 409)
    if not forms.is_valid():
        return _return_page(request, submission, forms, 400)
    outcome = attempt(forms, partial(_send_back, request, submission, forms))
    if isinstance(outcome, RefusalError):
        return _return_page(request, submission, forms, status_of(outcome))
    return to_submission(request, submission, _("Returned: the unit sees each reason where it applies."))


def _return_page(
    request: StaffRequest, submission: Submission, forms: BaseReasons, status: int
) -> HttpResponse:
    context = {"submission": submission, "forms": forms, "came_from": _came_from(request)}
    return render_page(request, "review/return.html", context, status=status)


def _given_for(request: StaffRequest, submission: Submission, values: dict[str, Any]) -> ReasonGiven:
    """Return the reason for one finding, at its place, or for one rule."""
    if values["finding"] is None:
        if values["code"] not in catalogue():
            raise RefusalError(Refusal.NOT_FOUND)
        return ReasonGiven(rule_condition(values["code"])[:REASON_CHARACTERS], code=values["code"])
    readable = submission.findings.visible_to(request.user)
    finding = get_object_or_404(readable, pk=values["finding"])
    presented = presenters.present([finding])[0]
    column = finding.column if finding.column in FORMS[submission.collection].by_key else ""
    text = " ".join(filter(None, [presented.message, presented.fix]))[:REASON_CHARACTERS]
    return ReasonGiven(text, finding.code, finding.sheet or "", finding.row, column or "")


def _came_from(request: StaffRequest) -> str:
    """Return the page that the reasons are collected from, when the address names one of this site."""
    address = request.GET.get("from", "")
    return address if url_has_allowed_host_and_scheme(address, allowed_hosts=None) else ""


def _typed_of(draft: ReturnDraft) -> Typed:
    return {"draft": draft.pk} | {name: getattr(draft, name) for name in _FIELDS[1:]}


def _typed(request: StaffRequest) -> list[Typed]:
    """Return the typed rows without blank or removed ones; one blank row when nothing is left."""
    count = request.POST.get("form-TOTAL_FORMS", "1")
    numbers = range(min(int(count), MOST_REASONS) if COUNT.fullmatch(count) else 1)
    rows: list[Typed] = [
        {name: request.POST.get(f"form-{at}-{name}", "") for name in _FIELDS} for at in numbers
    ]
    stay = [row for at, row in enumerate(rows) if f"form-{at}-remove" not in request.POST]
    return [row for row in stay if any(row.values())][:MOST_REASONS] or [{}]


def _kept(request: StaffRequest, submission: Submission, typed: list[Typed]) -> list[Typed]:
    """Return the same rows after storing them, each with its draft's id."""
    filled = [row for row in typed if row]
    read = [ReasonForm(row, choices=_places(request, submission)) for row in filled]
    rows = [(_id(row["draft"]), _storable(form, row)) for row, form in zip(filled, read, strict=True)]
    gone = [_id(request.POST.get(name.replace("-remove", "-draft"), "")) for name in _removed(request)]
    drafts = return_drafts.keep(
        submission=submission, by=request.user, typed=rows, removed=[pk for pk in gone if pk]
    )
    return [row | {"draft": draft.pk} for row, draft in zip(filled, drafts, strict=True)] or [{}]


def _removed(request: StaffRequest) -> list[str]:
    return [name for name in request.POST if re.fullmatch(r"form-[0-9]{1,3}-remove", name)]


def _storable(form: ReasonForm, row: Typed) -> ReasonGiven:
    """Return the valid fields of a row; its text always, without NUL, which no database stores."""
    form.is_valid()
    place = {name: form.cleaned_data.get(name) or "" for name in ("code", "sheet", "column")}
    text = row["text"].replace("\x00", "\ufffd")[:REASON_CHARACTERS]
    return ReasonGiven(text, row=form.cleaned_data.get("row"), **place)


def _id(text: object) -> int | None:
    return int(str(text)) if re.fullmatch(r"[0-9]{1,18}", str(text)) else None


def _collected_elsewhere(request: StaffRequest, submission: Submission, typed: list[Typed]) -> list[Typed]:
    """Return reasons collected since the page was opened."""
    if not permissions.can(request.user, Action.RETURN, submission):
        return []
    here = [row["draft"] for row in typed if row.get("draft")]
    return [
        _typed_of(draft) for draft in return_drafts.drafts_of(submission, request.user).exclude(pk__in=here)
    ]


def _unbound(request: StaffRequest, submission: Submission, typed: list[Typed]) -> BaseReasons:
    return ReasonFormSet(initial=typed, form_kwargs={"choices": _places(request, submission)})


def _bound(request: StaffRequest, submission: Submission, typed: list[Typed]) -> BaseReasons:
    data = {f"form-{at}-{name}": value for at, row in enumerate(typed) for name, value in row.items()}
    sent = data | {"form-TOTAL_FORMS": len(typed), "form-INITIAL_FORMS": 0}
    return ReasonFormSet(sent, form_kwargs={"choices": _places(request, submission)})


def _places(request: StaffRequest, submission: Submission) -> dict[str, list[tuple[str, str]]]:
    """Return what a reason may refer to: broken rules, sheets read, columns of the form."""
    findings = submission.findings.visible_to(request.user)
    codes = findings.order_by("code").values_list("code", flat=True).distinct()
    sheets = [sheet["name"] for sheet in submission.report.get("sheets", ())]
    return {
        "code": [(code, code) for code in codes],
        "sheet": [(name, name) for name in sheets],
        "column": [(column.key, named(column)) for column in FORMS[submission.collection].columns],
    }


def _send_back(request: StaffRequest, submission: Submission, forms: BaseReasons) -> None:
    act = partial(
        review.return_,
        submission=submission,
        by=request.user,
        reasons=forms.given(),
        request_id=request.request_id,
    )
    decide(submission=submission, done=State.RETURNED, by=request.user, verb=act)
