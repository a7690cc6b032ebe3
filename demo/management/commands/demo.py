"""`manage.py demo`: accounts, periods and registers of an invented country, taken through the real pipeline."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser, OutputWrapper

from demo import DEMO_SCALE
from demo.calendar import PERIODS, make_periods
from demo.country import Country, Step
from demo.files import write_workbooks
from demo.growth import WEIGHTS
from demo.plan import Return, returns
from submissions import demo_mode
from submissions.demo_mode import Progress
from validation import Period


class Command(BaseCommand):
    help = (
        "Fill the database with demo accounts, periods and registers, and write demo workbooks to a folder."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--scale", type=float, default=DEMO_SCALE, help="1 is the size of the country; default 0.05"
        )
        parser.add_argument(
            "--periods", default=",".join(PERIODS), help="comma-separated; the last one is current"
        )
        parser.add_argument(
            "--workbooks-only", type=Path, metavar="DIR", help="only write the workbooks, to DIR"
        )
        parser.add_argument("--units", default=",".join(WEIGHTS), help="comma-separated codes; default all")
        parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
        parser.add_argument(
            "--judge", action="store_true", help="decide what may be published of each quarter once it is in"
        )

    def handle(self, *args: object, **options: Any) -> None:
        periods = _periods(options["periods"])
        units = _units(options["units"])
        if options["workbooks_only"] is None:
            self._load(returns(periods, units), options)
        else:
            count = write_workbooks(options["workbooks_only"], periods[-1], units, scale=options["scale"])
            self.stdout.write(f"{count} demo workbooks of {periods[-1]}: {options['workbooks_only']}")

    def _load(self, plan: list[list[Return]], options: dict[str, Any]) -> None:
        from demo.accounts import greeting, make_accounts
        from submissions.accounts.reporting_units import load_units

        if not settings.DEMO_MODE:
            raise CommandError("Demo accounts have a known password: set DEMO_MODE=true to allow them here.")
        load_units()
        make_accounts()
        make_periods(wave[0].period for wave in plan)
        self.stdout.write("\n".join(greeting()))
        folder = settings.DATA_DIR / "demo"
        country = Country(plan, options["scale"], options["processes"], folder, judged=options["judge"])
        say = _every_return if options["verbosity"] > 1 else _Moving().say
        try:
            for step in country.load():
                demo_mode.keep_progress(step.progress)
                say(self.stdout, step)
        finally:
            demo_mode.keep_progress(None)
            if self.stdout.isatty():
                self.stdout.write("")  # the moving line ends
        self.stdout.write(f"演示报表 Demo workbooks: {folder}")


def _every_return(out: OutputWrapper, step: Step) -> None:
    """A line for each return."""
    if step.loaded:
        planned, state, rows = step.loaded
        how_far = f"[{step.progress.done:>2}/{step.progress.total}]"
        size = "" if rows is None else f", {rows} rows"
        out.write(f"{how_far} {planned.period} {planned.unit} {planned.collection}: {state}{size}")


class _Moving:
    """How far the load is: on a terminal one line that moves, elsewhere a line for each quarter."""

    def __init__(self) -> None:
        self._said = ""

    def say(self, out: OutputWrapper, step: Step) -> None:
        title, percent = _title(step.progress), step.progress.percent
        if out.isatty():
            out.write(f"\r\x1b[K{title} {'█' * (percent // 5):░<20} {percent} %", ending="")
            out.flush()
        elif title != self._said:
            out.write(title)
        self._said = title


def _title(progress: Progress) -> str:
    if not progress.period:
        return f"演示数据：公开前审核 Demo data: deciding what may be published, {progress.quarters} quarters"
    return f"演示数据 Demo data: {progress.period}, {progress.number}/{progress.quarters}"


def _periods(text: str) -> list[Period]:
    try:
        return sorted({Period.parse(part.strip()) for part in text.split(",")})
    except ValueError as error:
        raise CommandError(str(error)) from error


def _units(text: str) -> list[str]:
    units = [part.strip() for part in text.split(",")]
    unknown = set(units) - set(WEIGHTS)
    if unknown:
        raise CommandError(f"{', '.join(sorted(unknown))}: no such reporting unit")
    return units
