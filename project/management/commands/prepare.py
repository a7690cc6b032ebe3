"""`manage.py prepare`: bring the database to where web and worker can start; safe to repeat."""

from __future__ import annotations

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Migrate, load the code lists and, in demo mode, fill an empty database with the demo."

    def handle(self, *args: object, **options: object) -> None:
        from submissions.models import Submission

        call_command("migrate", interactive=False, verbosity=0)
        call_command("load_units")
        if settings.DEMO_MODE and not Submission.objects.exists():
            call_command("demo")
        self.stdout.write("The database is ready.")
