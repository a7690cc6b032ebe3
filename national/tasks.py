"""Celery tasks of national: each calls one function; what was missed is found by the next one."""

from __future__ import annotations

from celery import shared_task

from national import clearing_queue


@shared_task(ignore_result=True)
def clear_figures() -> None:
    """Judge what the public waits for; beat runs it every CLEARING_SECONDS."""
    clearing_queue.clear_waiting()
