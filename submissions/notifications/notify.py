"""Notices: each move of a submission, and each date that comes near, is reported once to those it concerns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from submissions import dispatch
from submissions.models import Event, Notice, NoticeKind, Period, Role, State, Submission, Unit, User
from submissions.models.notice import NoticeQuerySet
from submissions.notifications.obligations import Slot, SlotState, slots

#: Days before the due date on which whoever owes a return is reminded; the last one stands for "overdue".
REMINDERS = (7, 3, 1, 0, -1)

#: while it is checked again a request to sign stands
_TO_BE_SIGNED = (State.RECEIVED, State.CHECKING, State.READY)

#: no verdict stands while it is being checked
_IN_WORK = (State.RECEIVED, State.CHECKING)

#: what answers a return, an exclusion, and a reminder
_ANSWERING = (State.SIGNED, State.ACCEPTED)

_OWING = (SlotState.NOT_YET_DUE, SlotState.LATE)


class NoticeRule(NamedTuple):
    """Which notice a move makes, for whom. `of_check`: only when the system, not a person, made the move."""

    kind: NoticeKind
    audience: Callable[[Submission], Iterable[User]]
    of_check: bool = False


def notify_of(submission: Submission, event: Event) -> None:
    """Write the notices of a move just made, in its transaction; e-mails go after the commit."""
    _notify(_rules_for(event), submission, event)
    end_settled(submission)


def end_settled(submission: Submission) -> None:
    """End the notices that `submission`, as it is now, has settled: no longer new, and no e-mail."""
    own = Notice.objects.filter(submission=submission)
    if submission.state not in _TO_BE_SIGNED:
        _end(own.filter(kind=NoticeKind.TO_SIGN))
    if submission.state not in _IN_WORK:
        verdicts = own.filter(kind__in=[NoticeKind.VERDICT, NoticeKind.FAILED, NoticeKind.SIGNED])
        as_notified = Q(params__state=submission.state, params__set_aside=submission.set_aside)
        _end(verdicts.exclude(as_notified))
    if submission.state in _ANSWERING:
        earlier = Submission.objects.of_slot(submission).filter(version__lte=submission.version)
        _end(
            Notice.objects.filter(submission__in=earlier, kind__in=[NoticeKind.RETURNED, NoticeKind.EXCLUDED])
        )
        _end_reminders(submission)


def remind(today: date) -> int:
    """Remind everybody of a unit that owes a return of an open period; return the number of notices made.

    May be called as often as one likes: each reminder is given once. Those of a closed period end.
    """
    _end(Notice.objects.filter(period__closes__lt=today, kind__in=[NoticeKind.DUE, NoticeKind.TO_SIGN]))
    made = 0
    for period in Period.objects.open_on(today):
        stage = _stage((period.due - today).days)
        if stage is not None:
            made += _remind(period, stage, today)
    return made


def mark_read(user: User, submission: Submission | None = None) -> None:
    """Mark the person's notices as read, all or those of one submission."""
    unread = Notice.objects.of(user).unread()
    meant = unread.filter(submission=submission) if submission else unread
    meant.update(read_at=timezone.now())


def _rules_for(event: Event) -> tuple[NoticeRule, ...]:
    if event.from_state == State.EXCLUDED:
        return (NoticeRule(NoticeKind.REINSTATED, _staff),)
    return _NOTICE_RULES.get(State(event.to_state), ())


def _notify(rules: Iterable[NoticeRule], submission: Submission, event: Event) -> None:
    _keep(
        Notice(
            user=person,
            kind=rule.kind,
            key=f"{rule.kind.value}/{event.pk}",
            submission=submission,
            period_id=submission.period_id,
            params=params,
            mail_due=timezone.now() if person.email else None,
        )
        for rule in rules
        if not (rule.of_check and event.actor_id)
        for params in [_params(submission, event)]
        for person in rule.audience(submission)
        if person.pk != event.actor_id and not _has_unread(person, rule.kind, submission, params)
    )


def _end(notices: NoticeQuerySet) -> None:
    open_ones = notices.filter(Q(read_at__isnull=True) | Q(mail_due__isnull=False))
    open_ones.update(read_at=Coalesce("read_at", timezone.now()), mail_due=None)


