"""The queue: messages that tell workers of rows to work on. A lost message costs time only: the sweep finds the row."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from celery import current_app
from django.db import transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from submissions.models import Submission

logger = logging.getLogger(__name__)

CHECK_TASK = "submissions.tasks.check_submission"
MAIL_TASK = "submissions.tasks.send_mails"
DOWNLOAD_TASK = "submissions.tasks.make_download"
REBUILD_TASK = "submissions.tasks.rebuild_frame"
COMPARE_TASK = "submissions.tasks.compare_submission"

#: A message is taken for lost after this long. A long queue is told again once in this time, at the cost of
#: one claim that finds nothing to take.
LOST_AFTER = timedelta(seconds=60)


def enqueue_on_commit(submission_id: UUID) -> None:
    """Enqueue a check once the transaction is committed and workers can see the row."""
    # robust: the row is committed and stands, whatever becomes of the hint
    transaction.on_commit(partial(enqueue, submission_id), robust=True)


def enqueue(submission_id: UUID) -> bool:
    """Enqueue a check now, and return whether that worked. Without a broker the row is marked for the sweep."""
    was_sent = _send(CHECK_TASK, submission_id)
    if not was_sent:
        forget([submission_id])
    return was_sent


def due_again() -> datetime:
    """Return when a message sent now counts as lost."""
    return timezone.now() + LOST_AFTER


def enqueue_comparison_on_commit(submission_id: UUID) -> None:
    """Enqueue a comparison with other units once the transaction is committed."""
    transaction.on_commit(partial(enqueue_comparison, submission_id), robust=True)


def enqueue_comparison(submission_id: UUID) -> bool:
    """Enqueue a comparison now, and return whether that worked. The sweep tries again when it is due."""
    return _send(COMPARE_TASK, submission_id)


def enqueue_rebuild_on_commit(submission_id: UUID) -> None:
    """Enqueue making a damaged table again. A lost message is made up for when the file is sent once more."""
    transaction.on_commit(partial(_send, REBUILD_TASK, submission_id), robust=True)


def enqueue_mails() -> bool:
    """Enqueue sending the e-mails that are due, and return whether that worked. The sweep finds them anyway."""
    return _send(MAIL_TASK)


def enqueue_download_on_commit(download_id: UUID) -> None:
    """Enqueue making a workbook once the transaction is committed."""
    transaction.on_commit(partial(enqueue_download, download_id), robust=True)


def enqueue_download(download_id: UUID) -> bool:
    """Enqueue making a workbook now, and return whether that worked. Whoever waits for it enqueues it again."""
    return _send(DOWNLOAD_TASK, download_id)


def _send(task: str, *ids: UUID) -> bool:
    try:
        current_app.send_task(task, args=[str(row_id) for row_id in ids], retry=False)
    except OperationalError as error:
        logger.warning("broker unreachable, the sweep will do %s %s: %s", task, ids, error)
        return False
    return True


def forget(submission_ids: list[UUID]) -> None:
    """Mark submissions as not enqueued."""
    Submission.objects.filter(pk__in=submission_ids).update(queued_at=None)
