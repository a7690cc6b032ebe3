"""The whole way on real workbooks with the real engine: upload, check, explain, sign, accept, next quarter."""

from __future__ import annotations

import pytest

from submissions.edits.explanations import explain
from submissions.files import storage
from submissions.models import Period, Record, Register, State
from submissions.signoff import review
from tests.acts import check, send
from tests.conftest import Cast
from tests.factories import accepted, checked, signed


def test_a_clean_workbook_becomes_the_register(cast: Cast, period: Period) -> None:
    submission = accepted(cast.js_preparer, cast.js_signer, cast.admin, period, rows=7)
    assert (submission.state, submission.data_rows) == (State.ACCEPTED, 7)
    assert Register.objects.in_force().get().submission == submission
    frame = storage.frame_of(submission)
    assert sorted(Record.objects.values_list("key", flat=True)) == sorted(frame["network_code"])
    (sheet,) = submission.report["sheets"]
    assert sheet["data_rows"] == 7
    assert set(submission.report["timings"]) >= {"reading", "casting", "checking"}


def test_planted_defects_are_found_at_their_cells(cast: Cast, period: Period) -> None:
    submission = checked(cast.js_preparer, period, rows=40, defects=["cell.E103", "net.W320"])
    assert (submission.state, submission.errors, submission.open_warnings) == (State.INVALID, 1, 1)
    findings = submission.findings.filter(severity__in="EW").values_list("code", "cell", "column", "key")
    assert {code for code, *_ in findings} == {"cell.E103", "net.W320"}
    assert all(all(place) for place in findings)


def test_warnings_are_explained_then_signed(cast: Cast, period: Period) -> None:
    submission = checked(cast.js_preparer, period, rows=40, defects=["net.W320"])
    assert submission.state == State.UNEXPLAINED
    explain(submission=submission, by=cast.js_preparer, code="net.W320", reason="confirmed")
    review.sign(submission=submission, by=cast.js_signer)
    assert submission.state == State.SIGNED


def test_applications_wait_for_networks_then_go_their_way(cast: Cast, period: Period) -> None:
    applications = checked(cast.js_preparer, period, "ai_applications", rows=20)
    assert "ai.E370" in applications.blocking_rules
    signed(cast.js_preparer, cast.js_signer, period, rows=10_000)
    applications = check(applications)
    assert (applications.state, applications.blocking_rules) == (State.READY, [])
    review.sign(submission=applications, by=cast.js_signer)
    review.accept(submission=applications, by=cast.admin)


def test_the_next_quarter_is_compared_with_the_accepted_one(
    cast: Cast, period: Period, earlier_period: Period
) -> None:
    before = accepted(cast.js_preparer, cast.js_signer, cast.admin, earlier_period, rows=30)
    after = checked(cast.js_preparer, period, rows=20)
    assert after.report["compared_with"]["previous"] == str(before.pk)
    assert after.state == State.UNEXPLAINED
    assert after.findings.filter(code="hist.W401").exists()


def test_a_file_that_is_no_workbook_gets_its_finding(cast: Cast, period: Period) -> None:
    submission = check(send(cast.js_preparer, b"%PDF-1.7 not a workbook"))
    assert submission.state == State.INVALID
    assert submission.findings.get().code == "file.E002"


@pytest.mark.parametrize("collection", ["networks", "ai_applications"])
def test_both_forms_of_another_unit(cast: Cast, period: Period, collection: str) -> None:
    assert checked(cast.nb_preparer, period, collection).state == State.READY
