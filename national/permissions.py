"""Permissions of the ministry's own work: who releases figures and who enters targets."""

from __future__ import annotations

from enum import StrEnum

from django.contrib.auth.models import AnonymousUser

from submissions.models import Role, User
from submissions.workflow.refusals import Refusal, RefusalError


class Action(StrEnum):
    """What staff of the ministry do that is not done to a submission."""

    RELEASE = "release"
    SET_TARGETS = "set_targets"


#: what a role may do; a role that is not named may do nothing
ROLE_ACTIONS: dict[str, frozenset[Action]] = {Role.NATIONAL_ADMIN: frozenset(Action)}


def can(user: User | AnonymousUser, action: Action) -> bool:
    """Whether `user` may do `action`."""
    if isinstance(user, AnonymousUser) or not user.is_active:
        return False
    return action in ROLE_ACTIONS.get(user.role, frozenset())


def require(user: User | AnonymousUser, action: Action) -> None:
    """Raise RefusalError NOT_ALLOWED when `user` may not do `action`."""
    if not can(user, action):
        raise RefusalError(Refusal.NOT_ALLOWED)
