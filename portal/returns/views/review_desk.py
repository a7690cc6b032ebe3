"""The review desk: the list of submissions, those that wait, and one submission."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpResponse, QueryDict

from portal.access import StaffRequest, desk_page, find, render_page
from portal.returns.filters import SubmissionFilter
from portal.returns.views.submission import panels
from submissions.models import State, Submission
from submissions.signoff import return_drafts

PAGE = 50

#: what the desk shows first: that which waits for a decision
WAITING = QueryDict(f"state={State.SIGNED}&sort=signed")


@desk_page
def submissions(request: StaffRequest) -> HttpResponse:
    every = Submission.objects.visible_to(request.user)
    chosen = SubmissionFilter(request.GET or WAITING, queryset=every.order_by("-received_at"))
    context = {
        "filter": chosen,
        "page": Paginator(chosen.qs, PAGE).get_page(request.GET.get("page")),
        "states": _counts(),
    }
    return render_page(request, "review/list.html", context)


@desk_page
def submission(request: StaffRequest, submission_id: UUID) -> HttpResponse:
    submission = find(request, submission_id)
    collected = return_drafts.drafts_of(submission, request.user).count()
    return render_page(
        request, "review/submission.html", panels(request, submission) | {"collected": collected}
    )


def _counts() -> list[tuple[str, int]]:
    """Count submissions by state, in the order of the states, without empty ones."""
    counted = Submission.objects.order_by().values_list("state").annotate(Count("id"))
    by_state = dict(counted)
    return [(state, by_state[state]) for state in State.values if state in by_state]
