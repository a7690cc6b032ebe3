"""`manage.py load_published`: enter the published values of the code list that are not there yet."""

from __future__ import annotations

from django.core.management.base import BaseCommand

from national.targets.published_series import load_published


class Command(BaseCommand):
    help = "Enter the values of published series that came with the code lists. What is there stays as it is."

    def handle(self, *args: object, **options: object) -> None:
        self.stdout.write(f"{load_published()} published values are new.")
