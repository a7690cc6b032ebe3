"""`python -m benchmarks.compare`: the same workbook checked by this engine and by other libraries, side by side.

Needs PostgreSQL, e.g. `make bench BENCH='compare --rows 10000'`. The others check types, required values, ranges, lists and
patterns; this engine checks all its rules as well, and stores what it finds.
"""

from __future__ import annotations

import argparse
import statistics
from collections.abc import Sequence
from pathlib import Path

from benchmarks.check import Answer, run, set_up
from benchmarks.files import made_file
from benchmarks.peers import PEERS


def main() -> None:
    """Measure all in turn, and print medians and how many times as long each takes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--repeats", type=int, default=1)
    parser.add_argument("--defects", action="store_true", help="with a defect in every third row")
    parser.add_argument("--peers", nargs="*", choices=PEERS, default=list(PEERS))
    parser.add_argument("--folder", type=Path, default=Path(".data/benchmarks"))
    arguments = parser.parse_args()
    set_up(arguments.rows)
    path = made_file(arguments.folder, arguments.rows, defects=arguments.defects)
    names = ["floor", "engine", *arguments.peers]
    rounds = [{name: run(name, path) for name in names} for _ in range(arguments.repeats)]
    engine = _seconds([measured["engine"] for measured in rounds])
    for name in names:
        print(_line(name, [measured[name] for measured in rounds], engine))


def _line(name: str, answers: Sequence[Answer], engine: float) -> str:
    seconds = _seconds(answers)
    peak = statistics.median(answer["peak_mb"] for answer in answers)
    findings = f"{answers[0]['findings']} findings" if "findings" in answers[0] else ""
    return f"{name:20} {seconds:9.2f} s  {seconds / engine:7.2f} x engine  peak {peak:6.0f} MB  {findings}"


def _seconds(answers: Sequence[Answer]) -> float:
    steps = ("read", "check", "copy", "store")
    return statistics.median(sum(answer.get(step, 0.0) for step in steps) for answer in answers)


if __name__ == "__main__":
    main()
