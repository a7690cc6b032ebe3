"""The steps that are measured, each run in a process of its own: `python -m benchmarks.steps NAME FILE`."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import django
import polars as pl

from benchmarks.files import FORM, PERIOD, UNIT, made_file
from benchmarks.peers import PEERS
from validation import Context, Limits, Result, validate

#: Enough for a million rows; the published limits are lower.
LIMITS = Limits(file_bytes=2**30, expanded_bytes=2**33, rows=1_048_576)
WARM_UP_ROWS = 100


def peak_mb() -> float:
    """Largest resident size of this process so far, in MB. getrusage would count its parent's before the exec."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 1024


def forget_peak() -> None:
    """Reset the peak that `peak_mb` reports."""
    Path("/proc/self/clear_refs").write_text("5")


def floor(path: Path) -> dict[str, Any]:
    """The lower bound: fastexcel reads the sheet, COPY writes the same rows into PostgreSQL."""
    import fastexcel

    start = time.perf_counter()
    frame = fastexcel.read_excel(path).load_sheet(0, dtypes="string").to_polars()
    read = time.perf_counter() - start
    start = time.perf_counter()
    _copy_away(frame)
    return {"read": read, "copy": time.perf_counter() - start, "rows": frame.height}


def _copy_away(frame: pl.DataFrame) -> None:
    """COPY into a table of texts that vanishes with the transaction."""
    from django.db import connection, transaction

    columns = ", ".join(f"c{number} text" for number in range(frame.width))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE floor_rows ({columns}) ON COMMIT DROP")
        with cursor.copy("COPY floor_rows FROM STDIN (FORMAT csv)") as copy:
            for part in frame.iter_slices(50_000):
                copy.write(part.write_csv(include_header=False).encode())


def engine(path: Path) -> dict[str, Any]:
    """The check itself, then its findings stored as the pipeline stores them, rolled back in the end.

    A small file is checked first: a worker has its code and code lists loaded when a file arrives.
    """
    checked(made_file(path.parent, WARM_UP_ROWS, defects=True))
    start = time.perf_counter()
    result = checked(path)
    done = time.perf_counter()
    _store_and_roll_back(result.findings)
    stored = time.perf_counter()
    return {
        "check": done - start,
        "store": stored - done,
        "findings": result.findings.height,
        "phases": result.report.timings,
    }


def checked(path: Path) -> Result:
    """The engine's answer on a file, without earlier registers to compare with."""
    context = Context(unit=UNIT, period=PERIOD, limits=LIMITS)
    return validate(path.read_bytes(), FORM, context, filename=path.name)


def _store_and_roll_back(findings: pl.DataFrame) -> None:
    from django.db import transaction

    from submissions.findings import store
    from submissions.models import Submission

    with transaction.atomic():
        submission = Submission(pk=uuid4(), collection=FORM.name, period_id=str(PERIOD))
        store.store(submission, findings)
        # The submission is not there: without this the foreign key would refuse the commit.
        transaction.set_rollback(True)


STEPS: dict[str, Callable[[Path], dict[str, Any]]] = {"floor": floor, "engine": engine, **PEERS}


def main(name: str, path: str) -> None:
    """Run one step and print what it took as JSON."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
    django.setup()
    answer = STEPS[name](Path(path))
    answer |= {"peak_mb": peak_mb(), "cpu": time.process_time()}
    print(json.dumps(answer))


if __name__ == "__main__":
    main(*sys.argv[1:])
