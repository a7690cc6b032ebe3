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


def main() -> None:
    """Measure the floor and the engine in turn and print their medians and ratios."""
    arguments = _arguments()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    print(
        f"{date.today()}, {os.cpu_count()} cores, Python {platform.python_version()}, rows {arguments.rows}"
    )
    clean = _compare(made_file(arguments.folder, arguments.rows, defects=False), arguments.repeats)
    if arguments.defects:
        path = made_file(arguments.folder, arguments.rows, defects=True)
        spoilt = _compare(path, arguments.repeats, expected=defects_in(arguments.rows))
        print(f"a defect in every third row / clean = {spoilt / clean:.2f}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--defects", action="store_true", help="also with a defect in every third row")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--folder", type=Path, default=Path(".data/benchmarks"))
    return parser.parse_args()


def _compare(path: Path, repeats: int, *, expected: int = 0) -> float:
    """Floor and engine on one file, in turn so that both meet the same machine; gives the engine's seconds."""
    rounds = [(_run("floor", path), _run("engine", path)) for _ in range(repeats)]
    floors, engines = zip(*rounds, strict=True)
    found = {engine["findings"] for engine in engines}
    assert found == {expected}, f"{path.name}: {expected} defects, {sorted(found)} findings"
    floor = _median(floors, "read") + _median(floors, "copy")
    engine = _median(engines, "check") + _median(engines, "store")
    print(f"{path.name} ({path.stat().st_size / 1e6:.1f} MB)")
    print(
        f"  floor   {floor:7.2f} s  read {_median(floors, 'read'):.2f}  copy {_median(floors, 'copy'):.2f}"
        f"  peak {_median(floors, 'peak_mb'):.0f} MB"
    )
    print(
        f"  engine  {engine:7.2f} s  check {_median(engines, 'check'):.2f}  store {_median(engines, 'store'):.2f}"
        f"  peak {_median(engines, 'peak_mb'):.0f} MB  {_phases(engines)}"
    )
    print(f"  engine / floor = {engine / floor:.2f}")
    return engine


def _run(step: str, path: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.steps", step, str(path)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def _median(runs: tuple[dict[str, Any], ...], key: str) -> float:
    return statistics.median(run[key] for run in runs)


def _phases(runs: tuple[dict[str, Any], ...]) -> str:
    names = runs[0]["phases"]
    return ", ".join(f"{name} {statistics.median(run['phases'][name] for run in runs):.2f}" for name in names)


if __name__ == "__main__":
    main()
