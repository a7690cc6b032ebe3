"""The steps that are measured, each run in a process of its own: `python -m benchmarks.steps NAME FILE`."""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import django
import polars as pl

from benchmarks.files import FORM, PERIOD, UNIT

Seconds = dict[str, float]


def peak_mb() -> float:
    """Largest resident size of this process so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def floor(path: Path) -> dict[str, Any]:
    """What cannot be gone below: fastexcel reads the sheet, COPY writes the same rows into PostgreSQL."""
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
    """The check itself, then its findings stored as the pipeline stores them, rolled back in the end."""
    from validation import DEFAULT_LIMITS, Context, validate

    data = path.read_bytes()
    rows = {"rows": 1_048_576, "file_bytes": 1 << 30, "expanded_bytes": 1 << 33, "cells": 1 << 31}
    known = {name: value for name, value in rows.items() if hasattr(DEFAULT_LIMITS, name)}
    limits = type(DEFAULT_LIMITS)(**known)
    start = time.perf_counter()
    result = validate(data, FORM, Context(unit=UNIT, period=PERIOD, limits=limits), filename=path.name)
    seconds = time.perf_counter() - start
    start = time.perf_counter()
    _store_and_roll_back(result.findings)
    stored = time.perf_counter() - start
    height = result.frame.height if result.frame is not None else 0
    found = sum(result.counts.values())
    return {
        "check": seconds,
        "store": stored,
        "rows": height,
        "findings": found,
        "phases": result.report.timings,
    }


def _store_and_roll_back(findings: pl.DataFrame) -> None:
    from django.db import transaction

    from submissions import findings_store
    from submissions.models import Submission

    with transaction.atomic():
        findings_store.store(Submission(pk=uuid4()), findings)
        # The submission is not there: without this the foreign key would refuse the commit.
        transaction.set_rollback(True)


STEPS: dict[str, Callable[[Path], dict[str, Any]]] = {"floor": floor, "engine": engine}


def main(name: str, path: str) -> None:
    """Run one step and print what it took as JSON."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
    django.setup()
    answer = STEPS[name](Path(path))
    answer["peak_mb"] = peak_mb()
    print(json.dumps(answer))


if __name__ == "__main__":
    main(*sys.argv[1:])
