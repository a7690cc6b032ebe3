"""`python -m benchmarks.acceptance`: what accepting one submission costs with one quarter of history and with forty.

Needs PostgreSQL, e.g. `make bench BENCH=acceptance`. Two databases are made and filled through the real verb with
the registers of some units, one with a single quarter of history and one with many. Then the same large register
of networks is accepted as the next quarter's in either database in turn, so that both meet the same machine, and
taken out of force again after each time.
"""

from __future__ import annotations

import argparse
import gc
import os
import statistics
import subprocess
import sys
import time
from io import BytesIO
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import django
import polars as pl
from django.core.management import call_command

from validation import FORMS, Period

if TYPE_CHECKING:
    from submissions.models import Submission

#: a province with its city with separate plan, another one, and the unit whose acceptance is measured
UNITS = ("330000", "330200", "440000", "320000")
MEASURED = "320000"
#: so late that forty quarters before it are collected; the registers are those of an earlier one
LAST, REGISTERED = Period(2030, 1), Period(2026, 3)
COLLECTIONS = ("networks", "ai_applications")


def main() -> None:
    """Print the medians with little and with much history, and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quarters", type=int, default=40)
    parser.add_argument("--repeats", type=int, default=9)
    parser.add_argument(
        "--scale", type=float, default=0.5, help="of the measured register; 1 is the real size"
    )
    parser.add_argument("--history", type=int, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.history:
        _answer(arguments.history, arguments.scale)
        return
    histories = [1, arguments.quarters]
    children = {quarters: _child(quarters, arguments.scale) for quarters in histories}
    rows = {quarters: children[quarters].stdout.readline().strip() for quarters in histories}
    seconds: dict[int, list[float]] = {quarters: [] for quarters in histories}
    for turn in range(arguments.repeats + 1):
        for quarters in histories if turn % 2 else reversed(histories):
            seconds[quarters].append(_ask(children[quarters]))
    for quarters, durations in seconds.items():
        # the first of all warms up
        print(f"{quarters} quarters of history, {rows[quarters]} rows: {_summary(durations[1:])}")
        children[quarters].stdin.close()
        children[quarters].wait()
    ratio = statistics.median(seconds[arguments.quarters][1:]) / statistics.median(seconds[1][1:])
    print(f"{arguments.quarters} quarters / 1 quarter = {ratio:.2f}")


def _child(quarters: int, scale: float) -> subprocess.Popen[str]:
    command = [
        sys.executable,
        "-m",
        "benchmarks.acceptance",
        "--history",
        str(quarters),
        "--scale",
        str(scale),
    ]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def _ask(child: subprocess.Popen[str]) -> float:
    child.stdin.write("\n")
    child.stdin.flush()
    return float(child.stdout.readline())


def _answer(quarters: int, scale: float) -> None:
    """Make the history, print its number of rows; then accept once per input line and print the seconds."""
    _set_up(f"acceptance_{quarters}")
    from demo import register

    frames = {
        (unit, name): _addressed(register(unit, name, REGISTERED)) for unit in UNITS for name in COLLECTIONS
    }
    for number in range(quarters + 1):
        period = _opened(LAST.shift(number - quarters))
        for (unit, name), frame in frames.items():
            _accept(_signed(unit, name, period, frame))
    measured = _addressed(register(MEASURED, "networks", REGISTERED, scale=scale))
    _settled()
    print(len(measured), flush=True)
    for _ in sys.stdin:
        print(_seconds(measured, str(LAST)), flush=True)


def _set_up(database: str) -> None:
    """Make a fresh database of this name beside the configured one."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
    django.setup()
    from django.db import connection

    from demo.accounts import make_accounts
    from submissions.accounts.reporting_units import load_units

    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {database}")
        cursor.execute(f"CREATE DATABASE {database}")
    connection.close()
    connection.settings_dict["NAME"] = database
    call_command("migrate", interactive=False, verbosity=0)
    load_units()
    make_accounts()


def _settled() -> None:
    """Make background tasks do nothing."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _seconds(frame: pl.DataFrame, period: str) -> float:
    """Replace the register in force by accepting `frame`."""
    from submissions.models import Register, User
    from submissions.signoff import review

    admin = User.objects.get(username="admin")
    standing = Register.objects.in_force().get(unit=MEASURED, collection="networks", period=period)
    review.exclude(submission=standing.submission, by=admin, reason="Measured again")
    submission = _signed(MEASURED, "networks", period, frame)
    gc.collect()
    start = time.perf_counter()
    _accept(submission)
    return time.perf_counter() - start


def _summary(seconds: list[float]) -> str:
    return f"median {statistics.median(seconds):.3f} s, {min(seconds):.3f} to {max(seconds):.3f} s"


def _opened(period: Period) -> str:
    from demo.calendar import make_periods

    make_periods([period])
    return str(period)


def _addressed(frame: pl.DataFrame) -> pl.DataFrame:
    """The register as if it had been read from a workbook."""
    rows = pl.int_range(2, pl.len() + 2, dtype=pl.Int32).alias("_row")
    return frame.select(pl.lit("Sheet1").alias("_sheet"), rows, pl.all())


def _signed(unit: str, collection: str, period: str, frame: pl.DataFrame) -> Submission:
    """A signed version of the unit's register that holds `frame`."""
    from django.utils import timezone

    from submissions.files import storage
    from submissions.models import State, Submission, User
    from submissions.signoff import receipts

    signer = User.objects.get(username="js_signer")
    slot: dict[str, Any] = {"unit_id": unit, "collection": collection, "period_id": period}
    submission = Submission(
        **slot,
        version=Submission.objects.filter(**slot).count() + 1,
        state=State.SIGNED,
        uploader=signer,
        signer=signer,
        signed_at=timezone.now(),
        receipt_number=uuid4().hex,
        file=storage.keep(BytesIO(uuid4().bytes)),
        data_rows=len(frame),
    )
    submission.frame_path, submission.frame_sha256 = storage.keep_frame(
        str(submission.pk), frame, FORMS[submission.collection]
    )
    submission.save()
    submission.signed_sha256 = receipts.signed_hash(submission, scheme=1)
    submission.save(update_fields=["signed_sha256"])
    return submission


def _accept(submission: Submission) -> None:
    from submissions.models import User
    from submissions.signoff import review

    review.accept(submission=submission, by=User.objects.get(username="admin"))


if __name__ == "__main__":
    main()
