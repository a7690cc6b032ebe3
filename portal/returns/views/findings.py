"""Findings: counted by rule, and in the unit's own rows or one by one; narrowed, searched and in the order asked for."""

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
    """What a request asks for: every finding its user may read, and those let through."""

    submission: Submission
    form: FindingForm
    every: pl.DataFrame
    found: pl.DataFrame


@desk_page
def findings(request: StaffRequest, submission_id: UUID) -> HttpResponse:
    asked = sought(request, submission_id)
    context = _about(request, asked.submission) | _found(request, asked)
    if not request.htmx:
        context |= _summary(asked.submission, asked.every)
    # htmx asks for the rows alone when a filter changes
    template = "returns/_found.html" if request.htmx else "returns/findings.html"
    return render_page(request, template, context)


@desk_page
def summary(request: StaffRequest, submission_id: UUID) -> HttpResponse:
    """The counts by rule, asked for again when cells were corrected."""
    shown = find(request, submission_id)
    every = filtering.filtered(shown, request.user, FindingFilter())
    context = _about(request, shown) | _summary(shown, every)
    return render_page(request, "returns/_summary.html", context)


@desk_page
def values(request: StaffRequest, submission_id: UUID) -> HttpResponse:
    """The different texts at fault of one rule at one column."""
    shown = find(request, submission_id)
    sieve = FindingFilter(code=request.GET.get("code", ""), column=request.GET.get("column", ""))
    found = filtering.filtered(shown, request.user, sieve)
    values_found = filtering.values(found, MOST_VALUES)
    context = _about(request, shown) | {
        "code": sieve.code,
        "column": sieve.column,
        "values": values_found,
        "may_be_alike": [value for value, _ in values_found if _may_be_alike(shown, sieve.column, value)],
        "others": max(found["value"].n_unique() - MOST_VALUES, 0),
    }
    return render_page(request, "returns/_values.html", context)


def _may_be_alike(shown: Submission, column: str, value: str | None) -> bool:
    form = FORMS[shown.collection]
    return column in form.by_key and may_be_alike(form, column, value)


@desk_page
def enterprises(request: StaffRequest, submission_id: UUID) -> HttpResponse:
    """Options for the enterprise typed so far."""
    part = request.GET.get("enterprise", "")
    shown = find(request, submission_id)
    offered = filtering.enterprises(shown, part, MOST_ENTERPRISES) if part.strip() else []
    return render_page(request, "returns/_enterprises.html", {"enterprises": offered})


@json_page
def index(request: StaffRequest, submission_id: UUID) -> JsonResponse:
    """Where every row of the grid is, in order: the script then asks for rows by their place, so that a row
    stays where it is while cells are corrected."""
    asked = sought(request, submission_id)
    grid = grids.grid_of(asked.submission)
    return JsonResponse(grids.index_json(_rows(asked, grid), grid))


@json_page
def rows(request: StaffRequest, submission_id: UUID) -> JsonResponse:
    """Some rows as they stand now."""
    shown = find(request, submission_id)
    grid = grids.grid_of(shown)
    places = grids.places_in(request.GET.get("at", ""), grid)
    rows = grids.rows_json(shown, request.user, grid, places, sieve_in(request.GET))
    return JsonResponse({"rows": rows})


def sought(request: StaffRequest, submission_id: UUID) -> Sought:
    """The submission and those of its findings that the address's filters let through."""
    shown = find(request, submission_id)
    return Sought(shown, *narrowed(request.GET, shown, request.user))


def _about(request: StaffRequest, shown: Submission) -> dict[str, Any]:
    return {"submission": shown, "actions": permissions.allowed_actions(request.user, shown)}


def _summary(shown: Submission, every: pl.DataFrame) -> dict[str, Any]:
    return {
        "working": shown.state in WORKED_ON,
        "likes": presenters.likes(shown, filtering.groups(every)),
    }


def _found(request: StaffRequest, asked: Sought) -> dict[str, Any]:
    view = asked.form.shown_as
    context = {
        "filter": asked.form,
        "view": view,
        "total": asked.found.height,
        "to_explain": filtering.open_warnings(asked.found),
    }
    if view == "list":
        page = _page(request, asked)
        reasons = asked.submission.return_reasons.all()
        return context | {"page": page, "findings": presenters.shown(page.object_list, reasons)}
    return context | _grid(request, asked)


def _grid(request: StaffRequest, asked: Sought) -> dict[str, Any]:
    """The grid's heads, its first window, and what was found outside of rows."""
    grid = grids.grid_of(asked.submission)
    chosen = _rows(asked, grid)
    first = list(chosen.head(FIRST_ROWS).iter_rows())
    outside = asked.found.filter(~pl.col("id").is_in(grids.in_rows(asked.found, grid)["id"].implode()))
    data = {
        "sheets": grid.sheets,
        "places": grid.places,
        "columns": grids.columns_json(grid),
        "total": chosen.height,
        "sort": str(asked.form.order),
        "narrowed": asked.form.sieve() != FindingFilter(),
        "rows": grids.rows_json(asked.submission, request.user, grid, first, asked.form.sieve()),
        "editable": permissions.can(request.user, Action.CORRECT, asked.submission),
        "explainable": permissions.can(request.user, Action.EXPLAIN, asked.submission),
        "words": grid_words(),
    }
    return {
        "grid": data,
        "grid_json": json.dumps(data, ensure_ascii=False, default=str, separators=(",", ":")),
        "total_rows": chosen.height,
        "outside": presenters.shown(_stored(outside["id"].head(MOST_NOTES).to_list())),
        "outside_total": outside.height,
    }


def _rows(asked: Sought, grid: grids.Grid) -> pl.DataFrame:
    rows = filtering.rows(grids.in_rows(asked.found, grid))
    if asked.form.shown_as == "rows":
        every = filtering.all_rows(asked.submission, asked.form.sieve())
        rows = every.join(rows, on=["sheet", "row"], how="left", maintain_order="left")
    return rows_in(rows, asked.form.order, asked.submission).select("sheet", "row")


def _page(request: StaffRequest, asked: Sought) -> Page:
    """A page of the list; only its own findings are read from the database."""
    ids = findings_in(asked.found, asked.form.order, asked.submission.collection)["id"]
    page = Paginator(ids, PAGE).get_page(request.GET.get("page"))
    page.object_list = _stored(list(page.object_list))
    return page


def _stored(ids: list[int]) -> list[Finding]:
    found = Finding.objects.select_related("explanation").in_bulk(ids)
    return [found[pk] for pk in ids if pk in found]
