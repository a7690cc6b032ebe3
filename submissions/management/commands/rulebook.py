"""`manage.py rulebook`: prints the rulebook, or writes it to docs/ where a test keeps it true."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from validation.rulebook.markdown import LANGUAGES, page


class Command(BaseCommand):
    help = "Print the rulebook, or write both languages to docs/ with --write."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--write", action="store_true", help="write docs/rulebook.zh.md and docs/rulebook.en.md"
        )
        parser.add_argument("--language", choices=LANGUAGES, default="zh")

    def handle(self, *args: object, **options: Any) -> None:
        if not options["write"]:
            self.stdout.write(page(options["language"]))
            return
        for language in LANGUAGES:
            target = Path(settings.BASE_DIR) / "docs" / f"rulebook.{language}.md"
            target.write_text(page(language), encoding="utf-8")
            self.stdout.write(f"docs/{target.name}")
