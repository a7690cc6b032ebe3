"""Checking: claims, verdicts, faults, and workers that die; nothing is lost and nothing is half written."""

from __future__ import annotations

import json
import time
from datetime import timedelta
from pathlib import Path

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.db import OperationalError
from django.utils import timezone
from pytest_django import Settings

from submissions.checks import intake, results
from submissions.files import storage
from submissions.findings import store
from submissions.findings.store import Group, groups
from submissions.jobs import leases
from submissions.jobs.progress import progress
from submissions.jobs.sweeper import sweep
from submissions.models import Finding, Period, State, Submission
from submissions.signoff import review
from submissions.workflow.failures import FAILURES
from tests.acts import check, fresh, refused, send
from tests.conftest import Cast
from tests.planned_engine import Engine, planned, warning
from validation import Context, Limits
from validation.findings import Finding as Found
from validation.result import Result

ERROR = Found("cell.E101", "专网", 3, "site_name", "E3", None, {"column": "厂区"}, "JS-1")
INFO = Found("file.I016", "专网", None, None, None, None, {"count": 1, "kind": "blank"})


def kill_worker(submission: Submission) -> None:
    """What a killed worker leaves behind once its lease has run out."""
    assert leases.claim(submission.pk) is not None
    Submission.objects.filter(pk=submission.pk).update(lease_until=timezone.now() - timedelta(seconds=1))


@pytest.mark.parametrize(
    ("findings", "state"),
    [
        ([], State.READY),
        ([INFO], State.READY),
        ([warning(), INFO], State.UNEXPLAINED),
        ([ERROR, warning()], State.INVALID),
    ],
)
def test_the_verdict_follows_from_the_findings(
    cast: Cast, period: Period, engine: Engine, findings: list[Found], state: State
) -> None:
    engine.answer = planned(findings)
    submission = check(send(cast.js_preparer))
    assert submission.state == state
    assert submission.errors == findings.count(ERROR)
    assert submission.open_warnings == submission.warnings == sum(f.severity == "W" for f in findings)
    assert (submission.data_rows, submission.attempts, submission.lease) == (3, 1, None)
    assert [event.to_state for event in submission.events.all()] == ["received", "checking", state]


def test_findings_are_stored_as_they_were_found(cast: Cast, period: Period, engine: Engine) -> None:
    odd = warning(value='a "quoted", 值\r\n\x00tail', params={"other": "\x00", "empty": ""})
    engine.answer = planned([ERROR, odd, warning(value=""), Found("file.W019", params={"kinds": "macros"})])
    submission = check(send(cast.js_preparer))
    stored = list(
        submission.findings.values_list("ordinal", "code", "severity", "row", "value", "params", "key")
    )
    assert stored == [
        (1, "cell.E101", "E", 3, None, {"column": "厂区"}, "JS-1"),
        (2, "net.W320", "W", 3, 'a "quoted", 值\r\n\ufffdtail', {"other": "\ufffd", "empty": ""}, "JS-1"),
        (3, "net.W320", "W", 3, "", {}, "JS-1"),
        (4, "file.W019", "W", None, None, {"kinds": "macros"}, None),
    ]


def test_stored_findings_are_read_back_as_a_frame(cast: Cast, period: Period, engine: Engine) -> None:
    odd = warning(value='a "quoted", 值\r\n\\N', params={"other": "甲", "empty": "", "count": 2.0})
    engine.answer = planned([ERROR, odd, warning(value=""), Found("file.W019", params={"kinds": "macros"})])
    read = store.frame_of(check(send(cast.js_preparer)))
    assert read.drop("params").equals(engine.answer.findings.drop("params"))
    assert [json.loads(params) for params in read["params"]] == [
        {"column": "厂区"},
        {"other": "甲", "empty": "", "count": 2.0},
        {},
        {"kinds": "macros"},
    ]


def test_groups_count_exactly_errors_first(cast: Cast, period: Period, engine: Engine) -> None:
    engine.answer = planned([warning(), INFO, *[warning("net.W330", column="latency_ms")] * 2, ERROR])
    submission = check(send(cast.js_preparer))
    assert groups(submission, cast.js_preparer) == [
        Group("cell.E101", "E", "site_name", 1, 0, 5),
        Group("net.W330", "W", "latency_ms", 2, 2, 3),
        Group("net.W320", "W", "status", 1, 1, 1),
        Group("file.I016", "I", None, 1, 0, 2),
    ]


