"""Upload: a workbook, or a nil return, becomes the next version."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.conf import settings
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django_htmx.http import HttpResponseClientRedirect

from portal.access import StaffRequest, desk_page, posted, refused, render_page, unit_of
from portal.form_actions import attempt
from portal.returns.calendar import deadline
from portal.returns.correction_carryover import at_stake
from portal.returns.forms import ConfirmForm, UploadForm
from project.refusal_status import status_of
from submissions.checks import intake
from submissions.models import Collection, Period, Submission
from submissions.notifications.obligations import slot
from submissions.workflow import permissions
from submissions.workflow.permissions import Action
from submissions.workflow.refusals import Refusal, RefusalError

#: what a multipart body holds beside the file
FORM_BYTES = 64 * 1024


# The CSRF check reads the whole body, so the size is looked at before it: hence exempt outside, protected inside.
@csrf_exempt
def upload(request: StaffRequest, collection: str, period: str) -> HttpResponseBase:
    limit = settings.UPLOAD_LIMITS.file_bytes
    if int(request.META.get("CONTENT_LENGTH") or 0) > limit + FORM_BYTES:
        return refused(request, RefusalError(Refusal.FILE_TOO_LARGE, limit=_limit_megabytes()))
    return _upload(request, collection, period)


@csrf_protect
@desk_page
def _upload(request: StaffRequest, collection: str, period: str) -> HttpResponse:
    context = _slot_context(request, collection, period)
    form = UploadForm(posted(request), request.FILES or None)
    if not form.is_valid():
        status = 400 if form.is_bound else 200
        return render_page(request, "returns/upload.html", context | {"form": form}, status=status)
    outcome = attempt(form, partial(_receive, request, form, collection, period))
    if isinstance(outcome, RefusalError):
        context |= {"form": form, "standing": outcome.submission}
        return render_page(request, "returns/upload.html", context, status=status_of(outcome))
    return _onwards(request, outcome)


@desk_page
def nil(request: StaffRequest, collection: str, period: str) -> HttpResponse:
    context = _slot_context(request, collection, period)
    form = ConfirmForm(posted(request))
    if not form.is_valid():
        status = 400 if form.is_bound else 200
        return render_page(request, "returns/nil.html", context | {"form": form}, status=status)
    return _onwards(request, _receive_nil(request, collection, period))


def _slot_context(request: StaffRequest, collection: str, period: str) -> dict[str, Any]:
    """Return what both pages show of the slot. Raises RefusalError when the period is not open today."""
    permissions.require(request.user, Action.UPLOAD)
    intake.admit(by=request.user, collection=collection, period=period)
    stored_period = get_object_or_404(Period, pk=period)
    today = timezone.localdate()
    return {
        "collection": collection,
        "collection_label": Collection(collection).label,
        "deadline": deadline(stored_period, today),
        "at_stake": at_stake(request.user, collection, period),
        "slot": slot(unit_of(request.user), collection, stored_period, today),
        "collections": Collection.choices,
        "periods": Period.objects.open_on(today),
        "limits": settings.UPLOAD_LIMITS,
        "megabytes": _limit_megabytes(),
    }


def _limit_megabytes() -> int:
    return settings.UPLOAD_LIMITS.file_bytes // (1024 * 1024)


def _receive(request: StaffRequest, form: UploadForm, collection: str, period: str) -> Submission:
    file = form.cleaned_data["file"]
    receive = partial(
        intake.receive,
        by=request.user,
        collection=collection,
        period=period,
        upload=file,
        filename=file.name,
        request_id=request.request_id,
    )
    try:
        return receive(idempotency_key=form.cleaned_data["idempotency_key"])
    except RefusalError as refusal:
        if refusal.code != "idempotency-mismatch":
            raise
    # The answer to this page's first upload was lost, and another file was chosen since: that is a new upload.
    file.seek(0)
    return receive()


def _receive_nil(request: StaffRequest, collection: str, period: str) -> Submission:
    """Make a nil return; a second click returns the one made by the first."""
    try:
        return intake.receive_nil(
            by=request.user, collection=collection, period=period, request_id=request.request_id
        )
    except RefusalError as refusal:
        if refusal.code != "already-nil" or refusal.submission is None:
            raise
        return refusal.submission


def _onwards(request: StaffRequest, submission: Submission) -> HttpResponse:
    page = reverse("portal:submission", args=[submission.pk])
    return HttpResponseClientRedirect(page) if request.htmx else redirect(page)
