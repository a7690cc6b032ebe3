"""Explaining: a reason for one warning, for those with one value, or for all of a rule at a column."""

from __future__ import annotations

from functools import partial
from typing import Any, NamedTuple
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from submissions import permissions
from submissions.explaining import explain as explain_warnings
from submissions.models import Explanation, Finding, Submission
from submissions.models.finding import FindingQuerySet
from submissions.permissions import Action
from submissions.portal import showing
from submissions.portal.access import StaffRequest, desk_page, find, posted, render_page
from submissions.portal.attempting import attempt
from submissions.portal.forms import AskedWarningForm, ExplainForm
from submissions.refusals import RefusalError


class Scope(NamedTuple):
    """Which warnings a reason is for: `meant` are the verb's arguments, `count` how many these are."""

    name: str
    label: str
    count: int
    meant: dict[str, Any]


@desk_page
def explain(request: StaffRequest, submission_id: UUID) -> HttpResponse:
    shown = find(request, submission_id)
    permissions.require(request.user, Action.EXPLAIN, shown)
    example, alone = _asked_for(request, shown)
    scopes = explain_scopes(example, alone=alone)
    form = ExplainForm(posted(request), initial={"scope": scopes[0].name})
    form.fields["scope"].choices = [(scope.name, f"{scope.label} ({scope.count:,})") for scope in scopes]
    context = {"submission": shown, "form": form, "example": showing.shown([example])[0], "scopes": scopes}
    if not form.is_valid():
        return render_page(request, "portal/explain.html", context, status=400 if form.is_bound else 200)
    meant = {scope.name: scope for scope in scopes}[form.cleaned_data["scope"]]
    outcome = attempt(form, partial(_explain, request, shown, form, meant))
    if isinstance(outcome, RefusalError):
        return render_page(request, "portal/explain.html", context, status=outcome.status)
    return _back_to_open(request, shown)


def explain_scopes(example: Finding, *, alone: bool) -> list[Scope]:
    """What a reason may cover, the narrowest first. `alone` offers the one warning itself as well."""
    code = {"code": example.code}
    like = _warnings(example.submission).filter(**code, column=example.column)
    at_column = code | ({"column": example.column} if example.column else {})
    scopes = [Scope("all", _("All warnings of this rule at this column"), like.count(), at_column)]
    same = like.filter(value=example.value).count() if example.value else 0
    if 1 < same < scopes[0].count:
        label = _("All of them with the value “%(value)s”") % {"value": example.value}
        scopes.insert(0, Scope("value", label, same, at_column | {"value": example.value}))
    if alone and scopes[0].count > 1:
        scopes.insert(0, Scope("one", _("This warning only"), 1, code | {"finding_ids": [example.pk]}))
    return scopes


def _asked_for(request: StaffRequest, submission: Submission) -> tuple[Finding, bool]:
    """The warning that the address names, and whether it names that one or a group."""
    asked = AskedWarningForm(request.GET)
    if not asked.is_valid():
        raise RefusalError("not-found")
    alone = asked.cleaned_data["finding"]
    group = {"code": asked.cleaned_data["code"], "column": asked.cleaned_data["column"] or None}
    named = _warnings(submission).filter(**({"pk": alone} if alone else group))
    example = named.select_related("submission", "explanation").first()
    if example is None:
        raise RefusalError("not-found")
    return example, alone is not None


def _warnings(submission: Submission) -> FindingQuerySet:
    return Finding.objects.of_unit().filter(submission=submission, severity="W")


def _explain(request: StaffRequest, submission: Submission, form: ExplainForm, scope: Scope) -> Explanation:
    return explain_warnings(
        submission=submission,
        by=request.user,
        reason=form.cleaned_data["reason"],
        text=form.cleaned_data["text"],
        **scope.meant,
        request_id=request.request_id,
    )


def _back_to_open(request: StaffRequest, submission: Submission) -> HttpResponse:
    """To the warnings still open; to the submission's page when none is."""
    messages.success(request, _("The explanation is kept."), extra_tags="kept")
    if not submission.open_warnings:
        return redirect("portal:submission", submission.pk)
    page = reverse("portal:findings", args=[submission.pk])
    return redirect(f"{page}?{urlencode({'severity': 'W', 'answered': 'no'})}")
