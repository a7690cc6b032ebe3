"""Explaining: a reason for one warning or for many alike; what is open, what was answered, and taking it back."""

from __future__ import annotations

from functools import partial
from typing import NamedTuple
from urllib.parse import urlencode
from uuid import UUID

import polars as pl
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from portal.access import StaffRequest, desk_page, find, posted, render_page
from portal.form_actions import attempt
from portal.returns import presenters
from portal.returns.filters import narrowed
from portal.returns.forms import AskedWarningForm, ExplainForm
from project.refusal_status import status_of
from submissions.edits.explanations import explain_findings, given_explanations, take_back, warnings_of
from submissions.models import Explanation, Finding, Submission
from submissions.models.finding import FindingQuerySet
from submissions.workflow import permissions
from submissions.workflow.permissions import Action
from submissions.workflow.refusals import Refusal, RefusalError

#: words of an address that say what is asked for and are no filter of the findings page
_FILTERED = "filtered"
#: explanations on one page
PAGE = 50


class Scope(NamedTuple):
    """Which warnings a reason is for, `count` of them."""

    name: str
    label: str
    count: int
    found: FindingQuerySet


@desk_page
def explain(request: StaffRequest, submission_id: UUID) -> HttpResponse:
    shown = find(request, submission_id)
    if request.method != "POST":  # what was typed is shown again when the verb refuses it
        permissions.require(request.user, Action.EXPLAIN, shown)
    example, scopes = _asked_for(request, shown)
    given = example.explanation
    said = {"reason": given.reason, "text": given.text} if given else {}
    form = ExplainForm(posted(request), initial={"scope": _meant_first(request, scopes), **said})
    form.fields["scope"].choices = [(scope.name, f"{scope.label} ({scope.count:,})") for scope in scopes]
    context = {"submission": shown, "form": form, "example": presenters.shown([example])[0], "scopes": scopes}
    if not form.is_valid():
        return render_page(request, "returns/explain.html", context, status=400 if form.is_bound else 200)
    meant = {scope.name: scope for scope in scopes}[form.cleaned_data["scope"]]
    outcome = attempt(form, partial(_explain, request, shown, form, meant))
    if isinstance(outcome, RefusalError):
        return render_page(request, "returns/explain.html", context, status=status_of(outcome))
    return _onwards(request, shown)


@desk_page
def explanations(request: StaffRequest, submission_id: UUID) -> HttpResponse:
    """What is still open, by rule, and what was answered with which reason."""
    shown = find(request, submission_id)
    groups = presenters.groups(shown, request.user)
    page = Paginator(given_explanations(shown), PAGE).get_page(request.GET.get("page"))
    context = {
        "submission": shown,
        "open": [group for group in groups if group.group.open],
        "page": page,
        "given": _with_examples(list(page)),
        "actions": permissions.allowed_actions(request.user, shown),
    }
    return render_page(request, "returns/explanations.html", context)


@require_POST
@desk_page
def take_back_explanation(request: StaffRequest, submission_id: UUID, explanation_id: int) -> HttpResponse:
    shown = find(request, submission_id)
    explanation = get_object_or_404(Explanation, pk=explanation_id, submission=shown)
    found = warnings_of(shown).filter(explanation=explanation)
    opened = take_back(submission=shown, by=request.user, findings=found, request_id=request.request_id)
    text = ngettext("%(count)s warning is open again.", "%(count)s warnings are open again.", opened)
    messages.success(request, text % {"count": f"{opened:,}"}, extra_tags="kept")
    return redirect("portal:explanations", shown.pk)


def explain_scopes(example: Finding, *, alone: bool) -> list[Scope]:
    """What a reason may cover, the narrowest first. `alone` offers the one warning itself as well."""
    rule = warnings_of(example.submission).filter(code=example.code)
    at_column = rule.filter(column=example.column)
    offered = [
        *([Scope("one", _("This warning only"), 1, rule.filter(pk=example.pk))] if alone else []),
        *_of_value(example, at_column),
        Scope("all", _("All warnings of this rule at this column"), at_column.count(), at_column),
        Scope("rule", _("All warnings of this rule, at every column"), rule.count(), rule),
    ]
    # of two that cover as many the wider words are the plainer ones, but a rule at one column only is the column
    return _each_wider(offered)


