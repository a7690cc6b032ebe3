"""Explanations: one reason for one or many warnings, the open ones, the given ones, and taking back."""

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
from portal.form_fields import choice_field
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
from validation import Severity

#: words of an address that say what is asked for and are no filter of the findings page
_FILTERED = "filtered"
#: explanations on one page
PAGE = 50


class Scope(NamedTuple):
    """A set of `warnings` many warnings that a reason covers."""

    name: str
    label: str
    warnings: int
    findings: FindingQuerySet


@desk_page
def explain(request: StaffRequest, submission_id: UUID) -> HttpResponse:
    submission = find(request, submission_id)
    if request.method != "POST":  # what was typed is shown again when the verb refuses it
        permissions.require(request.user, Action.EXPLAIN, submission)
    example, scopes = _asked_for(request, submission)
    given = example.explanation
    initial = {"reason": given.reason, "text": given.text} if given else {}
    form = ExplainForm(posted(request), initial={"scope": _meant_first(request, scopes), **initial})
    choice_field(form, "scope").choices = [
        (scope.name, f"{scope.label} ({scope.warnings:,})") for scope in scopes
    ]
    context = {
        "submission": submission,
        "form": form,
        "example": presenters.present([example])[0],
        "scopes": scopes,
    }
    if not form.is_valid():
        return render_page(request, "returns/explain.html", context, status=400 if form.is_bound else 200)
    scope = {scope.name: scope for scope in scopes}[form.cleaned_data["scope"]]
    outcome = attempt(form, partial(_explain, request, submission, form, scope))
    if isinstance(outcome, RefusalError):
        return render_page(request, "returns/explain.html", context, status=status_of(outcome))
    return _onwards(request, submission)


@desk_page
def explanations(request: StaffRequest, submission_id: UUID) -> HttpResponse:
    """Show open warnings by rule, and the explanations given."""
    submission = find(request, submission_id)
    groups = presenters.groups(submission, request.user)
    page = Paginator(given_explanations(submission), PAGE).get_page(request.GET.get("page"))
    context = {
        "submission": submission,
        "open": [group for group in groups if group.group.open],
        "page": page,
        "given": _with_examples(list(page)),
        "actions": permissions.allowed_actions(request.user, submission),
    }
    return render_page(request, "returns/explanations.html", context)


@require_POST
@desk_page
def take_back_explanation(request: StaffRequest, submission_id: UUID, explanation_id: int) -> HttpResponse:
    submission = find(request, submission_id)
    explanation = get_object_or_404(Explanation, pk=explanation_id, submission=submission)
    answered = warnings_of(submission).filter(explanation=explanation)
    opened = take_back(
        submission=submission, by=request.user, findings=answered, request_id=request.request_id
    )
    text = ngettext("%(count)s warning is open again.", "%(count)s warnings are open again.", opened)
    messages.success(request, text % {"count": f"{opened:,}"}, extra_tags="kept")
    return redirect("portal:explanations", submission.pk)


def explain_scopes(example: Finding, *, alone: bool) -> list[Scope]:
    """Return the scopes of a reason, narrowest first; `alone` also offers the one warning itself."""
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
    """Order the scopes so that the clicked one comes first: warning, explanation, filter or group."""
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


def _each_wider(scopes: list[Scope]) -> list[Scope]:
    """Keep scopes that cover more than the previous one; of equal ones keep "all", else the first."""
    wider: list[Scope] = []
    for scope in scopes:
        if not wider or scope.warnings > wider[-1].warnings:
            wider.append(scope)
        elif scope.name == "all":
            wider[-1] = scope
    return wider


def _asked_for(request: StaffRequest, submission: Submission) -> tuple[Finding, list[Scope]]:
    """Return an example of the warnings in the address, and the scopes a reason may cover from there."""
    form = AskedWarningForm(request.GET)
    if not form.is_valid():
        raise RefusalError(Refusal.NOT_FOUND)
    if _FILTERED in request.GET:
        return _of_filter(request, submission)
    alone, given = form.cleaned_data["finding"], form.cleaned_data["explanation"]
    group = {"code": form.cleaned_data["code"], "column": form.cleaned_data["column"] or None}
    lookup = {"pk": alone} if alone else {"explanation": given} if given else group
    warnings = warnings_of(submission).filter(**lookup)
    example = _first(warnings)
    scopes = explain_scopes(example, alone=alone is not None)
    if given:
        answered = Scope("given", _("What this explanation answers"), warnings.count(), warnings)
        scopes = _each_wider([answered, *(scope for scope in scopes if scope.warnings > answered.warnings)])
    return example, scopes


def _of_filter(request: StaffRequest, submission: Submission) -> tuple[Finding, list[Scope]]:
    """Return scopes of all warnings that pass the filters in the address, and of the open ones."""
    findings = narrowed(request.GET, submission, request.user).findings.filter(
        severity=Severity.WARNING.value
    )
    still_open = findings.filter(pl.col("explanation_id").is_null())
    scopes = [_of_frame("filter", _("All warnings that the filters show"), submission, findings)]
    if 0 < still_open.height < findings.height:
        scopes.insert(0, _of_frame("open", _("Of these, the ones still open"), submission, still_open))
    return _first(warnings_of(submission).filter(pk__in=findings["id"].head(1).to_list())), scopes


def _of_frame(name: str, label: str, submission: Submission, findings: pl.DataFrame) -> Scope:
    return Scope(name, label, findings.height, warnings_of(submission).of_ids(findings["id"]))


def _first(findings: FindingQuerySet) -> Finding:
    example = findings.select_related("submission", "explanation").first()
    if example is None:
        raise RefusalError(Refusal.NOT_FOUND)
    return example


def _with_examples(given: list[Explanation]) -> list[tuple[Explanation, presenters.FindingShown]]:
    """Return each explanation with its first warning, in one query."""
    findings = Finding.objects.filter(explanation__in=given).order_by("explanation_id", "ordinal", "pk")
    firsts = presenters.present(findings.distinct("explanation_id"))
    examples = {example.finding.explanation_id: example for example in firsts}
    return [(explanation, examples[explanation.pk]) for explanation in given]


def _explain(
    request: StaffRequest, submission: Submission, form: ExplainForm, scope: Scope
) -> list[Explanation]:
    return explain_findings(
        submission=submission,
        by=request.user,
        findings=scope.findings,
        reason=form.cleaned_data["reason"],
        text=form.cleaned_data["text"],
        request_id=request.request_id,
    )


def _onwards(request: StaffRequest, submission: Submission) -> HttpResponse:
    """Redirect to the open warnings with their number; to the submission's page when none is open."""
    if not submission.open_warnings:
        messages.success(
            request, _("The explanation is saved. Every warning is answered now."), extra_tags="kept"
        )
        return redirect("portal:submission", submission.pk)
    text = ngettext(
        "The explanation is saved. %(count)s warning is still open.",
        "The explanation is saved. %(count)s warnings are still open.",
        submission.open_warnings,
    )
    messages.success(request, text % {"count": f"{submission.open_warnings:,}"}, extra_tags="kept")
    page = reverse("portal:findings", args=[submission.pk])
    return redirect(f"{page}?{urlencode({'severity': Severity.WARNING, 'answered': 'no'})}")
