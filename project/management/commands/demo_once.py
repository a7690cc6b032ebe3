"""`manage.py demo_once`: the demo for a new stack, and nothing for one that has data."""

from __future__ import annotations

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

from submissions.demo.accounts import greeting
from submissions.models import Submission


class Command(BaseCommand):
    help = "Load the demo into an empty database, or go on with a load that was broken off."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--demo", default="", help="options for `manage.py demo`, e.g. '--scale 0.01'")

    def handle(self, *args: object, demo: str, **options: object) -> None:
        begun = settings.DATA_DIR / "demo-begun"
        if begun.exists() or not Submission.objects.exists():
            self.stdout.write(
                "演示数据正在装入，页面已可使用。The demo is coming in; the pages can be used meanwhile."
            )
            begun.touch()
            call_command("demo_plans")
            call_command("demo", *demo.split())
            call_command("clear_figures")
            begun.unlink()
        else:
            self.stdout.write("\n".join(greeting()))
        self.stdout.write("The demo is there.")
