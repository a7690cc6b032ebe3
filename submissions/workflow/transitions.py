"""Transitions: the table of allowed moves and the one function that makes them, one row and one event each."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Q

from submissions.models import Event, State, Submission, User
from submissions.notifications import notify
from submissions.workflow.refusals import Refusal, RefusalError

_VERDICTS = frozenset({State.INVALID, State.UNEXPLAINED, State.READY})
_GIVEN_UP = frozenset({State.SUPERSEDED, State.WITHDRAWN})

#: From each state, where it may go. States that are no key are final.
ALLOWED: dict[State, frozenset[State]] = {
    State.RECEIVED: _GIVEN_UP | {State.CHECKING, State.FAILED, State.READY},  # ready: a nil return
    # checking to checking: taken up again after its worker died
    State.CHECKING: _VERDICTS | _GIVEN_UP | {State.CHECKING, State.FAILED},
    # a verdict goes back to received when what it was compared with has changed
    # and becomes another one when cells are corrected or warnings explained
    State.INVALID: _GIVEN_UP | _VERDICTS | {State.RECEIVED},
    State.UNEXPLAINED: _GIVEN_UP | _VERDICTS | {State.RECEIVED},
    State.READY: _GIVEN_UP | _VERDICTS | {State.RECEIVED, State.SIGNED},
    State.SIGNED: frozenset({State.ACCEPTED, State.RETURNED, State.WITHDRAWN}),
    # an accepted register taken out of force, and that taken back
    State.ACCEPTED: frozenset({State.EXCLUDED}),
    State.EXCLUDED: frozenset({State.ACCEPTED}),
    State.FAILED: _GIVEN_UP | {State.RECEIVED},
}


def move(
    *,
    submission: Submission,
    to: State,
    by: User | None,
    reason: str = "",
    request_id: str = "",
    only_if: Q | None = None,
    **fields: Any,
) -> None:
    """Move `submission` from the state its caller saw to `to`, and set `fields` with it.

    Raises RefusalError "wrong-state" when the move is not in the table, or when the row has been
    moved (or no longer meets `only_if`) since it was read: of two actors exactly one wins.
    """
    seen = State(submission.state)
    if to not in ALLOWED.get(seen, frozenset()):
        raise RefusalError(Refusal.WRONG_STATE, state=seen.label)
    with transaction.atomic():
        rows = Submission.objects.filter(only_if or Q(), pk=submission.pk, state=seen)
        if rows.update(state=to, **fields) != 1:
            raise RefusalError(Refusal.WRONG_STATE, state=seen.label)
        event = record_event(
            submission=submission, seen=seen, to=to, by=by, reason=reason, request_id=request_id
        )
        for name, value in {"state": to, **fields}.items():
            setattr(submission, name, value)
        notify.notify_of(submission, event)


def record_event(
    *,
    submission: Submission,
    by: User | None,
    reason: str,
    request_id: str = "",
    seen: str | None = None,
    to: State | None = None,
) -> Event:
    """Write the event of a move, or of an act that leaves the state as it is. `seen` is "" for the first."""
    return Event.objects.create(
        submission=submission,
        actor=by,
        from_state=submission.state if seen is None else seen,
        to_state=to or submission.state,
        reason=reason,
        request_id=request_id,
    )
