"""Comparison bases: the earlier registers that show what changed before a submission is signed."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from django.db.models import Q

from submissions.checks.context import previous_register
from submissions.models import Register, Submission
from submissions.models.submission import SubmissionQuerySet


class BaseKind(StrEnum):
    """Why an earlier submission is worth comparing with."""

    VERSION = "version"  # the version before
    ACCEPTED = "accepted"  # in force for the same period, to be replaced
    PERIOD = "period"  # the last accepted register of an earlier period


class Base(NamedTuple):
    """An earlier submission to compare with."""

    kind: BaseKind
    submission: Submission


def bases(submission: Submission) -> list[Base]:
    """Return what there is to compare with: the version before, what is replaced, the last accepted period."""
    candidates = [
        (BaseKind.VERSION, _readable_before(submission).first()),
        (BaseKind.ACCEPTED, _replaced(submission)),
        (BaseKind.PERIOD, previous_register(submission)),
    ]
    given = [Base(kind, base) for kind, base in candidates if base is not None]
    seen = {base.submission.pk: base for base in given}  # of two kinds the later says more
    return [base for base in given if seen[base.submission.pk] is base]


def accepted_bases(submission: Submission) -> list[Base]:
    """Return what was accepted before: the register that is replaced, and that of the last accepted period.

    A version that was returned is none, for what was wrong in it may be why records or figures fall.
    """
    candidates = [
        (BaseKind.ACCEPTED, _replaced(submission)),
        (BaseKind.PERIOD, previous_register(submission)),
    ]
    return [Base(kind, base) for kind, base in candidates if base is not None]


def _readable_before(submission: Submission) -> SubmissionQuerySet:
    """Return earlier versions of the slot with a table or a nil return, newest first; none set aside."""
    read = ~Q(frame_path="") | Q(nil_return=True)
    slot = Submission.objects.of_slot(submission).filter(read, set_aside=False)
    return slot.filter(version__lt=submission.version).newest()


def _replaced(submission: Submission) -> Submission | None:
    """Return what was in force for the slot before `submission`, or is while that is not accepted."""
    registers = Register.objects.filter(**_slot(submission)).exclude(submission=submission)
    own = Register.objects.filter(submission=submission).order_by("valid_from").first()
    earlier = registers.filter(valid_from__lt=own.valid_from) if own else registers.in_force()
    register = earlier.select_related("submission").order_by("-valid_from").first()
    return register.submission if register else None


def _slot(submission: Submission) -> dict[str, str]:
    return {
        "unit": submission.unit_id,
        "collection": submission.collection,
        "period": submission.period_id,
    }
