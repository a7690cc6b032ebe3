"""`manage.py validate FILE --collection networks --unit 320000 --period 2026Q3`: the engine's own command line."""

from __future__ import annotations

import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from validation.command import HELP, NOT_RUN, NotRunError, add_arguments, run, take_any_character


class Command(BaseCommand):
    help = HELP
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        add_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises SystemExit(1) when there is an error, CommandError with exit code 2 when the check could not run."""
        take_any_character(getattr(self.stdout, "_out", None))
        try:
            text, code = run(options)
        except NotRunError as refusal:
            raise CommandError(str(refusal), returncode=NOT_RUN) from refusal
        self.stdout.write(text)
        if code:
            raise SystemExit(code)
