"""Loading: takes one demo return the whole real way: received, checked, explained, signed, reviewed."""

from __future__ import annotations

import io
import time
from collections.abc import Iterable

from demo.accounts import username
from demo.plan import Outcome, Return
from demo.workbooks import fitting, workbook
from submissions.checks import intake
from submissions.edits import explanations
from submissions.models import ExplanationReason, Finding, Role, State, Submission, User
from submissions.signoff import review

#: A worker that already took the check is waited for this long.
PATIENCE_SECONDS = 120.0
#: A return that has been decided or taken back goes no further.
SETTLED = frozenset({State.ACCEPTED, State.RETURNED, State.WITHDRAWN, State.INVALID, State.FAILED})
GOES_ON = frozenset({Outcome.ACCEPTED, Outcome.NIL, Outcome.SIGNED, Outcome.RETURNED})


class StuckError(Exception):
    """Raised when a demo return does not get as far as planned."""


def load(planned: Return, *, scale: float, decided: bool = True) -> Submission | None:
    """Bring one return to its outcome and return it; None when nothing is to be sent.

    With `decided` false a return that is to be accepted is left signed, for `accept_signed`. Safe to repeat: what is
    there already is taken on from where it stands. Raises StuckError.
    """
    if planned.outcome is Outcome.MISSING:
        return None
    submission = _newest(planned) or _receive(planned, scale)
    _check(submission)
    if submission.state not in SETTLED:
        _take_on(submission, planned.outcome)
        if decided:
            _decide(submission, planned.outcome)
    return submission


def accept_signed(wave: Iterable[Return]) -> None:
    """Accept the signed returns of `wave` together, so that the period's figures are made once."""
    signed = Submission.objects.filter(state=State.SIGNED).select_related("unit", "period", "file")
    slots = {(planned.unit, planned.collection, str(planned.period)) for planned in wave}
    waiting = [
        submission
        for submission in signed
        if (submission.unit_id, submission.collection, submission.period_id) in slots
    ]
    if waiting:
        review.accept_together(submissions=waiting, by=User.objects.get(username="admin"))


def _newest(planned: Return) -> Submission | None:
    slot = Submission.objects.filter(
        unit=planned.unit, collection=planned.collection, period=str(planned.period)
    )
    return slot.newest().first()


def _user(unit: str, role: Role) -> User:
    return User.objects.get(username=username(unit, role))


def _receive(planned: Return, scale: float) -> Submission:
    preparer = _user(planned.unit, Role.UNIT_PREPARER)
    slot = {"by": preparer, "collection": planned.collection, "period": str(planned.period)}
    if planned.outcome is Outcome.NIL:
        return intake.receive_nil(**slot)
    register = (planned.unit, planned.collection, planned.period)
    # A small register may have no record that some defect fits.
    defects = fitting(*register, planned.defects, scale=scale)
    book = workbook(*register, scale=scale, defects=defects, style=planned.style, format=planned.format)
    return intake.receive(**slot, upload=io.BytesIO(book.data), filename=book.filename)


def _check(submission: Submission) -> None:
    """Check it here, or wait until a worker that was faster is done."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while submission.state in (State.RECEIVED, State.CHECKING):
        intake.check(submission_id=submission.pk)
        submission.refresh_from_db()
        if submission.state == State.CHECKING:
            time.sleep(0.1)
        if time.monotonic() > deadline:
            raise StuckError(f"{submission} is still {submission.state}")


def _take_on(submission: Submission, outcome: Outcome) -> None:
    signer = _user(submission.unit_id, Role.UNIT_SIGNER)
    if outcome is Outcome.WITHDRAWN:
        review.withdraw(submission=submission, by=signer, reason="发现漏报，补充后重新报送。")
    if outcome not in GOES_ON:
        return
    if submission.state == State.UNEXPLAINED:
        explain_all(submission)
    if submission.state == State.READY:
        review.sign(submission=submission, by=signer)


def explain_all(submission: Submission) -> None:
    """Explain every open warning as confirmed by the enterprise, as the unit's preparer."""
    preparer = _user(submission.unit_id, Role.UNIT_PREPARER)
    open_codes = Finding.objects.filter(submission=submission).open_warnings().values_list("code", flat=True)
    for code in sorted(set(open_codes)):
        explanations.explain(
            submission=submission,
            by=preparer,
            code=code,
            reason=ExplanationReason.CONFIRMED,
            text="已与企业核实，数据无误。",
        )


def _decide(submission: Submission, outcome: Outcome) -> None:
    """The ministry's part, once it is signed."""
    if outcome is Outcome.RETURNED:
        reason = review.ReasonGiven(text="总投资明显偏大，请核对计量单位。", code="row.W306")
        review.return_(submission=submission, by=User.objects.get(username="reviewer"), reasons=[reason])
    if outcome in (Outcome.ACCEPTED, Outcome.NIL):
        review.accept(submission=submission, by=User.objects.get(username="admin"))
