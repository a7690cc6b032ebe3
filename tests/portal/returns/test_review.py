"""The review desk: what waits, filters, one submission, accepting, returning with reasons at their places."""

from __future__ import annotations

import pytest
from django.http import HttpResponse

from submissions.checks import intake
from submissions.models import Collection, Period, ReturnDraft, State, Submission, User
from submissions.signoff import review
from tests.acts import check, fresh, send
from tests.conftest import Cast
from tests.planned_engine import Engine
from tests.portal.browsing import browser, checked_with, converted, page, text

DESK = "/review/"


@pytest.fixture
def signed(cast: Cast, period: Period, engine: Engine) -> Submission:
    """Jiangsu's network form with two explained warnings, signed."""
    submission = checked_with(engine, cast.js_preparer, [converted(5), converted(6)])
    sent = {"scope": "all", "reason": "confirmed"}
    explain = page("portal:explain", submission, "?code=cell.W118&column=terminals")
    browser(cast.js_preparer).post(explain, sent)
    review.sign(submission=fresh(submission), by=cast.js_signer)
    engine.answer = None
    return fresh(submission)


def listed(user: User, query: str = "") -> list[Submission]:
    answer = browser(user).get(DESK + query)
    assert answer.status_code == 200
    return list(answer.context["page"])


def test_the_desk_shows_what_waits(cast: Cast, signed: Submission) -> None:
    check(send(cast.zj_preparer))
    assert listed(cast.reviewer) == [signed]


def test_an_empty_desk_says_so(cast: Cast, period: Period) -> None:
    assert "No signed submission waits for a decision." in text(browser(cast.reviewer).get(DESK))
    assert "No submission fits these filters." in text(browser(cast.reviewer).get(f"{DESK}?state=signed"))


def test_the_desk_filters_and_sorts(cast: Cast, signed: Submission) -> None:
    zhejiang = check(send(cast.zj_preparer))
    nil = intake.receive_nil(by=cast.nb_preparer, collection=Collection.AI_APPLICATIONS, period="2026Q3")
    assert listed(cast.auditor, "?state=") == [nil, zhejiang, signed]
    assert listed(cast.auditor, "?state=&sort=unit") == [signed, zhejiang, nil]
    assert listed(cast.auditor, "?unit=330000") == [zhejiang]
    assert listed(cast.auditor, "?collection=ai_applications") == [nil]
    assert listed(cast.auditor, "?period=2026Q3&state=ready") == [nil, zhejiang]


def test_the_desk_counts_by_state(cast: Cast, signed: Submission) -> None:
    check(send(cast.zj_preparer))
    states = browser(cast.reviewer).get(DESK).context["states"]
    assert states == [(State.READY, 1), (State.SIGNED, 1)]


def test_the_desk_asks_few_questions(
    cast: Cast, signed: Submission, django_assert_max_num_queries: object
) -> None:
    client = browser(cast.reviewer)
    with django_assert_max_num_queries(12):
        client.get(f"{DESK}?state=")


def test_the_ministry_sees_the_same_panels(cast: Cast, signed: Submission) -> None:
    html = text(browser(cast.admin).get(page("review:submission", signed)))
    assert "Jiangsu" in html
    assert "cell.W118" in html
    assert "How the file was understood" in html
    assert page("review:accept", signed) in html
    assert page("portal:explain", signed) not in html


def test_an_auditor_only_looks(cast: Cast, signed: Submission) -> None:
    html = text(browser(cast.auditor).get(page("review:submission", signed)))
    assert page("review:accept", signed) not in html
    assert page("review:return", signed) not in html


def test_beginning_holds_the_unit_off(cast: Cast, signed: Submission) -> None:
    client = browser(cast.reviewer)
    for _ in range(2):
        assert client.post(page("review:begin", signed))["Location"] == page("review:submission", signed)
    assert "Under review since" in text(client.get(page("review:submission", signed)))
    assert signed.events.filter(act="review_began").count() == 1
    assert browser(cast.auditor).post(page("review:begin", signed)).status_code == 403


def test_accepting_twice_is_once(cast: Cast, signed: Submission) -> None:
    client = browser(cast.admin)
    assert "5G terminals" in text(client.get(page("review:accept", signed)))
    answers = [client.post(page("review:accept", signed), {"confirm": "on"}) for _ in range(2)]
    assert [answer["Location"] for answer in answers] == [page("review:submission", signed)] * 2
    assert fresh(signed).state == State.ACCEPTED
    assert signed.events.filter(to_state=State.ACCEPTED).count() == 1


