"""Notices: what happened to the unit's returns, newest first, with the unread ones."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.access import StaffRequest, desk_page, render_page
from submissions.models import Notice
from submissions.notifications import notify as verbs

PAGE_ROWS = 30


@desk_page
def notices(request: StaffRequest) -> HttpResponse:
    own = Notice.objects.of(request.user).select_related("submission")
    page = Paginator(own, PAGE_ROWS).get_page(request.GET.get("page"))
    context = {"page": page, "unread": own.unread().count()}
    return render_page(request, "returns/notices.html", context)


@require_POST
@desk_page
def read(request: StaffRequest) -> HttpResponse:
    verbs.mark_read(request.user)
    messages.success(request, _("All notices are marked as read."))
    return redirect("portal:notices")
