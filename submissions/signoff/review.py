"""Review: the unit signs or withdraws, the ministry accepts or returns; each decision is made exactly once."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from submissions import dispatch
from submissions.checks import results
from submissions.checks.context import companion_versions, compared_with_standing
from submissions.files import records, storage
from submissions.files.sheet_extents import Extent, sheet_extents
from submissions.jobs import leases
from submissions.models import Register, ReturnReason, Role, Signature, State, Submission, User
from submissions.signoff import receipts
from submissions.signoff.figure_impact import Drop, drops, drops_said
from submissions.signoff.statements import statement_for
from submissions.workflow import permissions
from submissions.workflow.locks import lock_slot, lock_verdicts
from submissions.workflow.permissions import Action
from submissions.workflow.refusals import RefusalError, waits_already
from submissions.workflow.signals import (
    Accepted,
    register_excluded,
    register_reinstated,
    submissions_accepted,
)
from submissions.workflow.transitions import move, note
from validation import FORMS, catalogue

logger = logging.getLogger(__name__)

REASON_CHARACTERS = 1000


class ReasonGiven(NamedTuple):
    """One reason of a return: on the whole, or on the rule, row or cell that is named."""

    text: str
    code: str = ""
    sheet: str = ""
    row: int | None = None
    column: str = ""


@transaction.atomic
def sign(
    *, submission: Submission, by: User, seen_sha256: str = "", drop_reason: str = "", request_id: str = ""
) -> None:
    """Sign off for the unit, bound to the hash of what was uploaded. Gives the submission its receipt number.

    `seen_sha256` is the hash that the signer was shown, where one was; `drop_reason` is asked for when records
    or a main figure fall far, and kept with the statement.
    """
    permissions.require(by, Action.SIGN, submission)
    lock_verdicts(submission.unit_id, submission.period_id)
    # an upload that comes in at the same moment is seen, or comes after the signature
    lock_slot(submission.unit_id, submission.collection, submission.period_id)
    # as it is now: its page, and the row that came with it, may be older than the locks
    submission.refresh_from_db()
    permissions.require(by, Action.SIGN, submission)
    signed = Submission.objects.of_slot(submission).filter(state=State.SIGNED).first()
    if signed is not None:
        raise waits_already(signed)
    if _awaits_companion(submission):
        raise RefusalError("not-evaluable", codes=", ".join(FORMS[submission.collection].companion_errors))
    storage.require_sound(submission)
    sha256 = receipts.signed_hash(submission)
    if seen_sha256 and not receipts.was_seen(submission, seen_sha256):
        raise RefusalError("content-changed")
    fallen = _confirmed_drops(submission, drop_reason.strip())
    move(
        submission=submission,
        to=State.SIGNED,
        by=by,
        request_id=request_id,
        signer=by,
        signed_at=timezone.now(),
        signed_sha256=sha256,
        receipt_number=receipts.receipt_number(submission, sha256),
        comparison_due=dispatch.due_again(),
    )
    said = statement_for(submission, timezone.localdate())
    Signature.objects.create(
        submission=submission,
        scheme=receipts.NEWEST_SCHEME,
        statement_version=said.version,
        statement_zh=said.text_zh,
        statement_en=said.text_en,
        drops=fallen,
        drop_reason=drop_reason.strip() if fallen else "",
        by_delegation_of=None if by.role == Role.UNIT_SIGNER else by.lender,
    )
    dispatch.tell_comparison_after_commit(submission.pk)


@transaction.atomic
def withdraw(*, submission: Submission, by: User, reason: str = "", request_id: str = "") -> None:
    """Take a submission back, as long as its review has not begun. It stays in the history."""
    permissions.require(by, Action.WITHDRAW, submission)
    lock_verdicts(submission.unit_id, submission.period_id)
    move(
        submission=submission,
        to=State.WITHDRAWN,
        by=by,
        reason=reason,
        request_id=request_id,
        only_if=Q(review_began_at__isnull=True),
        **leases.FREE,
    )
    results.recheck_dependents(submission.unit_id, submission.period_id)


@transaction.atomic
def begin_review(*, submission: Submission, by: User, request_id: str = "") -> None:
    """Say that the ministry reads it now, so that the unit cannot withdraw it. Doing it again changes nothing."""
    permissions.require(by, Action.REVIEW, submission)
    now = timezone.now()
    signed = Submission.objects.filter(pk=submission.pk, state=State.SIGNED, review_began_at__isnull=True)
    if signed.update(review_began_at=now, reviewer=by) != 1:
        submission.refresh_from_db()
        permissions.require(by, Action.REVIEW, submission)
        return
    submission.review_began_at, submission.reviewer = now, by
    note(submission=submission, by=by, reason="review began", request_id=request_id)


def accept(*, submission: Submission, by: User, request_id: str = "") -> None:
    """Make it the unit's register for the period: records, register and figures change in one transaction."""
    accept_together(submissions=[submission], by=by, request_id=request_id)


