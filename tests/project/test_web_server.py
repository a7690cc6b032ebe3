"""gunicorn as the project configures it: no secret in its log, and workers die with their master."""

from __future__ import annotations

import http.client
import logging
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import psutil
import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from project.log_masking import MaskingFormatter, masked
from project.settings import BASE_DIR

SECONDS = 30
#: names of those parts of addresses that open something to whoever has them
SECRET_PARTS = {"token", "key", "uidb36"}


class Server(NamedTuple):
    process: subprocess.Popen[bytes]
    port: int
    log: Path


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """gunicorn with two workers, a page that answers anything, and the log that `manage.py up` asks for."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    port, log = listener.getsockname()[1], tmp_path / "log"
    listener.close()
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "wsgiref.simple_server:demo_app",
        "--bind",
        f"127.0.0.1:{port}",
    ]
    options = ["--workers", "2", "--worker-class", "gthread", "--threads", "2", "--no-control-socket"]
    access = ["--access-logfile", "-", "--access-logformat", "%(m)s %(U)s %(s)s"]
    with log.open("w") as out:
        process = subprocess.Popen(
            [*command, *options, *access],
            cwd=BASE_DIR,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    yield Server(process, port, log)
    process.kill()
    process.wait()


def open_request(server: Server, path: str) -> http.client.HTTPConnection:
    """A connection that asked for `path` and stays open, as those of browsers do."""
    deadline = time.monotonic() + SECONDS
    while True:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
        try:
            connection.request("GET", path)
            connection.getresponse().read()
        except ConnectionError:
            connection.close()
            assert time.monotonic() < deadline, server.log.read_text()
            time.sleep(0.1)
        else:
            return connection


def test_workers_die_with_their_master_and_leave_its_port(server: Server) -> None:
    deadline = time.monotonic() + SECONDS
    while len(workers := psutil.Process(server.process.pid).children()) < 2:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    with closing(open_request(server, "/")):
        server.process.kill()
        server.process.wait()
        _left, alive = psutil.wait_procs(workers, timeout=2)
    assert not [process for process in alive if process.status() != psutil.STATUS_ZOMBIE]
    with socket.socket() as again:
        again.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        again.bind(("127.0.0.1", server.port))


def test_the_access_log_tells_no_secret_and_is_not_forged(server: Server) -> None:
    paths = [
        "/shared/7:SECRET-1:x/",
        "/accounts/password/reset/key/3-SECRET-2/",
        "/plain/%0aGET%20/forged%20200",
        "/专网",
    ]
    for path in paths:
        open_request(server, path if path.isascii() else "/%E4%B8%93%E7%BD%91").close()
    deadline = time.monotonic() + SECONDS
    while (log := server.log.read_text()).count("GET ") < len(paths):
        assert time.monotonic() < deadline, log
        time.sleep(0.1)
    # threads answer side by side, so the lines may stand in any order
    assert {line for line in log.splitlines() if line.startswith("GET ")} == {
        "GET /shared/***/ 200",
        "GET /accounts/password/reset/key/***/ 200",
        "GET /plain/%0AGET%20/forged%20200 200",
        "GET /%E4%B8%93%E7%BD%91 200",
    }


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("Not Found: /shared/12:1tX:sig-_x/findings.xlsx", "Not Found: /shared/***/findings.xlsx"),
        ("GET /shared/12:1tX:sig?page=2 200", "GET /shared/***?page=2 200"),
        ('"/accounts/password/reset/key/1a-c5x-9f/"', '"/accounts/password/reset/key/***/"'),
        ("/accounts/confirm-email/MTI:1tX:sig/", "/accounts/confirm-email/***/"),
        ("/shared/ /portal/shares/12/revoke/", "/shared/ /portal/shares/12/revoke/"),
        ("/shared/a/ and /shared/b/", "/shared/***/ and /shared/***/"),
    ],
)
def test_what_is_masked(line: str, kept: str) -> None:
    assert masked(line) == kept


def test_a_traceback_is_masked_too() -> None:
    try:
        raise ValueError("no page at /shared/SECRET/")
    except ValueError:
        record = logging.LogRecord("x", logging.ERROR, "x", 1, "at %s", ("/shared/SECRET/",), sys.exc_info())
    line = MaskingFormatter().format(record)
    assert "SECRET" not in line
    assert line.count("/shared/***/") >= 2


def _secret_routes(resolver: URLResolver, above: str = "/") -> Iterator[str]:
    """Routes with a part that opens something."""
    for entry in resolver.url_patterns:
        route = above + str(entry.pattern).removeprefix("^")
        if isinstance(entry, URLResolver):
            yield from _secret_routes(entry, route)
        elif _parts(entry) & SECRET_PARTS:
            yield route


def _parts(entry: URLPattern) -> set[str]:
    regex = getattr(entry.pattern, "regex", None)
    return set(entry.pattern.converters) | set(regex.groupindex if regex else ())


def test_every_address_with_a_secret_part_is_masked() -> None:
    routes = list(_secret_routes(get_resolver()))
    assert len(routes) >= 4
    for route in routes:
        start = route.partition("<")[0].partition("(")[0]
        assert "SECRET" not in masked(f"GET {start}SECRET-1:x/ 200"), route
