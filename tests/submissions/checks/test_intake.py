"""Receiving: who may send what when, versions, the same thing twice, and bytes kept once."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from submissions.checks import intake
from submissions.files import storage
from submissions.models import Act, Event, IdempotencyKey, Period, State, StoredFile, Submission
from submissions.signoff import review
from tests.acts import check, fresh, refused, send
from tests.conftest import Cast
from tests.planned_engine import Engine
from validation import Limits

ONE = b"one"


def test_an_upload_becomes_a_received_version_with_one_event(cast: Cast, period: Period) -> None:
    submission = send(cast.js_preparer, filename="C:\\报表\\江苏\u200e.xlsx", request_id="r1")
    submission.refresh_from_db()
    assert (submission.unit_id, submission.version, submission.state) == ("320000", 1, State.RECEIVED)
    assert submission.filename == "江苏.xlsx"
    event = Event.objects.get(submission=submission)
    assert (event.actor, event.from_state, event.to_state, event.request_id) == (
        cast.js_preparer,
        "",
        State.RECEIVED,
        "r1",
    )


def test_the_original_is_kept_unchanged_under_its_hash(cast: Cast, period: Period, files: Path) -> None:
    submission = send(cast.js_preparer, b"content")
    assert submission.file is not None
    assert storage.open_original(submission.file) == b"content"
    assert [path.name for path in files.rglob("*") if path.is_file()] == [submission.file.sha256]


def test_two_units_with_the_same_bytes_share_one_file(cast: Cast, period: Period) -> None:
    first, second = send(cast.js_preparer, ONE), send(cast.zj_preparer, ONE)
    assert first.file == second.file
    assert StoredFile.objects.count() == 1


def test_nothing_half_written_stays_when_the_disk_fails(
    cast: Cast, period: Period, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr("os.replace", full)
    with pytest.raises(OSError, match="no space left"):
        send(cast.js_preparer, ONE)
    assert not [path for path in files.rglob("*") if path.is_file()]
    assert not Submission.objects.exists()


def test_a_newer_version_supersedes_the_unsigned_one(cast: Cast, period: Period) -> None:
    first = send(cast.js_preparer, ONE)
    second = send(cast.js_signer, b"two")
    first = fresh(first)
    assert (first.state, second.version) == (State.SUPERSEDED, 2)
    assert (first.events.last().act, first.events.last().detail) == (Act.SUPERSEDED, {"version": 2})


@pytest.mark.parametrize("name", ["reviewer", "admin", "auditor"])
def test_national_staff_do_not_upload(cast: Cast, period: Period, name: str) -> None:
    refused("not-allowed", lambda: send(getattr(cast, name), ONE))
    assert not StoredFile.objects.exists()


def test_a_dismissed_preparer_does_not_upload(cast: Cast, period: Period) -> None:
    cast.js_preparer.is_active = False
    refused("not-allowed", lambda: send(cast.js_preparer, ONE))


def test_form_and_period_must_exist(cast: Cast, period: Period) -> None:
    refused("collection-unknown", lambda: send(cast.js_preparer, collection="factories"))
    refused("period-unknown", lambda: send(cast.js_preparer, period="2031Q1"))


def test_the_period_must_be_open(cast: Cast, period: Period) -> None:
    today = timezone.localdate()
    period.closes, period.due = today - timedelta(days=1), today - timedelta(days=2)
    period.save()
    refused("period-closed", lambda: send(cast.js_preparer, ONE))
    period.opens, period.due, period.closes = (today + timedelta(days=n) for n in (1, 2, 3))
    period.save()
    refused("period-not-open", lambda: send(cast.js_preparer, ONE))


def test_first_and_last_day_count_as_open(cast: Cast, period: Period) -> None:
    period.opens = period.due = period.closes = timezone.localdate()
    period.save()
    assert send(cast.js_preparer, ONE).version == 1


def test_size_is_judged_before_the_content_is_read(cast: Cast, period: Period, settings: Settings) -> None:
    class Unreadable(io.BytesIO):
        def read(self, *_: Any) -> bytes:
            raise AssertionError("read although too large")

    settings.UPLOAD_LIMITS = Limits(file_bytes=3 * 1024 * 1024)
    big = Unreadable(b"x" * (3 * 1024 * 1024 + 1))
    refusal = refused(
        "file-too-large",
        lambda: intake.receive(
            by=cast.js_preparer, collection="networks", period="2026Q3", upload=big, filename="a.xlsx"
        ),
    )
    assert refusal.params == {"limit": 3}


def test_an_empty_file_is_refused(cast: Cast, period: Period) -> None:
    refused("file-empty", lambda: send(cast.js_preparer, b""))


def test_the_same_file_again_points_to_what_is_there(cast: Cast, period: Period) -> None:
    first = send(cast.js_preparer, ONE)
    refusal = refused("same-file", lambda: send(cast.js_signer, ONE, filename="renamed.xlsx"))
    assert refusal.submission == first
    assert Submission.objects.count() == 1


def test_a_withdrawn_file_may_be_sent_again(cast: Cast, period: Period) -> None:
    review.withdraw(submission=send(cast.js_preparer, ONE), by=cast.js_signer)
    assert send(cast.js_preparer, ONE).version == 2


def test_a_signed_version_blocks_the_slot_until_it_is_withdrawn_or_decided(
    cast: Cast, period: Period, engine: Engine
) -> None:
    first = check(send(cast.js_preparer, ONE))
    review.sign(submission=first, by=cast.js_signer)
    assert refused("signed-waits", lambda: send(cast.js_preparer, b"two")).submission == first
    review.begin_review(submission=first, by=cast.reviewer)
    refused("under-review", lambda: send(cast.js_preparer, b"two"))
    review.return_(submission=first, by=cast.reviewer, reasons=[review.ReasonGiven("again, please")])
    assert send(cast.js_preparer, b"two").version == 2
    first.refresh_from_db()
    assert first.state == State.RETURNED


def test_an_idempotency_key_gives_the_same_submission_again(cast: Cast, period: Period) -> None:
    first = send(cast.js_preparer, ONE, idempotency_key="k1")
    assert send(cast.js_preparer, ONE, idempotency_key="k1") == first
    assert Submission.objects.count() == IdempotencyKey.objects.count() == 1


def test_an_idempotency_key_stands_for_one_upload_of_one_user(cast: Cast, period: Period) -> None:
    send(cast.js_preparer, ONE, idempotency_key="k1")
    refused("idempotency-mismatch", lambda: send(cast.js_preparer, b"two", idempotency_key="k1"))
    refused(
        "idempotency-mismatch",
        lambda: send(cast.js_preparer, ONE, collection="ai_applications", idempotency_key="k1"),
    )
    assert send(cast.js_signer, b"two", idempotency_key="k1").version == 2


def test_a_long_idempotency_key_is_refused(cast: Cast, period: Period) -> None:
    refused("idempotency-key-long", lambda: send(cast.js_preparer, idempotency_key="k" * 201))


def test_a_nil_return_is_ready_at_once(cast: Cast, period: Period) -> None:
    submission = intake.receive_nil(by=cast.js_preparer, collection="networks", period="2026Q3")
    submission = fresh(submission)
    assert (submission.state, submission.data_rows, submission.file) == (State.READY, 0, None)
    assert [event.to_state for event in submission.events.all()] == [State.RECEIVED, State.READY]


def test_a_second_nil_return_is_refused_and_a_file_replaces_the_first(
    cast: Cast, period: Period, engine: Engine
) -> None:
    def nil() -> Submission:
        return intake.receive_nil(by=cast.js_preparer, collection="networks", period="2026Q3")

    first = nil()
    assert refused("already-nil", nil).submission == first
    second = send(cast.js_preparer, ONE)
    assert (second.version, fresh(first).state) == (2, State.READY)
    check(second)
    assert fresh(first).state == State.SUPERSEDED
