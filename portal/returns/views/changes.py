"""Changes: what differs from an earlier register, record by record and cell by cell, and what it does to the figures."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase

from portal.access import StaffRequest, desk_page, find, render_page
from portal.csv_tables import as_csv
from portal.returns.comparison import offered
from portal.returns.forms import ChangesForm
from portal.returns.views.files import made_or_waited_for
from submissions.exports.changes_table import compared, filename, narrowed, rows, titles
from submissions.models import DownloadKind, Signature, Submission
from submissions.signoff.comparison_base import Base
from submissions.signoff.figure_impact import drops, effects
from submissions.workflow.refusals import Refusal, RefusalError

PAGE = 50


@desk_page
def changes(request: StaffRequest, submission_id: UUID) -> HttpResponse:
    shown = find(request, submission_id)
    _require_table(shown)
    found = offered(shown, request.GET.get("against", ""))
    chosen = next((one.base for one in found if one.chosen), None)
    context: dict[str, Any] = {"submission": shown, "bases": found, "base": chosen}
    if chosen is not None:
        context |= _compared(request, shown, chosen)
    # htmx asks for the list alone when a filter changes
    template = "returns/_changes.html" if request.htmx else "returns/changes.html"
    return render_page(request, template, context)


@desk_page
def export(request: StaffRequest, submission_id: UUID, form: str) -> HttpResponseBase:
    """The lines that the page's filters leave, all of them."""
    shown = find(request, submission_id)
    _require_table(shown)
    if form not in ("csv", "xlsx"):
        raise RefusalError(Refusal.NOT_FOUND)
    chosen = next((one.base for one in offered(shown, request.GET.get("against", "")) if one.chosen), None)
    if chosen is None:
        raise RefusalError(Refusal.NOT_FOUND)
    found = compared(shown, chosen.submission)
    meant = ChangesForm(request.GET, changes=found, submission=shown).narrowing(chosen.submission)
    lines = narrowed(found.lines, meant)
    if form == "xlsx":
        return made_or_waited_for(request, shown, DownloadKind.CHANGES, meant, lines.height)
    return as_csv(filename(shown), titles(), rows(shown, lines))


def _require_table(shown: Submission) -> None:
    if not (shown.frame_path or shown.nil_return):
        raise RefusalError(Refusal.NOT_FOUND)


def _compared(request: StaffRequest, shown: Submission, base: Base) -> dict[str, Any]:
    found = compared(shown, base.submission)
    form = ChangesForm(request.GET, changes=found, submission=shown)
    lines = narrowed(found.lines, form.narrowing(base.submission))
    page = Paginator(range(lines.height), PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "lines": lines.slice(page.object_list.start, len(page.object_list)).rows(named=True),
        "counts": found.counts,
    }
    if request.htmx:
        return context
    return context | {"effects": effects(shown, base.submission)} | _falls(shown)


def _falls(shown: Submission) -> dict[str, Any]:
    """The far falls: those that were signed with their reason, else those that a signer will be asked about."""
    signed = Signature.objects.filter(submission=shown).first()
    if signed is not None:
        return {"drops": signed.drops, "drop_reason": signed.drop_reason}
    return {"drops": drops(shown)}
