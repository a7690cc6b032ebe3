"""Collecting the reasons of a return from finding to finding, and refusing those that speak of no place in the file."""

from __future__ import annotations

import pytest
from django.http import HttpResponse
from rest_framework.test import APIClient

from submissions.checks import intake
from submissions.edits.explanations import explain
from submissions.models import Finding, Period, ReturnDraft, State, Submission, User
from submissions.signoff import review
from submissions.signoff.review import ReasonGiven
from tests import factories
from tests.acts import fresh, refused
from tests.conftest import Cast
from tests.planned_engine import Engine
from tests.portal.browsing import browser, checked_with, converted, page, text

FINDINGS = "/review/findings/?severity=W"


@pytest.fixture
def signed(cast: Cast, period: Period, engine: Engine) -> Submission:
    """Jiangsu's networks with two explained warnings at rows 5 and 6, signed."""
    submission = checked_with(engine, cast.js_preparer, [converted(5), converted(6)])
    explain(submission=submission, by=cast.js_preparer, code="cell.W118", reason="confirmed")
    review.sign(submission=submission, by=cast.js_signer)
    return fresh(submission)


def collect(user: User, submission: Submission, **fields: object) -> HttpResponse:
    return browser(user).post(page("review:collect", submission), {"from": FINDINGS, **fields})


def finding(submission: Submission, row: int) -> Finding:
    return submission.findings.get(row=row)


def send(user: User, submission: Submission, rows: list[dict[str, object]], **more: str) -> HttpResponse:
    sent: dict[str, object] = {"form-TOTAL_FORMS": len(rows), "form-INITIAL_FORMS": 0, **more}
    for at, row in enumerate(rows):
        sent |= {f"form-{at}-{name}": value for name, value in row.items()}
    return browser(user).post(page("review:return", submission), sent)


def reasons_on(answer: HttpResponse) -> list[dict[str, object]]:
    """The reasons on the page as their fields hold them."""
    names = ("draft", "text", "code", "sheet", "row", "column")
    return [{name: form[name].value() or "" for name in names} for form in answer.context["forms"].forms]


def test_each_finding_adds_its_reason_and_none_is_lost(cast: Cast, signed: Submission) -> None:
    answers = [collect(cast.reviewer, signed, finding=finding(signed, row).pk) for row in (5, 6)]
    collect(cast.reviewer, signed, code="cell.W118")
    drafts = list(ReturnDraft.objects.values_list("code", "sheet", "row", "column"))
    assert drafts == [
        ("cell.W118", "专网", 5, "terminals"),
        ("cell.W118", "专网", 6, "terminals"),
        ("cell.W118", "", None, ""),
    ]
    first, second, _ = ReturnDraft.objects.all()
    assert answers[0]["Location"].endswith(f"#reason-{first.pk}")
    opened = browser(cast.reviewer).get(answers[1]["Location"])
    assert [row["draft"] for row in reasons_on(opened)][:2] == [first.pk, second.pk]
    assert all(row["text"] for row in reasons_on(opened))
    assert f'id="reason-{second.pk}"' in text(opened)
    assert "Save and continue reading" in text(opened)
    desk = text(browser(cast.reviewer).get(page("review:submission", signed)))
    assert "Return with reasons (3 collected)" in desk


def test_a_second_click_adds_nothing(cast: Cast, signed: Submission) -> None:
    for _ in range(2):
        collect(cast.reviewer, signed, finding=finding(signed, 5).pk)
    assert ReturnDraft.objects.count() == 1


def test_what_was_typed_is_kept_and_leads_back(cast: Cast, signed: Submission) -> None:
    collect(cast.reviewer, signed, finding=finding(signed, 5).pk)
    draft = ReturnDraft.objects.get()
    rows = [{"draft": draft.pk, "text": "终端数请按台填写", "row": "5"}, {"text": "整体请核实"}]
    sent = {f"form-{at}-{name}": value for at, row in enumerate(rows) for name, value in row.items()}
    address = page("review:return", signed, f"?from={FINDINGS.replace('?', '%3F')}")
    sent |= {"form-TOTAL_FORMS": 2, "keep": "1"}
    answer = browser(cast.reviewer).post(address, sent)
    assert answer["Location"] == FINDINGS
    assert list(ReturnDraft.objects.values_list("text", "row")) == [
        ("终端数请按台填写", 5),
        ("整体请核实", None),
    ]
    assert fresh(signed).state == State.SIGNED
    again = reasons_on(browser(cast.reviewer).get(page("review:return", signed)))
    assert [row["text"] for row in again] == ["终端数请按台填写", "整体请核实"]


def test_leading_back_leads_nowhere_else(cast: Cast, signed: Submission) -> None:
    address = page("review:return", signed, "?from=https://example.org/")
    answer = browser(cast.reviewer).post(
        address, {"form-TOTAL_FORMS": "1", "form-0-text": "请核实", "keep": "1"}
    )
    assert answer["Location"] == page("review:submission", signed)


def test_all_of_them_are_sent_and_nothing_is_left(cast: Cast, signed: Submission) -> None:
    for row in (5, 6):
        collect(cast.reviewer, signed, finding=finding(signed, row).pk)
    collect(cast.admin, signed, code="cell.W118")
    rows = reasons_on(browser(cast.reviewer).get(page("review:return", signed)))
    assert send(cast.reviewer, signed, rows).status_code == 302
    assert fresh(signed).state == State.RETURNED
    assert list(signed.return_reasons.values_list("row", "column")) == [(5, "terminals"), (6, "terminals")]
    assert list(ReturnDraft.objects.values_list("by__username", flat=True)) == ["admin"]