def _end_reminders(submission: Submission) -> None:
    """End the reminders that name no form which the unit still owes."""
    reminders = Notice.objects.filter(
        kind=NoticeKind.DUE, period=submission.period_id, user__unit=submission.unit_id
    )
    unread = reminders.unread()
    if not unread.exists():
        return
    owed = _owed(slots([submission.unit], submission.period, timezone.localdate()).values())
    still_owed = set(owed.get(submission.unit_id, ()))
    settled = [notice.pk for notice in unread if still_owed.isdisjoint(notice.params["collections"])]
    _end(Notice.objects.filter(pk__in=settled))


def _remind(period: Period, stage: int, today: date) -> int:
    units = list(Unit.objects.filter(staff__is_active=True).distinct())
    owed = _owed(slots(units, period, today).values())
    people = User.objects.filter(unit__in=owed, is_active=True)
    reminded = set(Notice.objects.filter(key=_reminder(period, stage)).values_list("user_id", flat=True))
    # the days left that the former reminders speak of are no longer so
    _end(Notice.objects.filter(kind=NoticeKind.DUE, period=period).exclude(key=_reminder(period, stage)))
    return _keep(
        Notice(
            user=person,
            kind=NoticeKind.DUE,
            key=_reminder(period, stage),
            period=period,
            params={"collections": owed[str(person.unit_id)], "days": (period.due - today).days},
            mail_due=timezone.now() if person.email else None,
        )
        for person in people
        if person.pk not in reminded
    )


def _reminder(period: Period, stage: int) -> str:
    return f"due/{period.pk}/{stage}"


def _stage(days: int) -> int | None:
    """Return the reminder for `days` before the due date; None when it is too early."""
    return next((stage for stage in sorted(REMINDERS) if days <= stage), None)


def _owed(owing: Iterable[Slot]) -> dict[str, list[str]]:
    """Return the collections that are owed, by unit code."""
    owed: dict[str, list[str]] = {}
    for slot in owing:
        if slot.state in _OWING:
            owed.setdefault(slot.unit.code, []).append(slot.collection)
    return owed


def _keep(fresh: Iterable[Notice]) -> int:
    kept = Notice.objects.bulk_create(fresh, ignore_conflicts=True)
    if any(notice.mail_due for notice in kept):
        transaction.on_commit(dispatch.enqueue_mails, robust=True)
    return len(kept)


def _params(submission: Submission, event: Event) -> dict[str, Any]:
    return {
        "state": submission.state,
        "errors": submission.errors,
        "open_warnings": submission.open_warnings,
        "rows": submission.data_rows or 0,
        "set_aside": submission.set_aside,
        "reason": event.reason,
    }


def _has_unread(person: User, kind: NoticeKind, submission: Submission, params: dict[str, Any]) -> bool:
    """Return whether the person has this notice unread: a repeated check with the same result is no news."""
    last = Notice.objects.of(person).filter(kind=kind, submission=submission).first()
    return last is not None and last.params == params


def _uploader(submission: Submission) -> Iterator[User]:
    if submission.uploader.is_active:
        yield submission.uploader


def _staff(submission: Submission) -> Iterable[User]:
    return User.objects.filter(unit=submission.unit_id, is_active=True)


def _signers(submission: Submission) -> Iterator[User]:
    """Return who may sign it today, deputies among them."""
    for person in _staff(submission):
        signs = person.role == Role.UNIT_SIGNER or person.deputises
        if signs and person.pk != submission.uploader_id:
            yield person


_VERDICT = NoticeRule(NoticeKind.VERDICT, _uploader, of_check=True)

_NOTICE_RULES: dict[State, tuple[NoticeRule, ...]] = {
    State.INVALID: (_VERDICT,),
    State.UNEXPLAINED: (_VERDICT,),
    State.READY: (_VERDICT, NoticeRule(NoticeKind.TO_SIGN, _signers)),
    State.FAILED: (NoticeRule(NoticeKind.FAILED, _uploader),),
    State.SIGNED: (NoticeRule(NoticeKind.SIGNED, _uploader),),
    State.RETURNED: (NoticeRule(NoticeKind.RETURNED, _staff),),
    State.ACCEPTED: (NoticeRule(NoticeKind.ACCEPTED, _staff),),
    State.EXCLUDED: (NoticeRule(NoticeKind.EXCLUDED, _staff),),
}
