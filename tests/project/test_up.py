"""`manage.py up` for real: start, stop, start again with the data still there, and kill -9."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil

from project.settings import BASE_DIR
from tests.stack import environment, running

COUNT_UNITS = "from submissions.models import Unit; print(Unit.objects.count())"
QUICK_SECONDS = 45


def _gone(family: list[psutil.Process], seconds: float = 20) -> bool:
    _left, alive = psutil.wait_procs(family, timeout=seconds)
    return not [process for process in alive if process.status() != psutil.STATUS_ZOMBIE]


def test_it_starts_twice_with_its_data_and_leaves_no_process(data_dir: Path) -> None:
    with running(data_dir, DEMO_MODE="off") as first:
        assert first.get("/healthz") == {"status": "ok"}
        first.manage(
            "shell", "--no-imports", "-c", "from submissions.models import Unit; Unit.objects.last().delete()"
        )
        family = first.family()
        assert first.stop(signal.SIGINT) == 0
    assert len(family) > 6
    assert _gone(family, seconds=1)
    assert "nothing is left running" in first.log.read_text()

    began = time.monotonic()
    with running(data_dir, DEMO_MODE="off") as second:
        assert time.monotonic() - began < QUICK_SECONDS
        assert second.manage("shell", "--no-imports", "-c", COUNT_UNITS).strip() == "37"
        family = second.family()
        second.stop(signal.SIGKILL)
        assert _gone(family)


def test_two_stacks_do_not_meet_and_a_killed_web_server_returns(data_dir: Path) -> None:
    with running(data_dir / "one", DEMO_MODE="off") as one, running(data_dir / "two", DEMO_MODE="off") as two:
        assert one.url != two.url
        web = next(process for process in one.family() if "gunicorn" in process.cmdline())
        web.kill()
        deadline = time.monotonic() + QUICK_SECONDS
        while one.log.read_text().count("Listening at") != 2:
            assert time.monotonic() < deadline, one.log.read_text()
            time.sleep(0.1)
        assert one.get("/healthz") == two.get("/healthz") == {"status": "ok"}
        port = one.url.rpartition(":")[2]
        assert "Set PORT to a free one" in _refusal(data_dir / "three", PORT=port)
        assert "Another stack is running" in _refusal(data_dir / "one")


def _refusal(folder: Path, **env: str) -> str:
    command = [sys.executable, "manage.py", "up"]
    done = subprocess.run(
        command, env=environment(folder, **env), cwd=BASE_DIR, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    return done.stderr
