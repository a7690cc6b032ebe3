"""`manage.py messages`: keep the Chinese catalogues up to date; `--compile` and `--check` change no text."""

from __future__ import annotations

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from project import catalogues


class Command(BaseCommand):
    help = "Collect the texts of code and templates into each app's Chinese catalogue and compile it."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--compile", action="store_true", help="only compile")
        parser.add_argument(
            "--check", action="store_true", help="only tell what is missing; exit 1 if anything is"
        )
        parser.add_argument("apps", nargs="*", help="all apps by default")

    def handle(self, *args: object, apps: list[str], **options: bool) -> None:
        folders = [settings.BASE_DIR / name for name in apps or catalogues.APPS]
        if options["check"]:
            faults = [fault for folder in folders for fault in catalogues.faults(folder)]
            faults += catalogues.conflicts(folders)
            if faults:
                raise CommandError("\n".join(["The Chinese catalogues are not complete:", *faults]))
            return
        for folder in folders:
            if not options["compile"]:
                catalogues.update(folder)
            catalogues.compile_mo(folder)
