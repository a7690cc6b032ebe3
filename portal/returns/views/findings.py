"""Findings: counts by rule, the unit's rows or a list, with filters, search and order."""

from __future__ import annotations

import json
from typing import Any, NamedTuple
from uuid import UUID

import polars as pl
from django.core.paginator import Page, Paginator
from django.http import HttpResponse, JsonResponse

from portal.access import StaffRequest, desk_page, find, json_page, render_page
from portal.returns import grid as grids
from portal.returns import presenters
from portal.returns.filters import FindingForm, narrowed, sieve_in
from portal.returns.grid_messages import grid_words
from portal.returns.views.submission import WORKED_ON
from submissions.findings import filtering
from submissions.findings.bulk_fix import may_be_alike
from submissions.findings.filtering import FindingFilter
from submissions.findings.sorting import findings_in, rows_in
from submissions.models import Finding, Submission
from submissions.workflow import permissions
from submissions.workflow.permissions import Action
from validation import FORMS

PAGE = 50
#: Rows that come with the page; the script asks for the others.
FIRST_ROWS = 50
#: Values of one rule shown in the summary, enterprises offered while typing, findings of the whole file shown.
MOST_VALUES, MOST_ENTERPRISES, MOST_NOTES = 20, 20, 20


class Sought(NamedTuple):
    """The findings of a request: all that its user may read, and those that pass its filters."""

    submission: Submission
    form: FindingForm
    every: pl.DataFrame
    findings: pl.DataFrame


@desk_page
def findings(request: StaffRequest, submission_id: UUID) -> HttpResponse:
    selection = sought(request, submission_id)
    context = _about(request, selection.submission) | _results(request, selection)
    if not request.htmx:
        context |= _summary(selection.submission, selection.every)
    # htmx asks for the rows alone when a filter changes
    template = "returns/_found.html" if request.htmx else "returns/findings.html"
    return render_page(request, template, context)


@desk_page
def summary(request: StaffRequest, submission_id: UUID) -> HttpResponse:
    """Return the counts by rule, requested again after cells were corrected."""
    submission = find(request, submission_id)
    every = filtering.filtered(submission, request.user, FindingFilter())
    context = _about(request, submission) | _summary(submission, every)
    return render_page(request, "returns/_summary.html", context)


@desk_page
def values(request: StaffRequest, submission_id: UUID) -> HttpResponse:
    """Show the different wrong values of one rule at one column."""
    submission = find(request, submission_id)
    sieve = FindingFilter(code=request.GET.get("code", ""), column=request.GET.get("column", ""))
    findings = filtering.filtered(submission, request.user, sieve)
    values_found = filtering.values(findings, MOST_VALUES)
    context = _about(request, submission) | {
        "code": sieve.code,
        "column": sieve.column,
        "values": values_found,
        "may_be_alike": [
            value for value, _ in values_found if _may_be_alike(submission, sieve.column, value)
        ],
        "others": max(findings["value"].n_unique() - MOST_VALUES, 0),
    }
    return render_page(request, "returns/_values.html", context)


def _may_be_alike(submission: Submission, column: str, value: str | None) -> bool:
    form = FORMS[submission.collection]
    return column in form.by_key and may_be_alike(form, column, value)


@desk_page
def enterprises(request: StaffRequest, submission_id: UUID) -> HttpResponse:
    """Return suggestions for the enterprise typed so far."""
    part = request.GET.get("enterprise", "")
    submission = find(request, submission_id)
    offered = filtering.enterprises(submission, part, MOST_ENTERPRISES) if part.strip() else []
    return render_page(request, "returns/_enterprises.html", {"enterprises": offered})


@json_page
def index(request: StaffRequest, submission_id: UUID) -> JsonResponse:
    """Where every row of the grid is, in order: the script then asks for rows by their place, so that a row
    stays where it is while cells are corrected."""
    selection = sought(request, submission_id)
    grid = grids.grid_of(selection.submission)
    return JsonResponse(grids.index_json(_rows(selection, grid), grid))


