"""`python -m benchmarks.many_findings`: a form in which every row has a finding, checked, counted, paged and taken away.

Needs PostgreSQL and Redis, e.g. `make bench BENCH='many_findings --rows 1000000'`. Everything runs in this one process, as
a worker and a web server would have it; the peak is that of each step, what the steps before left in memory included.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from benchmarks.files import PERIOD, made_file
from benchmarks.pipeline import set_up
from benchmarks.steps import forget_peak, peak_mb

if TYPE_CHECKING:
    from django.test import Client

    from submissions.models import Submission

#: every row
SHARE = (1, 1)
PAGE = 200


class Scene(NamedTuple):
    """What the steps look at: the checked form, and a visitor of its unit."""

    submission: Submission
    client: Client
    rows: int


def main() -> None:
    """Check the form, take every step once, and print seconds and peak memory of each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--folder", type=Path, default=Path(".data/benchmarks"))
    parser.add_argument("--quick", action="store_true", help="without the workbooks, which take minutes")
    arguments = parser.parse_args()
    set_up()
    path = made_file(arguments.folder, arguments.rows, defects=True, share=SHARE)
    print(f"{date.today()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, rows {arguments.rows}")
    made: list[Submission] = []
    _measured("received and checked", lambda: made.append(_checked(path)))
    scene = _scene(made[0], arguments.rows)
    steps = STEPS if arguments.quick else STEPS | WORKBOOKS
    for name, step in steps.items():
        _measured(name, lambda step=step: step(scene))


def _checked(path: Path) -> Submission:
    """The form received, checked and stored, with nothing to compare with."""
    from demo.calendar import make_periods
    from submissions.checks import intake
    from submissions.models import Period, Submission, User

    period = PERIOD.shift(Period.objects.count())
    make_periods([period])
    slot = {"by": User.objects.get(username="js_preparer"), "collection": "networks", "period": str(period)}
    with path.open("rb") as upload:
        received = intake.receive(**slot, upload=upload, filename=path.name)
    intake.check(submission_id=received.pk)
    return Submission.objects.get(pk=received.pk)


def _scene(submission: Submission, rows: int) -> Scene:
    from django.test import Client

    total = submission.errors + submission.warnings + submission.infos
    assert total == rows, f"{rows} defects, {total} findings"
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(submission.uploader)
    return Scene(submission, client, rows)


def _measured(name: str, step: Callable[[], Any]) -> None:
    forget_peak()
    start = time.perf_counter()
    step()
    print(f"{name:40} {time.perf_counter() - start:8.2f} s  peak {peak_mb():6.0f} MB", flush=True)


def _counted(scene: Scene) -> None:
    from submissions.findings.store import counts, groups

    by_severity = counts(scene.submission)
    assert by_severity["E"] + by_severity["W"] + by_severity["I"] == scene.rows
    assert sum(group.count for group in groups(scene.submission, scene.submission.uploader)) == scene.rows


def _page(number: int) -> Callable[[Scene], None]:
    """A page of the API's list; -1 is the last one."""

    def step(scene: Scene) -> None:
        page = number if number > 0 else scene.rows // PAGE
        answer = _get(scene, f"/api/v1/submissions/{scene.submission.pk}/findings/?page={page}&limit={PAGE}")
        payload = answer.json()
        assert (payload["count"], len(payload["results"])) == (scene.rows, PAGE)

    return step


def _portal(tail: str) -> Callable[[Scene], None]:
    """A page of the portal."""
    return lambda scene: _get(scene, f"/portal/submissions/{scene.submission.pk}/findings/{tail}")


def _csv(scene: Scene) -> None:
    answer = _get(scene, f"/portal/submissions/{scene.submission.pk}/findings.csv")
    lines = sum(piece.count(b"\r\n") for piece in answer.streaming_content)
    assert lines == scene.rows + 1, lines


def _download(kind: str) -> Callable[[Scene], None]:
    """A workbook as the worker makes it, left in the storage."""

    def step(scene: Scene) -> None:
        from submissions.exports import downloads
        from submissions.findings.filtering import FindingFilter
        from submissions.models import Download

        about = {"submission": scene.submission, "by": scene.submission.uploader, "kind": kind}
        download = Download.objects.create(**about, fingerprint=kind, meant=FindingFilter()._asdict())
        downloads.produce(download_id=download.pk)
        download.refresh_from_db()
        assert download.is_made, download.failure

    return step


def _get(scene: Scene, path: str) -> Any:
    answer = scene.client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return answer


STEPS: dict[str, Callable[[Scene], None]] = {
    "counted exactly, by rule too": _counted,
    "API: first page": _page(1),
    "API: first page, again": _page(1),
    "API: last page": _page(-1),
    "portal: findings page": _portal(""),
    "portal: findings page, again": _portal(""),
    "portal: one by one, last page": _portal("?view=list&page=20000"),
    "portal: where all rows are": _portal("index/"),
    "csv, streamed": _csv,
}
WORKBOOKS: dict[str, Callable[[Scene], None]] = {
    "xlsx of the findings, by the worker": _download("findings"),
    "flagged rows and findings, by the worker": _download("marked"),
}


if __name__ == "__main__":
    main()
