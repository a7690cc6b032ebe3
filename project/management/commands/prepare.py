"""`manage.py prepare`: bring the database to where web and worker can start; safe to repeat."""

from __future__ import annotations

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser


class Command(BaseCommand):
    help = "Migrate, load the code lists and, in demo mode, fill an empty database with the demo."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--demo", default="", help="options for `manage.py demo`, e.g. '--scale 0.01'")

    def handle(self, *args: object, demo: str, **options: object) -> None:
        call_command("migrate", interactive=False, verbosity=0)
        call_command("load_units")
        if settings.DEMO_MODE:
            _fill(demo.split())
        self.stdout.write("The database is ready.")


def _fill(options: list[str]) -> None:
    """Load the demo into an empty database, or go on with a load that was broken off."""
    from submissions.models import Submission

    begun = settings.DATA_DIR / "demo-begun"
    if Submission.objects.exists() and not begun.exists():
        return
    begun.touch()
    call_command("demo", *options)
    begun.unlink()
