"""Findings: filtered, searched and paged, with the message, the fix and the cell of each."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse

from submissions import permissions
from submissions.portal import showing
from submissions.portal.access import StaffRequest, desk_page, find, render_page
from submissions.portal.filters import FindingFilter

PAGE = 50


@desk_page
def findings(request: StaffRequest, submission_id: UUID) -> HttpResponse:
    shown = find(request, submission_id)
    every = shown.findings.visible_to(request.user).select_related("explanation")
    chosen = FindingFilter(request.GET, queryset=every, submission=shown)
    page = Paginator(chosen.qs, PAGE).get_page(request.GET.get("page"))
    context = {
        "submission": shown,
        "actions": permissions.allowed_actions(request.user, shown),
        "filter": chosen,
        "page": page,
        "findings": showing.shown(page.object_list, shown.return_reasons.all()),
    }
    # htmx asks for the list alone when a filter changes
    template = "portal/_findings.html" if request.htmx else "portal/findings.html"
    return render_page(request, template, context)