def _meant_first(request: StaffRequest, scopes: list[Scope]) -> str:
    """What was clicked: the one warning, the explanation, the filter; from a group's line the group."""
    names = [scope.name for scope in scopes]
    is_group = not {"finding", "explanation", _FILTERED} & set(request.GET)
    return "all" if is_group and "all" in names else names[0]


def _of_value(example: Finding, at_column: FindingQuerySet) -> list[Scope]:
    if not example.value:
        return []
    label = _("All of them with the value “%(value)s”") % {"value": example.value}
    same = at_column.filter(value=example.value)
    count = same.count()
    return [Scope("value", label, count, same)] if count > 1 else []


def _each_wider(offered: list[Scope]) -> list[Scope]:
    """Scopes that cover more than the one before; of those that cover as many, "all" or else the first stays."""
    kept: list[Scope] = []
    for scope in offered:
        if not kept or scope.count > kept[-1].count:
            kept.append(scope)
        elif scope.name == "all":
            kept[-1] = scope
    return kept


def _asked_for(request: StaffRequest, submission: Submission) -> tuple[Finding, list[Scope]]:
    """The warning that the address names, as an example, and what a reason may cover from there."""
    asked = AskedWarningForm(request.GET)
    if not asked.is_valid():
        raise RefusalError(Refusal.NOT_FOUND)
    if _FILTERED in request.GET:
        return _of_filter(request, submission)
    alone, given = asked.cleaned_data["finding"], asked.cleaned_data["explanation"]
    group = {"code": asked.cleaned_data["code"], "column": asked.cleaned_data["column"] or None}
    named = {"pk": alone} if alone else {"explanation": given} if given else group
    found = warnings_of(submission).filter(**named)
    example = _first(found)
    scopes = explain_scopes(example, alone=alone is not None)
    if given:
        answered = Scope("given", _("What this explanation answers"), found.count(), found)
        scopes = _each_wider([answered, *(one for one in scopes if one.count > answered.count)])
    return example, scopes


def _of_filter(request: StaffRequest, submission: Submission) -> tuple[Finding, list[Scope]]:
    """Every warning that the findings page shows under the filters in the address, and of these the open ones."""
    shown = narrowed(request.GET, submission, request.user).found.filter(severity="W")
    still_open = shown.filter(pl.col("explanation_id").is_null())
    scopes = [_of_frame("filter", _("All warnings that the filters show"), submission, shown)]
    if 0 < still_open.height < shown.height:
        scopes.insert(0, _of_frame("open", _("Of these, the ones still open"), submission, still_open))
    return _first(warnings_of(submission).filter(pk__in=shown["id"].head(1).to_list())), scopes


def _of_frame(name: str, label: str, submission: Submission, found: pl.DataFrame) -> Scope:
    return Scope(name, label, found.height, warnings_of(submission).of_ids(found["id"]))


def _first(found: FindingQuerySet) -> Finding:
    example = found.select_related("submission", "explanation").first()
    if example is None:
        raise RefusalError(Refusal.NOT_FOUND)
    return example


def _with_examples(given: list[Explanation]) -> list[tuple[Explanation, presenters.FindingShown]]:
    """Each with the first warning that it answers, all of them found at once."""
    found = Finding.objects.filter(explanation__in=given).order_by("explanation_id", "ordinal", "pk")
    firsts = presenters.shown(found.distinct("explanation_id"))
    examples = {example.finding.explanation_id: example for example in firsts}
    return [(one, examples[one.pk]) for one in given]


def _explain(
    request: StaffRequest, submission: Submission, form: ExplainForm, scope: Scope
) -> list[Explanation]:
    return explain_findings(
        submission=submission,
        by=request.user,
        findings=scope.found,
        reason=form.cleaned_data["reason"],
        text=form.cleaned_data["text"],
        request_id=request.request_id,
    )


def _onwards(request: StaffRequest, shown: Submission) -> HttpResponse:
    """To the warnings still open, with their number; to the submission's page when none is."""
    if not shown.open_warnings:
        messages.success(
            request, _("The explanation is saved. Every warning is answered now."), extra_tags="kept"
        )
        return redirect("portal:submission", shown.pk)
    text = ngettext(
        "The explanation is saved. %(count)s warning is still open.",
        "The explanation is saved. %(count)s warnings are still open.",
        shown.open_warnings,
    )
    messages.success(request, text % {"count": f"{shown.open_warnings:,}"}, extra_tags="kept")
    page = reverse("portal:findings", args=[shown.pk])
    return redirect(f"{page}?{urlencode({'severity': 'W', 'answered': 'no'})}")