def test_one_that_was_left_out_is_not_sent(cast: Cast, signed: Submission) -> None:
    for row in (5, 6):
        collect(cast.reviewer, signed, finding=finding(signed, row).pk)
    rows = reasons_on(browser(cast.reviewer).get(page("review:return", signed)))
    assert send(cast.reviewer, signed, rows, **{"form-0-remove": "1"}).status_code == 302
    assert list(signed.return_reasons.values_list("row", flat=True)) == [6]


def test_leaving_out_the_only_one_asks_for_another(cast: Cast, signed: Submission) -> None:
    collect(cast.reviewer, signed, finding=finding(signed, 5).pk)
    rows = reasons_on(browser(cast.reviewer).get(page("review:return", signed)))
    answer = send(cast.reviewer, signed, rows, **{"form-0-remove": "1"})
    assert answer.status_code == 400
    assert not ReturnDraft.objects.exists()
    assert fresh(signed).state == State.SIGNED


def test_one_collected_in_another_window_is_not_forgotten(cast: Cast, signed: Submission) -> None:
    collect(cast.reviewer, signed, finding=finding(signed, 5).pk)
    rows = reasons_on(browser(cast.reviewer).get(page("review:return", signed)))
    collect(cast.reviewer, signed, finding=finding(signed, 6).pk)
    answer = send(cast.reviewer, signed, rows)
    assert answer.status_code == 409
    assert "collected in another window" in text(answer)
    assert fresh(signed).state == State.SIGNED
    assert [row["row"] for row in reasons_on(answer)] == ["5", 6]
    assert send(cast.reviewer, signed, reasons_on(answer)).status_code == 302
    assert signed.return_reasons.count() == 2


def test_each_reviewer_has_their_own(cast: Cast, signed: Submission) -> None:
    collect(cast.reviewer, signed, finding=finding(signed, 5).pk)
    assert [row["draft"] for row in reasons_on(browser(cast.admin).get(page("review:return", signed)))] == [
        ""
    ]
    draft = ReturnDraft.objects.get()
    send(cast.admin, signed, [{"draft": draft.pk, "text": "另一人的"}], keep="1")
    assert ReturnDraft.objects.get(by=cast.reviewer).text != "另一人的"
    assert ReturnDraft.objects.get(by=cast.admin).text == "另一人的"


def test_only_who_may_return_collects_and_only_what_is_there(
    cast: Cast, signed: Submission, period: Period
) -> None:
    finding_id = finding(signed, 5).pk
    assert collect(cast.auditor, signed, finding=finding_id).status_code == 403
    assert collect(cast.js_signer, signed, finding=finding_id).status_code == 403
    other = factories.checked(cast.zj_preparer, period)
    assert collect(cast.reviewer, signed, finding=10**9).status_code == 404
    assert collect(cast.reviewer, signed, code="no.E999").status_code == 404
    assert collect(cast.reviewer, other, code="cell.W118").status_code == 409
    assert browser(cast.reviewer).get(page("review:collect", signed)).status_code == 405
    assert not ReturnDraft.objects.exists()


# -- places that are not there ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reason", "code"),
    [
        (ReasonGiven("x", row=99999), "row-unknown"),
        (ReasonGiven("x", sheet="专网", row=10), "row-unknown"),
        (ReasonGiven("x", row=0), "row-unknown"),
        (ReasonGiven("x", sheet="别的表", row=4), "sheet-unread"),
        (ReasonGiven("x", sheet="别的表"), "sheet-unread"),
        (ReasonGiven("x", row=4, column="remark"), "place-unknown"),
        (ReasonGiven("x", column="nonsense"), "place-unknown"),
        (ReasonGiven("x", code="no.E999"), "place-unknown"),
    ],
)
def test_a_reason_at_a_place_that_is_not_there_is_refused(
    reason: ReasonGiven, code: str, cast: Cast, signed: Submission
) -> None:
    refused(code, lambda: review.return_(submission=signed, by=cast.reviewer, reasons=[reason]))
    assert fresh(signed).state == State.SIGNED
    assert not signed.return_reasons.exists()


@pytest.mark.parametrize(
    "reason",
    [
        ReasonGiven("the last data row", sheet="专网", row=5),
        ReasonGiven("a blank row among them", row=9),
        ReasonGiven("the title", row=1),
        ReasonGiven("a cell", row=4, column="terminals"),
        ReasonGiven("a column that is missing", column="remark"),
    ],
)
def test_a_reason_at_a_place_that_is_there_is_taken(
    reason: ReasonGiven, cast: Cast, signed: Submission
) -> None:
    review.return_(submission=signed, by=cast.reviewer, reasons=[reason])
    assert signed.return_reasons.get().text == reason.text


def test_a_nil_return_has_no_rows(cast: Cast, period: Period) -> None:
    nil = intake.receive_nil(by=cast.js_preparer, collection="networks", period=period.code)
    review.sign(submission=nil, by=cast.js_signer)
    act = {"submission": nil, "by": cast.reviewer}
    refused("row-unknown", lambda: review.return_(**act, reasons=[ReasonGiven("x", row=1)]))
    review.return_(**act, reasons=[ReasonGiven("请核实确无专网")])


def test_pages_and_api_say_which_row_is_not_there(cast: Cast, signed: Submission) -> None:
    answer = send(cast.reviewer, signed, [{"text": "第99999行有误", "row": "99999"}])
    assert answer.status_code == 400
    assert "The file has no row 99999 there: its last row is 9." in text(answer)
    assert "第99999行有误" in text(answer)
    client = APIClient()
    client.force_authenticate(cast.reviewer)
    response = client.post(
        f"/api/v1/submissions/{signed.pk}/return/", {"reasons": [{"text": "x", "row": 99999}]}, format="json"
    )
    assert (response.status_code, response.json()["code"]) == (400, "row-unknown")
    assert fresh(signed).state == State.SIGNED
