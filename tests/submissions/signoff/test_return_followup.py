"""Reasons of a return in the next version: fixed, changed, explained or unchanged; and what the unit answers."""

from __future__ import annotations

from datetime import timedelta

import polars as pl
import pytest
from django.urls import reverse
from django.utils import timezone

from submissions.edits.explanations import explain
from submissions.models import Period, Submission
from submissions.signoff import review
from submissions.signoff.return_followup import ReasonOutcome, answer, follow, follow_on
from submissions.signoff.review import ReasonGiven
from tests.acts import check, fresh, refused, send
from tests.conftest import Cast
from tests.planned_engine import Engine, planned, warning
from tests.portal.browsing import browser, page, text
from validation.findings import Finding
from validation.result import Result

SHEET = "专网"
OTHER_UNIT = {"found": {"zh": "浙江省", "en": "Zhejiang"}, "chosen": {"zh": "江苏省", "en": "Jiangsu"}}


def version(
    cast: Cast, engine: Engine, frame: pl.DataFrame, findings: tuple[Finding, ...] = ()
) -> Submission:
    answered = planned(findings)
    engine.answer = Result(frame=frame, findings=answered.findings, cells=frame, report=answered.report)
    return check(send(cast.js_preparer))


@pytest.fixture
def frame() -> pl.DataFrame:
    """Three records in rows 3, 4 and 5."""
    return planned(rows=3).frame


def moved(frame: pl.DataFrame) -> pl.DataFrame:
    """The same records elsewhere in the file."""
    return frame.reverse().with_columns(_row=pl.int_range(20, 20 + pl.len(), dtype=pl.Int32))


def changed(frame: pl.DataFrame) -> pl.DataFrame:
    """In the record of row 3 other terminals."""
    return frame.with_columns(
        terminals=pl.when(pl.col("_row") == 3).then(pl.col("terminals") + 1).otherwise("terminals")
    )


def after(
    cast: Cast,
    engine: Engine,
    reason: ReasonGiven,
    frames: tuple[pl.DataFrame, pl.DataFrame],
    findings: tuple[Finding, ...] = (),
) -> Submission:
    """A version returned for `reason`, and the next one."""
    first = version(cast, engine, frames[0])
    review.sign(submission=first, by=cast.js_signer)
    review.return_(submission=first, by=cast.reviewer, reasons=[reason])
    return version(cast, engine, frames[1], findings)


CELL = ReasonGiven("x", sheet=SHEET, row=3, column="terminals")


@pytest.mark.parametrize(
    ("reason", "outcome"),
    [
        (CELL, ReasonOutcome.FIXED),
        (ReasonGiven("x", row=3), ReasonOutcome.FIXED),
        (ReasonGiven("x", sheet=SHEET, row=3, column="network_name"), ReasonOutcome.UNCHANGED),
        (ReasonGiven("x", row=4), ReasonOutcome.UNCHANGED),
        (ReasonGiven("x", row=9), ReasonOutcome.UNCHANGED),
        (ReasonGiven("x", column="terminals"), ReasonOutcome.CHANGED),
        (ReasonGiven("x", column="network_name"), ReasonOutcome.UNCHANGED),
        (ReasonGiven("x"), ReasonOutcome.CHANGED),
        (ReasonGiven("x", code="net.W320"), ReasonOutcome.FIXED),
        (ReasonGiven("x", code="nat.W501"), ReasonOutcome.CHANGED),
    ],
)
def test_the_place_is_found_again_by_the_records_key(
    reason: ReasonGiven,
    outcome: ReasonOutcome,
    cast: Cast,
    period: Period,
    engine: Engine,
    frame: pl.DataFrame,
) -> None:
    [followed] = follow(after(cast, engine, reason, (frame, moved(changed(frame)))))
    assert followed.outcome is outcome


@pytest.mark.parametrize("reason", [CELL, ReasonGiven("x", row=3), ReasonGiven("x")])
def test_moved_is_not_changed(
    reason: ReasonGiven, cast: Cast, period: Period, engine: Engine, frame: pl.DataFrame
) -> None:
    [followed] = follow(after(cast, engine, reason, (frame, moved(frame))))
    assert followed.outcome is ReasonOutcome.UNCHANGED


def test_a_record_that_is_gone_is_fixed(
    cast: Cast, period: Period, engine: Engine, frame: pl.DataFrame
) -> None:
    [followed] = follow(after(cast, engine, CELL, (frame, frame.tail(2))))
    assert followed.outcome is ReasonOutcome.FIXED


@pytest.mark.parametrize("reason", [ReasonGiven("x", code="net.W320"), ReasonGiven("x", row=3)])
def test_a_warning_there_that_is_explained_explains_the_reason(
    reason: ReasonGiven, cast: Cast, period: Period, engine: Engine, frame: pl.DataFrame
) -> None:
    key = frame["network_code"][0]
    next_one = after(cast, engine, reason, (frame, frame), (warning(key=key),))
    assert follow(next_one)[0].outcome is ReasonOutcome.UNCHANGED
    explain(submission=next_one, by=cast.js_preparer, code="net.W320", reason="confirmed")
    assert follow(next_one)[0].outcome is ReasonOutcome.EXPLAINED


def test_an_answer_explains_what_is_unchanged_and_holds_for_later_versions(
    cast: Cast, period: Period, engine: Engine, frame: pl.DataFrame
) -> None:
    second = after(cast, engine, CELL, (frame, frame))
    [followed] = follow(second)
    given = answer(submission=second, by=cast.js_preparer, reason=followed.reason, text=" 已与企业核实 ")
    assert given.text == "已与企业核实"
    for later in (second, version(cast, engine, frame)):
        [followed] = follow(later)
        assert (followed.outcome, followed.answer) == (ReasonOutcome.EXPLAINED, given)
    [followed] = follow(version(cast, engine, changed(frame)))
    assert (followed.outcome, followed.answer) == (ReasonOutcome.FIXED, given)


