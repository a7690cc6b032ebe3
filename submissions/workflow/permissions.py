"""Permissions: one table of roles, one table of states; buttons, API and verbs all ask here."""

from __future__ import annotations

from enum import StrEnum

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from submissions.models import Role, State, Submission, User
from submissions.workflow.refusals import Refusal, RefusalError


class Action(StrEnum):
    """What a person may do. Down to REINSTATE all but UPLOAD are done to one submission."""

    READ = "read"
    UPLOAD = "upload"
    CORRECT = "correct"
    EXPLAIN = "explain"
    SHARE = "share"
    SIGN = "sign"
    WITHDRAW = "withdraw"
    RETRY = "retry"
    CONFIRM = "confirm"
    DISCARD = "discard"
    REVIEW = "review"
    RETURN = "return"
    ACCEPT = "accept"
    EXCLUDE = "exclude"
    REINSTATE = "reinstate"
    MANAGE_TEAM = "manage_team"


_PREPARER = frozenset(
    {
        Action.READ,
        Action.UPLOAD,
        Action.CORRECT,
        Action.EXPLAIN,
        Action.SHARE,
        Action.RETRY,
        Action.CONFIRM,
        Action.DISCARD,
    }
)
_REVIEWER = frozenset({Action.READ, Action.REVIEW, Action.RETURN})

#: what a signer on leave can lend a preparer
LENT = frozenset({Action.SIGN, Action.WITHDRAW})

#: what a role may do; one that is not named may do nothing
ROLE_ACTIONS: dict[str, frozenset[Action]] = {
    Role.UNIT_PREPARER: _PREPARER,
    Role.UNIT_SIGNER: _PREPARER | LENT | {Action.MANAGE_TEAM},
    Role.REVIEWER: _REVIEWER,
    Role.NATIONAL_ADMIN: _REVIEWER
    | {
        Action.ACCEPT,
        Action.RETRY,
        Action.EXCLUDE,
        Action.REINSTATE,
    },
    Role.AUDITOR: frozenset({Action.READ}),
    Role.SYSTEM_ADMIN: frozenset(),
    Role.SECURITY_ADMIN: frozenset(),
}

_CHECKED = frozenset({State.INVALID, State.UNEXPLAINED, State.READY})
_UNDECIDED = _CHECKED | {State.RECEIVED, State.CHECKING, State.SIGNED, State.FAILED}

ACTION_STATES: dict[Action, frozenset[State]] = {
    Action.READ: frozenset(State),
    Action.CORRECT: _CHECKED,
    Action.EXPLAIN: _CHECKED,
    Action.SHARE: _CHECKED | {State.SIGNED, State.ACCEPTED, State.EXCLUDED, State.RETURNED},
    Action.SIGN: frozenset({State.READY}),
    Action.WITHDRAW: _UNDECIDED,
    Action.RETRY: frozenset({State.FAILED}),
    Action.CONFIRM: frozenset({State.INVALID}),
    Action.DISCARD: frozenset({State.INVALID}),
    Action.REVIEW: frozenset({State.SIGNED}),
    Action.RETURN: frozenset({State.SIGNED}),
    Action.ACCEPT: frozenset({State.SIGNED}),
    Action.EXCLUDE: frozenset({State.ACCEPTED}),
    Action.REINSTATE: frozenset({State.EXCLUDED}),
}

#: Ends with the period. What is the ministry's to decide, and taking back, goes on.
_CLOSES = frozenset({Action.CORRECT, Action.EXPLAIN, Action.SIGN, Action.CONFIRM})

#: Done to the version that stands: neither set aside, nor about to be replaced.
_OF_STANDING = frozenset({Action.CORRECT, Action.EXPLAIN, Action.SIGN})


def can(user: User | AnonymousUser, action: Action, submission: Submission | None = None) -> bool:
    """Return whether `user` may do `action`, to `submission` in the state it is in."""
    return _refusal(user, action, submission) is None


def require(user: User | AnonymousUser, action: Action, submission: Submission | None = None) -> None:
    """Raise RefusalError when `user` may not do `action`, to `submission` in the state it is in."""
    refusal = _refusal(user, action, submission)
    if refusal is not None:
        raise refusal


