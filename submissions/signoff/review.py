"""Sign-off: the unit signs or withdraws, the ministry accepts or returns; each decision is made exactly once."""

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
from submissions.models import Act, Register, ReturnReason, Role, Signature, State, Submission, User
from submissions.signoff import receipts
from submissions.signoff.figure_impact import Drop, drops, fallen_names
from submissions.signoff.statements import statement_for
from submissions.workflow import permissions
from submissions.workflow.figure_effects import Accepted, figure_effects
from submissions.workflow.locks import lock_slot, lock_verdicts
from submissions.workflow.permissions import Action
from submissions.workflow.refusals import Refusal, RefusalError, waits_already
from submissions.workflow.transitions import move, record_event
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
        codes = ", ".join(FORMS[submission.collection].companion_errors)
        raise RefusalError(Refusal.NOT_EVALUABLE, codes=codes)
    storage.require_sound(submission)
    sha256 = receipts.signed_hash(submission)
    if seen_sha256 and not receipts.was_seen(submission, seen_sha256):
        raise RefusalError(Refusal.CONTENT_CHANGED)
    fallen = _confirmed_drops(submission, drop_reason.strip())
    move(
        submission=submission,
        to=State.SIGNED,
        act=Act.SIGNED,
        by=by,
        request_id=request_id,
        signer=by,
        signed_at=timezone.now(),
        signed_sha256=sha256,
        receipt_number=receipts.receipt_number(submission, sha256),
        comparison_due=dispatch.due_again(),
    )
    statement = statement_for(submission, timezone.localdate())
    Signature.objects.create(
        submission=submission,
        scheme=receipts.NEWEST_SCHEME,
        statement_version=statement.version,
        statement_zh=statement.text_zh,
        statement_en=statement.text_en,
        drops=fallen,
        drop_reason=drop_reason.strip() if fallen else "",
        by_delegation_of=None if by.role == Role.UNIT_SIGNER else by.lender,
    )
    dispatch.enqueue_comparison_on_commit(submission.pk)


@transaction.atomic
def withdraw(*, submission: Submission, by: User, reason: str = "", request_id: str = "") -> None:
    """Take a submission back, as long as its review has not begun. It stays in the history."""
    permissions.require(by, Action.WITHDRAW, submission)
    lock_verdicts(submission.unit_id, submission.period_id)
    move(
        submission=submission,
        to=State.WITHDRAWN,
        act=Act.WITHDRAWN,
        by=by,
        reason=reason,
        request_id=request_id,
        only_if=Q(review_began_at__isnull=True),
        **leases.FREE,
    )
    results.recheck_dependents(submission.unit_id, submission.period_id)


@transaction.atomic
def begin_review(*, submission: Submission, by: User, request_id: str = "") -> None:
    """Record that the ministry is reviewing it, so that the unit cannot withdraw it. Safe to repeat."""
    permissions.require(by, Action.REVIEW, submission)
    now = timezone.now()
    signed = Submission.objects.filter(pk=submission.pk, state=State.SIGNED, review_began_at__isnull=True)
    if signed.update(review_began_at=now, reviewer=by) != 1:
        submission.refresh_from_db()
        permissions.require(by, Action.REVIEW, submission)
        return
    submission.review_began_at, submission.reviewer = now, by
    record_event(submission=submission, act=Act.REVIEW_BEGAN, by=by, request_id=request_id)


def accept(*, submission: Submission, by: User, request_id: str = "") -> None:
    """Make it the unit's register of the period: records, register and figures change in one transaction."""
    accept_together(submissions=[submission], by=by, request_id=request_id)


@transaction.atomic
def accept_together(*, submissions: Iterable[Submission], by: User, request_id: str = "") -> None:
    """Accept all of them or none. The figures that they add up to are made once."""
    # in one order, so that of two callers neither waits for the other
    ordered = sorted(
        submissions, key=lambda submission: (submission.period_id, submission.unit_id, submission.collection)
    )
    now = timezone.now()
    accepted = [_accept(submission, by, request_id, now) for submission in ordered]
    figure_effects().on_acceptance(accepted)


def _accept(submission: Submission, by: User, request_id: str, now: datetime) -> Accepted:
    permissions.require(by, Action.ACCEPT, submission)
    lock_slot(submission.unit_id, submission.collection, submission.period_id)
    move(
        submission=submission,
        to=State.ACCEPTED,
        act=Act.ACCEPTED,
        by=by,
        request_id=request_id,
        reviewer=by,
        decided_at=now,
    )
    _require_as_signed(submission)
    frame = storage.frame_of(submission)
    records.store(submission, frame)
    slot = {"unit": submission.unit, "collection": submission.collection, "period": submission.period}
    Register.objects.in_force().filter(**slot).update(valid_to=now)
    Register.objects.create(**slot, submission=submission, valid_from=now)
    return Accepted(submission, frame)


