"""Recording: figures change in the transaction that changes a register, and each change is stored with its cause."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

import polars as pl

from national.aggregation.propagation import spread
from national.aggregation.unit_figures import Drafter
from national.definitions.moments import moment_of_change
from national.models import Cause, Change
from submissions.files import storage
from submissions.models import Register, Submission, User
from submissions.workflow.figure_effects import Accepted
from submissions.workflow.locks import lock


def record_acceptance(accepted: Sequence[Accepted]) -> None:
    """Make the units' figures of registers just accepted, then those of their provinces and the country.

    Needs the accepting transaction. Whatever changes figures does it one after the other.
    """
    lock_figures()
    frames = {submission.pk: frame for submission, frame in accepted}

    def read(submission: Submission) -> pl.DataFrame:
        return frames[submission.pk] if submission.pk in frames else storage.frame_of(submission)

    for (_period, cause), submissions in _by_period_and_cause(accepted):
        change = _change(submissions, cause, by=submissions[0].reviewer)
        for submission in submissions:
            _date_acceptance(submission, change)
        _spread(change, submissions, Drafter(read))


def record_exclusion(submission: Submission, by: User, reason: str) -> None:
    """Make the figures without the register; what the unit reported before is carried forward."""
    lock_figures()
    change = _change([submission], Cause.EXCLUSION, by=by, reason=reason)
    ended = Register.objects.filter(submission=submission).latest("valid_from")
    Register.objects.filter(pk=ended.pk).update(valid_to=change.at)
    _spread(change, [submission], Drafter(storage.frame_of))


def record_reinstatement(submission: Submission, by: User, reason: str) -> None:
    """Make the figures with the register again, as they are made of it now."""
    lock_figures()
    change = _change([submission], Cause.REINSTATEMENT, by=by, reason=reason)
    Register.objects.in_force().filter(submission=submission).update(valid_from=change.at)
    _spread(change, [submission], Drafter(storage.frame_of))


def lock_figures() -> None:
    """Wait until nobody else changes figures, of whatever period: a register is carried into later ones."""
    lock("figures")


def _by_period_and_cause(
    accepted: Iterable[Accepted],
) -> list[tuple[tuple[str, Cause], list[Submission]]]:
    """Submissions that came into force by the same change, periods in time order."""
    together = defaultdict(list)
    for submission, _frame in accepted:
        cause = Cause.REVISION if _replaced(submission) else Cause.NEW_DATA
        together[submission.period_id, cause].append(submission)
    return sorted(together.items())


def _spread(change: Change, submissions: list[Submission], drafter: Drafter) -> None:
    units = defaultdict(list)
    for submission in submissions:
        units[submission.collection].append(submission.unit_id)
    spread(change=change, units=units, period=submissions[0].period_id, drafter=drafter)


def _change(submissions: list[Submission], cause: Cause, *, by: User | None, reason: str = "") -> Change:
    """The change by registers of one period; that of several is of no unit by itself."""
    alone = submissions[0] if len(submissions) == 1 else None
    return Change.objects.create(
        cause=cause,
        unit_id=alone.unit_id if alone else None,
        collection=alone.collection if alone else "",
        period=submissions[0].period_id,
        submission=alone,
        by=by,
        reason=reason,
        at=moment_of_change(),
    )


def _date_acceptance(submission: Submission, change: Change) -> None:
    """The register is in force since the figures are, by the same clock: at every moment the registers in force
    are those that the figures were made of, also for a release made while the acceptance was under way."""
    opened = Register.objects.in_force().filter(submission=submission)
    began = opened.values_list("valid_from", flat=True).get()
    slot = {"unit": submission.unit_id, "collection": submission.collection, "period": submission.period_id}
    Register.objects.filter(**slot, valid_to=began).update(valid_to=change.at)
    opened.update(valid_from=change.at)


def _replaced(submission: Submission) -> bool:
    """Whether a former version was in force for the period until this one was accepted."""
    slot = {"unit": submission.unit_id, "collection": submission.collection, "period": submission.period_id}
    began = Register.objects.in_force().filter(submission=submission).values("valid_from")
    return Register.objects.filter(**slot, valid_to__in=began).exists()