def is_shareable(submission: Submission) -> bool:
    """Return whether findings may be shared, and links to them open, in the submission's state."""
    return submission.state in ACTION_STATES[Action.SHARE] and not submission.set_aside


def allowed_actions(user: User | AnonymousUser, submission: Submission) -> list[str]:
    """Return what `user` may do to `submission` now, in the order of Action."""
    return [action.value for action in Action if action in ACTION_STATES and can(user, action, submission)]


def _refusal(
    user: User | AnonymousUser, action: Action, submission: Submission | None
) -> RefusalError | None:
    if isinstance(user, AnonymousUser) or not user.is_active:
        return RefusalError(Refusal.NOT_FOUND if submission else Refusal.NOT_ALLOWED)
    if submission is not None and not _sees(user, submission):
        # another unit's submission must not even be known to exist
        return RefusalError(Refusal.NOT_FOUND)
    if not _is_of_role(user, action):
        return RefusalError(Refusal.NOT_ALLOWED)
    return _state_refusal(user, action, submission) if submission is not None else None


def _sees(user: User, submission: Submission) -> bool:
    """Return whether the user sees the row, as `Submission.objects.visible_to` does."""
    return user.is_national or (user.is_of_unit and submission.unit_id == user.unit_id)


def _is_of_role(user: User, action: Action) -> bool:
    if action in ROLE_ACTIONS.get(user.role, frozenset()):
        return True
    return user.role == Role.UNIT_PREPARER and action in LENT and user.deputises


def _state_refusal(user: User, action: Action, submission: Submission) -> RefusalError | None:
    if submission.state not in ACTION_STATES.get(action, frozenset()):
        return _unready_refusal(action, submission)
    if action in _CLOSES and timezone.localdate() > submission.period.closes:
        return RefusalError(
            Refusal.PERIOD_CLOSED, period=submission.period_id, closes=submission.period.closes
        )
    if action in _OF_STANDING and (refusal := _standing_refusal(submission)):
        return refusal
    if action is Action.SIGN:
        return _signing_refusal(user, submission)
    if action is Action.WITHDRAW and submission.review_began_at is not None:
        return RefusalError(Refusal.UNDER_REVIEW, version=submission.version)
    return _deciding_refusal(action, submission)


def _standing_refusal(submission: Submission) -> RefusalError | None:
    if submission.set_aside:
        return RefusalError(Refusal.SET_ASIDE, version=submission.version)
    newer = submission.newer_waiting()
    if newer is None:
        return None
    return RefusalError(Refusal.NEWER_WAITS, submission=newer, version=newer.version)


def _deciding_refusal(action: Action, submission: Submission) -> RefusalError | None:
    """Only a file that was set aside is confirmed; one that belongs elsewhere is given up as well. One that is
    set aside is not passed on."""
    if action is Action.SHARE and submission.set_aside:
        return RefusalError(Refusal.SET_ASIDE, version=submission.version)
    if action is Action.CONFIRM and submission.unreadable:
        return RefusalError(Refusal.UNREADABLE)
    doubtful = submission.set_aside or (action is Action.DISCARD and submission.misplaced)
    if action in (Action.CONFIRM, Action.DISCARD) and not doubtful:
        return RefusalError(Refusal.WRONG_STATE, state=submission.get_state_display())
    return None


def _unready_refusal(action: Action, submission: Submission) -> RefusalError:
    if action is Action.SIGN and submission.state == State.INVALID:
        return RefusalError(Refusal.HAS_ERRORS, count=submission.errors)
    if action is Action.SIGN and submission.state == State.UNEXPLAINED:
        return RefusalError(Refusal.OPEN_WARNINGS, count=submission.open_warnings)
    return RefusalError(Refusal.WRONG_STATE, state=submission.get_state_display())


def _signing_refusal(user: User, submission: Submission) -> RefusalError | None:
    if settings.SIGNER_MUST_DIFFER and submission.uploader_id == user.pk:
        return RefusalError(Refusal.SIGNER_IS_UPLOADER)
    if submission.blocking_rules:
        return RefusalError(Refusal.NOT_EVALUABLE, codes=", ".join(submission.blocking_rules))
    return None
