"""`python -m benchmarks.first_start [--scale 1] [FOLDER…]`: a new stack with the demo, from the start to what a visitor sees.

Each folder is a checkout with its packages installed; without any this one. Its `manage.py up` is started on an empty data
folder, first without and then with the demo, and asked over HTTP as a visitor would. Told are seconds by the clock and
of processor time, of the stack's processes all together.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import psutil

from demo.plan import Outcome, returns
from project.settings import BASE_DIR
from tests.stack import data_folder
from validation import Period

_ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+")
_EVERY = 0.25
_LONGEST = 3600.0
NEWEST = Period(2026, 3)
#: the demo's quarters, oldest first
PERIODS = [str(NEWEST.shift(-back)) for back in range(4, -1, -1)]
_NEWEST = [planned for planned in returns([NEWEST])[-1] if planned.collection == "networks"]
#: units whose networks are accepted in the end: of earlier quarters all
ACCEPTED = dict.fromkeys(PERIODS, len(_NEWEST)) | {
    str(NEWEST): sum(planned.outcome is Outcome.ACCEPTED for planned in _NEWEST)
}


class Watch:
    """A stack that was just started, and the time since."""

    def __init__(self, process: subprocess.Popen[bytes], log: Path) -> None:
        self._process, self._log, self._began = process, log, time.monotonic()
        self.url = ""

    def report(self, what: str) -> None:
        """Print how long it took until now."""
        print(
            f"{what:<32}{time.monotonic() - self._began:8.1f} s{self._processor_time():10.1f} s of processor",
            flush=True,
        )

    def wait_for_first_page(self) -> None:
        while not (address := _ADDRESS.search(self._log.read_text())) or _answer(address[0] + "/") is None:
            self._pause()
        self.url = address[0]

    def wait_for_demo(self) -> None:
        """Report each quarter once its total can be read, then its parts; done when all are there."""
        waited = [f"total of {period}" for period in PERIODS] + [f"parts of {period}" for period in PERIODS]
        while waited:
            self._pause()
            for what in self._there() & set(waited):
                self.report(what)
                waited.remove(what)

    def _there(self) -> set[str]:
        """Totals once all that the plan accepts is in them, and parts of such quarters."""
        totals = self._figures("breakdown=total")
        parts = self._figures("breakdown=network_type")
        whole = {
            figure["period"] for figure in totals if figure["units_accepted"] == ACCEPTED[figure["period"]]
        }
        return {f"total of {period}" for period in whole} | {
            f"parts of {figure['period']}" for figure in parts if figure["period"] in whole
        }

    def _figures(self, query: str) -> list[dict[str, Any]]:
        answer = _answer(f"{self.url}/api/v1/figures/?indicator=NET_COUNT&area=CN&period=all&{query}")
        return json.loads(answer)["results"] if answer else []

    def _pause(self) -> None:
        if self._process.poll() is not None or time.monotonic() - self._began > _LONGEST:
            sys.exit(f"The stack ended or takes too long:\n{self._log.read_text()[-3000:]}")
        time.sleep(_EVERY)

    def _processor_time(self) -> float:
        stack = psutil.Process(self._process.pid)
        return sum(sum(_times(process)) for process in [stack, *stack.children(recursive=True)])


def main() -> None:
    """Start each checkout without and with the demo and print what was seen when."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0, help="1 is the size of the country")
    parser.add_argument("folders", nargs="*", type=Path, default=[BASE_DIR], metavar="FOLDER")
    arguments = parser.parse_args()
    print(f"{date.today()}, {platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.0f}")
    for folder in arguments.folders:
        with _started(folder.resolve(), arguments.scale, demo=False) as empty:
            empty.wait_for_first_page()
            empty.report(f"{folder}: first page, empty")
        with _started(folder.resolve(), arguments.scale, demo=True) as stack:
            stack.wait_for_first_page()
            stack.report("first page")
            stack.wait_for_demo()
            stack.report("all")


@contextmanager
def _started(folder: Path, scale: float, *, demo: bool) -> Iterator[Watch]:
    own = folder / ".venv" / "bin" / "python"
    with data_folder() as data:
        log = data / "up.log"
        left_out = {"DATABASE_URL", "REDIS_URL", "SECRET_KEY"}
        env = {name: value for name, value in os.environ.items() if name not in left_out}
        env |= {"DATA_DIR": str(data), "DEMO_MODE": "on" if demo else "off", "STAMP_SECONDS": "0"}
        with log.open("wb") as out:
            process = subprocess.Popen(
                [own if own.exists() else sys.executable, "manage.py", "up", f"--demo=--scale {scale}"],
                env=env, cwd=folder, stdout=out, stderr=subprocess.STDOUT,
            )  # fmt: skip
        try:
            yield Watch(process, log)
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(60)


def _times(process: psutil.Process) -> tuple[float, ...]:
    """Of the process and of its children that have ended."""
    try:
        return tuple(process.cpu_times())[:4]
    except psutil.NoSuchProcess:
        return (0.0,)


def _answer(address: str) -> bytes | None:
    try:
        with urlopen(address, timeout=30) as answer:  # noqa: S310 the stack just started
            return bytes(answer.read())
    except (URLError, TimeoutError, ConnectionError):
        return None


if __name__ == "__main__":
    main()
