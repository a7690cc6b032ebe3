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
    shown = find(request, submission_id)
    form = CellForm(request.POST)
    if not form.is_valid():
        raise RefusalError(Refusal.PLACE_UNKNOWN, rule="–", column=request.POST.get("column", "–"))
    edits = [CellEdit(**form.cleaned_data)]
    made = correct(submission=shown, by=request.user, edits=edits, request_id=request.request_id)
    return _answer(request, shown, made, [edits[0][:2]])


@require_POST
@json_page
def undo_act(request: StaffRequest, submission_id: UUID) -> JsonResponse:
    """Take one act back, for the grid; the page of corrections has its own."""
    shown = find(request, submission_id)
    form = UndoForm(request.POST)
    if not form.is_valid():
        raise RefusalError(Refusal.NOTHING_TO_UNDO)
    undone = undo(submission=shown, by=request.user, **form.cleaned_data, request_id=request.request_id)
    made = undone.corrections
    return _answer(request, shown, made, [(c.sheet, c.row) for c in made])


def _answer(
    request: StaffRequest, shown: Submission, made: list[Correction], places: list[tuple[str, int]]
) -> JsonResponse:
    """The rows as they stand now, and what the whole submission comes to."""
    grid = grids.grid_of(shown)
    answer: dict[str, Any] = {
        "act": str(made[0].act) if made else None,
        "working": shown.state in WORKED_ON,
        "state": state_badge(shown.state),
        "counts": {
            "E": shown.errors,
            "W": shown.warnings,
            "I": shown.infos,
            "open": shown.open_warnings,
        },
        "rows": grids.rows_json(shown, request.user, grid, places[: grids.WINDOW], sieve_in(request.GET)),
    }
    return JsonResponse(answer)
