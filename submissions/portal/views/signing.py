"""Signing: statement, counts, totals and hash to sign, the receipt afterwards, and taking it back."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from submissions import permissions, receipts, review
from submissions.models import State, Submission
from submissions.permissions import Action
from submissions.portal import showing
from submissions.portal.access import StaffRequest, desk_page, find, posted, render_page
from submissions.portal.attempting import decide
from submissions.portal.forms import ConfirmForm, WithdrawForm
from submissions.portal.views.submission import to_submission
from submissions.refusals import RefusalError


@desk_page
def sign(request: StaffRequest, submission_id: UUID) -> HttpResponse:
    shown = find(request, submission_id)
    if request.method != "POST":
        permissions.require(request.user, Action.SIGN, shown)
    form = ConfirmForm(posted(request))
    if not form.is_valid():
        context = {
            "submission": shown,
            "form": form,
            "totals": showing.totals(shown),
            "sha256": receipts.signed_hash(shown),
            "explanations": shown.explanations.select_related("by"),
        }
        return render_page(request, "portal/sign.html", context, status=400 if form.is_bound else 200)
    act = partial(review.sign, submission=shown, by=request.user, request_id=request.request_id)
    decide(submission=shown, done=State.SIGNED, by=request.user, verb=act)
    return redirect("portal:receipt", shown.pk)


@desk_page
def receipt(request: StaffRequest, submission_id: UUID) -> HttpResponse:
    shown = find(request, submission_id)
    held = receipts.receipt(shown)
    if held is None:
        raise RefusalError("not-found")
    context = {
        "submission": shown,
        "receipt": held,
        "totals": showing.totals(shown),
    }
    return render_page(request, "portal/receipt.html", context)


@desk_page
def withdraw(request: StaffRequest, submission_id: UUID) -> HttpResponse:
    shown = find(request, submission_id)
    if request.method != "POST":
        permissions.require(request.user, Action.WITHDRAW, shown)
    form = WithdrawForm(posted(request))
    if not form.is_valid():
        context = {"submission": shown, "form": form}
        return render_page(request, "portal/withdraw.html", context, status=400 if form.is_bound else 200)
    decide(submission=shown, done=State.WITHDRAWN, by=request.user, verb=_taking_back(request, shown, form))
    return to_submission(request, shown, _("Version %(version)s is withdrawn.") % {"version": shown.version})


def _taking_back(request: StaffRequest, shown: Submission, form: WithdrawForm) -> partial[None]:
    return partial(
        review.withdraw,
        submission=shown,
        by=request.user,
        reason=form.cleaned_data["reason"],
        request_id=request.request_id,
    )
