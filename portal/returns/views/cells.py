"""Cells: one cell corrected from the grid, re-checked and answered with its row and the new counts; and undone."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import JsonResponse
from django.views.decorators.http import require_POST

from portal.access import StaffRequest, find, json_page
from portal.returns import grid as grids
from portal.returns.filters import sieve_in
from portal.returns.forms import CellForm, UndoForm
from portal.returns.views.submission import WORKED_ON
from portal.templatetags.portal import state_badge
from submissions.edits.corrections import CellEdit, correct, undo
from submissions.models import Correction, Submission
from submissions.workflow.refusals import Refusal, RefusalError


@require_POST
@json_page
def cells(request: StaffRequest, submission_id: UUID) -> JsonResponse:
    submission = find(request, submission_id)
    form = CellForm(request.POST)
    if not form.is_valid():
        raise RefusalError(Refusal.PLACE_UNKNOWN, rule="–", column=request.POST.get("column", "–"))
    edits = [CellEdit(**form.cleaned_data)]
    made = correct(submission=submission, by=request.user, edits=edits, request_id=request.request_id)
    return _answer(request, submission, made, [edits[0][:2]])


@require_POST
@json_page
def undo_act(request: StaffRequest, submission_id: UUID) -> JsonResponse:
    """Undo one act for the grid; the page of corrections has its own view."""
    submission = find(request, submission_id)
    form = UndoForm(request.POST)
    if not form.is_valid():
        raise RefusalError(Refusal.NOTHING_TO_UNDO)
    undone = undo(submission=submission, by=request.user, **form.cleaned_data, request_id=request.request_id)
    made = undone.corrections
    return _answer(request, submission, made, [(c.sheet, c.row) for c in made])


def _answer(
    request: StaffRequest, submission: Submission, made: list[Correction], places: list[tuple[str, int]]
) -> JsonResponse:
    """Return the rows as they are now, and the counts of the whole submission."""
    grid = grids.grid_of(submission)
    answer: dict[str, Any] = {
        "act": str(made[0].act) if made else None,
        "working": submission.state in WORKED_ON,
        "state": state_badge(submission.state),
        "counts": {
            "E": submission.errors,
            "W": submission.warnings,
            "I": submission.infos,
            "open": submission.open_warnings,
        },
        "rows": grids.rows_json(
            submission, request.user, grid, places[: grids.WINDOW], sieve_in(request.GET)
        ),
    }
    return JsonResponse(answer)
