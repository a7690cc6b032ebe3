"""Intake: an upload becomes a submission, and a check turns it into a verdict."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import BinaryIO
from uuid import UUID

from celery.exceptions import SoftTimeLimitExceeded
from django.core.files.base import File
from django.db import transaction
from django.utils import timezone

import validation
from submissions import dispatch
from submissions.checks import repairs, results, supersession
from submissions.checks.context import Basis, context_for
from submissions.checks.correction_carryover import Carried, carry
from submissions.files import storage
from submissions.files.stored_bytes import DamagedError
from submissions.jobs import leases
from submissions.jobs.leases import Heartbeat, Lease
from submissions.models import Act, Collection, IdempotencyKey, Period, State, StoredFile, Submission, User
from submissions.workflow import permissions
from submissions.workflow.locks import lock, lock_slot, lock_verdicts
from submissions.workflow.permissions import Action
from submissions.workflow.refusals import Refusal, RefusalError, waits_already
from submissions.workflow.transitions import move, record_event

KEY_CHARACTERS = 200


def receive(
    *,
    by: User,
    collection: str,
    period: str,
    upload: BinaryIO | File[bytes],
    filename: str,
    idempotency_key: str = "",
    request_id: str = "",
) -> Submission:
    """Store an upload as the next version of its slot and queue its check. The unit is that of `by`.

    A checked version before it stands until the new one has its own verdict, see `supersession`.

    The same `idempotency_key` with the same upload gives the submission it made the first time. The bytes of a
    version whose file was damaged where it is stored repair it, and it is checked again.
    Raises RefusalError; "same-file" and "already-nil" carry the submission that is there already.
    """
    admit(by=by, collection=collection, period=period)
    _admit_key(idempotency_key)
    stored = storage.keep(upload)
    unit = by.unit_id or ""  # `admit` refuses who has none
    for repaired in repairs.repair(stored=stored, unit=unit, by=by, request_id=request_id):
        if (repaired.collection, repaired.period_id, repaired.state) == (collection, period, State.RECEIVED):
            return repaired
    with transaction.atomic():
        replayed = _replayed(by, idempotency_key, _fingerprint(collection, period, stored.sha256))
        if replayed is not None:
            return replayed
        submission = next_version(
            by, collection, period, request_id, file=stored, filename=_clean_name(filename)
        )
        _remember(by, idempotency_key, _fingerprint(collection, period, stored.sha256), submission)
        dispatch.enqueue_on_commit(submission.pk)
    return submission


@transaction.atomic
def receive_nil(
    *, by: User, collection: str, period: str, idempotency_key: str = "", request_id: str = ""
) -> Submission:
    """Declare that the unit has nothing to report: a version without a file, ready to sign.

    `idempotency_key` works as in `receive`.
    """
    admit(by=by, collection=collection, period=period)
    _admit_key(idempotency_key)
    replayed = _replayed(by, idempotency_key, _fingerprint(collection, period, "nil"))
    if replayed is not None:
        return replayed
    lock_verdicts(by.unit_id, period)  # type: ignore[arg-type]  # `admit` refuses who has no unit
    submission = next_version(by, collection, period, request_id, nil_return=True)
    supersession.supersede(submission, request_id)
    _remember(by, idempotency_key, _fingerprint(collection, period, "nil"), submission)
    move(
        submission=submission,
        to=State.READY,
        act=Act.NIL_DECLARED,
        by=by,
        request_id=request_id,
        data_rows=0,
        checked_at=timezone.now(),
        queued_at=None,
    )
    results.recheck_dependents(submission.unit_id, submission.period_id)
    return submission


@transaction.atomic
def retry(*, submission: Submission, by: User, request_id: str = "") -> None:
    """Run a failed check again, with all its attempts."""
    permissions.require(by, Action.RETRY, submission)
    move(
        submission=submission,
        to=State.RECEIVED,
        act=Act.CHECK_RETRIED,
        by=by,
        request_id=request_id,
        attempts=0,
        failure="",
        queued_at=timezone.now(),
    )
    dispatch.enqueue_on_commit(submission.pk)


def check(*, submission_id: UUID) -> None:
    """Check one submission and store its verdict; called by the worker.

    Does nothing when another worker has it or there is nothing to check, so it may be called twice.
    Running out of time or memory, and files that are damaged where they are stored, are told to the user as
    `failed`; any other fault is raised, and the sweep has the check run again until its attempts are used up.
    """
    lease = leases.claim(submission_id)
    if lease is None:
        return
    submission = Submission.objects.select_related("file", "period").get(pk=submission_id)
    with leases.held(lease):
        try:
            _check(submission, lease)
        except SoftTimeLimitExceeded:
            results.fail(lease, "out-of-time")
        except MemoryError:
            results.fail(lease, "out-of-memory")
        except DamagedError as damaged:
            results.fail(lease, damaged.code)


def _check(submission: Submission, lease: Lease) -> None:
    with Heartbeat(lease) as heartbeat:
        result, basis, carried = _validated(submission, heartbeat)
        heartbeat.progress("storing", 0, None)
        frame = storage.NO_FRAME
        if result.cells is not None:
            frame = storage.keep_frame(
                f"{submission.pk}/{lease.token}", result.cells, validation.FORMS[submission.collection]
            )
    results.store_result(lease=lease, result=result, basis=basis, frame=frame, carried=carried)


def _validated(submission: Submission, heartbeat: Heartbeat) -> tuple[validation.Result, Basis, Carried]:
    """Return the engine's result, what it compared with, and what became of the corrections of the version before."""
    context, basis = context_for(submission, heartbeat.progress)
    form = validation.FORMS[submission.collection]
    data = storage.open_original(submission.file)  # type: ignore[arg-type]  # a nil return is not checked
    result = validation.validate(data, form, context, filename=submission.filename)
    carried = carry(submission, result)
    if carried.made:
        del result  # not two tables in memory at once
        context = replace(context, edits=(*context.edits, *carried.edits))
        result = validation.validate(data, form, context, filename=submission.filename)
    return result, basis, carried


