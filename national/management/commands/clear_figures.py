"""`manage.py clear_figures`: disclosure control for all figures that wait for it, now."""

from __future__ import annotations

from django.core.management.base import BaseCommand, CommandParser

from national.disclosure.queue import judge_now
from national.models import ClearingRun


class Command(BaseCommand):
    help = "Judge what the public may see of new figures, without waiting for them to come to rest."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--period", default="", help="this period alone, e.g. 2026Q3; default: all that wait"
        )

    def handle(self, *args: object, period: str, **options: object) -> None:
        before = ClearingRun.objects.count()
        judge_now(period)
        made = ClearingRun.objects.count() - before if options["verbosity"] else 0
        for run in ClearingRun.objects.all()[:made]:
            self.stdout.write(f"{run}: {run.opened} figures published, {run.withheld} withheld")
