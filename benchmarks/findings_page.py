"""`python -m benchmarks.findings_page`: the findings page of a large form, at the server and in the browser.

Needs PostgreSQL and Redis, e.g. `make bench BENCH='findings_page --rows 50000'`. Two rows in five have a finding, or as
`--share` says: `--rows 200000 --share 1 1` gives 200 000 findings. The web server runs as `manage.py up` runs it; the browser is Debian's chromium without a graphics card.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlencode

from benchmarks.files import PERIOD, defects_in, made_file
from benchmarks.pipeline import set_up

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from submissions.models import Finding, Submission

SHARE = (2, 5)
#: Screens scrolled per second, as somebody does who looks for a row.
SCROLL_SECONDS = 5
STALL_MS = 100
ARGUMENTS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]

#: What mends the cells that are corrected; rules that compare rows read the site, those of one row the others.
MENDED = {
    "base_stations_dedicated": "1",
    "security_level": "二级",
    "site_name": "一厂区",
    "industry_code": "391",
}

#: Scrolls through the grid and tells the milliseconds between frames.
SCROLL = """async (seconds) => {
  const grid = document.querySelector("[data-scroll]"), gaps = [];
  let last = performance.now();
  const end = last + seconds * 1000;
  while (last < end) {
    grid.scrollTop += 400;
    const now = await new Promise(requestAnimationFrame);
    gaps.push(now - last);
    last = now;
  }
  return { gaps, row: grid.scrollTop / 34 };
}"""


class Visit(NamedTuple):
    """A logged-in visitor's cookies and the web server's port."""

    port: int
    session: str
    token: str

    def ask(self, path: str, fields: dict[str, Any] | None = None, **headers: str) -> tuple[float, bytes]:
        """Seconds until the whole answer was there, and the answer."""
        cookies = f"sessionid={self.session}; csrftoken={self.token}; django_language=zh-hans"
        body = urlencode(fields) if fields else None
        sent = {"Cookie": cookies, "X-CSRFToken": self.token, **headers}
        if body:
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        start = time.perf_counter()
        connection.request("POST" if body else "GET", path, body, sent)
        answer = connection.getresponse()
        content = answer.read()
        seconds = time.perf_counter() - start
        connection.close()
        assert answer.status == 200, (answer.status, content[:500])
        return seconds, content


def main() -> None:
    """Measure, and print one line per figure."""
    arguments = _arguments()
    set_up()
    share = (arguments.share[0], arguments.share[1])
    submission = _checked(arguments.folder, arguments.rows, share)
    total = submission.errors + submission.warnings + submission.infos
    assert total == defects_in(arguments.rows, share), total
    print(
        f"{date.today()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, rows {arguments.rows}, findings {total}"
    )
    with _served() as port:
        visit = _visit(port)
        _server(visit, submission, arguments.fixes)
        if shutil.which("chromium"):
            _browser(visit, submission)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=50_000)
    parser.add_argument("--share", type=int, nargs=2, default=SHARE, metavar=("SPOILT", "OF"))
    parser.add_argument("--fixes", type=int, default=40)
    parser.add_argument("--folder", type=Path, default=Path(".data/benchmarks"))
    return parser.parse_args()


def _checked(folder: Path, rows: int, share: tuple[int, int]) -> Submission:
    """The form received and checked; its history rules have nothing to compare with."""
    from demo.calendar import make_periods
    from submissions.checks import intake
    from submissions.models import Period, Submission, User

    period = PERIOD.shift(Period.objects.count())
    make_periods([period])
    path = made_file(folder, rows, defects=True, share=share)
    preparer = User.objects.get(username="js_preparer")
    with path.open("rb") as upload:
        slot = {"by": preparer, "collection": "networks", "period": str(period)}
        received = intake.receive(**slot, upload=upload, filename=path.name)
    intake.check(submission_id=received.pk)
    return Submission.objects.get(pk=received.pk)


@contextmanager
def _served() -> Iterator[int]:
    """The web server as in production, on a free port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    threads = (
        "--workers",
        "2",
        "--threads",
        "4",
        "--worker-class",
        "gthread",
        "--preload",
        "--no-control-socket",
    )
    command = [sys.executable, "-m", "gunicorn", "project.wsgi", "--bind", f"127.0.0.1:{port}", *threads]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(port)
        yield port
    finally:
        server.terminate()
        server.wait(30)


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError("the web server did not start")


def _visit(port: int) -> Visit:
    from django.test import Client

    from submissions.models import User

    client = Client()
    client.force_login(User.objects.get(username="js_preparer"))
    return Visit(port, client.cookies["sessionid"].value, "a" * 32)


