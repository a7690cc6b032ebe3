"""Taking an accepted register out of force: who may, with which reason, and what stays."""

from __future__ import annotations

import pytest

from submissions import review
from submissions.models import Period, Register, State, Submission
from submissions.refusals import RefusalError
from tests import factories
from tests.conftest import Cast


@pytest.fixture
def accepted(cast: Cast, period: Period) -> Submission:
    """Jiangsu's networks are in force."""
    return factories.accepted(cast.js_preparer, cast.js_signer, cast.admin, period)


def refusal(submission: Submission, by: object, reason: str = "Counted twice") -> str:
    with pytest.raises(RefusalError) as refused:
        review.exclude(submission=submission, by=by, reason=reason)  # type: ignore[arg-type]
    return refused.value.code


def test_the_register_goes_out_of_force_and_the_submission_stays(cast: Cast, accepted: Submission) -> None:
    review.exclude(submission=accepted, by=cast.admin, reason="Counted twice")
    assert not Register.objects.in_force().exists()
    accepted.refresh_from_db()
    assert accepted.state == State.ACCEPTED
    event = accepted.events.order_by("-id").first()
    assert event is not None
    assert (event.actor, event.reason, event.to_state) == (cast.admin, "Counted twice", State.ACCEPTED)


def test_only_the_national_admin_may_and_only_with_a_reason(cast: Cast, accepted: Submission) -> None:
    assert refusal(accepted, cast.reviewer) == "not-allowed"
    assert refusal(accepted, cast.js_signer) == "not-allowed"
    assert refusal(accepted, cast.zj_signer) == "not-found"
    assert refusal(accepted, cast.admin, " ") == "reason-required"
    assert refusal(accepted, cast.admin, "x" * 1001) == "text-too-long"
    assert Register.objects.in_force().exists()


def test_what_is_out_of_force_cannot_go_out_again(cast: Cast, accepted: Submission) -> None:
    review.exclude(submission=accepted, by=cast.admin, reason="Counted twice")
    assert refusal(accepted, cast.admin) == "not-in-force"


def test_a_new_version_comes_into_force_after_it(cast: Cast, accepted: Submission, period: Period) -> None:
    review.exclude(submission=accepted, by=cast.admin, reason="Counted twice")
    newer = factories.accepted(cast.js_preparer, cast.js_signer, cast.admin, period, rows=6)
    assert Register.objects.in_force().get().submission == newer
