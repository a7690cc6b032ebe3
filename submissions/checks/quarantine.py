"""Files set aside: what a person does with an upload whose file belongs elsewhere or holds no record."""

from __future__ import annotations

from django.db import transaction

from submissions import dispatch
from submissions.checks import column_titles, correction_carryover, intake, results, supersession
from submissions.models import Act, State, Submission, User
from submissions.notifications import notify
from submissions.workflow import permissions
from submissions.workflow.locks import lock_slot, lock_verdicts
from submissions.workflow.permissions import Action
from submissions.workflow.refusals import Refusal, RefusalError, waits_already
from submissions.workflow.transitions import move, record_event


@transaction.atomic
def confirm(*, submission: Submission, by: User, request_id: str = "") -> None:
    """Use a file that was set aside after all; the versions before it are superseded."""
    permissions.require(by, Action.CONFIRM, submission)
    lock_verdicts(submission.unit_id, submission.period_id)
    lock_slot(submission.unit_id, submission.collection, submission.period_id)
    slot = Submission.objects.of_slot(submission)
    signed = slot.filter(state=State.SIGNED).first()
    if signed is not None:
        raise waits_already(signed)
    if slot.filter(pk=submission.pk, state=State.INVALID, set_aside=True).update(set_aside=False) != 1:
        raise RefusalError(Refusal.WRONG_STATE, state=submission.get_state_display())
    submission.set_aside = False
    record_event(submission=submission, act=Act.CONFIRMED, by=by, request_id=request_id)
    notify.end_settled(submission)
    supersession.supersede(submission, request_id)
    if correction_carryover.unhandled(submission).exists():
        # made on the version before after this one was checked
        column_titles.check_again(submission, by, Act.CORRECTIONS_CARRIED, request_id)
    results.recheck_dependents(submission.unit_id, submission.period_id)


@transaction.atomic
def discard(*, submission: Submission, by: User, request_id: str = "") -> None:
    """Give up a file that belongs elsewhere or was set aside. It stays in the history."""
    _give_up(submission, by, Act.DISCARDED, request_id)


@transaction.atomic
def redirect(*, submission: Submission, by: User, request_id: str = "") -> Submission:
    """Send the file to the slot that it names itself, and give it up where it was sent."""
    meant = supersession.meant_slot(submission)
    if meant is None or submission.file is None:
        raise RefusalError(Refusal.WRONG_STATE, state=submission.get_state_display())
    intake.admit(by=by, collection=meant.collection, period=meant.period)
    _give_up(submission, by, Act.REDIRECTED, request_id, **meant._asdict())
    sent = intake.next_version(
        by, meant.collection, meant.period, request_id, file=submission.file, filename=submission.filename
    )
    dispatch.enqueue_on_commit(sent.pk)
    return sent


def _give_up(submission: Submission, by: User, act: Act, request_id: str, **detail: str) -> None:
    permissions.require(by, Action.DISCARD, submission)
    move(submission=submission, to=State.WITHDRAWN, act=act, by=by, detail=detail, request_id=request_id)
