"""Signing on the page: by whom, what is stated, the receipt, and taking it back."""

from __future__ import annotations

import pytest

from submissions.checks import intake
from submissions.models import Period, Role, State, Submission, User
from submissions.signoff import review
from tests.acts import check, fresh, send
from tests.conftest import Cast
from tests.planned_engine import Engine
from tests.portal.browsing import browser, checked_with, converted, missing, page, text
from validation import Finding


@pytest.fixture
def ready(cast: Cast, period: Period, engine: Engine) -> Submission:
    return check(send(cast.js_preparer))


def test_the_page_shows_what_is_signed(cast: Cast, ready: Submission) -> None:
    html = text(browser(cast.js_signer).get(page("portal:sign", ready)))
    assert ready.file_id in html
    assert "On behalf of Jiangsu" in html
    assert "5G terminals" in html


def test_the_explanations_are_signed_with_it(cast: Cast, period: Period, engine: Engine) -> None:
    submission = checked_with(engine, cast.js_preparer, [converted(5)])
    sent = {"scope": "all", "reason": "other", "text": "现场核对"}
    client = browser(cast.js_preparer)
    client.post(page("portal:explain", submission, "?code=cell.W118&column=terminals"), sent)
    assert "现场核对" in text(browser(cast.js_signer).get(page("portal:sign", submission)))


def test_signing_gives_the_receipt_and_twice_gives_the_same(cast: Cast, ready: Submission) -> None:
    client = browser(cast.js_signer)
    answers = [client.post(page("portal:sign", ready), {"confirm": "on"}) for _ in range(2)]
    assert [answer["Location"] for answer in answers] == [page("portal:receipt", ready)] * 2
    number = fresh(ready).receipt_number
    html = text(client.get(page("portal:receipt", ready)))
    assert number in html
    assert ready.file_id in html
    assert "江苏签发人" in html
    assert ready.events.filter(to_state=State.SIGNED).count() == 1


def test_signing_wants_a_tick(cast: Cast, ready: Submission) -> None:
    answer = browser(cast.js_signer).post(page("portal:sign", ready), {})
    assert answer.status_code == 400
    assert "Tick the box to confirm." in text(answer)
    assert fresh(ready).state == State.READY


def test_a_preparer_learns_who_signs_and_withdraws(cast: Cast, ready: Submission) -> None:
    client = browser(cast.js_preparer)
    answers = [
        client.get(page("portal:sign", ready)),
        client.post(page("portal:sign", ready), {"confirm": "on"}),
        client.get(page("portal:withdraw", ready)),
    ]
    for answer in answers:
        assert answer.status_code == 403
        assert "done by a signer of your unit: 江苏签发人, 江苏第二签发人." in text(answer)
    assert "签发由本单位签发人办理" in text(
        browser(cast.js_preparer, "zh-hans").get(page("portal:sign", ready))
    )
    assert fresh(ready).state == State.READY
    User.objects.filter(unit=ready.unit, role=Role.UNIT_SIGNER).update(is_active=False)
    assert "has no active signer" in text(client.get(page("portal:sign", ready)))


def test_numbers_are_whole_where_they_are_counted(cast: Cast, ready: Submission) -> None:
    """Sums are kept as exact text such as 1009.0000."""
    ready.report["totals"] = {"terminals": "1009.0000", "investment_10k_cny": "1200.50"}
    ready.save(update_fields=["report"])
    html = text(browser(cast.js_signer).get(page("portal:sign", ready)))
    assert ">1,009<" in html
    assert ">1,200.50<" in html


def test_the_uploader_does_not_sign(cast: Cast, period: Period, engine: Engine) -> None:
    submission = check(send(cast.js_signer))
    client = browser(cast.js_signer)
    for answer in (
        client.get(page("portal:sign", submission)),
        client.post(page("portal:sign", submission), {"confirm": "on"}),
    ):
        assert answer.status_code == 403
        assert "Ask another signer of your unit." in text(answer)


@pytest.mark.parametrize("finding", [missing(3), converted(3)])
def test_what_is_open_is_not_signed(finding: Finding, cast: Cast, period: Period, engine: Engine) -> None:
    submission = checked_with(engine, cast.js_preparer, [finding])
    client = browser(cast.js_signer)
    for answer in (
        client.get(page("portal:sign", submission)),
        client.post(page("portal:sign", submission), {"confirm": "on"}),
    ):
        assert answer.status_code == 409
        assert "Not ready to sign" in text(answer)
        assert f"{page('portal:findings', submission)}?severity={finding.severity}" in text(answer)


