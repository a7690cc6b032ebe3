"""Progress of a check, read from the row that the worker writes; never reported done before it is."""

from __future__ import annotations

from dataclasses import dataclass

from submissions.models import State, Submission


@dataclass(frozen=True, slots=True)
class Progress:
    """`phase` is waiting, one of the engine's phases, storing, or done. `queue_position` counts from 1 while waiting."""

    state: str
    phase: str
    rows_done: int
    rows_total: int | None
    queue_position: int | None

    @property
    def finished(self) -> bool:
        """Return whether there is nothing more to wait for."""
        return self.phase == "done"


def progress(submission: Submission) -> Progress:
    """Return the progress of `submission` as its row has it."""
    state = State(submission.state)
    if state == State.RECEIVED:
        return Progress(state, "waiting", 0, None, _position(submission))
    if state == State.CHECKING:
        # the worker has it but the engine has not spoken yet: the first thing it does is reading
        phase = submission.phase or "reading"
        return Progress(state, phase, submission.rows_done, submission.rows_total, None)
    return Progress(state, "done", submission.data_rows or 0, submission.data_rows, None)


def _position(submission: Submission) -> int:
    waiting = Submission.objects.filter(state=State.RECEIVED, received_at__lt=submission.received_at)
    return waiting.count() + 1
