"""Notice shown when an uploaded file belongs to another form, period or unit, and the ways out."""

from __future__ import annotations

from typing import NamedTuple

from portal.returns import presenters
from portal.returns.presenters import FindingShown
from submissions.checks import supersession
from submissions.models import Collection, State, Submission, User
from submissions.workflow import permissions
from submissions.workflow.permissions import Action


class MeantSlot(NamedTuple):
    """The slot that the file itself names, as the page displays it."""

    label: str
    period: str
    is_open: bool


class Doubt(NamedTuple):
    """`standing` is the version that stays in force meanwhile; `meant` the slot that the file names."""

    findings: list[FindingShown]
    standing: Submission | None
    meant: MeantSlot | None
    may_decide: bool


def doubt(submission: Submission, user: User) -> Doubt | None:
    """Return why `submission` waits for a decision; None when it does not."""
    if submission.state != State.INVALID or not (submission.set_aside or submission.misplaced):
        return None
    findings = submission.findings.filter(code__startswith="file.E")
    return Doubt(
        findings=presenters.present(findings[:5]),
        standing=supersession.checked_before(submission).newest().first() if submission.set_aside else None,
        meant=_meant(submission),
        may_decide=permissions.can(user, Action.DISCARD, submission),
    )


def _meant(submission: Submission) -> MeantSlot | None:
    slot = supersession.meant_slot(submission)
    if slot is None:
        return None
    return MeantSlot(str(Collection(slot.collection).label), slot.period, supersession.open_slot(slot))