@transaction.atomic
def accept_together(*, submissions: Iterable[Submission], by: User, request_id: str = "") -> None:
    """Accept all of them or none. The figures that they add up to are made once and not after each."""
    # in one order, so that of two callers neither waits for the other
    ordered = sorted(submissions, key=lambda one: (one.period_id, one.unit_id, one.collection))
    now = timezone.now()
    accepted = [_accept(submission, by, request_id, now) for submission in ordered]
    submissions_accepted.send(sender=Submission, accepted=accepted)


def _accept(submission: Submission, by: User, request_id: str, now: datetime) -> Accepted:
    permissions.require(by, Action.ACCEPT, submission)
    lock_slot(submission.unit_id, submission.collection, submission.period_id)
    move(submission=submission, to=State.ACCEPTED, by=by, request_id=request_id, reviewer=by, decided_at=now)
    _require_as_signed(submission)
    frame = storage.frame_of(submission)
    records.store(submission, frame)
    slot = {"unit": submission.unit, "collection": submission.collection, "period": submission.period}
    Register.objects.in_force().filter(**slot).update(valid_to=now)
    Register.objects.create(**slot, submission=submission, valid_from=now)
    return Accepted(submission, frame)


@transaction.atomic
def exclude(*, submission: Submission, by: User, reason: str, request_id: str = "") -> None:
    """Take an accepted register out of force, with a reason in words; `reinstate` takes that back.

    The figures lose it, and the unit is carried forward from an earlier register until it sends a new version.
    """
    permissions.require(by, Action.EXCLUDE, submission)
    _require_words(reason)
    _lock(submission)
    held = Register.objects.in_force().filter(submission=submission)
    if held.update(valid_to=timezone.now()) != 1:
        raise RefusalError("not-in-force")
    move(submission=submission, to=State.EXCLUDED, by=by, reason=reason, request_id=request_id)
    register_excluded.send(sender=Submission, submission=submission, by=by, reason=reason)
    results.recheck_dependents(submission.unit_id, submission.period_id)


@transaction.atomic
def reinstate(*, submission: Submission, by: User, reason: str, request_id: str = "") -> None:
    """Put a register that was taken out of force into it again, with a reason in words; the figures count it again.

    Raises RefusalError "newer-in-force" where another version has come into force since.
    """
    permissions.require(by, Action.REINSTATE, submission)
    _require_words(reason)
    _lock(submission)
    slot = {"unit": submission.unit, "collection": submission.collection, "period": submission.period}
    other = Register.objects.in_force().filter(**slot).select_related("submission").first()
    if other is not None:
        newer = other.submission
        raise RefusalError("newer-in-force", submission=newer, version=newer.version)
    move(submission=submission, to=State.ACCEPTED, by=by, reason=reason, request_id=request_id)
    Register.objects.create(**slot, submission=submission, valid_from=timezone.now())
    register_reinstated.send(sender=Submission, submission=submission, by=by, reason=reason)
    results.recheck_dependents(submission.unit_id, submission.period_id)


