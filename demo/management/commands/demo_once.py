"""`manage.py demo_once`: the demo for a new stack, and nothing for one that has data."""

from __future__ import annotations

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

from demo.accounts import greeting
from submissions.models import Submission


class Command(BaseCommand):
    help = "Load the demo into an empty database, or go on with a load that was broken off."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--demo", default="", help="options for `manage.py demo`, e.g. '--scale 0.01'")

    def handle(self, *args: object, demo: str, **options: object) -> None:
        begun = settings.DATA_DIR / "demo-begun"
        if begun.exists() or not Submission.objects.exists():
            # what was broken off goes on as it began: registers of two sizes would be no history
            if not begun.exists():
                begun.write_text(demo)
            call_command("demo_plans", verbosity=0)
            call_command("demo", *begun.read_text().split(), "--judge")
            begun.unlink()
        else:
            self.stdout.write("\n".join(greeting()))
        self.stdout.write("演示数据已就绪。The demo is there.")
