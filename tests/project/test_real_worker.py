"""A real worker: what becomes of a child that runs out of memory, and of children whose worker was killed."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

import psutil
import pytest
from celery import Task

from project.celery import OutOfMemory
from project.celery import Task as GuardedTask
from project.celery import app as celery_app
from project.settings import BASE_DIR
from submissions.jobs.sweeper import sweep
from submissions.models import Period, State
from submissions.tasks import check_submission
from tests import worker_tasks
from tests.conftest import Cast
from tests.factories import received

SECONDS = 60


class Worker(NamedTuple):
    """A real worker with one child, so that the first boom hits the child that all others need."""

    process: subprocess.Popen[bytes]
    queue: str


@pytest.fixture
def worker(tmp_path: Path) -> Iterator[Worker]:
    name, log = f"test-{uuid4()}", tmp_path / "worker.log"
    command = [sys.executable, "-m", "celery", "--skip-checks", "-A", "tests.worker_tasks", "worker"]
    options = ["--without-gossip", "--without-mingle", "--queues", name, "--concurrency", "1"]
    options += ["--hostname", f"{name}@%h", "--loglevel", "INFO"]
    with log.open("w") as out:
        process = subprocess.Popen(
            [*command, *options], cwd=BASE_DIR, stdout=out, stderr=subprocess.STDOUT, start_new_session=True
        )
    try:
        yield Worker(process, name)
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
        print(log.read_text())  # noqa: T201 shown by pytest when the test has failed


def _until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SECONDS
    while not true():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.1)


@pytest.mark.parametrize("boom", [worker_tasks.boom, worker_tasks.ask_too_much], ids=lambda task: task.name)
def test_tasks_after_one_that_ran_out_of_memory_are_done(worker: Worker, tmp_path: Path, boom: Task) -> None:
    notes = tmp_path / "notes"
    notes.touch()

    def lines() -> list[list[str]]:
        return [line.split() for line in notes.read_text().splitlines()]

    for task in (worker_tasks.mark, boom, boom, worker_tasks.mark):
        task.apply_async([str(notes)], queue=worker.queue)
    _until(lambda: [word for word, _ in lines()] == ["mark", "boom", "boom", "mark"])
    # neither is delivered again, and the pool goes on
    worker_tasks.mark.apply_async([str(notes)], queue=worker.queue)
    _until(lambda: len(lines()) == 5)
    time.sleep(2)
    assert [word for word, _ in lines()] == ["mark", "boom", "boom", "mark", "mark"]
    first, *booms, second, third = (int(pid) for _, pid in lines())
    assert first == booms[0], "the child that ran out of memory had done the first mark"
    assert len({*booms, second}) == 3, "each boom ends its child"
    assert second == third
    assert not any(psutil.pid_exists(pid) for pid in booms)


def test_a_killed_worker_takes_its_children_along(worker: Worker, tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    worker_tasks.mark.apply_async([str(notes)], queue=worker.queue)
    _until(notes.exists)
    children = psutil.Process(worker.process.pid).children(recursive=True)
    assert children
    worker.process.kill()
    worker.process.wait()
    _left, alive = psutil.wait_procs(children, timeout=2)
    assert not [process for process in alive if process.status() != psutil.STATUS_ZOMBIE]


def test_every_task_is_guarded() -> None:
    celery_app.loader.import_default_modules()
    own = {name: task for name, task in celery_app.tasks.items() if not name.startswith("celery.")}
    assert {"submissions.tasks.check_submission", "national.tasks.clear_figures"} <= set(own)
    assert [name for name, task in own.items() if not isinstance(task, GuardedTask)] == []


def test_the_attempt_counts_and_the_check_is_taken_up_again(
    cast: Cast, period: Period, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_memory(*_: object) -> None:
        raise MemoryError

    submission = received(cast.js_preparer, period)
    with monkeypatch.context() as patched:
        patched.setattr("submissions.checks.intake._check", no_memory)
        patched.setattr("submissions.checks.results.fail", no_memory)
        with pytest.raises(OutOfMemory):
            check_submission(str(submission.pk))
    submission.refresh_from_db()
    assert (submission.state, submission.attempts) == (State.CHECKING, 1)
    assert sweep() == [submission.pk]
    check_submission(str(submission.pk))
    submission.refresh_from_db()
    assert (submission.state, submission.attempts) == (State.READY, 2)