@transaction.atomic
def return_(*, submission: Submission, by: User, reasons: list[ReasonGiven], request_id: str = "") -> None:
    """Send it back with at least one reason in words; the unit sees each at its place."""
    permissions.require(by, Action.RETURN, submission)
    _require_sound(submission, reasons)
    lock_verdicts(submission.unit_id, submission.period_id)
    move(
        submission=submission,
        to=State.RETURNED,
        by=by,
        reason=reasons[0].text,
        request_id=request_id,
        reviewer=by,
        decided_at=timezone.now(),
    )
    ReturnReason.objects.bulk_create(
        ReturnReason(submission=submission, by=by, **given._asdict()) for given in reasons
    )
    submission.return_drafts.filter(by=by).delete()
    results.recheck_dependents(submission.unit_id, submission.period_id)


def _require_words(reason: str) -> None:
    if not reason.strip():
        raise RefusalError("reason-required")
    if len(reason) > REASON_CHARACTERS:
        raise RefusalError("text-too-long", limit=REASON_CHARACTERS)


def _lock(submission: Submission) -> None:
    """What is decided on the register waits for what else is decided in its slot, and for the unit's other form."""
    lock_verdicts(submission.unit_id, submission.period_id)
    lock_slot(submission.unit_id, submission.collection, submission.period_id)


def _require_as_signed(submission: Submission) -> None:
    """What is stored is sound, and is what the signature stands for. Raises RefusalError."""
    storage.require_sound(submission)
    if not receipts.is_as_signed(submission):
        logger.critical("submission %s is not what was signed: its hash differs", submission.pk)
        raise RefusalError("not-as-signed")


def _confirmed_drops(submission: Submission, reason: str) -> list[Drop]:
    """What falls far. Raises a refusal when something does and no reason is given."""
    fallen = drops(submission)
    if fallen and not reason:
        raise RefusalError("drop-unconfirmed", figures=drops_said(fallen))
    if len(reason) > REASON_CHARACTERS:
        raise RefusalError("text-too-long", limit=REASON_CHARACTERS)
    return fallen


def _require_sound(submission: Submission, reasons: list[ReasonGiven]) -> None:
    """Each reason has words and names nothing that the form or the file does not have."""
    if not reasons or not all(given.text.strip() for given in reasons):
        raise RefusalError("reason-required")
    if any(len(given.text) > REASON_CHARACTERS for given in reasons):
        raise RefusalError("text-too-long", limit=REASON_CHARACTERS)
    columns = FORMS[submission.collection].by_key
    for given in reasons:
        if (given.code and given.code not in catalogue()) or (given.column and given.column not in columns):
            raise RefusalError("place-unknown", rule=given.code or "–", column=given.column or "–")
    extents = sheet_extents(submission)
    for given in reasons:
        _require_place(given, extents)


def _require_place(given: ReasonGiven, extents: Mapping[str, Extent]) -> None:
    """The sheet is one of the file, the row lies in it, and so does the cell."""
    if given.sheet and given.sheet not in extents:
        raise RefusalError("sheet-unread", sheet=given.sheet)
    if given.row is None:
        return
    meant = [extents[given.sheet]] if given.sheet else list(extents.values())
    holding = [extent for extent in meant if 1 <= given.row <= extent.last_row]
    if not holding:
        raise RefusalError("row-unknown", row=given.row, last=max((e.last_row for e in meant), default=0))
    if given.column and not any(given.column in extent.columns for extent in holding):
        raise RefusalError("place-unknown", rule=given.code or "–", column=given.column)


def _awaits_companion(submission: Submission) -> bool:
    """A form may have been compared with a companion that no longer stands, or is about to be replaced."""
    if submission.nil_return:
        return False
    in_work = companion_versions(submission).filter(state__in=[State.RECEIVED, State.CHECKING])
    return in_work.exists() or not compared_with_standing(submission)