def test_accepting_wants_a_tick(cast: Cast, signed: Submission) -> None:
    assert browser(cast.admin).post(page("review:accept", signed), {}).status_code == 400
    assert fresh(signed).state == State.SIGNED


def test_a_reviewer_does_not_accept(cast: Cast, signed: Submission) -> None:
    answer = browser(cast.reviewer).post(page("review:accept", signed), {"confirm": "on"})
    assert answer.status_code == 403
    assert fresh(signed).state == State.SIGNED


def test_what_was_withdrawn_meanwhile_is_not_accepted(cast: Cast, signed: Submission) -> None:
    review.withdraw(submission=signed, by=cast.js_signer)
    answer = browser(cast.admin).post(page("review:accept", signed), {"confirm": "on"})
    assert answer.status_code == 409
    assert "“Withdrawn”" in text(answer)


def give(user: User, submission: Submission, *reasons: dict[str, str], **more: str) -> HttpResponse:
    sent = {"form-TOTAL_FORMS": str(len(reasons)), "form-INITIAL_FORMS": str(len(reasons)), **more}
    for at, reason in enumerate(reasons):
        sent |= {f"form-{at}-{name}": value for name, value in reason.items()}
    return browser(user).post(page("review:return", submission), sent)


def test_reasons_are_kept_at_their_places(cast: Cast, signed: Submission) -> None:
    answer = give(
        cast.reviewer,
        signed,
        {"text": "整体请核实"},
        {"text": "规则", "code": "cell.W118"},
        {"text": "行", "sheet": "专网", "row": "5"},
        {"text": "单元格", "sheet": "专网", "row": "6", "column": "terminals"},
        {"text": ""},
    )
    assert answer["Location"] == page("review:submission", signed)
    assert fresh(signed).state == State.RETURNED
    kept = signed.return_reasons.values_list("text", "code", "sheet", "row", "column")
    assert list(kept) == [
        ("整体请核实", "", "", None, ""),
        ("规则", "cell.W118", "", None, ""),
        ("行", "", "专网", 5, ""),
        ("单元格", "", "专网", 6, "terminals"),
    ]


def test_a_second_click_finds_it_returned(cast: Cast, signed: Submission) -> None:
    answers = [give(cast.reviewer, signed, {"text": "请核实"}) for _ in range(2)]
    assert [answer["Location"] for answer in answers] == [page("review:submission", signed)] * 2
    assert signed.return_reasons.count() == 1


def test_without_a_reason_nothing_is_returned(cast: Cast, signed: Submission) -> None:
    answer = give(cast.reviewer, signed, {"text": "", "row": "5"})
    assert answer.status_code == 400
    assert "Say what is wrong and what is to be done." in text(answer)
    assert 'value="5"' in text(answer)
    assert fresh(signed).state == State.SIGNED


def test_another_reason_keeps_what_was_typed(cast: Cast, signed: Submission) -> None:
    answer = give(cast.reviewer, signed, {"text": "第一条", "code": "cell.W118"}, more="1")
    assert answer.status_code == 200
    assert len(answer.context["forms"].forms) == 2
    assert "第一条" in text(answer)
    assert fresh(signed).state == State.SIGNED


def test_a_flood_of_reasons_is_bounded(cast: Cast, signed: Submission) -> None:
    answer = give(cast.reviewer, signed, *[{"text": "请核实"} for _ in range(60)], more="1")
    assert len(answer.context["forms"].forms) == 50
    assert ReturnDraft.objects.count() == 50


@pytest.mark.parametrize("count", ["", "x", "9" * 5000])
def test_a_garbled_form_is_asked_for_anew(count: str, cast: Cast, signed: Submission) -> None:
    client = browser(cast.reviewer)
    for more in ({}, {"more": "1"}):
        answer = client.post(page("review:return", signed), {"form-TOTAL_FORMS": count, **more})
        assert answer.status_code == (200 if more else 400)
    assert fresh(signed).state == State.SIGNED


def test_what_was_accepted_meanwhile_is_not_returned(cast: Cast, signed: Submission) -> None:
    review.accept(submission=signed, by=cast.admin)
    answer = give(cast.reviewer, signed, {"text": "长长的理由"})
    assert answer.status_code == 409
    assert "“Accepted”" in text(answer)
    assert "长长的理由" in text(answer)
