"""Recording: figures change inside the transaction that changes a register, and every change is kept with its cause."""

from __future__ import annotations

from typing import Any

import polars as pl

from national.drafting import Drafter
from national.models import Cause, Change
from national.moments import moment_of_change
from national.spreading import spread
from submissions import storage
from submissions.locks import lock
from submissions.models import Register, Submission, User


def record_acceptance(*, submission: Submission, frame: pl.DataFrame, **_signal: Any) -> None:
    """Receiver of `submission_accepted`: the unit's figures, then its province's and the country's.

    Needs the accepting transaction. Whatever changes figures does it one after the other.
    """
    lock_figures()
    cause = Cause.REVISION if _replaced(submission) else Cause.NEW_DATA
    change = _change(submission, cause, by=submission.reviewer)
    _date_acceptance(submission, change)

    def read(asked: Submission) -> pl.DataFrame:
        return frame if asked.pk == submission.pk else storage.frame_of(asked)

    _spread(change, submission, Drafter(read))


def record_exclusion(*, submission: Submission, by: User, reason: str, **_signal: Any) -> None:
    """Receiver of `register_excluded`: the figures without it, with what the unit reported before carried forward."""
    lock_figures()
    change = _change(submission, Cause.EXCLUSION, by=by, reason=reason)
    ended = Register.objects.filter(submission=submission).latest("valid_from")
    Register.objects.filter(pk=ended.pk).update(valid_to=change.at)
    _spread(change, submission, Drafter(storage.frame_of))


def record_reinstatement(*, submission: Submission, by: User, reason: str, **_signal: Any) -> None:
    """Receiver of `register_reinstated`: the figures with the register again, as they are made of it now."""
    lock_figures()
    change = _change(submission, Cause.REINSTATEMENT, by=by, reason=reason)
    Register.objects.in_force().filter(submission=submission).update(valid_from=change.at)
    _spread(change, submission, Drafter(storage.frame_of))


def lock_figures() -> None:
    """Wait until nobody else changes figures, of whatever period: a register is carried into later ones."""
    lock("figures")


def _spread(change: Change, submission: Submission, drafter: Drafter) -> None:
    spread(
        change=change,
        unit=submission.unit_id,
        collection=submission.collection,
        period=submission.period_id,
        drafter=drafter,
    )


def _change(submission: Submission, cause: Cause, *, by: User | None, reason: str = "") -> Change:
    return Change.objects.create(
        cause=cause,
        unit_id=submission.unit_id,
        collection=submission.collection,
        period=submission.period_id,
        submission=submission,
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
