"""`python -m benchmarks.check`: the check of a large form against the floor, in one run on one machine.

Needs PostgreSQL, e.g. `manage.py with_stack -- python -m benchmarks.check --rows 100000`.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import django
from django.core.management import call_command

from benchmarks.files import defects_in, made_file

Answer = dict[str, Any]


def main() -> None:
    """Measure floor and engine in turn, clean and with defects, and print medians and ratios."""
    arguments = _arguments()
    set_up(arguments.rows)
    kinds = [False, True] if arguments.defects else [False]
    files = {defects: made_file(arguments.folder, arguments.rows, defects=defects) for defects in kinds}
    rounds = [
        {defects: (run("floor", path), run("engine", path)) for defects, path in files.items()}
        for _ in range(arguments.repeats)
    ]
    seconds = {
        defects: _report(
            path,
            [measured[defects] for measured in rounds],
            expected=defects_in(arguments.rows) if defects else 0,
        )
        for defects, path in files.items()
    }
    if arguments.defects:
        print(f"a defect in every third row / clean = {seconds[True] / seconds[False]:.2f}")


def set_up(rows: int) -> None:
    """Make the tables, and print when and where this is measured."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    print(f"{date.today()}, {os.cpu_count()} cores, Python {platform.python_version()}, rows {rows}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--defects", action="store_true", help="also with a defect in every third row")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--folder", type=Path, default=Path(".data/benchmarks"))
    return parser.parse_args()


def _report(path: Path, rounds: list[tuple[Answer, Answer]], *, expected: int) -> float:
    """Print one file's medians; return the engine's seconds. A wrong number of findings stops the benchmark."""
    floors, engines = zip(*rounds, strict=True)
    counts = {engine["findings"] for engine in engines}
    assert counts == {expected}, f"{path.name}: {expected} defects, {sorted(counts)} findings"
    floor = _median(floors, "read") + _median(floors, "copy")
    engine = _median(engines, "check") + _median(engines, "store")
    print(f"{path.name} ({path.stat().st_size / 1e6:.1f} MB)")
    print(f"  floor   {floor:7.2f} s  {_parts(floors, 'read', 'copy')}")
    print(f"  engine  {engine:7.2f} s  {_parts(engines, 'check', 'store')}  ({_phases(engines)})")
    print(f"  engine / floor = {engine / floor:.2f}")
    return engine


def _parts(runs: tuple[Answer, ...], *keys: str) -> str:
    parts = ", ".join(f"{key} {_median(runs, key):.2f}" for key in keys)
    return f"{parts}, peak {_median(runs, 'peak_mb'):.0f} MB"


def run(step: str, path: Path) -> Answer:
    """Run one step in a process of its own; `cpu` are the seconds of both cores together."""
    command = [sys.executable, "-m", "benchmarks.steps", step, str(path)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    answer: Answer = json.loads(done.stdout)
    return answer


def _median(runs: tuple[Answer, ...], key: str) -> float:
    return statistics.median(run[key] for run in runs)


def _phases(runs: tuple[Answer, ...]) -> str:
    names = runs[0]["phases"]
    return ", ".join(f"{name} {statistics.median(run['phases'][name] for run in runs):.2f}" for name in names)


if __name__ == "__main__":
    main()
