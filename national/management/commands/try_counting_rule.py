"""`manage.py try_counting_rule FILE|VERSION [--period 2026Q3]`: what another counting rule would make of the figures."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from national.definitions.counting_rules import BadRuleError, CountingRule, read_rule, version
from national.models import Figure
from national.verification.recompute import periods
from national.verification.what_if import effect


class Command(BaseCommand):
    help = (
        "Count the accepted registers by another rule and show figures that would differ; nothing is changed. "
        "FILE holds one rule as JSON, as national/definitions/counting_rules.json has them."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("rule", metavar="FILE|VERSION")
        parser.add_argument("--period", help="default: the latest with figures")
        parser.add_argument("--breakdowns", action="store_true", help="parts of breakdowns too")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, rule: str, period: str | None, **options: Any) -> None:
        """Raises CommandError when there is no such rule, or nothing to count."""
        tried = _rule(rule)
        known = periods()
        chosen = period or (known[-1] if known else "")
        if not Figure.objects.in_force().filter(period=chosen).exists():
            raise CommandError(
                f"No figures of {chosen or 'any period'}. There are: {', '.join(known) or 'none'}."
            )
        differences = effect(tried, chosen, breakdowns=options["breakdowns"])
        rows = [
            {**row, "old": _plain(row["old"]), "new": _plain(row["new"])} for row in differences.to_dicts()
        ]
        if options["json"]:
            self.stdout.write(json.dumps({"period": chosen, "changes": rows}, ensure_ascii=False, indent=2))
            return
        self.stdout.write(f"{chosen}, {tried.text_zh} {tried.text_en}")
        self.stdout.write(f"{len(rows)} figures would differ; nothing was changed")
        for row in rows:
            self.stdout.write(
                "{indicator} {area} {breakdown} {breakdown_value}: {old} -> {new}".format(**row)
            )


def _rule(file_or_version: str) -> CountingRule:
    try:
        if file_or_version.isdecimal():
            return version(int(file_or_version))
        return read_rule(json.loads(Path(file_or_version).read_text()))
    except (LookupError, OSError, ValueError, BadRuleError) as error:
        raise CommandError(f"{file_or_version}: {error}") from error


def _plain(value: Any) -> str | None:
    return None if value is None else f"{value.normalize():f}"
