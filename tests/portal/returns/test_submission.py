"""One submission on its page: progress until the verdict, how the file was read, findings, failures, files."""

from __future__ import annotations

import pytest
from django.utils import timezone

from submissions.checks import intake
from submissions.models import Period, State, Submission
from submissions.signoff import review
from submissions.signoff.review import ReasonGiven
from tests.acts import check, fresh, send
from tests.conftest import Cast
from tests.planned_engine import Engine, planned
from tests.portal.browsing import HTMX, browser, checked_with, converted, missing, page, text


def put(submission: Submission, **fields: object) -> None:
    """Write fields as a worker does."""
    Submission.objects.filter(pk=submission.pk).update(**fields)


def test_a_waiting_file_shows_its_place_in_the_queue(cast: Cast, period: Period) -> None:
    send(cast.zj_preparer)
    submission = send(cast.js_preparer)
    html = text(browser(cast.js_preparer).get(page("portal:submission", submission)))
    assert "Waiting in the queue" in html
    assert "place 2 in the queue" in html
    assert 'hx-trigger="every 1s"' in html
    assert '<noscript><meta http-equiv="refresh"' in html


def test_progress_tells_phase_and_rows_and_never_done(cast: Cast, period: Period) -> None:
    submission = send(cast.js_preparer)
    put(submission, state=State.CHECKING, phase="casting", rows_done=12_000, rows_total=50_000)
    client = browser(cast.js_preparer)
    html = text(client.get(page("portal:progress", submission), headers=HTMX))
    assert "Reading the values" in html
    assert "12,000 of 50,000 rows" in html
    assert '<progress max="50000" value="12000"' in html
    assert 'data-said="Reading the values"' in html
    put(submission, rows_done=50_000, phase="storing")
    answer = client.get(page("portal:progress", submission), headers=HTMX)
    assert "HX-Refresh" not in answer
    assert "Storing the findings" in text(answer)


def test_every_phase_the_engine_tells_has_words(cast: Cast, period: Period) -> None:
    submission = send(cast.js_preparer)
    for phase in ("", "reading", "layout", "casting", "checking", "storing"):
        put(submission, state=State.CHECKING, phase=phase)
        assert browser(cast.js_preparer).get(page("portal:progress", submission)).status_code == 200


def test_the_page_comes_anew_once_the_verdict_is_there(cast: Cast, period: Period, engine: Engine) -> None:
    submission = check(send(cast.js_preparer))
    client = browser(cast.js_preparer)
    assert client.get(page("portal:progress", submission), headers=HTMX)["HX-Refresh"] == "true"
    without_script = client.get(page("portal:progress", submission))
    assert without_script["Location"] == page("portal:submission", submission)


def test_the_verdict_shows_exact_counts_by_rule(cast: Cast, period: Period, engine: Engine) -> None:
    findings = [missing(row) for row in range(3, 1_203)] + [converted(5), converted(6)]
    submission = checked_with(engine, cast.js_preparer, findings)
    html = text(browser(cast.js_preparer).get(page("portal:submission", submission)))
    assert "1,200 errors must be corrected" in html
    assert "“Network name” is required." in html
    assert "Fill it in." in html
    assert html.index("cell.E101") < html.index("cell.W118")
    assert "?code=cell.W118&amp;column=terminals" in html


def test_findings_speak_chinese_to_chinese_readers(cast: Cast, period: Period, engine: Engine) -> None:
    submission = checked_with(engine, cast.js_preparer, [missing(3)])
    html = text(browser(cast.js_preparer, "zh-hans").get(page("portal:submission", submission)))
    assert "“专网名称”不能为空。" in html
    assert "有1处错误" in html


def test_the_page_says_how_the_file_was_understood(cast: Cast, period: Period, engine: Engine) -> None:
    engine.answer = planned(not_evaluable=("ai.E370",))
    submission = check(send(cast.js_preparer))
    html = text(browser(cast.js_preparer).get(page("portal:submission", submission)))
    assert "Sheet “专网”" in html
    assert "blank row × 3" in html
    assert "(rows 6–7, 9)" in html
    assert "official title" in html
    assert "<code>ai.E370</code>" in html


def test_totals_are_shown_with_their_units(cast: Cast, period: Period, engine: Engine) -> None:
    submission = check(send(cast.js_preparer))
    html = text(browser(cast.js_preparer).get(page("portal:submission", submission)))
    assert "5G terminals" in html
    assert "10,000 CNY" in html
    assert "万元" in text(browser(cast.js_preparer, "zh-hans").get(page("portal:submission", submission)))


