"""Corrections: their list with undo, and one new value for all equal findings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from portal.access import StaffRequest, desk_page, find, posted, render_page
from portal.form_actions import attempt
from portal.returns import presenters
from portal.returns.forms import BulkForm, LikeForm, UndoForm
from portal.returns.views.submission import to_submission
from portal.templatetags.portal import column_label
from project.refusal_status import status_of
from submissions.edits.corrections import ALIKE_AT_ONCE, CellEdit, Trial, correct, try_edits, undo
from submissions.findings import filtering
from submissions.findings.bulk_fix import equal_records, may_be_alike
from submissions.findings.filtering import FindingFilter
from submissions.findings.source_rows import own_rows
from submissions.models import Correction, Finding, Submission
from submissions.workflow import permissions
from submissions.workflow.permissions import Action
from submissions.workflow.refusals import Refusal, RefusalError
from validation import FORMS, choices, suggested

PAGE = 50
#: Rows named in a preview.
MOST_ROWS = 20


@dataclass(frozen=True)
class CorrectionShown:
    """A correction; `stands` while it is the newest of its cell, `cells` counts those of its act."""

    correction: Correction
    stands: bool
    cells: int


@desk_page
def corrections(request: StaffRequest, submission_id: UUID) -> HttpResponse:
    submission = find(request, submission_id)
    log = submission.corrections.select_related("by", "carried_from__submission").order_by("-id")
    page = Paginator(log, PAGE).get_page(request.GET.get("page"))
    context = {
        "submission": submission,
        "page": page,
        "corrections": _with_standing(submission, list(page.object_list)),
        "actions": permissions.allowed_actions(request.user, submission),
    }
    return render_page(request, "returns/corrections.html", context)


@require_POST
@desk_page
def undo_corrections(request: StaffRequest, submission_id: UUID) -> HttpResponse:
    """Undo one correction, or all of one act."""
    submission = find(request, submission_id)
    form = UndoForm(request.POST)
    if not form.is_valid():
        raise RefusalError(Refusal.NOTHING_TO_UNDO)
    undone = undo(submission=submission, by=request.user, **form.cleaned_data, request_id=request.request_id)
    _tell_undone(request, len(undone.corrections), undone.left)
    return redirect("portal:corrections", submission.pk)


@desk_page
def bulk(request: StaffRequest, submission_id: UUID) -> HttpResponse:
    """One new value for all findings of one rule, column and value: tried first, then applied."""
    submission = find(request, submission_id)
    permissions.require(request.user, Action.CORRECT, submission)
    like_form = LikeForm(posted(request) or request.GET)
    if (
        not like_form.is_valid()
        or like_form.cleaned_data["column"] not in FORMS[submission.collection].by_key
    ):
        raise RefusalError(Refusal.NOT_FOUND)
    _require_alike(submission, like_form.cleaned_data)
    alike = _alike(request, submission, like_form.cleaned_data)
    if not alike:
        message = _("These findings no longer exist; they have been corrected already.")
        return to_submission(request, submission, message)
    form = BulkForm(posted(request), initial=like_form.cleaned_data)
    context = _about(request, submission, form, alike)
    if not form.is_bound or not form.is_valid():
        return render_page(request, "returns/bulk.html", context, status=400 if form.is_bound else 200)
    edits = _edits(request, submission, alike, form.cleaned_data["new"])
    if "apply" in request.POST and form.cleaned_data["count"] == len(edits):
        return _apply(request, submission, form, edits, context)
    return _preview(request, submission, form, edits, context)


def _require_alike(submission: Submission, like: dict[str, Any]) -> None:
    form, column = FORMS[submission.collection], like["column"]
    if not may_be_alike(form, column, like["value"]):
        raise RefusalError(Refusal.MUST_DIFFER, column=column_label(column, submission.collection))


def _with_standing(submission: Submission, page: list[Correction]) -> list[CorrectionShown]:
    newest = submission.corrections.newest().filter(row__in={c.row for c in page})
    standing = set(newest.values_list("pk", flat=True))
    acts = submission.corrections.filter(act__in={c.act for c in page if c.act}).order_by()
    cells = dict(acts.values_list("act").annotate(Count("id")))
    return [CorrectionShown(c, c.pk in standing and not c.restores, cells.get(c.act, 1)) for c in page]


def _tell_undone(request: StaffRequest, undone: int, left: int) -> None:
    message = ngettext("%(count)s cell was restored.", "%(count)s cells were restored.", undone)
    parts = [message % {"count": f"{undone:,}"}] if undone or not left else []
    if left:
        stay = ngettext(
            "%(count)s cell has been changed again since and stays as it is.",
            "%(count)s cells have been changed again since and stay as they are.",
            left,
        )
        parts.append(stay % {"count": f"{left:,}"})
    messages.success(request, " ".join(parts))


def _alike(request: StaffRequest, submission: Submission, like: dict[str, Any]) -> list[tuple[str, int]]:
    """Return sheet and row of the selected findings, in the file's order."""
    findings = filtering.filtered(submission, request.user, FindingFilter(**like))
    return list(filtering.rows(findings).select("sheet", "row").iter_rows())


