"""Transitions: the table of allowed moves and the one function that makes them, one row and one event each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Q

from submissions.models import Act, Event, State, Submission, User
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
    act: Act,
    by: User | None,
    detail: Mapping[str, Any] | None = None,
    reason: str = "",
    request_id: str = "",
    only_if: Q | None = None,
    **fields: Any,
) -> None:
    """Move `submission` from the state its caller saw to `to`, set `fields` with it, and write the event of `act`.

    Raises RefusalError WRONG_STATE when the move is not in the table, or when the row has been
    moved (or no longer meets `only_if`) since it was read: of two actors exactly one wins.
    """
    seen = State(submission.state)
    if to not in ALLOWED.get(seen, frozenset()):
        raise RefusalError(Refusal.WRONG_STATE, state=seen.label)
    with transaction.atomic():
        rows = Submission.objects.filter(only_if or Q(), pk=submission.pk, state=seen)
        if rows.update(state=to, **fields) != 1:
            raise RefusalError(Refusal.WRONG_STATE, state=seen.label)
        for name, value in {"state": to, **fields}.items():
            setattr(submission, name, value)
        event = record_event(
            submission=submission,
            act=act,
            by=by,
            detail=detail,
            reason=reason,
            request_id=request_id,
            from_state=seen,
        )
        notify.notify_of(submission, event)


def record_event(
    *,
    submission: Submission,
    act: Act,
    by: User | None,
    detail: Mapping[str, Any] | None = None,
    reason: str = "",
    request_id: str = "",
    from_state: str | None = None,
) -> Event:
    """Write the event of an act after it; `from_state` is given where the act changed the state, "" for the first."""
    return Event.objects.create(
        submission=submission,
        actor=by,
        act=act,
        detail=dict(detail or {}),
        from_state=submission.state if from_state is None else from_state,
        to_state=submission.state,
        reason=reason,
        request_id=request_id,
    )
