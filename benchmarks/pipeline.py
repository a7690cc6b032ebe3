"""`python -m benchmarks.pipeline`: one large form the whole way, from upload to accepted figures.

Needs PostgreSQL and Redis, e.g. `make bench BENCH='pipeline --rows 100000'`. Every run takes the period after
the last one, so that the history rules compare with a register of the same size.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import django
from django.core.management import call_command

from benchmarks.files import PERIOD, made_file
from benchmarks.steps import LIMITS, WARM_UP_ROWS, checked, forget_peak, peak_mb

if TYPE_CHECKING:
    from submissions.models import Submission


def main() -> None:
    """Measure each step of the way, with and without an earlier register to compare with."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--repeats", type=int, default=2)
    parser.add_argument("--folder", type=Path, default=Path(".data/benchmarks"))
    arguments = parser.parse_args()
    set_up()
    path = made_file(arguments.folder, arguments.rows, defects=False)
    checked(made_file(arguments.folder, WARM_UP_ROWS, defects=False))
    for number in range(1, arguments.repeats + 1):
        steps = _walk(path)
        summary = ", ".join(
            f"{name} {seconds:.2f} s ({peak:.0f} MB)" for name, (seconds, peak) in steps.items()
        )
        print(f"{arguments.rows} rows, run {number}: {summary}")


def set_up() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
    django.setup()
    from django.conf import settings

    from demo.accounts import make_accounts
    from submissions.accounts.reporting_units import load_units

    settings.UPLOAD_LIMITS = LIMITS
    call_command("migrate", interactive=False, verbosity=0)
    load_units()
    make_accounts()


def _walk(path: Path) -> dict[str, tuple[float, float]]:
    """Receive, check, sign and accept one file for the next period; seconds and peak memory in MB per step."""
    from demo.loading import explain_all
    from submissions.checks import intake
    from submissions.models import User
    from submissions.signoff import review

    preparer, signer, admin = (
        User.objects.get(username=name) for name in ("js_preparer", "js_signer", "admin")
    )
    period = _next_period()
    made: list[Submission] = []

    def receive() -> None:
        slot = {"by": preparer, "collection": "networks", "period": period}
        with path.open("rb") as upload:
            made.append(intake.receive(**slot, upload=upload, filename=path.name))

    steps: dict[str, Callable[[], None]] = {
        "receive": receive,
        "check": lambda: intake.check(submission_id=made[0].pk),
        "explain": lambda: explain_all(_fresh(made[0])),
        "sign": lambda: review.sign(submission=_fresh(made[0]), by=signer),
        "accept": lambda: review.accept(submission=_fresh(made[0]), by=admin),
    }
    return {name: _measured(step) for name, step in steps.items()}


def _fresh(submission: Submission) -> Submission:
    submission.refresh_from_db()
    return submission


def _next_period() -> str:
    """Open a period that has not been used."""
    from demo.calendar import make_periods
    from submissions.models import Period

    period = PERIOD.shift(Period.objects.count())
    make_periods([period])
    return str(period)


def _measured(step: Callable[[], None]) -> tuple[float, float]:
    forget_peak()
    start = time.perf_counter()
    step()
    return time.perf_counter() - start, peak_mb()


if __name__ == "__main__":
    main()
