"""An upload that speaks of another slot replaces nothing by itself: who uploaded it is shown so, and decides."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from submissions.checks import quarantine
from submissions.edits import corrections, explanations
from submissions.models import Period, State, Submission
from submissions.notifications.obligations import slot
from submissions.signoff import review
from tests.acts import check, fresh, refused, send
from tests.conftest import Cast
from tests.factories import checked
from tests.planned_engine import Engine, planned
from tests.portal.browsing import browser, page, text
from validation import Finding, Result
from validation.findings import to_frame
from validation.result import Report

OTHER_PERIOD = Finding(
    "file.E011", sheet="专网", value="2026Q2", params={"found": "2026Q2", "chosen": "2026Q3"}
)
OTHER_UNIT = Finding(
    "file.E012",
    sheet="专网",
    value="浙江省",
    params={"found": {"zh": "浙江省", "en": "Zhejiang"}, "chosen": {"zh": "江苏省", "en": "Jiangsu"}},
)
OTHER_FORM = Finding(
    "file.E010",
    sheet="应用",
    params={
        "other": {"zh": "工业企业人工智能应用", "en": "AI applications"},
        "chosen": {"zh": "工业5G专网", "en": "networks"},
    },
)


def unread(finding: Finding) -> Result:
    """The result of a file that no table was found in."""
    return Result(None, to_frame([finding]), Report("xlsx"))


@pytest.fixture
def first(cast: Cast, period: Period, engine: Engine) -> Submission:
    """Version 1, ready."""
    return check(send(cast.js_preparer))


@pytest.fixture
def aside(first: Submission, cast: Cast, engine: Engine) -> Submission:
    """Version 2, whose title names the quarter before."""
    engine.answer = planned([OTHER_PERIOD])
    second = check(send(cast.js_preparer))
    engine.answer = None
    return second


@pytest.mark.parametrize(
    "answer",
    [
        planned([OTHER_PERIOD]),
        planned([OTHER_UNIT]),
        unread(OTHER_FORM),
        unread(Finding("file.E002", params={"found": {"zh": "PDF", "en": "PDF"}})),
    ],
    ids=["period", "unit", "form", "no workbook"],
)
def test_a_file_that_belongs_elsewhere_replaces_nothing(
    answer: Result, first: Submission, cast: Cast, engine: Engine
) -> None:
    engine.answer = answer
    second = check(send(cast.js_preparer))
    assert (second.state, second.set_aside) == (State.INVALID, True)
    assert fresh(first).state == State.READY
    assert slot(first.unit, "networks", first.period, timezone.localdate()).current == first
    review.sign(submission=fresh(first), by=cast.js_signer)


def test_a_file_with_ordinary_errors_takes_the_place(first: Submission, cast: Cast, engine: Engine) -> None:
    engine.answer = planned(
        [Finding("cell.E101", sheet="专网", row=3, column="site_name", params={"column": "x"})]
    )
    second = check(send(cast.js_preparer))
    assert (second.set_aside, fresh(first).state) == (False, State.SUPERSEDED)


def test_while_the_newer_has_no_verdict_the_older_is_left_alone(first: Submission, cast: Cast) -> None:
    send(cast.js_preparer)
    first = fresh(first)
    assert first.state == State.READY
    refusal = refused("newer-waits", lambda: review.sign(submission=first, by=cast.js_signer))
    assert refusal.submission.version == 2
    edit = [corrections.CellEdit("专网", 3, "site_name", "x")]
    refused("newer-waits", lambda: corrections.correct(submission=first, by=cast.js_preparer, edits=edit))
    refused(
        "newer-waits",
        lambda: explanations.explain(
            submission=first, by=cast.js_preparer, code="net.W320", reason="confirmed"
        ),
    )


def test_without_a_checked_version_before_it_nothing_is_set_aside(
    cast: Cast, period: Period, engine: Engine
) -> None:
    engine.answer = planned([OTHER_PERIOD])
    submission = check(send(cast.js_preparer))
    assert (submission.set_aside, submission.misplaced) == (False, ["file.E011"])


def test_what_is_set_aside_is_not_worked_on(aside: Submission, cast: Cast) -> None:
    edit = [corrections.CellEdit("专网", 3, "site_name", "x")]
    refused("set-aside", lambda: corrections.correct(submission=aside, by=cast.js_preparer, edits=edit))


def test_confirmed_it_takes_the_place_with_one_event(
    aside: Submission, first: Submission, cast: Cast
) -> None:
    quarantine.confirm(submission=aside, by=cast.js_preparer, request_id="r1")
    assert (fresh(aside).set_aside, fresh(first).state) == (False, State.SUPERSEDED)
    event = aside.events.last()
    assert (event.actor, event.act, event.request_id) == (cast.js_preparer, "confirmed", "r1")
    refused("wrong-state", lambda: quarantine.confirm(submission=fresh(aside), by=cast.js_preparer))


def test_a_signature_given_meanwhile_is_not_undone(aside: Submission, first: Submission, cast: Cast) -> None:
    review.sign(submission=fresh(first), by=cast.js_signer)
    refused("signed-waits", lambda: quarantine.confirm(submission=aside, by=cast.js_preparer))
    refused("signed-waits", lambda: send(cast.js_preparer))


def test_given_up_it_stays_in_the_history(aside: Submission, first: Submission, cast: Cast) -> None:
    quarantine.discard(submission=aside, by=cast.js_preparer)
    assert (fresh(aside).state, fresh(first).state) == (State.WITHDRAWN, State.READY)
    refused("wrong-state", lambda: quarantine.discard(submission=fresh(first), by=cast.js_preparer))


def test_another_upload_takes_the_place_of_both(aside: Submission, first: Submission, cast: Cast) -> None:
    third = check(send(cast.js_preparer))
    assert (third.version, third.set_aside) == (3, False)
    assert fresh(aside).state == fresh(first).state == State.SUPERSEDED


def test_the_file_is_sent_to_the_slot_it_speaks_of(
    aside: Submission, earlier_period: Period, cast: Cast
) -> None:
    sent = quarantine.redirect(submission=aside, by=cast.js_preparer)
    assert (sent.period_id, sent.version, sent.file_id, sent.state) == (
        "2026Q2",
        1,
        aside.file_id,
        State.RECEIVED,
    )
    assert fresh(aside).state == State.WITHDRAWN


def test_a_file_of_the_other_form_is_sent_there(cast: Cast, period: Period) -> None:
    networks = checked(cast.js_preparer, period)
    wrong = send(cast.js_preparer, _bytes(networks), collection="ai_applications", filename=networks.filename)
    wrong = check(wrong)
    assert wrong.misplaced == ["file.E010"]
    refusal = refused("same-file", lambda: quarantine.redirect(submission=wrong, by=cast.js_preparer))
    assert refusal.submission == networks
    assert fresh(wrong).state == State.INVALID


def _bytes(submission: Submission) -> bytes:
    from submissions.files import storage

    return storage.open_original(submission.file)


def test_only_the_unit_decides(aside: Submission, cast: Cast) -> None:
    refused("not-found", lambda: quarantine.confirm(submission=aside, by=cast.zj_signer))
    refused("not-allowed", lambda: quarantine.discard(submission=aside, by=cast.admin))


def test_the_page_says_so_and_offers_the_ways_out(
    aside: Submission, earlier_period: Period, cast: Cast
) -> None:
    client = browser(cast.js_preparer)
    html = text(client.get(page("portal:submission", aside)))
    assert "The title says 2026Q2 but the chosen period is 2026Q3." in html
    assert "still stands" in html
    assert "Send it for Industrial 5G private networks, 2026Q2" in html
    assert "Replace version 1 anyway" in html
    assert "文件与所选的报送对象不符" in text(
        browser(cast.js_preparer, "").get(page("portal:submission", aside))
    )


def test_a_double_click_sends_it_on_once(aside: Submission, earlier_period: Period, cast: Cast) -> None:
    client = browser(cast.js_preparer)
    answers = [client.post(page("portal:redirect", aside)) for _ in range(2)]
    sent = Submission.objects.get(period="2026Q2")
    assert [a["Location"] for a in answers] == [f"/portal/submissions/{sent.pk}/", "/portal/"]


def test_the_buttons_work_and_twice_is_once(aside: Submission, first: Submission, cast: Cast) -> None:
    client = browser(cast.js_preparer)
    for _ in range(2):
        assert client.post(page("portal:confirm", aside)).status_code == 302
    assert fresh(first).state == State.SUPERSEDED
    assert client.post(page("portal:discard", aside)).status_code == 302


def test_giving_up_by_the_button(aside: Submission, cast: Cast) -> None:
    client = browser(cast.js_preparer)
    assert [client.post(page("portal:discard", aside))["Location"] for _ in range(2)] == ["/portal/"] * 2
    assert fresh(aside).state == State.WITHDRAWN


def test_a_closed_slot_is_not_offered(aside: Submission, earlier_period: Period, cast: Cast) -> None:
    Period.objects.filter(pk="2026Q2").update(closes=timezone.localdate() - timedelta(days=1))
    html = text(browser(cast.js_preparer).get(page("portal:submission", aside)))
    assert "Period 2026Q2 is not open for uploads today." in html
    assert "Choose another file" in html
