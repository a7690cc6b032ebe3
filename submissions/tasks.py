"""Celery tasks: each loads by key and calls one function. The sweep retries, bounded by attempts."""

from __future__ import annotations

from uuid import UUID

from celery import shared_task
from django.utils import timezone

from submissions.checks import cross_unit, intake, repairs
from submissions.exports import downloads
from submissions.jobs import sweeper
from submissions.notifications import email, notify


# acks late: a message that dies with its worker is delivered again, and the claim lets one check through
@shared_task(acks_late=True, ignore_result=True)
def check_submission(submission_id: str) -> None:
    """Check one submission. Safe to run twice."""
    intake.check(submission_id=UUID(submission_id))


@shared_task(acks_late=True, ignore_result=True)
def compare_submission(submission_id: str) -> None:
    """Compare one signed submission with other units. Safe to run twice."""
    cross_unit.compare(submission_id=UUID(submission_id))


@shared_task(acks_late=True, ignore_result=True)
def send_mails() -> None:
    """Send the e-mails that are due. Safe to run twice."""
    email.send_due()


@shared_task(ignore_result=True)
def remind() -> None:
    """Remind of due dates; beat runs it every REMIND_SECONDS, and each reminder is given once."""
    notify.remind(timezone.localdate())


@shared_task(acks_late=True, ignore_result=True)
def rebuild_frame(submission_id: str) -> None:
    """Make a damaged table of one submission again. Safe to run twice."""
    repairs.rebuild_frame(submission_id=UUID(submission_id))


@shared_task(acks_late=True, ignore_result=True)
def make_download(download_id: str) -> None:
    """Make one workbook. Safe to run twice."""
    downloads.produce(download_id=UUID(download_id))


@shared_task(ignore_result=True)
def sweep() -> None:
    """Enqueue what nobody has taken; beat runs it every SWEEP_SECONDS."""
    sweeper.sweep()
    sweeper.sweep_comparisons()
    sweeper.sweep_mails()
