"""`python -m benchmarks.burst`: both forms of all units sent within a minute, against the same files sent one by one.

Starts a stack of its own, e.g. `make bench BENCH='burst --scale 0.5'`. Meanwhile a visitor asks for the start page.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import NamedTuple
from urllib.request import urlopen

from tests.stack import Stack, data_folder, running, wait_for_demo

ALONE, TOGETHER = "2026Q2", "2026Q3"
SENDERS = 8
PAUSE = 0.05
CHECKED = {"ready", "unexplained", "invalid"}
MAKE_READY = f"""
import json
from knox.models import AuthToken
from demo.calendar import make_periods
from submissions.models import User
from validation import Period
make_periods([Period.parse("{ALONE}"), Period.parse("{TOGETHER}")])
users = User.objects.filter(username__endswith="_preparer") | User.objects.filter(username="admin")
print(json.dumps(dict((user.unit_id or "admin", AuthToken.objects.create(user)[1]) for user in users)))
"""


class Upload(NamedTuple):
    """One file of one unit."""

    unit: str
    collection: str
    filename: str
    data: bytes


def main() -> None:
    """Send all one by one, then all at once, and print the ratio and what the visitor saw."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, default=0.5, help="1 is the size of the country")
    arguments = parser.parse_args()
    cores = os.cpu_count() or 1
    with data_folder() as folder, running(folder, demo="--units 110000 --periods 2026Q1") as stack:
        wait_for_demo(stack)
        tokens = json.loads(stack.manage("shell", "--no-imports", "-c", MAKE_READY).splitlines()[-1])
        stack.know(tokens)
        alone = [_timed(stack, upload, ALONE) for upload in _uploads(ALONE, arguments.scale)]
        together = _uploads(TOGETHER, arguments.scale)
        wall, pages = _all_at_once(stack, together)
    rows = f"{len(alone)} files at scale {arguments.scale}"
    print(f"{date.today()}, {cores} cores, Python {platform.python_version()}: {rows}")
    print(
        f"one by one {sum(alone):.1f} s; all at once {wall:.1f} s from the first upload to the last verdict"
    )
    print(f"wall ÷ (one by one ÷ cores) = {wall / (sum(alone) / cores):.2f}")
    print(f"start page meanwhile: median {statistics.median(pages):.2f} s, slowest {max(pages):.2f} s")


def _uploads(period: str, scale: float) -> list[Upload]:
    """Both forms of every unit, made beforehand."""
    from demo.growth import WEIGHTS
    from demo.workbooks import workbook
    from validation import FORMS, Period

    quarter = Period.parse(period)
    books = {(unit, name): workbook(unit, name, quarter, scale=scale) for unit in WEIGHTS for name in FORMS}
    return [Upload(unit, name, book.filename, book.data) for (unit, name), book in books.items()]


def _timed(stack: Stack, upload: Upload, period: str) -> float:
    start = time.perf_counter()
    made = _send(stack, upload, period)
    while stack.get(f"/api/v1/submissions/{made}/", as_user=upload.unit)["state"] not in CHECKED:
        time.sleep(PAUSE)
    return time.perf_counter() - start


def _send(stack: Stack, upload: Upload, period: str) -> str:
    answer = stack.upload(
        as_user=upload.unit,
        filename=upload.filename,
        data=upload.data,
        collection=upload.collection,
        period=period,
    )
    return str(answer["id"])


def _all_at_once(stack: Stack, uploads: list[Upload]) -> tuple[float, list[float]]:
    """Seconds until every verdict is there, and those of each start page asked for meanwhile."""
    pages: list[float] = []
    done = threading.Event()
    visitor = threading.Thread(target=_visit, args=(stack, done, pages))
    visitor.start()
    start = time.perf_counter()
    with ThreadPoolExecutor(SENDERS) as senders:
        sent = list(senders.map(lambda upload: _send(stack, upload, TOGETHER), uploads))
    while len(_checked(stack) & set(sent)) < len(sent):
        time.sleep(10 * PAUSE)
    wall = time.perf_counter() - start
    done.set()
    visitor.join()
    return wall, pages


def _checked(stack: Stack) -> set[str]:
    address = f"/api/v1/submissions/?period={TOGETHER}"
    submissions = stack.get(address, as_user="admin")["results"]
    return {submission["id"] for submission in submissions if submission["state"] in CHECKED}


def _visit(stack: Stack, done: threading.Event, pages: list[float]) -> None:
    while not done.wait(0.5):
        start = time.perf_counter()
        with urlopen(f"{stack.url}/", timeout=60) as answer:  # noqa: S310 the benchmark's own server
            answer.read()
        pages.append(time.perf_counter() - start)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
    main()
