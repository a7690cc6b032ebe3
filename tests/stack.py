"""The real stack for tests that need it whole: `manage.py up` in a folder of its own, stopped at the end."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psutil
import pytest

from project.settings import BASE_DIR

START_SECONDS = 240
#: enough for every page and quick to load: Jiangsu, Zhejiang, Ningbo and Henan in two quarters
SMALL_DEMO = "--units 320000,330000,330200,410000 --periods 2026Q2,2026Q3"
#: a dead worker's check is taken up again after this long
LEASE_SECONDS = 5
UP = re.compile(r"http://127\.0\.0\.1:\d+/")


@dataclass
class Stack:
    """A running stack. `url` ends without a slash."""

    process: subprocess.Popen[bytes]
    data_dir: Path
    log: Path
    url: str = ""
    _tokens: dict[str, str] = field(default_factory=dict)

    def family(self) -> list[psutil.Process]:
        """Every process of the stack but the supervisor."""
        return psutil.Process(self.process.pid).children(recursive=True)

    def workers(self) -> list[psutil.Process]:
        """The Celery worker's parent and its children."""
        return [process for process in self.family() if "--concurrency" in process.cmdline()]

    def log_of(self, program: str) -> Path:
        """Where a program of the stack writes what it has to say."""
        return self.data_dir / "log" / f"{program}.log"

    def said(self) -> str:
        """The last of what the stack and its programs said."""
        logs = [self.log, *sorted((self.data_dir / "log").glob("*.log"))]
        return "\n".join(f"{log.name}:\n{log.read_text()[-3000:]}" for log in logs)

    def stop(self, number: signal.Signals = signal.SIGINT) -> int:
        """End the supervisor by a signal and give its exit code."""
        self.process.send_signal(number)
        return self.process.wait(60)

    def manage(self, *arguments: str) -> str:
        """Run a command of manage.py on this stack's data and give what it printed."""
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.run(
            command, env=environment(self.data_dir), cwd=BASE_DIR, check=True, capture_output=True, text=True
        ).stdout

    def get(self, path: str, *, as_user: str = "") -> Any:
        """JSON at `path`."""
        return self._ask("GET", path, as_user=as_user)

    def post(self, path: str, body: dict[str, Any], *, as_user: str = "") -> Any:
        """Post JSON to `path`."""
        data = json.dumps(body).encode()
        return self._ask("POST", path, data, {"Content-Type": "application/json"}, as_user=as_user)

    def upload(self, *, as_user: str, filename: str, data: bytes, **fields: str) -> Any:
        """Post a multipart form with one file to the API's submissions."""
        edge = uuid.uuid4().hex
        parts = [
            f'--{edge}\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}' for k, v in fields.items()
        ]
        head = f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{filename}"\r\n\r\n'
        body = "\r\n".join([*parts, head]).encode() + data + f"\r\n--{edge}--\r\n".encode()
        headers = {"Content-Type": f"multipart/form-data; boundary={edge}"}
        return self._ask("POST", "/api/v1/submissions/", body, headers, as_user=as_user)

    def _ask(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        headers: dict[str, str] | None = None,
        *,
        as_user: str,
    ) -> Any:
        token = {"Authorization": f"Token {self._token(as_user)}"} if as_user else {}
        connection = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=60)
        connection.request(method, path, body, {**(headers or {}), **token})
        response = connection.getresponse()
        answer = response.read()
        connection.close()
        assert response.status < 300, (response.status, answer.decode()[:2000])
        return json.loads(answer)

    def know(self, tokens: dict[str, str]) -> None:
        """Use these tokens from now on, by the name given as `as_user`."""
        self._tokens |= tokens

    def _token(self, username: str) -> str:
        if username not in self._tokens:
            from demo.accounts import PASSWORD

            answer = self.post("/api/v1/auth/login/", {"username": username, "password": PASSWORD})
            self._tokens[username] = answer["token"]
        return self._tokens[username]


def environment(data_dir: Path, **more: str) -> dict[str, str]:
    """The environment of a private stack: the servers named by the tests' own are not its."""
    left_out = {"DATABASE_URL", "REDIS_URL", "SECRET_KEY"}
    kept = {name: value for name, value in os.environ.items() if name not in left_out}
    # of a country of a few small units nearly all would be withheld, and the pages would have nothing to show
    lenient = {"DISCLOSURE_MIN_ENTERPRISES": "1", "DISCLOSURE_PERCENT": "0"}
    # what a test changes must show at once
    quick = {"LEASE_SECONDS": str(LEASE_SECONDS), "STAMP_SECONDS": "0"}
    ours = {"DATA_DIR": str(data_dir), "DJANGO_SETTINGS_MODULE": "tests.stack_settings"}
    return {**kept, **lenient, **quick, **ours, **more}


@contextmanager
def running(data_dir: Path, *options: str, demo: str = SMALL_DEMO, **env: str) -> Iterator[Stack]:
    """Start a stack, wait until it says its address, and stop it at the end."""
    data_dir.mkdir(parents=True, exist_ok=True)
    log = data_dir / "up.log"
    with log.open("wb") as out:
        command = [sys.executable, "manage.py", "up", f"--demo={demo}", *options]
        process = subprocess.Popen(
            command, env=environment(data_dir, **env), cwd=BASE_DIR, stdout=out, stderr=subprocess.STDOUT
        )
    stack = Stack(process, data_dir, log)
    try:
        stack.url = _address(stack)
        yield stack
    finally:
        if process.poll() is None:
            stack.stop()


def _address(stack: Stack) -> str:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and stack.process.poll() is None:
        address = UP.search(stack.log.read_text().rpartition("is up:")[2])
        if address:
            return address[0].rstrip("/")
        time.sleep(0.2)
    raise AssertionError(f"The stack did not start:\n{stack.said()}")


def wait_for_demo(stack: Stack) -> None:
    """Wait until the demo is loaded whole."""
    deadline = time.monotonic() + START_SECONDS
    while "The demo is there." not in stack.log.read_text():
        assert "The demo is not whole" not in stack.log.read_text(), stack.said()
        assert time.monotonic() < deadline, "The demo takes too long."
        time.sleep(0.2)


@contextmanager
def data_folder() -> Iterator[Path]:
    """A passing folder that PostgreSQL may reach as another user; pytest closes its own to all others."""
    with tempfile.TemporaryDirectory(prefix="gongwang-test-", ignore_cleanup_errors=True) as folder:
        yield Path(folder).resolve()


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """A data folder for one test."""
    with data_folder() as folder:
        yield folder


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """One running stack with the small demo, shared by all tests that ask for it."""
    with data_folder() as folder, running(folder) as started:
        wait_for_demo(started)
        yield started
