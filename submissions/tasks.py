"""Celery tasks: each loads by key and calls one function. Retries come from the sweep, bounded by attempts."""

from __future__ import annotations

from uuid import UUID

from celery import shared_task

from submissions import comparing, intake, sweeping


# acks late: a message that dies with its worker is delivered again, and the claim lets one check through
@shared_task(acks_late=True, ignore_result=True)
def check_submission(submission_id: str) -> None:
    """Check one submission. Safe to run twice."""
    intake.check(submission_id=UUID(submission_id))


@shared_task(acks_late=True, ignore_result=True)
def compare_submission(submission_id: str) -> None:
    """Compare one signed submission with other units. Safe to run twice."""
    comparing.compare(submission_id=UUID(submission_id))


@shared_task(ignore_result=True)
def sweep() -> None:
    """Queue what nobody has; beat runs it every SWEEP_SECONDS."""
    sweeping.sweep()
    sweeping.sweep_comparisons()
