"""`manage.py with_stack -- COMMAND…`: run a command beside a private PostgreSQL and Redis; for tests and tools."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from project.devstack import servers
from project.devstack.supervisor import Program, StopAsked, Supervisor


class Command(BaseCommand):
    help = "Run a command beside a private PostgreSQL and Redis; those named by the environment are used as they are."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--data-dir", type=Path, default=settings.DATA_DIR, help="where the servers keep their data"
        )
        parser.add_argument("command", nargs=argparse.REMAINDER)

    def handle(self, *args: object, data_dir: Path, command: list[str], **options: object) -> None:
        argv = command[1:] if command[:1] == ["--"] else command
        if not argv:
            raise CommandError("Say which command to run: manage.py with_stack -- COMMAND")
        try:
            sys.exit(_run_beside(data_dir.resolve(), argv))
        except (servers.InUseError, StopAsked) as error:
            raise CommandError(str(error) or "Stopped.", returncode=130) from error


def _run_beside(data_dir: Path, argv: list[str]) -> int:
    with servers.claim(data_dir), Supervisor() as supervisor:
        if not os.environ.get("DATABASE_URL"):
            servers.start_postgres(supervisor, data_dir, durable=False)
        if not os.environ.get("REDIS_URL"):
            servers.start_redis(supervisor, data_dir)
        program = Program(
            "command", tuple(argv), {"DATA_DIR": str(data_dir)}, terminal=True, stop_signal=signal.SIGINT
        )
        return supervisor.run(program)
