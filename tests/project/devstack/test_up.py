"""`manage.py up` for real: start, stop, start again with the data still there, and kill -9."""

from __future__ import annotations

import http.client
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import urlopen

import psutil
import pytest

from demo.accounts import PASSWORD
from project.settings import BASE_DIR
from tests.stack import Stack, environment, running

KEEP_A_SESSION = "from django.contrib.sessions.backends.db import SessionStore; SessionStore().save()"
COUNT_SESSIONS = "from django.contrib.sessions.models import Session; print(Session.objects.count())"
RESTART_SECONDS = 60


def _gone(family: list[psutil.Process], seconds: float = 20) -> bool:
    _left, alive = psutil.wait_procs(family, timeout=seconds)
    return not [process for process in alive if process.status() != psutil.STATUS_ZOMBIE]


def test_it_starts_twice_with_its_data_and_leaves_no_process(stack: Stack, data_dir: Path) -> None:
    with running(data_dir, DEMO_MODE="off") as first:
        assert first.url != stack.url
        assert first.get("/healthz") == stack.get("/healthz") == {"status": "ok"}
        first.manage("shell", "--no-imports", "-c", KEEP_A_SESSION)
        family = first.family()
        assert first.stop(signal.SIGINT) == 0
    assert len(family) > 6
    assert _gone(family, seconds=1)
    assert "nothing is left running" in first.log.read_text()

    port = first.url.rpartition(":")[2]
    with running(data_dir, "--logs", DEMO_MODE="off", PORT=port) as second:
        second.get("/healthz")
        assert "web | GET /healthz 200" in second.log.read_text(), (
            "what the programs say is shown when asked for"
        )
        assert second.manage("shell", "--no-imports", "-c", COUNT_SESSIONS).strip() == "1"
        family = second.family()
        held = _held_open(second)
        second.stop(signal.SIGKILL)
        # at once, while what is left of the former one goes down
        with running(data_dir, DEMO_MODE="off", PORT=port) as third:
            assert _gone(family, seconds=1), "nothing outlives a supervisor, not even one that was killed"
            assert third.url == second.url
            assert third.get("/healthz") == {"status": "ok"}
            assert third.manage("shell", "--no-imports", "-c", COUNT_SESSIONS).strip() == "1"
            assert "ended with" not in third.log.read_text(), "no server had to be started twice"
        held.close()


def _held_open(stack: Stack) -> http.client.HTTPConnection:
    """A visitor's connection, as browsers keep it: a web server that stops by itself waits for it."""
    connection = http.client.HTTPConnection(urlsplit(stack.url).netloc, timeout=60)
    connection.request("GET", "/healthz")
    assert connection.getresponse().read()
    return connection


def test_the_terminal_says_what_matters_and_files_tell_the_rest(stack: Stack) -> None:
    said = [line for line in stack.log.read_text().splitlines() if " | " not in line]
    assert any(stack.url in line for line in said)
    assert any(PASSWORD in line for line in said)
    assert sum(line.startswith("演示数据 Demo data: 2026Q") for line in said) == 2
    assert "The demo is there." in said[-1]
    assert len(said) < 16
    stack.get("/healthz")
    assert "GET /healthz 200" in stack.log_of("web").read_text()
    assert "[queues]" in stack.log_of("worker").read_text()
    assert "The database is ready." in stack.log_of("prepare").read_text()


def test_a_wrong_address_shows_our_own_page(stack: Stack) -> None:
    with pytest.raises(HTTPError) as refused:
        urlopen(f"{stack.url}/nothing/here/")  # noqa: S310 the test's own server
    assert refused.value.code == 404
    page = refused.value.read().decode()
    assert "工网" in page
    assert "urlpatterns" not in page
    assert "DEBUG" not in page


def test_a_killed_web_server_returns(stack: Stack) -> None:
    log = stack.log_of("web")
    started = log.read_text().count("Listening at")
    web = next(process for process in stack.family() if "gunicorn" in process.cmdline())
    web.kill()
    deadline = time.monotonic() + RESTART_SECONDS
    while log.read_text().count("Listening at") == started:
        assert time.monotonic() < deadline, stack.said()
        time.sleep(0.1)
    assert stack.get("/healthz") == {"status": "ok"}


def test_a_taken_port_and_a_taken_folder_are_told(stack: Stack, data_dir: Path) -> None:
    port = stack.url.rpartition(":")[2]
    assert "Set PORT to a free one" in _refusal(data_dir, PORT=port)
    assert "Another stack is running" in _refusal(stack.data_dir)


def _refusal(folder: Path, **env: str) -> str:
    command = [sys.executable, "manage.py", "up"]
    done = subprocess.run(
        command, env=environment(folder, **env), cwd=BASE_DIR, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    return done.stderr
