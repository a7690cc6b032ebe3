"""The queue: a hint to workers that a row wants checking; losing one loses nothing, the sweep finds the row."""

from __future__ import annotations

import logging
from functools import partial
from uuid import UUID

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

from submissions.models import Submission

logger = logging.getLogger(__name__)

CHECK_TASK = "submissions.tasks.check_submission"


def tell_after_commit(submission_id: UUID) -> None:
    """Tell the workers once the row can be seen by them."""
    # robust: the row is committed and stands, whatever becomes of the hint
    transaction.on_commit(partial(tell, submission_id), robust=True)


def tell(submission_id: UUID) -> bool:
    """Tell the workers now. Without a broker the row is marked as not queued, for the sweep; says whether it went."""
    try:
        current_app.send_task(CHECK_TASK, args=[str(submission_id)], retry=False)
    except OperationalError as error:
        logger.warning("broker unreachable, the sweep will queue %s: %s", submission_id, error)
        forget([submission_id])
        return False
    return True


def forget(submission_ids: list[UUID]) -> None:
    """Mark rows as not known to the queue."""
    Submission.objects.filter(pk__in=submission_ids).update(queued_at=None)
