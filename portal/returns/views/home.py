"""The home page: what the user's unit owes and what is next, or what other accounts can do."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from portal.access import StaffRequest, account_page, render_page
from portal.returns.calendar import current_period, opened_periods
from portal.returns.cards import quarters
from submissions.models import Collection, Notice

#: unread notices that the home page shows; all are on their own page
NOTICES_SHOWN = 3


@account_page
def home(request: StaffRequest) -> HttpResponse:
    if request.user.is_national:
        return redirect("review:list")
    if not request.user.is_of_unit:
        return render_page(request, "returns/no_returns.html")
    today = timezone.localdate()
    current = current_period(today)
    periods = [*([current] if current else []), *(p for p in opened_periods(today) if p != current)]
    listed = quarters(request.user, periods, today)
    present = [quarter for at, quarter in enumerate(listed) if at == 0 or quarter.wants_something]
    unread = Notice.objects.of(request.user).unread().select_related("submission")
    context = {
        "quarters": present,
        "earlier": [quarter for quarter in listed if quarter not in present],
        "labels": Collection.labels,
        "notices": unread[:NOTICES_SHOWN],
    }
    return render_page(request, "returns/home.html", context)
