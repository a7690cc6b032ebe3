"""The queue is a hint: what it loses the sweep finds, and it is not told twice without need."""

from __future__ import annotations

import logging
from datetime import timedelta
from functools import partial
from uuid import UUID

import pytest
from celery import current_app
from django.utils import timezone
from kombu.exceptions import OperationalError
from pytest_django import DjangoCaptureOnCommitCallbacks

from submissions import dispatch, tasks
from submissions.checks import intake
from submissions.jobs import leases, sweeper
from submissions.jobs.sweeper import sweep
from submissions.models import Period, State, Submission
from submissions.signoff import review
from tests.acts import check, fresh, send
from tests.conftest import Cast
from tests.planned_engine import Engine


@pytest.fixture
def queued(monkeypatch: pytest.MonkeyPatch) -> list[UUID]:
    """Ids the queue was told of."""
    heard: list[UUID] = []

    def send_task(name: str, args: list[str], retry: bool) -> None:
        assert name in current_app.tasks
        assert retry is False
        heard.append(UUID(args[0]))

    monkeypatch.setattr(current_app, "send_task", send_task)
    return heard


@pytest.fixture
def broker_down(monkeypatch: pytest.MonkeyPatch) -> None:
    def send_task(*_: object, **__: object) -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr(current_app, "send_task", send_task)


def pretend(submission: Submission, **fields: object) -> None:
    Submission.objects.filter(pk=submission.pk).update(**fields)


def test_the_queue_is_told_after_the_commit_and_not_before(
    cast: Cast,
    period: Period,
    queued: list[UUID],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        submission = send(cast.js_preparer)
        assert queued == []
    assert queued == [submission.pk]
    assert sweep() == []


def test_without_a_broker_the_upload_stands_and_the_next_sweep_queues_it(
    cast: Cast,
    period: Period,
    broker_down: None,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with caplog.at_level(logging.WARNING), django_capture_on_commit_callbacks(execute=True):
        submission = send(cast.js_preparer)
    assert "broker unreachable" in caplog.text
    assert fresh(submission).queued_at is None
    send(cast.zj_preparer)
    Submission.objects.update(queued_at=None)
    assert sweep() == []
    assert not Submission.objects.filter(queued_at__isnull=False).exists()
    heard: list[str] = []
    monkeypatch.setattr(current_app, "send_task", lambda name, args, retry: heard.extend(args))
    assert [str(submission_id) for submission_id in sweep()] == heard
    assert heard[0] == str(submission.pk)
    assert sweep() == []


def test_a_real_closed_port_is_no_broker(cast: Cast, period: Period, monkeypatch: pytest.MonkeyPatch) -> None:
    submission = send(cast.js_preparer)
    with current_app.connection_for_write("redis://127.0.0.1:1/0") as connection:
        producer = current_app.amqp.Producer(connection)
        tell = partial(current_app.send_task, producer=producer)
        monkeypatch.setattr(current_app, "send_task", tell)
        assert dispatch.enqueue(submission.pk) is False
    assert (fresh(submission).state, fresh(submission).queued_at) == (State.RECEIVED, None)


def test_a_message_lost_is_told_again_after_a_while(cast: Cast, period: Period, queued: list[UUID]) -> None:
    submission = send(cast.js_preparer)
    assert sweep() == []
    pretend(submission, queued_at=timezone.now() - dispatch.LOST_AFTER)
    assert sweep() == [submission.pk]
    assert sweep() == []


def test_work_under_a_live_lease_is_left_alone(cast: Cast, period: Period, queued: list[UUID]) -> None:
    submission = send(cast.js_preparer)
    leases.claim(submission.pk)
    assert sweep() == []
    pretend(submission, lease_until=timezone.now() - timedelta(seconds=1))
    assert sweep() == [submission.pk]
    assert sweep() == []


def test_what_is_decided_or_given_up_is_not_swept(
    cast: Cast, period: Period, engine: Engine, queued: list[UUID]
) -> None:
    check(send(cast.js_preparer))
    withdrawn = send(cast.zj_preparer)
    review.withdraw(submission=withdrawn, by=cast.zj_signer)
    Submission.objects.update(queued_at=None)
    assert sweep() == []


def test_a_sweep_takes_the_oldest_first_and_no_more_than_a_batch(
    cast: Cast, period: Period, queued: list[UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeper, "BATCH", 2)
    sent = [send(by) for by in (cast.js_preparer, cast.zj_preparer, cast.nb_preparer)]
    Submission.objects.update(queued_at=None)
    assert sweep() == [sent[0].pk, sent[1].pk]
    assert sweep() == [sent[2].pk]
    assert queued == [submission.pk for submission in sent]


def test_the_task_checks_and_the_sweep_task_sweeps(
    cast: Cast, period: Period, engine: Engine, queued: list[UUID]
) -> None:
    submission = send(cast.js_preparer)
    tasks.check_submission(str(submission.pk))
    tasks.check_submission(str(submission.pk))
    assert (fresh(submission).state, len(engine.contexts)) == (State.READY, 1)
    other = send(cast.zj_preparer)
    Submission.objects.update(queued_at=None)
    tasks.sweep()
    assert queued == [other.pk]


def test_a_task_for_a_submission_that_is_gone_does_nothing(db: None) -> None:
    tasks.check_submission("00000000-0000-0000-0000-000000000000")


def test_tasks_are_acknowledged_late(db: None) -> None:
    assert tasks.check_submission.acks_late


def test_retry_queues_again(
    cast: Cast,
    period: Period,
    engine: Engine,
    queued: list[UUID],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    engine.answer = MemoryError()
    submission = check(send(cast.js_preparer))
    with django_capture_on_commit_callbacks(execute=True):
        intake.retry(submission=submission, by=cast.admin)
    assert queued == [submission.pk]