@json_page
def rows(request: StaffRequest, submission_id: UUID) -> JsonResponse:
    """Return some rows as they are now."""
    submission = find(request, submission_id)
    grid = grids.grid_of(submission)
    places = grids.places_in(request.GET.get("at", ""), grid)
    rows = grids.rows_json(submission, request.user, grid, places, sieve_in(request.GET))
    return JsonResponse({"rows": rows})


def sought(request: StaffRequest, submission_id: UUID) -> Sought:
    """Return the submission and those of its findings that pass the address's filters."""
    submission = find(request, submission_id)
    return Sought(submission, *narrowed(request.GET, submission, request.user))


def _about(request: StaffRequest, submission: Submission) -> dict[str, Any]:
    return {"submission": submission, "actions": permissions.allowed_actions(request.user, submission)}


def _summary(submission: Submission, every: pl.DataFrame) -> dict[str, Any]:
    return {
        "working": submission.state in WORKED_ON,
        "likes": presenters.likes(submission, filtering.groups(every)),
    }


def _results(request: StaffRequest, selection: Sought) -> dict[str, Any]:
    view = selection.form.shown_as
    context = {
        "filter": selection.form,
        "view": view,
        "total": selection.findings.height,
        "to_explain": filtering.open_warnings(selection.findings),
    }
    if view == "list":
        page = _page(request, selection)
        reasons = selection.submission.return_reasons.all()
        return context | {"page": page, "findings": presenters.present(page.object_list, reasons)}
    return context | _grid(request, selection)


def _grid(request: StaffRequest, selection: Sought) -> dict[str, Any]:
    """Return the grid's heads, its first window, and the findings outside of rows."""
    grid = grids.grid_of(selection.submission)
    chosen = _rows(selection, grid)
    first = list(chosen.head(FIRST_ROWS).iter_rows())
    outside = selection.findings.filter(
        ~pl.col("id").is_in(grids.in_rows(selection.findings, grid)["id"].implode())
    )
    data = {
        "sheets": grid.sheets,
        "places": grid.places,
        "columns": grids.columns_json(grid),
        "total": chosen.height,
        "sort": str(selection.form.order),
        "narrowed": selection.form.sieve() != FindingFilter(),
        "rows": grids.rows_json(selection.submission, request.user, grid, first, selection.form.sieve()),
        "editable": permissions.can(request.user, Action.CORRECT, selection.submission),
        "explainable": permissions.can(request.user, Action.EXPLAIN, selection.submission),
        "words": grid_words(),
    }
    return {
        "grid": data,
        "grid_json": json.dumps(data, ensure_ascii=False, default=str, separators=(",", ":")),
        "total_rows": chosen.height,
        "outside": presenters.present(_stored(outside["id"].head(MOST_NOTES).to_list())),
        "outside_total": outside.height,
    }


def _rows(selection: Sought, grid: grids.Grid) -> pl.DataFrame:
    rows = filtering.rows(grids.in_rows(selection.findings, grid))
    if selection.form.shown_as == "rows":
        every = filtering.all_rows(selection.submission, selection.form.sieve())
        rows = every.join(rows, on=["sheet", "row"], how="left", maintain_order="left")
    return rows_in(rows, selection.form.order, selection.submission).select("sheet", "row")


def _page(request: StaffRequest, selection: Sought) -> Page[Any]:
    """Return a page of the list; only its own findings are read from the database."""
    ids = findings_in(selection.findings, selection.form.order, selection.submission.collection)["id"]
    page = Paginator(ids, PAGE).get_page(request.GET.get("page"))
    page.object_list = _stored(list(page.object_list))
    return page


def _stored(ids: list[int]) -> list[Finding]:
    by_id = Finding.objects.select_related("explanation").in_bulk(ids)
    return [by_id[pk] for pk in ids if pk in by_id]
