"""Leases: a worker's claim on one check, kept alive by a heartbeat that also writes the progress."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from types import TracebackType
from typing import Any, NamedTuple, Self
from uuid import UUID, uuid4

from django.conf import settings
from django.db import DatabaseError, connections
from django.db.models import Q
from django.utils import timezone

from submissions.models import Act, State, Submission
from submissions.workflow.refusals import RefusalError
from submissions.workflow.transitions import move

logger = logging.getLogger(__name__)

#: seconds between two writes of the progress: often enough to look live, rare enough to cost nothing
BEAT_SECONDS = 0.5

#: fields of a row that nobody works on
FREE: dict[str, Any] = {"lease": None, "lease_until": None, "queued_at": None}


class Lease(NamedTuple):
    """The right to write the result of one check."""

    submission_id: UUID
    token: UUID


def claim(submission_id: UUID) -> Lease | None:
    """Take the check of a received row, or of a row whose worker died. Return None when there is nothing to take.

    A row that has used up its attempts is moved to failed: it must not loop for ever.
    """
    now = timezone.now()
    takeable = Q(state=State.RECEIVED) | Q(state=State.CHECKING, lease_until__lte=now)
    submission = Submission.objects.filter(takeable, pk=submission_id).first()
    if submission is None:
        return None
    lease = Lease(submission_id, uuid4())
    try:
        _take(submission, lease, takeable)
    except RefusalError:
        # another worker was faster
        return None
    return lease if submission.state == State.CHECKING else None


def _take(submission: Submission, lease: Lease, takeable: Q) -> None:
    if submission.attempts >= settings.MAX_ATTEMPTS:
        move(
            submission=submission,
            to=State.FAILED,
            act=Act.CHECK_FAILED,
            by=None,
            detail={"failure": "gave-up"},
            only_if=takeable,
            failure="gave-up",
            **FREE,
        )
        return
    move(
        submission=submission,
        to=State.CHECKING,
        act=Act.CHECK_STARTED,
        by=None,
        detail={"attempt": submission.attempts + 1},
        only_if=takeable,
        attempts=submission.attempts + 1,
        lease=lease.token,
        lease_until=_expiry(),
        queued_at=None,
        phase="",
        rows_done=0,
        rows_total=None,
    )


@contextmanager
def held(lease: Lease) -> Iterator[None]:
    """Give the lease back at the end, however it ends; after a fault the sweep then queues the row at once."""
    try:
        yield
    finally:
        _rows(lease).update(lease_until=timezone.now())


class Heartbeat:
    """Renews the lease and writes the newest progress from a thread, so that the check itself never waits."""

    def __init__(self, lease: Lease) -> None:
        self._lease = lease
        self._progress: tuple[str, int, int | None] = ("", 0, None)
        self._stop = threading.Event()
        self._thread = threading.Thread(
            target=self._run, name=f"heartbeat {lease.submission_id}", daemon=True
        )

    def progress(self, phase: str, done: int, total: int | None) -> None:
        """Record how far the check is; called by the engine."""
        self._progress = (phase, done, total)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join()
        if kind is None:
            # what follows is told, and has a whole lease's time
            _renew(self._lease, self._progress)

    def _run(self) -> None:
        try:
            self._beat()
        finally:
            connections.close_all()

    def _beat(self) -> None:
        written, renewed = self._progress, time.monotonic()
        while not self._stop.wait(BEAT_SECONDS):
            due = time.monotonic() - renewed > settings.LEASE_SECONDS / 4
            if due or self._progress != written:
                written, renewed = self._progress, time.monotonic()
                _renew(self._lease, written)


def _renew(lease: Lease, progress: tuple[str, int, int | None]) -> None:
    phase, done, total = progress
    fields: dict[str, Any] = {"phase": phase, "rows_done": done, "rows_total": total}
    try:
        _rows(lease).update(lease_until=_expiry(), **fields)
    except DatabaseError as error:
        # a lease that could not be renewed expires, and the check is then taken up again
        logger.warning("lease of %s not renewed: %s", lease.submission_id, error)


def _rows(lease: Lease) -> Any:
    return Submission.objects.filter(pk=lease.submission_id, lease=lease.token, state=State.CHECKING)


def _expiry() -> datetime:
    return timezone.now() + timedelta(seconds=settings.LEASE_SECONDS)
