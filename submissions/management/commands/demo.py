"""`manage.py demo`: accounts, periods and registers of an invented country, taken through the real pipeline."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

import django
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections

from submissions.demo import DEMO_SCALE
from submissions.demo.calendar import PERIODS, make_periods
from submissions.demo.files import write_workbooks
from submissions.demo.growth import WEIGHTS
from submissions.demo.plan import Return, returns
from validation import Period


class Loaded(NamedTuple):
    """What became of one return."""

    planned: Return
    state: str
    rows: int | None


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

    def handle(self, *args: object, **options: Any) -> None:
        periods = _periods(options["periods"])
        units = _units(options["units"])
        if options["workbooks_only"] is None:
            self._load(returns(periods, units), options["scale"], options["processes"])
        folder = options["workbooks_only"] or settings.DATA_DIR / "demo"
        count = write_workbooks(folder, periods[-1], units, scale=options["scale"])
        self.stdout.write(f"{count} demo workbooks of {periods[-1]}: {folder}")

    def _load(self, plan: list[list[Return]], scale: float, processes: int) -> None:
        from submissions.demo.accounts import greeting, make_accounts
        from submissions.loading import load_units

        if not settings.DEMO_MODE:
            raise CommandError("Demo accounts have a known password: set DEMO_MODE=true to allow them here.")
        load_units()
        make_accounts()
        make_periods(wave[0].period for wave in plan)
        total = sum(len(wave) for wave in plan)
        for number, loaded in enumerate(_run(plan, scale, processes), start=1):
            self.stdout.write(f"[{number:>4}/{total}] {_line(loaded)}")
        self.stdout.write("\n".join(greeting()))


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


def _line(loaded: Loaded) -> str:
    planned = loaded.planned
    rows = "" if loaded.rows is None else f", {loaded.rows} rows"
    return f"{planned.period} {planned.unit} {planned.collection}: {loaded.state}{rows}"


def _run(plan: list[list[Return]], scale: float, processes: int) -> Iterator[Loaded]:
    """One period after the other; within it the units side by side, and one unit's returns in order."""
    if processes == 1:
        yield from (
            loaded for wave in plan for group in _by_unit(wave) for loaded in _load_unit(group, scale)
        )
        return
    # A child that shared this process's database connection would break it.
    connections.close_all()
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=context, initializer=django.setup) as pool:
        for wave in plan:
            waiting = [pool.submit(_load_unit, group, scale) for group in _by_unit(wave)]
            yield from chain.from_iterable(done.result() for done in as_completed(waiting))


def _by_unit(wave: list[Return]) -> list[list[Return]]:
    groups: dict[str, list[Return]] = {}
    for planned in wave:
        groups.setdefault(planned.unit, []).append(planned)
    return list(groups.values())


def _load_unit(group: list[Return], scale: float) -> list[Loaded]:
    """One unit's returns of one period, in whatever process."""
    from submissions.demo.loading import load

    loaded = []
    for planned in group:
        submission = load(planned, scale=scale)
        state = submission.state if submission else planned.outcome.value
        loaded.append(Loaded(planned, state, submission.data_rows if submission else None))
    return loaded
