"""`manage.py try_rules`: report what today's rules would change in stored submissions; changes nothing."""

from __future__ import annotations

import argparse
import json
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand

from submissions.checks.recheck import Trial, try_rules
from submissions.management.stored import add_choice, chosen, identified
from validation import catalogue


class Command(BaseCommand):
    """`try_rules [--collection networks] [--period 2026Q3] [--unit 320000] [--all] [--json]`."""

    help = "Try the present rules on stored submissions; nothing is changed. 试运行现行规则，不改变任何数据。"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        add_choice(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        tried = _tried(options)
        self.stdout.write(
            json.dumps(tried, ensure_ascii=False, indent=2) if options["json"] else _text(tried)
        )


def _tried(options: dict[str, Any]) -> dict[str, Any]:
    """Return the number of submissions, those whose verdict would change, and findings per rule before and after."""
    count, changes = 0, []
    before: Counter[str] = Counter()
    after: Counter[str] = Counter()
    for submission in chosen(options).iterator():
        trial = try_rules(submission)
        count += 1
        before += trial.before
        after += trial.after
        if trial.was != trial.now:
            changes.append(_change(trial))
    return {"submissions": count, "state_changes": changes, "rules": _rules(before, after)}


def _change(trial: Trial) -> dict[str, Any]:
    verdicts = {"from": trial.was.value, "to": trial.now.value, "keeps_state": trial.keeps_state}
    return identified(trial.submission) | verdicts


def _rules(before: Counter[str], after: Counter[str]) -> list[dict[str, Any]]:
    """Return rules that fired or fire, in catalogue order."""
    return [
        {
            "code": code,
            "before": before[code],
            "after": after[code],
            "difference": after[code] - before[code],
        }
        for code in catalogue()
        if before[code] or after[code]
    ]


def _text(tried: dict[str, Any]) -> str:
    lines = [f"{tried['submissions']} 份已试算 submissions tried"]
    lines.append(f"{len(tried['state_changes'])} 份状态将改变 would change their state")
    lines += [_change_line(change) for change in tried["state_changes"]]
    if tried["rules"]:
        lines.append(_rule_line("规则 rule", "现存 before", "试算 after", "差 difference"))
    lines += [
        _rule_line(rule["code"], rule["before"], rule["after"], f"{rule['difference']:+d}")
        for rule in tried["rules"]
    ]
    return "\n".join(lines)


def _change_line(change: dict[str, Any]) -> str:
    kept = f"  状态保持 keeps its state {change['state']}" if change["keeps_state"] else ""
    slot = f"{change['unit']} {change['collection']} {change['period']} v{change['version']}"
    return f"  {slot}  {change['from']} → {change['to']}{kept}"


def _rule_line(code: str, before: object, after: object, difference: str) -> str:
    return f"{code:<12}{before:>12}{after:>12}{difference:>14}"
