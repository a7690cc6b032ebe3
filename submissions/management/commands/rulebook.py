"""`manage.py rulebook`: prints the rulebook, or writes it and the kit for other programs to docs/, where tests keep them true."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from validation.rulebook.kit import write_kit
from validation.rulebook.markdown import LANGUAGES, page


class Command(BaseCommand):
    help = "Print the rulebook, or write it to docs/ with --write, or the kit for other programs to a folder."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--write", action="store_true", help="write docs/rulebook.zh.md, docs/rulebook.en.md and docs/kit"
        )
        parser.add_argument(
            "--kit", type=Path, metavar="DIR", help="write rules.json and conformance.json to DIR"
        )
        parser.add_argument("--language", choices=LANGUAGES, default="zh")

    def handle(self, *args: object, **options: Any) -> None:
        if options["kit"]:
            self._write_kit(options["kit"])
            return
        if not options["write"]:
            self.stdout.write(page(options["language"]))
            return
        for language in LANGUAGES:
            target = Path(settings.BASE_DIR) / "docs" / f"rulebook.{language}.md"
            target.write_text(page(language), encoding="utf-8")
            self.stdout.write(f"docs/{target.name}")
        self._write_kit(Path(settings.BASE_DIR) / "docs" / "kit")

    def _write_kit(self, folder: Path) -> None:
        for path in write_kit(folder):
            self.stdout.write(str(path))
