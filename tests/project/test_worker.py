"""The workers of Celery and gunicorn: their parents may fork safely, and a killed check loses nothing."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from django.conf import settings

from demo.workbooks import workbook
from project.celery import app
from project.settings import BASE_DIR
from tests.stack import LEASE_SECONDS, Stack, environment
from validation import Period

#: a register so large that its check is still going on when the worker is killed
SCALE = 3
VERDICTS = {"invalid", "unexplained", "ready"}

# Polars cannot be used in a forked child once its threads run in the parent: the child would hang.
FORK = """
import os, signal
import project.wsgi, project.urls
from project.celery import app
app.loader.import_default_modules()
pid = os.fork()
if pid == 0:
    signal.alarm(30)
    import polars as pl
    frame = pl.DataFrame({"a": range(10_000)}).group_by(pl.col("a") % 7).agg(pl.len())
    os._exit(0 if frame.height == 7 else 1)
raise SystemExit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
"""


def test_what_parents_of_workers_import_leaves_polars_usable_in_their_children(tmp_path: Path) -> None:
    command = [sys.executable, "-c", FORK]
    done = subprocess.run(command, env=environment(tmp_path), cwd=BASE_DIR, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()


def test_a_worker_killed_during_a_check_loses_nothing(stack: Stack) -> None:
    book = workbook("320000", "networks", Period.parse("2026Q3"), scale=SCALE)
    sent = stack.upload(
        as_user="js_preparer", filename=book.filename, data=book.data, collection="networks", period="2026Q3"
    )
    _wait_for(stack, sent["id"], {"checking"}, seconds=30)
    for process in stack.workers():
        process.send_signal(signal.SIGKILL)
    assert _state(stack, sent["id"]) == "checking"
    done = _wait_for(stack, sent["id"], VERDICTS, seconds=LEASE_SECONDS + 90)
    assert done["data_rows"] > 5_000
    assert "worker | ended with -9; starts again" in stack.log.read_text()


def test_checks_never_wait_for_disclosure_control(stack: Stack) -> None:
    """Its queue is consumed by a worker of its own, and all others by workers that leave it alone."""
    app.loader.import_default_modules()
    routed = {
        name: app.amqp.router.route({}, name)["queue"].name for name in app.tasks if "celery." not in name
    }
    assert routed.pop("national.tasks.clear_figures") == "clearing"
    assert set(routed.values()) == {"gongwang"}
    consumed = [
        line[line.index("--queues") + 1] for line in (process.cmdline() for process in stack.workers())
    ]
    assert set(consumed) == set(settings.CELERY_TASK_QUEUES) == {"gongwang", "clearing"}


def _state(stack: Stack, submission: str) -> str:
    state: str = stack.get(f"/api/v1/submissions/{submission}/", as_user="js_preparer")["state"]
    return state


def _wait_for(stack: Stack, submission: str, states: set[str], *, seconds: float) -> dict[str, Any]:
    deadline = time.monotonic() + seconds
    while True:
        payload: dict[str, Any] = stack.get(f"/api/v1/submissions/{submission}/", as_user="js_preparer")
        if payload["state"] in states:
            return payload
        assert time.monotonic() < deadline, payload
        time.sleep(0.05)