def test_what_is_no_answer_is_refused(
    cast: Cast, period: Period, engine: Engine, frame: pl.DataFrame
) -> None:
    second = after(cast, engine, CELL, (frame, frame))
    [followed] = follow(second)
    act = {"submission": second, "reason": followed.reason}
    refused("reason-required", lambda: answer(**act, by=cast.js_preparer, text=" "))
    refused("text-too-long", lambda: answer(**act, by=cast.js_preparer, text="长" * 1001))
    refused("not-allowed", lambda: answer(**act, by=cast.reviewer, text="x"))
    refused("not-found", lambda: answer(**act, by=cast.zj_preparer, text="x"))
    review.sign(submission=second, by=cast.js_signer)
    refused("wrong-state", lambda: answer(**act, by=cast.js_preparer, text="x"))


def test_an_answer_typed_is_shown_again_when_the_period_has_closed(
    cast: Cast, period: Period, engine: Engine, frame: pl.DataFrame
) -> None:
    second = after(cast, engine, CELL, (frame, frame))
    address = reverse("portal:answer", args=[second.pk, follow(second)[0].reason.pk])
    client, yesterday = browser(cast.js_preparer), timezone.localdate() - timedelta(days=1)
    assert "Our answer" in text(client.get(address))
    Period.objects.update(due=yesterday, closes=yesterday)
    refusal = client.post(address, {"text": "已与企业核实"})
    assert refusal.status_code == 409
    assert f"closed on {yesterday}" in text(refusal)
    assert "已与企业核实" in text(refusal)
    assert client.get(address).status_code == 409
    assert follow(second)[0].answer is None


def test_a_reason_of_another_submission_is_not_answered(
    cast: Cast, period: Period, engine: Engine, frame: pl.DataFrame
) -> None:
    second = after(cast, engine, CELL, (frame, frame))
    first_reason = follow(second)[0].reason
    review.sign(submission=second, by=cast.js_signer)
    review.return_(submission=second, by=cast.reviewer, reasons=[ReasonGiven("again", row=4)])
    third = version(cast, engine, frame)
    assert [followed.reason.text for followed in follow(third)] == ["again"]
    refused("not-found", lambda: answer(submission=third, by=cast.js_preparer, reason=first_reason, text="x"))
    client = browser(cast.js_preparer)
    assert client.get(_answer_page(third, first_reason.pk)).status_code == 404


def _answer_page(submission: Submission, reason_id: int) -> str:
    return f"{page('portal:submission', submission)}reasons/{reason_id}/"


def test_both_desks_and_the_history_show_what_became_of_it(
    cast: Cast, period: Period, engine: Engine, frame: pl.DataFrame
) -> None:
    second = after(cast, engine, CELL._replace(text="终端数请核实"), (frame, frame))
    reason = follow(second)[0].reason
    client = browser(cast.js_preparer)
    assert "unchanged" in text(client.get(page("portal:submission", second)))
    assert client.post(_answer_page(second, reason.pk), {"text": ""}).status_code == 400
    answered = client.post(_answer_page(second, reason.pk), {"text": "已与企业核实"}, follow=True)
    assert "The answer is saved" in text(answered)
    assert "已与企业核实" in text(client.get(_answer_page(second, reason.pk)))
    assert "已与企业核实" in text(browser(cast.js_signer).get(page("portal:sign", second)))
    assert "已与企业核实" in text(browser(cast.reviewer).get(page("review:submission", second)))
    for address, who in (
        ("/portal/history/networks/2026Q3/", cast.js_preparer),
        ("/review/history/320000/networks/2026Q3/", cast.reviewer),
    ):
        html = text(browser(who).get(address))
        assert "终端数请核实" in html
        assert "已与企业核实" in html
        assert fresh(second).file_id in html
    assert browser(cast.js_preparer).get("/review/history/330000/networks/2026Q3/").status_code == 403


def test_without_a_later_table_everything_is_unchanged(
    cast: Cast, period: Period, engine: Engine, frame: pl.DataFrame
) -> None:
    second = after(cast, engine, ReasonGiven("x"), (frame, changed(frame)))
    first = Submission.objects.get(version=1)
    assert [followed.outcome for followed in follow_on(first, [first])] == [ReasonOutcome.UNCHANGED]
    assert [followed.outcome for followed in follow_on(first, [second, first])] == [ReasonOutcome.CHANGED]
    assert follow(send(cast.js_preparer)) == []


@pytest.mark.parametrize("given_up", ["withdrawn", "set aside"])
def test_a_file_that_never_counted_fixes_nothing(
    given_up: str, cast: Cast, period: Period, engine: Engine, frame: pl.DataFrame
) -> None:
    second = after(cast, engine, CELL, (frame, frame))
    elsewhere = (Finding("file.E012", sheet=SHEET, value="浙江省", params=OTHER_UNIT),)
    third = version(cast, engine, changed(frame), elsewhere if given_up == "set aside" else ())
    first = Submission.objects.get(version=1)
    if given_up == "withdrawn":
        assert [followed.outcome for followed in follow_on(first, [first, fresh(second), third])] == [
            ReasonOutcome.FIXED
        ]
        review.withdraw(submission=third, by=cast.js_signer)
    assert third.set_aside is (given_up == "set aside")
    versions = list(Submission.objects.all())
    assert [followed.outcome for followed in follow_on(first, versions)] == [ReasonOutcome.UNCHANGED]
