"""History: every version of a slot with its file, verdict, reasons and receipt."""

from __future__ import annotations

from typing import NamedTuple

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone

from portal.access import StaffRequest, desk_page, render_page, unit_of
from portal.returns import next_steps
from submissions.models import Act, Collection, Event, Period, State, Submission, Unit
from submissions.notifications.obligations import slot
from submissions.signoff.return_followup import Followed, follow_on
from submissions.workflow.event_words import event_detail
from submissions.workflow.refusals import Refusal, RefusalError
from validation import FORMS


class VersionShown(NamedTuple):
    """One version, what became of the reasons of its return, and why it was withdrawn."""

    submission: Submission
    followed: list[Followed]
    withdrawn_because: str


@desk_page
def history(request: StaffRequest, collection: str, period: str) -> HttpResponse:
    """Show the history of the user's own unit."""
    return _page(request, unit_of(request.user), collection, period)


@desk_page
def history_of_unit(request: StaffRequest, unit: str, collection: str, period: str) -> HttpResponse:
    """Show the history of any unit, for the ministry."""
    return _page(request, get_object_or_404(Unit, pk=unit), collection, period)


def _page(request: StaffRequest, unit: Unit, collection: str, period: str) -> HttpResponse:
    if collection not in Collection.values:
        raise RefusalError(Refusal.COLLECTION_UNKNOWN, collection=collection, allowed=", ".join(FORMS))
    stored_period = Period.objects.filter(pk=period).first()
    if stored_period is None:
        raise RefusalError(Refusal.PERIOD_UNKNOWN, period=period)
    visible = Submission.objects.visible_to(request.user)
    sent = visible.filter(unit=unit, collection=collection, period=stored_period)
    related = ("unit", "period", "uploader", "signer", "reviewer", "file", "signature__by_delegation_of")
    versions = list(sent.select_related(*related).newest())
    here = slot(unit, collection, stored_period, timezone.localdate())
    context = {
        "collection_label": Collection(collection).label,
        "unit": unit,
        "period": stored_period,
        "slot": here,
        "step": next_steps.for_slot(here, request.user) if request.user.is_of_unit else None,
        "versions": [_version_line(version, versions) for version in versions],
    }
    return render_page(request, "returns/history.html", context)


def _version_line(version: Submission, versions: list[Submission]) -> VersionShown:
    returned = version.state == State.RETURNED
    followed = follow_on(version, versions) if returned else []
    taken_back = version.events.filter(to_state=State.WITHDRAWN).last()
    return VersionShown(version, followed, _why(taken_back) if taken_back else "")


def _why(taken_back: Event) -> str:
    """Return the words of whoever withdrew the version, or what was done with it."""
    if taken_back.act == Act.WITHDRAWN:
        return taken_back.reason
    return " ".join([taken_back.get_act_display(), event_detail(taken_back)]).strip()
