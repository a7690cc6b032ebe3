"""History: every version of a slot with its file, verdict, reasons and receipt."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone

from submissions.models import Collection, Period, Submission
from submissions.portal import next_steps
from submissions.portal.access import StaffRequest, desk_page, render_page
from submissions.refusals import RefusalError
from submissions.slots import slot


@desk_page
def history(request: StaffRequest, collection: str, period: str) -> HttpResponse:
    if collection not in Collection.values:
        raise RefusalError("collection-unknown", collection=collection)
    found = get_object_or_404(Period, pk=period)
    sent = Submission.objects.visible_to(request.user).filter(collection=collection, period=found)
    here = slot(request.user.unit, collection, found, timezone.localdate())
    context = {
        "collection_label": Collection(collection).label,
        "period": found,
        "slot": here,
        "step": next_steps.for_slot(here, request.user),
        "versions": sent.select_related("uploader", "signer", "file").newest(),
    }
    return render_page(request, "portal/history.html", context)