def test_nothing_found(cast: Cast, period: Period, engine: Engine) -> None:
    submission = check(send(cast.js_preparer))
    html = text(browser(cast.js_preparer).get(page("portal:submission", submission)))
    assert "Nothing wrong was found." in html


def test_a_failed_check_says_so_and_can_be_run_again(cast: Cast, period: Period) -> None:
    submission = send(cast.js_preparer)
    put(submission, state=State.FAILED, failure="gave-up")
    client = browser(cast.js_preparer)
    html = text(client.get(page("portal:submission", submission)))
    assert "Your file is kept." in html
    again = page("portal:retry", submission)
    assert again in html
    assert [client.post(again)["Location"] for _ in range(2)] == [page("portal:submission", submission)] * 2
    assert fresh(submission).state == State.RECEIVED
    assert submission.events.filter(act="check_retried").count() == 1


def test_what_did_not_fail_is_not_run_again(cast: Cast, period: Period, engine: Engine) -> None:
    submission = check(send(cast.js_preparer))
    answer = browser(cast.js_preparer).post(page("portal:retry", submission))
    assert answer.status_code == 409
    assert "This is not possible in the state “" in text(answer)
    assert page("portal:submission", submission) in text(answer)


def test_the_original_is_given_back_byte_for_byte(cast: Cast, period: Period) -> None:
    submission = send(cast.js_preparer, b"<script>alert(1)</script>", filename="台账.html")
    answer = browser(cast.js_signer).get(page("portal:file", submission))
    assert b"".join(answer.streaming_content) == b"<script>alert(1)</script>"
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Type"] == "application/octet-stream"


def test_a_nil_return_has_no_file(cast: Cast, period: Period) -> None:
    submission = intake.receive_nil(by=cast.js_preparer, collection="networks", period="2026Q3")
    assert browser(cast.js_preparer).get(page("portal:file", submission)).status_code == 404


def test_every_version_stays(cast: Cast, period: Period, engine: Engine) -> None:
    first, second = check(send(cast.js_preparer)), check(send(cast.js_preparer))
    client = browser(cast.js_preparer)
    for address in (page("portal:submission", second), "/portal/history/networks/2026Q3/"):
        html = text(client.get(address))
        assert page("portal:submission", first) in html
        assert "Superseded" in html
    assert client.get("/portal/history/ai_applications/2026Q3/").status_code == 200


def test_the_unit_sees_the_reasons_of_a_return_at_their_places(
    cast: Cast, period: Period, engine: Engine
) -> None:
    submission = checked_with(engine, cast.js_preparer, [converted(5), converted(6)])
    explain_all(submission, cast)
    review.sign(submission=submission, by=cast.js_signer)
    reasons = [
        ReasonGiven("整体请核实"),
        ReasonGiven("换算规则请复核", code="cell.W118"),
        ReasonGiven("该行有误", sheet="专网", row=5),
        ReasonGiven("该单元格有误", sheet="专网", row=6, column="terminals"),
    ]
    review.return_(submission=submission, by=cast.reviewer, reasons=reasons)
    client = browser(cast.js_preparer)
    html = text(client.get(page("portal:submission", submission)))
    assert "Returned by the ministry" in html
    assert all(reason.text in html for reason in reasons)
    assert html.count("换算规则请复核") == 2  # at the top and at the rule
    findings = client.get(page("portal:findings", submission, "?view=list")).context["findings"]
    texts = [[reason.text for reason in finding.returned] for finding in findings]
    assert texts == [["换算规则请复核", "该行有误"], ["换算规则请复核", "该单元格有误"]]


def explain_all(submission: Submission, cast: Cast) -> None:
    from submissions.edits.explanations import explain

    explain(submission=submission, by=cast.js_preparer, code="cell.W118", reason="confirmed")


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_page_has_one_heading_and_nothing_inline(
    language: str, cast: Cast, period: Period, engine: Engine
) -> None:
    submission = checked_with(engine, cast.js_preparer, [missing(3), converted(4)])
    put(submission, decided_at=timezone.now())
    for name in ("portal:submission", "portal:findings"):
        html = text(browser(cast.js_preparer, language).get(page(name, submission)))
        assert html.count("<h1") == 1
        assert " style=" not in html
        assert "<script>" not in html
        assert " onclick=" not in html
