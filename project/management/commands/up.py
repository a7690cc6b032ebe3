"""`manage.py up`: the whole stack on this machine: servers, web, workers and beat under one supervisor."""

from __future__ import annotations

import os
import socket
import sys
import time
from dataclasses import replace
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from project.devstack import servers
from project.devstack.supervisor import NotReadyError, Program, StopAsked, Supervisor

FIRST_PORT = 8000
PORTS_TRIED = 50
#: how long a port that is asked for may stay taken
PORT_SECONDS = 10.0


class Command(BaseCommand):
    help = (
        "Run everything on this machine until Ctrl-C. Environment: PORT, DATA_DIR, DATABASE_URL, REDIS_URL."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--demo", default="", help="options for `manage.py demo`, e.g. '--scale 0.01'")
        parser.add_argument(
            "--logs",
            action="store_true",
            help="show here what the programs say, instead of writing it to files",
        )

    def handle(self, *args: object, demo: str, logs: bool, **options: object) -> None:
        try:
            with servers.claim(settings.DATA_DIR), _listen() as listener, Supervisor() as supervisor:
                self._run(supervisor, listener, demo, logs)
        except StopAsked:
            self.stdout.write("Stopped; nothing is left running.")
        except (servers.InUseError, NotReadyError) as error:
            raise CommandError(str(error)) from error

    def _run(self, supervisor: Supervisor, listener: socket.socket, demo: str, logs: bool) -> None:
        port = listener.getsockname()[1]
        os.environ.setdefault("SITE_URL", f"http://127.0.0.1:{port}")
        self._say("正在启动 Starting…")
        _start_servers(supervisor, settings.DATA_DIR)
        prepare, *programs = (_written(program, logs) for program in _programs(listener))
        if supervisor.run(prepare):
            raise CommandError(f"The database could not be prepared; {_told_in(prepare)} why.")
        for program in programs:
            supervisor.start(program)
        supervisor.wait_for(lambda: _answers(port, "/healthz"), what="The web server", seconds=120)
        # made once before anybody is called: it takes longest, and longer still beside a demo that comes in
        _answers(port, "/")
        self._say(
            f"工网 Gongwang is up: http://127.0.0.1:{port}/", *([] if logs else [_WHERE_LOGS]), _HOW_TO_STOP
        )
        if settings.DEMO_MODE:
            self._load(supervisor, demo, logs)
        supervisor.keep_running()

    def _load(self, supervisor: Supervisor, demo: str, logs: bool) -> None:
        """The pages can be used while the demo comes in; its figures grow with it."""
        program = _written(_manage("demo", "demo_once", f"--demo={demo}"), logs)
        if supervisor.run(replace(program, shows=not logs)):
            supervisor.say(
                "demo", f"The demo is not whole; {_told_in(program)} why. The next start goes on with it."
            )

    def _say(self, *lines: str) -> None:
        self.stdout.write("\n".join(lines))
        self.stdout.flush()


_WHERE_LOGS = f"日志 Logs: {settings.DATA_DIR / 'log'}; 在此显示 shown here with --logs"
_HOW_TO_STOP = "按 Ctrl-C 停止。Stop with Ctrl-C."


def _written(program: Program, logs: bool) -> Program:
    """Return the program with its output going to a fresh log file, unless `logs` are shown on the screen."""
    if logs:
        return program
    log = servers.log_file(settings.DATA_DIR, program.name)
    log.unlink(missing_ok=True)
    return replace(program, log=log)


def _told_in(program: Program) -> str:
    """Return where its output can be read."""
    return f"{program.log} says" if program.log else "the lines above say"


def _start_servers(supervisor: Supervisor, data_dir: Path) -> None:
    if not os.environ.get("DATABASE_URL"):
        servers.start_postgres(supervisor, data_dir)
    if not os.environ.get("REDIS_URL"):
        servers.start_redis(supervisor, data_dir)


def _manage(name: str, *arguments: str) -> Program:
    argv = (sys.executable, str(settings.BASE_DIR / "manage.py"), *arguments)
    return Program(name, argv, env=_environment(), cwd=settings.BASE_DIR)


def _environment() -> dict[str, str]:
    return {
        "DATA_DIR": str(settings.DATA_DIR),
        "PYTHONUNBUFFERED": "1",
        "DJANGO_SETTINGS_MODULE": os.environ.get("DJANGO_SETTINGS_MODULE", "project.settings"),
    }


def _programs(listener: socket.socket) -> list[Program]:
    python, env, cwd = sys.executable, _environment(), settings.BASE_DIR
    threads = ("--workers", "2", "--threads", "4", "--worker-class", "gthread", "--preload")
    # Answers of the web server are logged without address, user and query: those may be personal.
    log = ("--access-logfile", "-", "--access-logformat", "%(m)s %(U)s %(s)s %(M)sms", "--no-control-socket")
    web = (python, "-m", "gunicorn", "project.wsgi", "--bind", f"fd://{listener.fileno()}", *threads, *log)
    # `prepare` has just run Django's checks; here they would load all addresses twice more.
    celery = (python, "-m", "celery", "--skip-checks", "-A", "project.celery")
    worker = ("worker", "--without-gossip", "--without-mingle")
    checks = ("--queues", "gongwang", "--hostname", "worker@%h", "--concurrency", "2")
    clearing = ("--queues", "clearing", "--hostname", "clearing@%h", "--concurrency", "1")
    beat = ("beat", "--schedule", str(settings.DATA_DIR / "beat"), "--pidfile", "")
    return [
        _manage("prepare", "prepare"),
        Program("web", web, env=env, cwd=cwd, pass_fds=(listener.fileno(),)),
        Program("worker", (*celery, *worker, *checks), env=env, cwd=cwd),
        # nobody waits for its minutes of computing: people and checks come first
        Program("clearing", ("nice", *celery, *worker, *clearing), env=env, cwd=cwd),
        Program("beat", (*celery, *beat), env=env, cwd=cwd),
    ]


def _listen() -> socket.socket:
    """The web server's socket: PORT if set, else 8000 or the next free one. Held here, so no race over it.

    PORT is waited for: what is left of a stack that was killed may hold it for a moment.
    """
    port = os.environ.get("PORT")
    deadline = time.monotonic() + (PORT_SECONDS if port else 0)
    while True:
        for number in [int(port)] if port else range(FIRST_PORT, FIRST_PORT + PORTS_TRIED):
            listener = _bound(number)
            if listener is not None:
                return listener
        if time.monotonic() > deadline:
            raise CommandError("The port is taken. Set PORT to a free one.")
        time.sleep(0.2)


def _bound(port: int) -> socket.socket | None:
    """Return a listening socket; None when the port is taken."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
        listener.listen(128)
    except OSError:
        listener.close()
        return None
    return listener


def _answers(port: int, path: str) -> bool:
    """Return whether the web server answers at `path`; a bare connection would only reach the held socket."""
    import http.client

    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except (TimeoutError, http.client.HTTPException, ConnectionError):
        return False
    finally:
        connection.close()