def admit(*, by: User, collection: str, period: str) -> None:
    """Raise RefusalError before anything is read: for the role, the form, or a period that takes no uploads today."""
    permissions.require(by, Action.UPLOAD)
    if collection not in Collection.values:
        raise RefusalError(
            Refusal.COLLECTION_UNKNOWN, collection=collection, allowed=", ".join(validation.FORMS)
        )
    reporting_period = Period.objects.filter(pk=period).first()
    if reporting_period is None:
        raise RefusalError(Refusal.PERIOD_UNKNOWN, period=period)
    today = timezone.localdate()
    if today < reporting_period.opens:
        raise RefusalError(Refusal.PERIOD_NOT_OPEN, period=period, opens=reporting_period.opens)
    if today > reporting_period.closes:
        raise RefusalError(Refusal.PERIOD_CLOSED, period=period, closes=reporting_period.closes)


def next_version(
    by: User,
    collection: str,
    period: str,
    request_id: str,
    file: StoredFile | None = None,
    filename: str = "",
    nil_return: bool = False,
) -> Submission:
    """Create the next version of the slot. Needs a transaction; the caller enqueues the check."""
    lock_slot(by.unit_id, collection, period)  # type: ignore[arg-type]
    slot = Submission.objects.filter(unit=by.unit_id, collection=collection, period=period)
    newest = slot.select_for_update().newest().first()
    # a signed one may stand behind newer ones that were withdrawn or set aside
    signed = slot.filter(state=State.SIGNED).first()
    for standing in (signed, slot.filter(set_aside=False).newest().first(), newest):
        _admit_after(standing, file)
    submission = Submission.objects.create(
        unit=by.unit,  # type: ignore[misc]
        collection=collection,
        period_id=period,
        version=newest.version + 1 if newest else 1,
        file=file,
        filename=filename,
        nil_return=nil_return,
        uploader=by,
        queued_at=timezone.now(),
    )
    record_event(
        submission=submission,
        act=Act.RECEIVED,
        by=by,
        detail={"file": filename} if file else {},
        request_id=request_id,
        from_state="",
    )
    supersession.supersede_unchecked(submission, request_id)
    return submission


def _admit_after(newest: Submission | None, file: StoredFile | None) -> None:
    """Raise RefusalError when an earlier version leaves no room for another."""
    if newest is None or newest.state in (State.WITHDRAWN, State.RETURNED, State.EXCLUDED):
        return
    if newest.state == State.SIGNED:
        raise waits_already(newest)
    if newest.file_id == (file.pk if file else None):
        code = Refusal.SAME_FILE if file else Refusal.ALREADY_NIL
        raise RefusalError(code, submission=newest, version=newest.version)


def _admit_key(key: str) -> None:
    if len(key) > KEY_CHARACTERS:
        raise RefusalError(Refusal.IDEMPOTENCY_KEY_LONG, limit=KEY_CHARACTERS)


def _replayed(by: User, key: str, fingerprint: str) -> Submission | None:
    """Return what this key made before. The lock makes a second request with the key wait for the first."""
    if not key:
        return None
    lock("idempotency", str(by.pk), key)
    earlier = IdempotencyKey.objects.filter(user=by, key=key).select_related("submission").first()
    if earlier is not None and earlier.fingerprint != fingerprint:
        raise RefusalError(Refusal.IDEMPOTENCY_MISMATCH)
    return earlier.submission if earlier else None


def _remember(by: User, key: str, fingerprint: str, submission: Submission) -> None:
    if key:
        IdempotencyKey.objects.create(user=by, key=key, fingerprint=fingerprint, submission=submission)


def _fingerprint(collection: str, period: str, sent: str) -> str:
    """Return the fingerprint of what a key stands for; `sent` is the file's hash, or "nil"."""
    return hashlib.sha256(f"{collection}/{period}/{sent}".encode()).hexdigest()


def _clean_name(filename: str) -> str:
    """Return the bare name for display: no folders, no control characters. It is never used as a path."""
    bare = filename.replace("\\", "/").rpartition("/")[2]
    return "".join(c for c in bare if c.isprintable())[-255:]
