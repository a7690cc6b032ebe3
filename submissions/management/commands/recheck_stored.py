"""`manage.py recheck_stored`: put today's rules in force for stored submissions, each as a whole."""

from __future__ import annotations

import argparse
import json
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand

from submissions.checks.recheck import Outcome, recheck_stored
from submissions.management.stored import add_choice, chosen, identified

WORDS = {
    Outcome.UNCHANGED: "无变化 unchanged",
    Outcome.SWAPPED: "已按现行规则更新 now stand under the present rules",
    Outcome.REPORTED: "结果不同，但已签发或已结束，保持原样 differ but are past changing, left as they are",
    Outcome.MOVED_ON: "期间已被他人改动，请再次运行 changed meanwhile, run this again",
}


class Command(BaseCommand):
    """`recheck_stored [--collection networks] [--period 2026Q3] [--unit 320000] [--all] [--json]`."""

    help = "Check stored submissions again with the present rules. 按现行规则重新校验已保存的报送。"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        add_choice(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        # the list is made first: what a swap changes must not change what comes next
        done = [(submission, recheck_stored(submission=submission)) for submission in list(chosen(options))]
        outcomes = Counter(outcome for _, outcome in done)
        submissions = [identified(s) | {"outcome": o.value} for s, o in done if o is not Outcome.UNCHANGED]
        report = _as_json(outcomes, submissions) if options["json"] else _as_text(outcomes, submissions)
        self.stdout.write(report)


def _as_json(outcomes: Counter[Outcome], submissions: list[dict[str, Any]]) -> str:
    counts = {outcome.value: outcomes[outcome] for outcome in Outcome}
    return json.dumps({"outcomes": counts, "submissions": submissions}, ensure_ascii=False, indent=2)


def _as_text(outcomes: Counter[Outcome], submissions: list[dict[str, Any]]) -> str:
    lines = [
        f"  {s['unit']} {s['collection']} {s['period']} v{s['version']}  {s['outcome']}" for s in submissions
    ]
    return "\n".join([*(f"{outcomes[outcome]} {words}" for outcome, words in WORDS.items()), *lines])
