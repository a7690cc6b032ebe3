"""`manage.py clear_figures`: disclosure control for all figures that wait for it, now."""

from __future__ import annotations

from django.core.management.base import BaseCommand

from national.clearing_queue import clear_now
from national.models import ClearingRun


class Command(BaseCommand):
    help = "Judge what the public may see of new figures, without waiting for them to come to rest."

    def handle(self, *args: object, **options: object) -> None:
        before = ClearingRun.objects.count()
        clear_now()
        for run in ClearingRun.objects.all()[: ClearingRun.objects.count() - before]:
            self.stdout.write(f"{run}: {run.opened} figures published, {run.withheld} withheld")
