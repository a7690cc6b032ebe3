"""Repairs: returns whose stored file was damaged are put right once the same bytes are there again."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

import validation
from submissions import dispatch
from submissions.checks.context import context_as_checked
from submissions.files import storage, stored_bytes
from submissions.files.edits_in_force import edits_of
from submissions.models import Act, State, StoredFile, Submission, User
from submissions.workflow.locks import lock_verdicts
from submissions.workflow.transitions import move

logger = logging.getLogger(__name__)

#: a check that ended because something stored was damaged
_BROKEN = "storage-damaged"
_VERDICTS = (State.INVALID, State.UNEXPLAINED, State.READY)


def repair(*, stored: StoredFile, unit: str, by: User | None, request_id: str = "") -> list[Submission]:
    """Put right the unit's versions of a file whose bytes are sound again, and return those that were damaged.

    What still has its verdict to come or to be signed is checked again. The table of what is signed or decided is
    made again by the worker, and has to be the very same.
    """
    versions = Submission.objects.filter(file=stored, unit=unit).order_by("version")
    return [version for version in versions if _repair(version, by, request_id)]


def _repair(version: Submission, by: User | None, request_id: str) -> bool:
    if version.state in (State.RECEIVED, State.CHECKING):
        return False  # its check is to come, and reads the sound bytes
    failed = version.state == State.FAILED and version.failure == _BROKEN
    if not (failed or fault_of_frame(version)):
        return False
    if failed or version.state in _VERDICTS:
        _check_again(version, by, request_id)
    else:
        dispatch.enqueue_rebuild_on_commit(version.pk)
    return True


def fault_of_frame(version: Submission) -> str:
    """Return what is wrong with its stored table; empty when nothing is, or when there is no hashed table."""
    if not version.frame_sha256:
        return ""
    return stored_bytes.fault_of(version.frame_path, version.frame_sha256)


@transaction.atomic
def _check_again(version: Submission, by: User | None, request_id: str) -> None:
    lock_verdicts(version.unit_id, version.period_id)
    move(
        submission=version,
        to=State.RECEIVED,
        act=Act.FILE_REPAIRED,
        by=by,
        request_id=request_id,
        attempts=0,
        failure="",
        queued_at=timezone.now(),
    )
    dispatch.enqueue_on_commit(version.pk)


def rebuild_frame(*, submission_id: UUID) -> bool:
    """Make the damaged table of a version again from its original, by the steps of the check.

    It is kept only when it is the very same as the one that was judged and signed; says whether it was.
    Raises DamagedError when the original is damaged too.
    """
    version = Submission.objects.select_related("file", "period").get(pk=submission_id)
    if version.file is None or not fault_of_frame(version):
        return True
    context = replace(context_as_checked(version), edits=edits_of(version, until=_checked_at(version)))
    data = storage.open_original(version.file)
    form = validation.FORMS[version.collection]
    made = validation.validate(data, form, context, filename=version.filename)
    if made.cells is not None and storage.restore_frame(version, made.cells):
        logger.warning("table of submission %s is made again", version.pk)
        return True
    logger.critical(
        "table of submission %s cannot be made the same again: restore it from a backup", version.pk
    )
    return False


def _checked_at(version: Submission) -> datetime:
    """Return when the check that made the stored table ended; later re-checks by new rules made none."""
    ends = version.events.filter(from_state=State.CHECKING, to_state__in=_VERDICTS).order_by("-id")
    return ends.values_list("at", flat=True)[0]
