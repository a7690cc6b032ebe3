"""`python -m benchmarks.trees --before FOLDER`: processor time of a check in two source trees, in turn on one machine.

FOLDER is another checkout of this repository, e.g. one made by `git worktree add FOLDER COMMIT`. Needs no server.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

#: Checks in one process by the least number of rows; the median is taken.
RUNS = ((50_000, 2), (5_000, 8), (0, 60))
HERE = Path(__file__).resolve().parents[1]


def main() -> None:
    """Print processor seconds before and now, and their ratio, by rows."""
    arguments = _arguments()
    if arguments.step:
        print(json.dumps(_seconds(arguments.step)))
        return
    from benchmarks.files import made_file

    print(f"{date.today()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    for rows in arguments.rows:
        for defects in (False, True):
            path = made_file(arguments.folder, rows, defects=defects)
            rounds = [
                (_in_tree(arguments.before, path), _in_tree(HERE, path)) for _ in range(arguments.repeats)
            ]
            before, now = (statistics.median(side) for side in zip(*rounds, strict=True))
            ratio = statistics.median(now / before for before, now in rounds)
            kind = "defects" if defects else "clean"
            print(
                f"{rows:7} rows, {kind:7}  before {before:.4f} s  now {now:.4f} s  now / before {ratio:.3f}"
            )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--before", type=Path, help="the other checkout")
    parser.add_argument("--rows", type=int, nargs="*", default=[46, 10_000, 100_000])
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--folder", type=Path, default=Path(".data/benchmarks"))
    parser.add_argument(
        "--step", type=Path, help="time this file in the tree of PYTHONPATH and print the seconds"
    )
    return parser.parse_args()


def _in_tree(tree: Path, path: Path) -> float:
    """Processor seconds of a check by the engine of `tree`, in a process of its own."""
    environment = {**os.environ, "PYTHONPATH": str(tree.resolve())}
    command = [sys.executable, str(Path(__file__).resolve()), "--step", str(path.resolve())]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=environment)
    return float(json.loads(done.stdout))


def _seconds(path: Path) -> float:
    """Median processor seconds of a check of `path`, once the code and its lists are loaded."""
    from validation import FORMS, Context, Limits, Period, validate

    context = Context(
        "320000", Period(2026, 3), limits=Limits(file_bytes=2**30, expanded_bytes=2**33, rows=1_048_576)
    )
    data = path.read_bytes()
    rows = int(path.stem.split("-")[1])
    taken = []
    for _ in range(1 + next(runs for least, runs in RUNS if rows >= least)):
        start = time.process_time()
        validate(data, FORMS["networks"], context, filename=path.name)
        taken.append(time.process_time() - start)
    return statistics.median(taken[1:])


if __name__ == "__main__":
    main()