def test_the_report_tells_how_the_file_was_understood(cast: Cast, period: Period, engine: Engine) -> None:
    report = check(send(cast.js_preparer)).report
    assert report["sheets"] == [
        {
            "name": "专网",
            "header_row": 2,
            "data_rows": 3,
            "columns": [
                {"position": position, "title": title, "key": key, "how": "title", "unit": None}
                for position, title, key in [
                    (0, "专网编号", "network_code"),
                    (1, "专网名称", "network_name"),
                    (6, "建设状态", "status"),
                    (18, "5G终端数", "terminals"),
                ]
            ],
            "skipped": [
                {"kind": "title", "count": 1, "rows": [[1, 1]]},
                {"kind": "blank", "count": 3, "rows": [[6, 7], [9, 9]]},
            ],
        }
    ]
    frame = planned().frame
    assert report["totals"]["investment_10k_cny"] == str(frame["investment_10k_cny"].sum())
    assert report["compared_with"] == {"previous": None, "networks": None}


def test_the_typed_frame_is_kept_and_read_back(cast: Cast, period: Period, engine: Engine) -> None:
    submission = check(send(cast.js_preparer))
    assert storage.frame_of(submission).equals(planned().frame)


def test_a_file_that_could_not_be_read_is_invalid_and_has_no_frame(
    cast: Cast, period: Period, engine: Engine
) -> None:
    answer = planned([Found("file.E001", params={"detail": {"zh": "已损坏", "en": "damaged"}})], rows=0)
    engine.answer = Result(frame=None, findings=answer.findings, report=answer.report)
    submission = check(send(cast.js_preparer))
    assert (submission.state, submission.frame_path, submission.report["totals"]) == (State.INVALID, "", {})
    assert storage.frame_of(submission).is_empty()


def test_limits_and_unit_reach_the_engine(
    cast: Cast, period: Period, engine: Engine, settings: Settings
) -> None:
    settings.UPLOAD_LIMITS = Limits(rows=7)
    check(send(cast.zj_preparer))
    (context,) = engine.contexts
    assert (context.limits.rows, context.unit, str(context.period)) == (7, "330000", "2026Q3")
    assert context.previous is None


def test_a_checked_submission_is_not_checked_again(cast: Cast, period: Period, engine: Engine) -> None:
    submission = check(send(cast.js_preparer))
    assert fresh(check(submission)).attempts == 1
    assert len(engine.contexts) == 1


def test_only_one_worker_gets_the_claim(cast: Cast, period: Period) -> None:
    submission = send(cast.js_preparer)
    assert leases.claim(submission.pk) is not None
    assert leases.claim(submission.pk) is None


def test_a_claim_on_nothing_is_none(cast: Cast, period: Period) -> None:
    submission = send(cast.js_preparer)
    review.withdraw(submission=submission, by=cast.js_signer)
    assert leases.claim(submission.pk) is None


def test_a_killed_worker_s_check_is_taken_up_again(cast: Cast, period: Period, engine: Engine) -> None:
    submission = send(cast.js_preparer)
    kill_worker(submission)
    assert sweep() == [submission.pk]
    submission = check(submission)
    assert (submission.state, submission.attempts) == (State.READY, 2)