@transaction.atomic
def exclude(*, submission: Submission, by: User, reason: str, request_id: str = "") -> None:
    """Take an accepted register out of force, with a reason; `reinstate` takes that back.

    The figures lose it, and the unit is carried forward from an earlier register until it sends a new version.
    """
    permissions.require(by, Action.EXCLUDE, submission)
    _require_words(reason)
    _lock(submission)
    held = Register.objects.in_force().filter(submission=submission)
    if held.update(valid_to=timezone.now()) != 1:
        raise RefusalError(Refusal.NOT_IN_FORCE)
    move(
        submission=submission,
        to=State.EXCLUDED,
        act=Act.EXCLUDED,
        by=by,
        reason=reason,
        request_id=request_id,
    )
    figure_effects().on_exclusion(submission, by, reason)
    results.recheck_dependents(submission.unit_id, submission.period_id)


@transaction.atomic
def reinstate(*, submission: Submission, by: User, reason: str, request_id: str = "") -> None:
    """Put a register that was taken out of force in force again, with a reason; the figures count it again.

    Raises RefusalError "newer-in-force" where another version has come into force since.
    """
    permissions.require(by, Action.REINSTATE, submission)
    _require_words(reason)
    _lock(submission)
    slot = {"unit": submission.unit, "collection": submission.collection, "period": submission.period}
    other = Register.objects.in_force().filter(**slot).select_related("submission").first()
    if other is not None:
        newer = other.submission
        raise RefusalError(Refusal.NEWER_IN_FORCE, submission=newer, version=newer.version)
    move(
        submission=submission,
        to=State.ACCEPTED,
        act=Act.REINSTATED,
        by=by,
        reason=reason,
        request_id=request_id,
    )
    Register.objects.create(**slot, submission=submission, valid_from=timezone.now())
    figure_effects().on_reinstatement(submission, by, reason)
    results.recheck_dependents(submission.unit_id, submission.period_id)


@transaction.atomic
def return_(*, submission: Submission, by: User, reasons: list[ReasonGiven], request_id: str = "") -> None:
    """Return it with at least one reason in words; the unit sees each at its place."""
    permissions.require(by, Action.RETURN, submission)
    _require_sound(submission, reasons)
    lock_verdicts(submission.unit_id, submission.period_id)
    move(
        submission=submission,
        to=State.RETURNED,
        act=Act.RETURNED,
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
        raise RefusalError(Refusal.REASON_REQUIRED)
    if len(reason) > REASON_CHARACTERS:
        raise RefusalError(Refusal.TEXT_TOO_LONG, limit=REASON_CHARACTERS)


def _lock(submission: Submission) -> None:
    """Make other decisions on the slot, and on the unit's other form, wait."""
    lock_verdicts(submission.unit_id, submission.period_id)
    lock_slot(submission.unit_id, submission.collection, submission.period_id)


def _require_as_signed(submission: Submission) -> None:
    """Raise RefusalError unless what is stored is sound and is what was signed."""
    storage.require_sound(submission)
    if not receipts.is_as_signed(submission):
        logger.critical("submission %s is not what was signed: its hash differs", submission.pk)
        raise RefusalError(Refusal.NOT_AS_SIGNED)


def _confirmed_drops(submission: Submission, reason: str) -> list[Drop]:
    """Return what falls far. Raise RefusalError when something does and no reason is given."""
    fallen = drops(submission)
    if fallen and not reason:
        raise RefusalError(Refusal.DROP_UNCONFIRMED, figures=fallen_names(fallen))
    if len(reason) > REASON_CHARACTERS:
        raise RefusalError(Refusal.TEXT_TOO_LONG, limit=REASON_CHARACTERS)
    return fallen


def _require_sound(submission: Submission, reasons: list[ReasonGiven]) -> None:
    """Raise RefusalError unless each reason has words and names only what the form and the file have."""
    if not reasons or not all(given.text.strip() for given in reasons):
        raise RefusalError(Refusal.REASON_REQUIRED)
    if any(len(given.text) > REASON_CHARACTERS for given in reasons):
        raise RefusalError(Refusal.TEXT_TOO_LONG, limit=REASON_CHARACTERS)
    columns = FORMS[submission.collection].by_key
    for given in reasons:
        if (given.code and given.code not in catalogue()) or (given.column and given.column not in columns):
            raise RefusalError(Refusal.PLACE_UNKNOWN, rule=given.code or "–", column=given.column or "–")
    extents = sheet_extents(submission)
    for given in reasons:
        _require_place(given, extents)


def _require_place(given: ReasonGiven, extents: Mapping[str, Extent]) -> None:
    """Raise RefusalError unless the sheet is in the file, the row in the sheet, and the cell in the row."""
    if given.sheet and given.sheet not in extents:
        raise RefusalError(Refusal.SHEET_UNREAD, sheet=given.sheet)
    if given.row is None:
        return
    meant = [extents[given.sheet]] if given.sheet else list(extents.values())
    holding = [extent for extent in meant if 1 <= given.row <= extent.last_row]
    if not holding:
        raise RefusalError(
            Refusal.ROW_UNKNOWN, row=given.row, last=max((e.last_row for e in meant), default=0)
        )
    if given.column and not any(given.column in extent.columns for extent in holding):
        raise RefusalError(Refusal.PLACE_UNKNOWN, rule=given.code or "–", column=given.column)


def _awaits_companion(submission: Submission) -> bool:
    """Return whether the companion a form was compared with no longer stands, or may soon be replaced."""
    if submission.nil_return:
        return False
    in_work = companion_versions(submission).filter(state__in=[State.RECEIVED, State.CHECKING])
    return in_work.exists() or not compared_with_standing(submission)
