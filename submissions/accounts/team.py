"""The team of a unit: signers invite, deactivate and lend the right to sign, with one event for each act."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from submissions.exports import share_links
from submissions.models import Delegation, Role, TeamAct, TeamEvent, User
from submissions.workflow import permissions
from submissions.workflow.locks import lock
from submissions.workflow.permissions import Action
from submissions.workflow.refusals import Refusal, RefusalError

#: A delegation longer than this is a change of role.
DELEGATION_DAYS = 92

#: `last_seen` is written this seldom: pages must not write at every click
SEEN_EVERY = timedelta(minutes=5)


@transaction.atomic
def invite(
    *, by: User, username: str, display_name: str, email: str, role: Role, request_id: str = ""
) -> User:
    """Make an account of the unit of `by`, without a password: the invited person sets it by a link, which must
    not reach somebody who has an account already, for one person would be both pairs of eyes."""
    permissions.require(by, Action.MANAGE_TEAM)
    lock("team", str(by.unit_id))
    _require_own_address(by, email)
    name = username.lower()
    invited = User(username=name, display_name=display_name, email=email, role=role, unit=by.unit)
    invited.set_unusable_password()
    try:
        with transaction.atomic():
            invited.save()
    except IntegrityError as taken:
        raise RefusalError(Refusal.USERNAME_TAKEN, username=name) from taken
    _note(by, invited, TeamAct.INVITED, role.value, request_id)
    return invited


@transaction.atomic
def renew_link(*, colleague: User, by: User, request_id: str = "") -> None:
    """Let the invited person have another link; the ones before it hold no longer. Refused once they have set a
    password: it would be a way in for whoever asks."""
    held = _locked(colleague, by)
    if held.has_usable_password():
        raise RefusalError(Refusal.ALREADY_ACTIVE, name=held)
    if not held.is_active:
        raise RefusalError(Refusal.NOT_ACTIVE, name=held)
    # links are made with what stands in place of a password, which is another one now
    held.set_unusable_password()
    held.save(update_fields=["password"])
    colleague.password = held.password
    _note(by, held, TeamAct.LINK_RENEWED, "", request_id)


@transaction.atomic
def deactivate(*, colleague: User, by: User, request_id: str = "") -> None:
    """Close an account: its sessions and API tokens end at once, and with them the delegations to it and by it
    and the links it made."""
    held = _locked(colleague, by)
    if held.pk == by.pk:
        raise RefusalError(Refusal.OWN_ACCOUNT)
    _keep_a_signer(held)
    if _change(held, {"is_active": True}, is_active=False, session_epoch=held.session_epoch + 1):
        held.auth_token_set.all().delete()  # type: ignore[attr-defined]  # of knox
        _end_all(held, by)
        share_links.end_all_of(maker=held, by=by)
        _note(by, held, TeamAct.DEACTIVATED, "", request_id)


@transaction.atomic
def reactivate(*, colleague: User, by: User, request_id: str = "") -> None:
    """Open a closed account again. Its password still holds; its former sessions and tokens do not."""
    held = _locked(colleague, by)
    if not held.is_active:
        _require_own_address(by, held.email)
    if _change(held, {"is_active": False}, is_active=True):
        _note(by, held, TeamAct.REACTIVATED, "", request_id)


@transaction.atomic
def change_role(*, colleague: User, by: User, role: Role, request_id: str = "") -> None:
    """Make a preparer a signer, or the other way round; delegations to them and by them end."""
    held = _locked(colleague, by)
    if held.pk == by.pk:
        raise RefusalError(Refusal.OWN_ACCOUNT)
    if role is Role.UNIT_PREPARER:
        _keep_a_signer(held)
    if held.role != role and _change(held, {"role": held.role}, role=role):
        _end_all(held, by)
        _note(by, held, TeamAct.ROLE_CHANGED, role.value, request_id)


@transaction.atomic
def delegate(*, colleague: User, by: User, starts: date, ends: date, request_id: str = "") -> Delegation:
    """Lend a preparer the right to sign from `starts` to `ends`, both included. Whoever uploaded a file still
    cannot sign it. The same days again are the same delegation."""
    held = _locked(colleague, by)
    if not held.is_active:
        raise RefusalError(Refusal.NOT_ACTIVE, name=held)
    if held.role != Role.UNIT_PREPARER:
        raise RefusalError(Refusal.DEPUTY_SIGNS_ALREADY, name=held)
    longest = starts + timedelta(days=DELEGATION_DAYS - 1)
    if not max(starts, timezone.localdate()) <= ends <= longest:
        raise RefusalError(Refusal.DELEGATION_DAYS, days=DELEGATION_DAYS)
    same = held.delegations.not_ended().filter(starts=starts, ends=ends).first()
    if same is not None:
        return same
    made = Delegation.objects.create(deputy=held, starts=starts, ends=ends, by=by)
    _note(by, held, TeamAct.DELEGATED, f"{starts} – {ends}", request_id)
    return made


@transaction.atomic
def end_delegation(*, delegation: Delegation, by: User, request_id: str = "") -> None:
    """Take the right to sign back before its last day. Safe to repeat."""
    held = _locked(delegation.deputy, by)
    if _end(delegation, by):
        days = f"{delegation.starts} – {delegation.ends}"
        _note(by, held, TeamAct.DELEGATION_ENDED, days, request_id)


def mark_seen(user: User) -> None:
    """Record that the person is at work, every SEEN_EVERY at most."""
    now = timezone.now()
    if user.last_seen is None or now - user.last_seen > SEEN_EVERY:
        User.objects.filter(pk=user.pk).update(last_seen=now)
        user.last_seen = now


def _locked(colleague: User, by: User) -> User:
    """Return the account's row, locked, if `by` manages it. Acts on one team wait for each other."""
    permissions.require(by, Action.MANAGE_TEAM)
    if colleague.unit_id != by.unit_id:
        raise RefusalError(Refusal.NOT_FOUND)
    lock("team", str(by.unit_id))
    return User.objects.select_for_update().get(pk=colleague.pk)