def test_a_worker_that_lost_its_lease_changes_nothing(
    cast: Cast, period: Period, engine: Engine, files: Path
) -> None:
    submission = send(cast.js_preparer)
    kill_worker(submission)

    def slow(context: Context) -> Result:
        Submission.objects.filter(pk=submission.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
        engine.answer = planned()
        check(submission)
        return planned([ERROR])

    engine.answer = slow
    submission = check(submission)
    assert (submission.state, submission.errors, submission.attempts) == (State.READY, 0, 3)
    assert not submission.findings.exists()
    # the late one's frame is gone, the good one's is there
    assert [path.name for path in files.rglob("*.parquet")] == [Path(submission.frame_path).name]


class Killed(BaseException):
    """As good as SIGKILL: nothing catches it."""


def test_a_fault_is_raised_and_the_row_is_free_at_once(cast: Cast, period: Period, engine: Engine) -> None:
    submission = send(cast.js_preparer)
    engine.answer = Killed()
    with pytest.raises(Killed):
        check(submission)
    assert fresh(submission).state == State.CHECKING
    assert not submission.findings.exists()
    assert sweep() == [submission.pk]


def test_a_fault_while_storing_leaves_no_half_state(
    cast: Cast, period: Period, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    submission = send(cast.js_preparer)
    engine.answer = planned([ERROR])

    def broken(*_: object) -> None:
        assert Finding.objects.filter(submission=submission).count() == 1
        raise ZeroDivisionError

    with monkeypatch.context() as patched:
        patched.setattr(results, "report_json", broken)
        with pytest.raises(ZeroDivisionError):
            check(submission)
    assert not submission.findings.exists()
    assert check(submission).state == State.INVALID


def test_a_poison_file_ends_in_failed_and_can_be_run_again(
    cast: Cast, period: Period, engine: Engine, settings: Settings
) -> None:
    submission = send(cast.js_preparer)
    engine.answer = ZeroDivisionError("poison")
    for _ in range(settings.MAX_ATTEMPTS):
        with pytest.raises(ZeroDivisionError):
            check(submission)
        assert sweep() == [submission.pk]
    submission = check(submission)
    assert (submission.state, submission.failure) == (State.FAILED, "gave-up")
    assert sweep() == []

    engine.answer = planned()
    intake.retry(submission=submission, by=cast.js_preparer)
    submission = check(submission)
    assert (submission.state, submission.failure, submission.attempts) == (State.READY, "", 1)


@pytest.mark.parametrize(
    ("fault", "failure"), [(SoftTimeLimitExceeded(), "out-of-time"), (MemoryError(), "out-of-memory")]
)
def test_out_of_time_and_memory_fail_at_once_with_a_reason(
    cast: Cast, period: Period, engine: Engine, fault: BaseException, failure: str
) -> None:
    engine.answer = fault
    submission = check(send(cast.js_preparer))
    assert (submission.state, submission.failure, submission.lease) == (State.FAILED, failure, None)
    assert str(FAILURES[failure])


def test_out_of_time_after_the_lease_was_lost_changes_nothing(
    cast: Cast, period: Period, engine: Engine
) -> None:
    submission = send(cast.js_preparer)

    def too_slow(context: Context) -> Result:
        review.withdraw(submission=fresh(submission), by=cast.js_signer)
        raise SoftTimeLimitExceeded

    engine.answer = too_slow
    submission = check(submission)
    assert (submission.state, submission.failure) == (State.WITHDRAWN, "")


def test_a_lease_that_cannot_be_renewed_is_told_and_the_check_goes_on(
    cast: Cast,
    period: Period,
    engine: Engine,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def unreachable() -> None:
        raise OperationalError("server closed the connection")

    def no_database(context: Context) -> Result:
        monkeypatch.setattr(leases, "_expiry", unreachable)
        return planned()

    engine.answer = no_database
    assert check(send(cast.js_preparer)).state == State.READY
    assert "not renewed: server closed the connection" in caplog.text


def test_only_what_failed_is_run_again(cast: Cast, period: Period, engine: Engine) -> None:
    submission = check(send(cast.js_preparer))
    refused("wrong-state", lambda: intake.retry(submission=submission, by=cast.js_preparer))


def test_a_version_superseded_in_mid_check_stays_superseded(
    cast: Cast, period: Period, engine: Engine
) -> None:
    first = send(cast.js_preparer)

    def overtaken(context: Context) -> Result:
        send(cast.js_preparer)
        return planned([ERROR])

    engine.answer = overtaken
    first = check(first)
    assert (first.state, first.lease, first.errors) == (State.SUPERSEDED, None, 0)
    assert not first.findings.exists()


def test_progress_counts_the_queue_then_tells_the_phase(cast: Cast, period: Period) -> None:
    first, second = send(cast.js_preparer), send(cast.zj_preparer)
    assert (progress(first).phase, progress(first).queue_position) == ("waiting", 1)
    assert progress(second).queue_position == 2
    leases.claim(first.pk)
    begun = progress(fresh(first))
    assert (begun.phase, begun.queue_position, begun.finished) == ("reading", None, False)
    assert progress(second).queue_position == 1


def test_progress_is_done_only_with_a_verdict(cast: Cast, period: Period, engine: Engine) -> None:
    submission = check(send(cast.js_preparer))
    assert progress(submission).finished
    assert progress(submission).rows_done == 3


@pytest.mark.django_db(transaction=True)
def test_the_heartbeat_renews_the_lease_and_writes_the_progress(
    cast: Cast, period: Period, engine: Engine, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.LEASE_SECONDS = 0.4
    monkeypatch.setattr(leases, "BEAT_SECONDS", 0.05)
    monkeypatch.setattr("submissions.dispatch.enqueue", lambda submission_id: None)
    submission = send(cast.js_preparer)
    seen = []

    def slow(context: Context) -> Result:
        context.progress("casting", 20, 50)
        time.sleep(0.8)  # twice the lease
        seen.append(fresh(submission))
        assert leases.claim(submission.pk) is None
        return planned()

    engine.answer = slow
    assert check(submission).state == State.READY
    assert (seen[0].phase, seen[0].rows_done, seen[0].rows_total) == ("casting", 20, 50)
    assert progress(seen[0]).phase == "casting"
