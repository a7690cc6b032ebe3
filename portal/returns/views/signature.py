"""Signing: statement, counts, totals and hash to sign, then the receipt, and the withdrawal."""

from __future__ import annotations

import io
from functools import partial
from typing import NamedTuple
from uuid import UUID

from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.access import StaffRequest, desk_page, find, posted, render_page
from portal.form_actions import attempt, decide, tell
from portal.returns import presenters
from portal.returns.comparison import offered
from portal.returns.forms import SignForm, WithdrawForm
from portal.returns.receipt_facts import facts
from portal.returns.views.submission import to_submission
from project.refusal_status import status_of
from submissions import demo_mode, labels
from submissions.edits.explanations import given_explanations
from submissions.exports.changes_table import compared
from submissions.models import Role, State, Submission, User
from submissions.signoff import receipts, return_followup, review
from submissions.signoff.comparison_base import BaseKind
from submissions.signoff.figure_impact import Drop, drops
from submissions.signoff.receipts import Receipt
from submissions.signoff.register_diff import Counts
from submissions.signoff.statements import statement_for
from submissions.workflow import permissions
from submissions.workflow.permissions import Action
from submissions.workflow.refusals import Refusal, RefusalError

#: refusals that the signer can answer on the page itself
_AMENDABLE = frozenset({Refusal.CONTENT_CHANGED, Refusal.DROP_UNCONFIRMED, Refusal.TEXT_TOO_LONG})
#: explanations shown beside the statement; the page of explanations has them all
EXPLANATIONS = 20
#: refusals because something is still open
_OPEN = frozenset({Refusal.OPEN_WARNINGS, Refusal.HAS_ERRORS})


class Tally(NamedTuple):
    """What changed against one base."""

    label: str
    kind: BaseKind
    counts: Counts


@desk_page
def sign(request: StaffRequest, submission_id: UUID) -> HttpResponse:
    submission = find(request, submission_id)
    if request.method != "POST" and submission.receipt_number:
        # also by the browser's way back after the signature
        return redirect("portal:receipt", submission.pk)
    refusal = _refusal(request, submission)
    if refusal is not None and (request.method != "POST" or refusal.code == Refusal.NOT_ALLOWED):
        return _blocked(request, submission, refusal)
    fallen = drops(submission) if submission.state == State.READY else []
    sha256 = receipts.signed_hash(submission)
    form = SignForm(posted(request), falls=bool(fallen), initial={"sha256": sha256})
    if not form.is_valid():
        return _sign_page(request, submission, form, fallen, 400 if form.is_bound else 200)
    act = partial(_sign, request, submission, form)
    decided = attempt(
        form, partial(decide, submission=submission, done=State.SIGNED, by=request.user, verb=act)
    )
    if isinstance(decided, RefusalError):
        return _refused_signing(request, submission, form, decided)
    return redirect("portal:receipt", submission.pk)


def _sign(request: StaffRequest, submission: Submission, form: SignForm) -> None:
    review.sign(
        submission=submission,
        by=request.user,
        seen_sha256=form.cleaned_data["sha256"],
        drop_reason=form.cleaned_data["drop_reason"],
        request_id=request.request_id,
    )


def _refusal(request: StaffRequest, submission: Submission) -> RefusalError | None:
    try:
        permissions.require(request.user, Action.SIGN, submission)
    except RefusalError as refusal:
        return refusal
    return None


def _refused_signing(
    request: StaffRequest, submission: Submission, form: SignForm, refusal: RefusalError
) -> HttpResponse:
    """Show the page again with errors that can be corrected there; other refusals get their own page."""
    if refusal.code not in _AMENDABLE:
        return _blocked(request, submission, refusal)
    submission.refresh_from_db()
    fallen = drops(submission)
    sent = request.POST.copy()
    sent["sha256"] = receipts.signed_hash(submission)
    again = SignForm(sent, falls=bool(fallen))
    again.full_clean()
    tell(again, refusal)
    return _sign_page(request, submission, again, fallen, status_of(refusal))


def _blocked(request: StaffRequest, submission: Submission, refusal: RefusalError) -> HttpResponse:
    """Show why it cannot be signed yet, with links to the open warnings or to those who sign."""
    if refusal.code == Refusal.NOT_ALLOWED and request.user.unit_id == submission.unit_id:
        return _left_to_signers(request, submission, refusal)
    if refusal.code not in _OPEN:
        raise refusal
    context = {
        "submission": submission,
        "refusal": refusal,
        "actions": permissions.allowed_actions(request.user, submission),
        "open": _open_groups(request, submission),
    }
    return render_page(request, "returns/sign_blocked.html", context, status=status_of(refusal))


