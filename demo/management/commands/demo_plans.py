"""`manage.py demo_plans`: plans of the invented country's units, so that the pages have something to add up."""

from __future__ import annotations

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from demo.plans_of_units import make_plans


class Command(BaseCommand):
    help = "Enter demo plans for 2030 unless plans are there."

    def handle(self, *args: object, **options: object) -> None:
        if not settings.DEMO_MODE:
            raise CommandError("Demo plans are invented: set DEMO_MODE=true to allow them here.")
        made = make_plans()
        if options["verbosity"]:
            self.stdout.write(f"{made} demo plans are new.")
