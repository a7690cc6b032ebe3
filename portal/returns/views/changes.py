"""Changes: what differs from an earlier register, record by record and cell by cell, and what it does to the figures."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase

from portal.access import StaffRequest, desk_page, find, render_page
from portal.returns.comparison import offered
from portal.returns.forms import ChangesForm
from portal.returns.views.files import made_or_waited_for
from submissions.exports.changes_table import compared, filename, narrowed, rows, titles
from submissions.exports.tables import csv_response
from submissions.models import DownloadKind, Signature, Submission
from submissions.signoff.comparison_base import Base
from submissions.signoff.figure_impact import drops, effects
from submissions.workflow.refusals import Refusal, RefusalError

PAGE = 50


@desk_page
def changes(request: StaffRequest, submission_id: UUID) -> HttpResponse:
    submission = find(request, submission_id)
    _require_table(submission)
    offers = offered(submission, request.GET.get("against", ""))
    chosen = next((offer.base for offer in offers if offer.chosen), None)
    context: dict[str, Any] = {"submission": submission, "bases": offers, "base": chosen}
    if chosen is not None:
        context |= _compared(request, submission, chosen)
    # htmx asks for the list alone when a filter changes
    template = "returns/_changes.html" if request.htmx else "returns/changes.html"
    return render_page(request, template, context)


@desk_page
def export(request: StaffRequest, submission_id: UUID, form: str) -> HttpResponseBase:
    """Export all lines that pass the page's filters."""
    submission = find(request, submission_id)
    _require_table(submission)
    if form not in ("csv", "xlsx"):
        raise RefusalError(Refusal.NOT_FOUND)
    chosen = next(
        (offer.base for offer in offered(submission, request.GET.get("against", "")) if offer.chosen), None
    )
    if chosen is None:
        raise RefusalError(Refusal.NOT_FOUND)
    comparison = compared(submission, chosen.submission)
    narrowing = ChangesForm(request.GET, changes=comparison, submission=submission).narrowing(
        chosen.submission
    )
    lines = narrowed(comparison.lines, narrowing)
    if form == "xlsx":
        return made_or_waited_for(request, submission, DownloadKind.CHANGES, narrowing, lines.height)
    name = f"{filename(submission)}.csv"
    return csv_response(name, titles(), rows(submission, lines), keep_signed_numbers=True)


def _require_table(submission: Submission) -> None:
    if not (submission.frame_path or submission.nil_return):
        raise RefusalError(Refusal.NOT_FOUND)


def _compared(request: StaffRequest, submission: Submission, base: Base) -> dict[str, Any]:
    comparison = compared(submission, base.submission)
    form = ChangesForm(request.GET, changes=comparison, submission=submission)
    lines = narrowed(comparison.lines, form.narrowing(base.submission))
    page = Paginator(range(lines.height), PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "lines": lines.slice(max(page.start_index() - 1, 0), PAGE).rows(named=True),
        "counts": comparison.counts,
    }
    if request.htmx:
        return context
    return context | {"effects": effects(submission, base.submission)} | _falls(submission)


def _falls(submission: Submission) -> dict[str, Any]:
    """Return the large falls: those signed with their reason, else those a signer will have to explain."""
    signed = Signature.objects.filter(submission=submission).first()
    if signed is not None:
        return {"drops": signed.drops, "drop_reason": signed.drop_reason}
    return {"drops": drops(submission)}
