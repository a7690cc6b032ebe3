"""Signing: statement, counts, totals and hash to sign, the receipt afterwards, and taking it back."""

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
    shown = find(request, submission_id)
    if request.method != "POST" and shown.receipt_number:
        # also by the browser's way back after the signature
        return redirect("portal:receipt", shown.pk)
    refusal = _refusal(request, shown)
    if refusal is not None and (request.method != "POST" or refusal.code == Refusal.NOT_ALLOWED):
        return _blocked(request, shown, refusal)
    fallen = drops(shown) if shown.state == State.READY else []
    sha256 = receipts.signed_hash(shown)
    form = SignForm(posted(request), falls=bool(fallen), initial={"sha256": sha256})
    if not form.is_valid():
        return _sign_page(request, shown, form, fallen, 400 if form.is_bound else 200)
    act = partial(_sign, request, shown, form)
    decided = attempt(form, partial(decide, submission=shown, done=State.SIGNED, by=request.user, verb=act))
    if isinstance(decided, RefusalError):
        return _refused_signing(request, shown, form, decided)
    return redirect("portal:receipt", shown.pk)


def _sign(request: StaffRequest, shown: Submission, form: SignForm) -> None:
    review.sign(
        submission=shown,
        by=request.user,
        seen_sha256=form.cleaned_data["sha256"],
        drop_reason=form.cleaned_data["drop_reason"],
        request_id=request.request_id,
    )


def _refusal(request: StaffRequest, shown: Submission) -> RefusalError | None:
    try:
        permissions.require(request.user, Action.SIGN, shown)
    except RefusalError as refusal:
        return refusal
    return None


def _refused_signing(
    request: StaffRequest, shown: Submission, form: SignForm, refusal: RefusalError
) -> HttpResponse:
    """What can be put right on the page is told there, with what is signed now; the rest on a page of its own."""
    if refusal.code not in _AMENDABLE:
        return _blocked(request, shown, refusal)
    shown.refresh_from_db()
    fallen = drops(shown)
    sent = request.POST.copy()
    sent["sha256"] = receipts.signed_hash(shown)
    again = SignForm(sent, falls=bool(fallen))
    again.full_clean()
    tell(again, refusal)
    return _sign_page(request, shown, again, fallen, status_of(refusal))


def _blocked(request: StaffRequest, shown: Submission, refusal: RefusalError) -> HttpResponse:
    """Why it cannot be signed yet, and the way to what is open or to those who sign."""
    if refusal.code == Refusal.NOT_ALLOWED and request.user.unit_id == shown.unit_id:
        return _left_to_signers(request, shown, refusal)
    if refusal.code not in _OPEN:
        raise refusal
    context = {
        "submission": shown,
        "refusal": refusal,
        "actions": permissions.allowed_actions(request.user, shown),
        "open": _open_groups(request, shown),
    }
    return render_page(request, "returns/sign_blocked.html", context, status=status_of(refusal))


def _left_to_signers(request: StaffRequest, shown: Submission, refusal: RefusalError) -> HttpResponse:
    """Who of the unit signs and withdraws."""
    signers = User.objects.filter(unit=shown.unit, role=Role.UNIT_SIGNER, is_active=True).order_by("pk")
    context = {"submission": shown, "signers": labels.listed(map(str, signers))}
    return render_page(request, "returns/signers.html", context, status=status_of(refusal))


def _open_groups(request: StaffRequest, shown: Submission) -> list[presenters.GroupShown]:
    return [group for group in presenters.groups(shown, request.user) if group.group.open]


def _sign_page(
    request: StaffRequest, shown: Submission, form: SignForm, fallen: list[Drop], status: int
) -> HttpResponse:
    said = statement_for(shown, timezone.localdate())
    context = {
        "submission": shown,
        "form": form,
        "totals": presenters.totals(shown),
        "sha256": receipts.signed_hash(shown),
        "statement": getattr(said, f"text_{labels.language()}"),
        "statement_version": said.version,
        "lender": None if request.user.role == Role.UNIT_SIGNER else request.user.lender,
        "explanations": given_explanations(shown)[:EXPLANATIONS],
        "corrections": shown.corrections.in_force().count(),
        "drops": fallen,
        "tallies": _tallies(shown),
        "followed": return_followup.follow(shown),
    }
    return render_page(request, "returns/sign.html", context, status=status)


def _tallies(shown: Submission) -> list[Tally]:
    """In one line per base what changed; the page of changes shows it whole."""
    return [
        Tally(label, base.kind, compared(shown, base.submission).counts)
        for base, label, _chosen in offered(shown)
    ]


@desk_page
def receipt(request: StaffRequest, submission_id: UUID) -> HttpResponse:
    shown = find(request, submission_id)
    held = _receipt_of(shown)
    signed = held.signature
    context = {
        "submission": shown,
        "receipt": held,
        "facts": facts(shown, held),
        "totals": presenters.totals(shown),
        "statement": signed and getattr(signed, f"statement_{labels.language()}"),
        "verify_at": _verify_at(request, held),
        "actions": permissions.allowed_actions(request.user, shown),
    }
    return render_page(request, "returns/receipt.html", context)


@desk_page
def receipt_as_pdf(request: StaffRequest, submission_id: UUID) -> FileResponse:
    shown = find(request, submission_id)
    held = _receipt_of(shown)
    # writing PDF takes long to load, and is what few requests want
    from portal.returns.receipt_pdf import receipt_pdf

    pdf = receipt_pdf(shown, held, _verify_at(request, held))
    name = demo_mode.file_named(f"{held.number}.pdf")
    return FileResponse(io.BytesIO(pdf), as_attachment=True, filename=name, content_type="application/pdf")


def _receipt_of(shown: Submission) -> Receipt:
    held = receipts.receipt(shown)
    if held is None:
        raise RefusalError(Refusal.NOT_FOUND)
    return held


def _verify_at(request: StaffRequest, held: Receipt) -> str:
    return request.build_absolute_uri(reverse("receipts:verify", args=[held.number]))


@desk_page
def withdraw(request: StaffRequest, submission_id: UUID) -> HttpResponse:
    shown = find(request, submission_id)
    if request.method != "POST":
        if shown.state == State.WITHDRAWN:
            return to_submission(request, shown)
        try:
            permissions.require(request.user, Action.WITHDRAW, shown)
        except RefusalError as refusal:
            return _blocked(request, shown, refusal)
    form = WithdrawForm(posted(request))
    if not form.is_valid():
        context = {"submission": shown, "form": form}
        return render_page(request, "returns/withdraw.html", context, status=400 if form.is_bound else 200)
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
