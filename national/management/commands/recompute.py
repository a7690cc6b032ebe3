"""`manage.py recompute [--check] [--period 2026Q3]`: figures rebuilt from records must be what is stored."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from national.recomputing import Comparison, compare, periods, rebuild

#: differences printed per side; all are counted
_SHOWN = 20


class Command(BaseCommand):
    help = (
        "Rebuild all figures from the records of registers in force; with --check compare and change nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; exit 1 when figures differ")
        parser.add_argument("--period", help="this period alone, e.g. 2026Q3")

    def handle(self, *args: Any, check: bool, period: str | None, **options: Any) -> None:
        """Raises CommandError (exit 1) when stored and computed figures differ."""
        chosen = [period] if period else periods()
        if not check:
            for one in chosen:
                rebuild(one)
        wrong = [one for one in chosen if not self._tell(one, compare(one))]
        if wrong:
            raise CommandError(f"Figures differ from the records in {', '.join(wrong)}.")

    def _tell(self, period: str, comparison: Comparison) -> bool:
        if comparison.agrees:
            self.stdout.write(f"{period}: figures are those of the records")
            return True
        for side, rows in comparison._asdict().items():
            self.stdout.write(f"{period}: {len(rows)} figures only {side}")
            for row in rows.head(_SHOWN).iter_rows():
                self.stdout.write("  " + " ".join(map(str, row)))
        return False