def test_another_signer_who_comes_second_is_told(cast: Cast, ready: Submission) -> None:
    review.sign(submission=ready, by=cast.js_signer)
    answer = browser(cast.js_second_signer).post(page("portal:sign", ready), {"confirm": "on"})
    assert answer.status_code == 409
    assert "“Signed”" in text(answer)


def test_there_is_no_receipt_before_the_signature(cast: Cast, ready: Submission) -> None:
    assert browser(cast.js_signer).get(page("portal:receipt", ready)).status_code == 404


def test_a_nil_return_is_signed_like_any_other(cast: Cast, period: Period) -> None:
    submission = intake.receive_nil(by=cast.js_preparer, collection="networks", period="2026Q3")
    client = browser(cast.js_signer)
    assert "nil return" in text(client.get(page("portal:sign", submission)))
    assert client.post(page("portal:sign", submission), {"confirm": "on"}).status_code == 302
    assert "nil return" in text(client.get(page("portal:receipt", submission)))


def test_withdrawing_twice_is_once(cast: Cast, ready: Submission) -> None:
    review.sign(submission=ready, by=cast.js_signer)
    client = browser(cast.js_signer)
    assert "no longer a return of your unit" in text(client.get(page("portal:withdraw", ready)))
    answers = [client.post(page("portal:withdraw", ready), {"reason": "数据有误"}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert fresh(ready).state == State.WITHDRAWN
    event = ready.events.get(to_state=State.WITHDRAWN)
    assert event.reason == "数据有误"
    html = text(client.get(page("portal:submission", ready)))
    assert "Version 1 is withdrawn." in html
    assert "数据有误" in html


def test_under_review_it_is_not_withdrawn(cast: Cast, ready: Submission) -> None:
    review.sign(submission=ready, by=cast.js_signer)
    review.begin_review(submission=ready, by=cast.reviewer)
    client = browser(cast.js_signer)
    for answer in (client.get(page("portal:withdraw", ready)), client.post(page("portal:withdraw", ready))):
        assert answer.status_code == 409
        assert "under review" in text(answer)


def test_too_long_a_reason_is_told_and_kept(cast: Cast, ready: Submission) -> None:
    answer = browser(cast.js_signer).post(page("portal:withdraw", ready), {"reason": "长" * 1001})
    assert answer.status_code == 400
    assert "长" * 1001 in text(answer)


# -- the browser's way back to a page whose act is done ---------------------------------------------------


def test_the_way_back_after_signing_shows_the_receipt(cast: Cast, ready: Submission) -> None:
    client, address = browser(cast.js_signer), page("portal:sign", ready)
    client.post(address, {"confirm": "on"})
    html = text(client.get(address, follow=True))
    assert fresh(ready).receipt_number in html
    assert "Nothing was changed" not in html
    # whoever comes there, and whatever became of it
    review.accept(submission=fresh(ready), by=cast.admin)
    for user in (cast.js_second_signer, cast.js_preparer):
        assert browser(user).get(address).url == page("portal:receipt", ready)
    assert browser(cast.zj_signer).get(address).status_code == 404


def test_the_way_back_from_what_is_done_leads_to_the_submission(cast: Cast, ready: Submission) -> None:
    unit, ministry = browser(cast.js_signer), browser(cast.admin)
    unit.post(page("portal:sign", ready), {"confirm": "on"})
    unit.post(page("portal:withdraw", ready), {"reason": ""})
    assert unit.get(page("portal:withdraw", ready)).url == page("portal:submission", ready)
    accepted = check(send(cast.js_preparer))
    review.sign(submission=accepted, by=cast.js_signer)
    ministry.post(page("review:accept", accepted), {"confirm": "on"})
    assert ministry.get(page("review:accept", accepted)).url == page("review:submission", accepted)
    ministry.post(page("review:exclude", accepted), {"reason": "重复计算"})
    assert ministry.get(page("review:exclude", accepted)).url == page("review:submission", accepted)
    returned = check(send(cast.js_preparer))
    review.sign(submission=returned, by=cast.js_signer)
    ministry.post(page("review:return", returned), {"form-TOTAL_FORMS": "1", "form-0-text": "请核实"})
    assert ministry.get(page("review:return", returned)).url == page("review:submission", returned)


def test_a_page_that_cannot_be_opened_says_nothing_of_changes(cast: Cast, ready: Submission) -> None:
    opened = browser(cast.admin).get(page("review:accept", ready))
    assert opened.status_code == 409
    assert "Nothing was changed" not in text(opened)
    sent = browser(cast.admin).post(page("review:accept", ready), {"confirm": "on"})
    assert "Nothing was changed." in text(sent)