def _edits(
    request: StaffRequest, submission: Submission, alike: Sequence[tuple[str, int]], new: str
) -> list[CellEdit]:
    """Return one edit per cell, each with the text expected there now."""
    key = str((posted(request) or request.GET)["column"])
    rows = own_rows(submission, request.user, alike)
    return [
        CellEdit(row.sheet, row.row, key, value=new, expected=row.cells.get(key) or "")
        for row in rows
        if row.cells is not None
    ]


def _about(
    request: StaffRequest, submission: Submission, form: BulkForm, alike: Sequence[tuple[str, int]]
) -> dict[str, Any]:
    """Return what the page shows before anything is tried."""
    like = form.initial
    column = FORMS[submission.collection].by_key[like["column"]]
    findings = filtering.filtered(submission, request.user, FindingFilter(**like))
    example = presenters.present([Finding.objects.get(pk=findings["id"][0])])[0]
    return {
        "submission": submission,
        "form": form,
        "example": example,
        "count": len(alike),
        "too_many": len(alike) > ALIKE_AT_ONCE,
        "limit": ALIKE_AT_ONCE,
        "offered": suggested(example.worded, column, like["value"]),
        "choices": choices(column),
        "rows": alike[:MOST_ROWS],
        "more_rows": max(len(alike) - MOST_ROWS, 0),
    }


def _preview(
    request: StaffRequest,
    submission: Submission,
    form: BulkForm,
    edits: list[CellEdit],
    context: dict[str, Any],
) -> HttpResponse:
    tried = partial(try_edits, submission=submission, by=request.user, edits=edits, most=ALIKE_AT_ONCE)
    outcome = attempt(form, tried)
    if isinstance(outcome, RefusalError):
        return render_page(request, "returns/bulk.html", context, status=status_of(outcome))
    # the form goes out again with the count that the preview was made for
    again = BulkForm(initial=form.cleaned_data | {"count": len(edits)})
    places = {(edit.sheet, edit.row) for edit in edits}
    column, new = form.cleaned_data["column"], form.cleaned_data["new"]
    context |= {
        "form": again,
        "equal": equal_records(submission, column, new, places),
        "trial": outcome,
        "changes": _changes(outcome),
        "new": new,
    }
    return render_page(request, "returns/bulk.html", context)


def _changes(trial: Trial) -> list[tuple[str, int, int]]:
    """Return code, count before and count after of the rules whose count would change."""
    codes = sorted(trial.before | trial.after)
    counts = [(code, trial.before.get(code, 0), trial.after.get(code, 0)) for code in codes]
    return [change for change in counts if change[1] != change[2]]


def _apply(
    request: StaffRequest,
    submission: Submission,
    form: BulkForm,
    edits: list[CellEdit],
    context: dict[str, Any],
) -> HttpResponse:
    verb = partial(
        correct,
        submission=submission,
        by=request.user,
        edits=edits,
        most=ALIKE_AT_ONCE,
        request_id=request.request_id,
    )
    made = attempt(form, verb)
    if isinstance(made, RefusalError):
        return render_page(request, "returns/bulk.html", context, status=status_of(made))
    message = ngettext("%(count)s cell was corrected.", "%(count)s cells were corrected.", len(made))
    messages.success(request, message % {"count": f"{len(made):,}"}, extra_tags="kept")
    return redirect("portal:corrections", submission.pk)
