"""`manage.py prepare`: bring the database to where web and worker can start; safe to repeat."""

from __future__ import annotations

from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Migrate and load the code lists. Run it once per release, before web and worker start."

    def handle(self, *args: object, **options: object) -> None:
        call_command("migrate", interactive=False, verbosity=0)
        call_command("load_units")
        call_command("load_published")
        self.stdout.write("The database is ready.")
