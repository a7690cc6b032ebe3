"""`manage.py load_units`: bring the 37 reporting units of the engine's code list into the database."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from submissions.accounts.reporting_units import load_units


class Command(BaseCommand):
    help = "Load the reporting units; doing it again changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{load_units()} reporting units")