def _server(visit: Visit, submission: Submission, fixes: int) -> None:
    page = f"/portal/submissions/{submission.pk}/findings/"
    # code and templates are loaded in both workers before anything is measured, as on a running server
    for _ in range(6):
        visit.ask("/portal/")
    first, content = visit.ask(page)
    _say("first page, first time", [first], f"{len(content) / 1024:.0f} kB")
    _say("first page, again", [visit.ask(page)[0] for _ in range(7)])
    htmx = {"HX-Request": "true"}
    _say("a filter changed", [visit.ask(f"{page}?code=cell.E102&city=320500", **htmx)[0] for _ in range(7)])
    _say("a text sought", [visit.ask(f"{page}?q=JS-B-4711", **htmx)[0] for _ in range(7)])
    _say("rows sorted by a column", [visit.ask(f"{page}?sort=-cell.terminals", **htmx)[0] for _ in range(7)])
    _say("the list by value", [visit.ask(f"{page}?view=list&sort=value", **htmx)[0] for _ in range(7)])
    explain = page.replace("findings/", "explain/?filtered=yes")
    _say("all shown to be explained", [visit.ask(explain)[0] for _ in range(3)])
    _say("where all rows are", [visit.ask(f"{page}index/")[0] for _ in range(5)])
    _say("50 rows", [visit.ask(f"{page}rows/?at={_window(start)}")[0] for start in range(1000, 9000, 1000)])
    _say("a cell corrected and re-checked", [_fix(visit, finding) for finding in _to_fix(submission, fixes)])
    _say(
        "  the verb, by processor time", [_processor_time(finding) for finding in _to_fix(submission, fixes)]
    )


def _window(start: int) -> str:
    return ",".join(f"0.{row}" for row in range(start, start + 50))


def _to_fix(submission: Submission, fixes: int) -> list[Finding]:
    findings = submission.findings.filter(code__in=["cell.E102", "cell.E106", "cell.E101", "row.E303"])
    step = max(findings.count() // fixes, 1)
    return list(findings.order_by("ordinal")[::step])[:fixes]


def _fix(visit: Visit, finding: Finding) -> float:
    fields = {
        "sheet": finding.sheet,
        "row": finding.row,
        "column": finding.column,
        "value": MENDED[finding.column],
        "expected": finding.value or "",
    }
    path = f"/portal/submissions/{finding.submission_id}/cells/"
    seconds, content = visit.ask(path, fields)
    assert json.loads(content)["act"], content[:300]
    return seconds


def _processor_time(finding: Finding) -> float:
    """Seconds of this process for one correction, whatever else the machine does; the database's are not in it."""
    from submissions.edits.corrections import CellEdit, correct
    from submissions.models import Submission, User

    edit = CellEdit(finding.sheet, finding.row, finding.column, value=MENDED[finding.column])
    submission = Submission.objects.get(pk=finding.submission_id)
    by = User.objects.get(username="js_preparer")
    start = time.process_time()
    correct(submission=submission, by=by, edits=[edit])
    return time.process_time() - start


def _say(name: str, seconds: list[float], more: str = "") -> None:
    ranked = sorted(seconds)
    parts = [f"median {statistics.median(ranked) * 1000:.0f} ms"]
    if len(ranked) > 1:
        parts.append(f"p95 {ranked[min(round(len(ranked) * 0.95), len(ranked) - 1)] * 1000:.0f} ms")
    print(f"  {name:34} {', '.join([*parts, more] if more else parts)}")


def _browser(visit: Visit, submission: Submission) -> None:
    from playwright.sync_api import sync_playwright

    address = f"http://127.0.0.1:{visit.port}"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
        context = chromium.new_context(base_url=address, viewport={"width": 1366, "height": 768})
        context.add_cookies([{"name": "sessionid", "value": visit.session, "url": address}])
        page = context.new_page()
        page.goto("/portal/")  # styles and scripts are in the browser's cache, as for anybody who works here
        _measure(page, f"/portal/submissions/{submission.pk}/findings/")
        chromium.close()


def _measure(page: Page, path: str) -> None:
    openings = [_opened(page, path) for _ in range(3)]
    _say("browser: first rows in sight", openings)
    page.wait_for_load_state("networkidle")
    scrolled = page.evaluate(SCROLL, SCROLL_SECONDS)
    gaps = sorted(scrolled["gaps"])
    stalls = sum(gap > STALL_MS for gap in gaps)
    p95 = gaps[round(len(gaps) * 0.95) - 1]
    print(
        f"  browser: scrolling {scrolled['row']:.0f} rows     {len(gaps)} frames, median {statistics.median(gaps):.0f} ms, "
        f"p95 {p95:.0f} ms, slowest {gaps[-1]:.0f} ms, {stalls} over {STALL_MS} ms"
    )
    _say("browser: rows there after scrolling", [_filled(page)])


def _opened(page: Page, path: str) -> float:
    return _seconds(
        lambda: (page.goto(path, wait_until="commit"), page.wait_for_selector(".g-canvas .g-no:text('2')"))
    )


def _filled(page: Page) -> float:
    """Until every row in sight has its cells."""
    loading = "[...document.querySelectorAll('.g-canvas .g-row')].every((row) => row.record)"

    def wait() -> None:
        # playwright's own waiting evaluates texts, which the pages' security policy forbids
        while not page.evaluate(loading):
            time.sleep(0.02)

    return _seconds(wait)


def _seconds(step: Callable[[], object]) -> float:
    start = time.perf_counter()
    step()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
