"""`manage.py open_period`: enter a quarter to be collected, with its three days."""

from __future__ import annotations

import argparse
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from submissions.accounts.periods import CLOSES_AFTER, DUE_AFTER, PeriodError, days_of, open_period
from submissions.management.prepared import require_prepared
from validation import Period as Quarter


class Command(BaseCommand):
    """`open_period 2026Q4 [--opens 2027-01-01] [--due 2027-01-20] [--closes 2027-04-20]`."""

    help = "Open a quarter for returns. 开放一个季度的报送。"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("period", type=_quarter, help="e.g. 2026Q4")
        parser.add_argument(
            "--opens",
            type=date.fromisoformat,
            help="first day of uploads; else the day after the quarter's last",
        )
        parser.add_argument(
            "--due",
            type=date.fromisoformat,
            help=f"day by which returns are owed; else {DUE_AFTER.days} days after the quarter's last",
        )
        parser.add_argument(
            "--closes",
            type=date.fromisoformat,
            help=f"last day of uploads and signatures; else {CLOSES_AFTER.days} days after the due date",
        )

    def handle(
        self,
        *args: Any,
        period: Quarter,
        opens: date | None,
        due: date | None,
        closes: date | None,
        **options: Any,
    ) -> None:
        require_prepared()
        try:
            opened = open_period(
                period, days_of(period, opens=opens, due=due, closes=closes), today=timezone.localdate()
            )
        except PeriodError as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(
            f"已开放 Opened: {opened.code}, opens {opened.opens}, due {opened.due}, closes {opened.closes}."
        )


def _quarter(text: str) -> Quarter:
    try:
        return Quarter.parse(text.upper())
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no quarter such as 2026Q4") from error
