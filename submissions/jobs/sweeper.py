"""The sweep: finds work that nobody has taken and enqueues it again."""

from __future__ import annotations

from itertools import takewhile
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from submissions import dispatch
from submissions.models import Notice, State, Submission
from submissions.models.submission import SubmissionQuerySet

#: rows told to the queue per sweep
BATCH = 200


def sweep() -> list[UUID]:
    """Queue received rows the queue does not know of, and checks whose lease ran out.

    Returns the ids told. Without a broker it stops at the first: each try takes seconds.
    """
    with transaction.atomic():
        ids = list(_unattended().values_list("pk", flat=True)[:BATCH])
        Submission.objects.filter(pk__in=ids).update(queued_at=timezone.now())
    sent = list(takewhile(dispatch.enqueue, ids))
    dispatch.forget(ids[len(sent) :])
    return sent


def sweep_comparisons() -> list[UUID]:
    """Enqueue comparisons with other units that are due again. Return the ids enqueued."""
    with transaction.atomic():
        due = Submission.objects.filter(comparison_due__lte=timezone.now()).order_by("comparison_due")
        ids = list(due.select_for_update(skip_locked=True).values_list("pk", flat=True)[:BATCH])
        Submission.objects.filter(pk__in=ids).update(comparison_due=dispatch.due_again())
    return list(takewhile(dispatch.enqueue_comparison, ids))


def sweep_mails() -> bool:
    """Enqueue sending e-mails that are due and not sent; return whether it was enqueued."""
    return Notice.objects.to_mail().exists() and dispatch.enqueue_mails()


def _unattended() -> SubmissionQuerySet:
    now = timezone.now()
    nobody_has_it = Q(state=State.RECEIVED) | Q(state=State.CHECKING, lease_until__lte=now)
    not_queued = Q(queued_at__isnull=True) | Q(queued_at__lte=now - dispatch.LOST_AFTER)
    rows = Submission.objects.filter(nobody_has_it & not_queued).order_by("received_at")
    return rows.select_for_update(skip_locked=True)
