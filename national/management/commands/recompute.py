"""`manage.py recompute [--check] [--lineage] [--period 2026Q3]`: figures rebuilt from records must be what is stored."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from national.models import Figure
from national.verification.recompute import Comparison, compare, periods, rebuild
from national.verification.verify import unproved

#: differences printed per side; all are counted
_SHOWN = 20


class Command(BaseCommand):
    help = (
        "Rebuild all figures from the records of registers in force; with --check compare and change nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; exit 1 when figures differ")
        parser.add_argument(
            "--lineage", action="store_true", help="also make every figure from the rows of its lineage"
        )
        parser.add_argument("--period", help="this period alone, e.g. 2026Q3")

    def handle(self, *args: Any, check: bool, lineage: bool, period: str | None, **options: Any) -> None:
        """Raises CommandError (exit 1) when stored and computed figures differ."""
        chosen = [period] if period else periods()
        if not check:
            for code in chosen:
                rebuild(code)
        wrong = [period for period in chosen if not self._tell(period, compare(period))]
        if wrong:
            raise CommandError(f"Figures differ from the records in {', '.join(wrong)}.")
        unproved_in = [period for period in chosen if lineage and not self._prove(period)]
        if unproved_in:
            raise CommandError("Figures differ from the rows of their lineage.")

    def _prove(self, period: str) -> bool:
        mismatches = list(unproved(period))
        for mismatch in mismatches[:_SHOWN]:
            figure = mismatch.figure
            part = f"{figure.breakdown} {figure.breakdown_value}"
            self.stdout.write(
                f"  {figure} {part}: its rows make {mismatch.value} of {mismatch.records} records"
            )
        count = Figure.objects.in_force().filter(period=period).count()
        self.stdout.write(f"{period}: {count - len(mismatches)} of {count} figures are those of their rows")
        return not mismatches

    def _tell(self, period: str, comparison: Comparison) -> bool:
        if comparison.agrees:
            self.stdout.write(f"{period}: figures are those of the records")
            return True
        for side, rows in comparison._asdict().items():
            self.stdout.write(f"{period}: {len(rows)} figures only {side}")
            for row in rows.head(_SHOWN).iter_rows():
                self.stdout.write("  " + " ".join(map(str, row)))
        return False