def _left_to_signers(request: StaffRequest, submission: Submission, refusal: RefusalError) -> HttpResponse:
    """Show who of the unit signs and withdraws."""
    signers = User.objects.filter(unit=submission.unit, role=Role.UNIT_SIGNER, is_active=True).order_by("pk")
    context = {"submission": submission, "signers": labels.listed(map(str, signers))}
    return render_page(request, "returns/signers.html", context, status=status_of(refusal))


def _open_groups(request: StaffRequest, submission: Submission) -> list[presenters.GroupShown]:
    return [group for group in presenters.groups(submission, request.user) if group.group.open]


def _sign_page(
    request: StaffRequest, submission: Submission, form: SignForm, fallen: list[Drop], status: int
) -> HttpResponse:
    statement = statement_for(submission, timezone.localdate())
    context = {
        "submission": submission,
        "form": form,
        "totals": presenters.totals(submission),
        "sha256": receipts.signed_hash(submission),
        "statement": getattr(statement, f"text_{labels.language()}"),
        "statement_version": statement.version,
        "lender": None if request.user.role == Role.UNIT_SIGNER else request.user.lender,
        "explanations": given_explanations(submission)[:EXPLANATIONS],
        "corrections": submission.corrections.in_force().count(),
        "drops": fallen,
        "tallies": _tallies(submission),
        "followed": return_followup.follow(submission),
    }
    return render_page(request, "returns/sign.html", context, status=status)


def _tallies(submission: Submission) -> list[Tally]:
    """Return what changed against each base, one line per base."""
    return [
        Tally(label, base.kind, compared(submission, base.submission).counts)
        for base, label, _chosen in offered(submission)
    ]


@desk_page
def receipt(request: StaffRequest, submission_id: UUID) -> HttpResponse:
    submission = find(request, submission_id)
    receipt = _receipt_of(submission)
    signed = receipt.signature
    context = {
        "submission": submission,
        "receipt": receipt,
        "facts": facts(submission, receipt),
        "totals": presenters.totals(submission),
        "statement": signed and getattr(signed, f"statement_{labels.language()}"),
        "verify_at": _verify_at(request, receipt),
        "actions": permissions.allowed_actions(request.user, submission),
    }
    return render_page(request, "returns/receipt.html", context)


@desk_page
def receipt_as_pdf(request: StaffRequest, submission_id: UUID) -> FileResponse:
    submission = find(request, submission_id)
    receipt = _receipt_of(submission)
    # writing PDF takes long to load, and is what few requests want
    from portal.returns.receipt_pdf import receipt_pdf

    pdf = receipt_pdf(submission, receipt, _verify_at(request, receipt))
    name = demo_mode.file_named(f"{receipt.number}.pdf")
    return FileResponse(io.BytesIO(pdf), as_attachment=True, filename=name, content_type="application/pdf")


def _receipt_of(submission: Submission) -> Receipt:
    receipt = receipts.receipt(submission)
    if receipt is None:
        raise RefusalError(Refusal.NOT_FOUND)
    return receipt


def _verify_at(request: StaffRequest, receipt: Receipt) -> str:
    return request.build_absolute_uri(reverse("receipts:verify", args=[receipt.number]))


@desk_page
def withdraw(request: StaffRequest, submission_id: UUID) -> HttpResponse:
    submission = find(request, submission_id)
    if request.method != "POST":
        if submission.state == State.WITHDRAWN:
            return to_submission(request, submission)
        try:
            permissions.require(request.user, Action.WITHDRAW, submission)
        except RefusalError as refusal:
            return _blocked(request, submission, refusal)
    form = WithdrawForm(posted(request))
    if not form.is_valid():
        context = {"submission": submission, "form": form}
        return render_page(request, "returns/withdraw.html", context, status=400 if form.is_bound else 200)
    decide(
        submission=submission,
        done=State.WITHDRAWN,
        by=request.user,
        verb=_taking_back(request, submission, form),
    )
    return to_submission(
        request, submission, _("Version %(version)s is withdrawn.") % {"version": submission.version}
    )


def _taking_back(request: StaffRequest, submission: Submission, form: WithdrawForm) -> partial[None]:
    return partial(
        review.withdraw,
        submission=submission,
        by=request.user,
        reason=form.cleaned_data["reason"],
        request_id=request.request_id,
    )
