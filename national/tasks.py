"""Celery tasks of national: each calls one function; what was missed is found by the next one."""

from __future__ import annotations

from celery import shared_task

#: seconds; what is not done by then is begun anew
_LONGEST = 3600


# a whole country takes minutes, which is longer than any check may
@shared_task(ignore_result=True, soft_time_limit=_LONGEST, time_limit=_LONGEST + 60)
def clear_figures() -> None:
    """Judge what the public waits for; beat runs it every CLEARING_SECONDS."""
    # Its linear programmes take long to load. Every worker knows this task, and so does beat; one child computes.
    from national.disclosure import queue

    queue.judge_waiting()