def _require_own_address(by: User, email: str) -> None:
    """Raise RefusalError when another active account of the unit has the address."""
    active = User.objects.filter(unit=by.unit_id, is_active=True)
    holder = active.filter(email__iexact=email).first() if email else None
    if holder is not None:
        raise RefusalError(Refusal.EMAIL_TAKEN, email=email, name=holder)


def _keep_a_signer(leaving: User) -> None:
    others = User.objects.filter(unit=leaving.unit_id, role=Role.UNIT_SIGNER, is_active=True)
    if leaving.role == Role.UNIT_SIGNER and not others.exclude(pk=leaving.pk).exists():
        raise RefusalError(Refusal.LAST_SIGNER)


def _change(held: User, seen: dict[str, Any], **fields: Any) -> bool:
    """Set `fields` if the row still is as it was read; return whether it was."""
    return User.objects.filter(pk=held.pk, **seen).update(**fields) == 1


def _end_all(held: User, by: User) -> None:
    """End what was lent to and by the account. No event of its own: the act that caused it has one."""
    rows = Delegation.objects.not_ended().filter(Q(deputy=held) | Q(by=held))
    rows.update(ended_at=timezone.now(), ended_by=by)


def _end(delegation: Delegation, by: User) -> bool:
    rows = Delegation.objects.not_ended().filter(pk=delegation.pk)
    return rows.update(ended_at=timezone.now(), ended_by=by) == 1


def _note(actor: User, about: User, act: TeamAct, detail: str, request_id: str) -> None:
    TeamEvent.objects.create(
        unit=about.unit,  # type: ignore[misc]  # who has a team has a unit
        actor=actor,
        about=about,
        act=act,
        detail=detail,
        request_id=request_id,
    )
