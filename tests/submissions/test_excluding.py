"""Taking an accepted register out of force: who may, with which reason, and what stays."""

from __future__ import annotations

import pytest
from django.core import mail

from submissions import mailing, review
from submissions.models import Notice, NoticeKind, Period, Register, State, Submission, User
from submissions.refusals import RefusalError
from tests import factories
from tests.conftest import Cast
from tests.submissions.browsing import browser, page, text


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


def test_the_desk_takes_a_register_out_of_force(cast: Cast, accepted: Submission) -> None:
    admin = browser(cast.admin)
    shown = page("review:submission", accepted)
    address = page("review:exclude", accepted)
    assert address in text(admin.get(shown))
    assert "The register stops counting in the national figures at once." in text(admin.get(address))
    refused = admin.post(address, {"reason": " "})
    assert refused.status_code == 400
    assert "Give a reason in words." in text(refused)
    answer = admin.post(address, {"reason": "Counted twice <b>"}, follow=True)
    assert "Counted twice &lt;b&gt;" in text(answer)
    assert address not in text(answer)
    again = admin.post(address, {"reason": "Once more"})
    assert again.status_code == 409
    assert "Once more" in text(again)


def test_the_unit_sees_that_its_register_was_taken_out_and_why(cast: Cast, accepted: Submission) -> None:
    assert "Excluded" not in text(browser(cast.js_preparer).get(page("portal:submission", accepted)))
    review.exclude(submission=accepted, by=cast.admin, reason="Counted twice")
    seen = text(browser(cast.js_preparer).get(page("portal:submission", accepted)))
    assert "Excluded" in seen
    assert "Counted twice" in seen


def test_the_whole_unit_is_told_that_its_register_was_taken_out_and_why(
    cast: Cast, accepted: Submission
) -> None:
    User.objects.filter(pk=cast.js_preparer.pk).update(email="preparer@example.org")
    review.exclude(submission=accepted, by=cast.admin, reason="重复计算")
    told = Notice.objects.filter(kind=NoticeKind.EXCLUDED)
    staff = {cast.js_preparer.pk, cast.js_signer.pk, cast.js_second_signer.pk}
    assert set(told.values_list("user_id", flat=True)) == staff
    assert "Reason: 重复计算" in text(browser(cast.js_signer).get("/portal/notices/"))
    assert "工业和信息化部已将该登记表剔除" in text(
        browser(cast.js_signer, "zh-hans").get("/portal/notices/")
    )
    mailing.send_due()
    assert any("重复计算" in sent.body for sent in mail.outbox)


def test_only_the_national_admin_has_the_page(cast: Cast, accepted: Submission) -> None:
    address = page("review:exclude", accepted)
    for user in (cast.reviewer, cast.auditor):
        assert browser(user).get(address).status_code == 403
        assert browser(user).post(address, {"reason": "Counted twice"}).status_code == 403
        assert address not in text(browser(user).get(page("review:submission", accepted)))
    assert Register.objects.in_force().exists()
