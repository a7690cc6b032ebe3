"""Downloads: workbooks made from a submission, small ones at once and large ones by the worker, with progress."""

from __future__ import annotations

import hashlib
import io
import json
import logging
from collections.abc import Callable
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID, uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone

from submissions import demo_mode, dispatch
from submissions.exports import changes_table, findings_table, marked_workbook
from submissions.exports.changes_table import Narrowing
from submissions.findings import filtering, store
from submissions.findings.filtering import FindingFilter
from submissions.models import Download, DownloadKind, Submission, User
from submissions.workflow.refusals import RefusalError

logger = logging.getLogger(__name__)

#: Up to here the answer can wait for the workbook; above, the worker makes it.
ROWS_AT_ONCE = 2_000
LINES_AT_ONCE = 2_000
#: A workbook that a worker took and did not finish in this time is taken again, so many times.
TAKEN_FOR = timedelta(minutes=10)
MOST_ATTEMPTS = 3
KEPT_FOR = timedelta(days=1)

#: kinds that list lines of their own and do not go through the whole file
_LISTS = (DownloadKind.FINDINGS, DownloadKind.CHANGES)

#: What is narrowed: findings, or the lines of a comparison.
Meant = FindingFilter | Narrowing
_MEANT: dict[str, type[FindingFilter] | type[Narrowing]] = {DownloadKind.CHANGES: Narrowing}


class Made(NamedTuple):
    """A finished workbook and the name it is downloaded under."""

    data: bytes
    filename: str


def is_quick(submission: Submission, kind: str, lines: int) -> bool:
    """Return whether the reader can wait for the workbook. `lines` is how many findings or changes it lists."""
    return lines <= LINES_AT_ONCE and (kind in _LISTS or (submission.data_rows or 0) <= ROWS_AT_ONCE)


def make(
    submission: Submission,
    kind: str,
    user: User,
    meant: Meant,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
) -> Made:
    """Make the workbook with what `user` may read, and report lines done and in all to `on_progress`.

    Raises RefusalError where there is none to be made, see `marked_workbook`.
    """
    out = io.BytesIO()
    if isinstance(meant, Narrowing):
        changes_table.write_xlsx(out, submission, meant, on_progress)
        return Made(out.getvalue(), demo_mode.file_named(f"{changes_table.filename(submission)}.xlsx"))
    if kind == DownloadKind.MARKED:
        return Made(*marked_workbook.marked(submission, on_progress, meant))
    if kind == DownloadKind.CORRECTED:
        return Made(*marked_workbook.corrected(submission))
    findings = filtering.filtered(submission, user, meant)
    findings_table.write_xlsx(
        out, findings_table.lines(submission, findings), lambda done: on_progress(done, findings.height)
    )
    return Made(out.getvalue(), demo_mode.file_named(f"{marked_workbook.stem(submission)}-问题清单.xlsx"))


def ask(*, submission: Submission, kind: str, by: User, meant: Meant) -> Download:
    """Return the download of the submission as it is now: the existing one, or a new one for the worker."""
    _forget_old()
    fingerprint = _fingerprint(submission, meant, by)
    same = {"submission": submission, "kind": kind, "fingerprint": fingerprint, "failure": ""}
    try:
        with transaction.atomic():
            download, is_new = Download.objects.get_or_create(
                **same, defaults={"by": by, "meant": meant._asdict()}
            )
    except IntegrityError:  # a second click was faster
        return Download.objects.get(**same)
    if is_new:
        dispatch.enqueue_download_on_commit(download.pk)
    return download


def enqueue_again(download: Download) -> None:
    """Enqueue once more a download that nobody has taken for long; called by whoever waits for it."""
    waits_since = download.started_at or download.at
    if not download.path and timezone.now() - waits_since > dispatch.LOST_AFTER:
        dispatch.enqueue_download(download.pk)


def produce(*, download_id: UUID) -> None:
    """Make one download; called by the worker. Does nothing when another worker has it or it is made."""
    download = _taken(download_id)
    if download is None:
        return
    try:
        meant = _MEANT.get(download.kind, FindingFilter)(**download.meant)
        made = make(download.submission, download.kind, download.by, meant, _progress_writer(download_id))
    except RefusalError as refusal:
        Download.objects.filter(pk=download_id).update(failure=refusal.code)
        return
    path = default_storage.save(f"downloads/{uuid4()}.xlsx", ContentFile(made.data))
    rows = Download.objects.filter(pk=download_id, path="")
    if rows.update(path=path, filename=made.filename) != 1:
        default_storage.delete(path)


def _taken(download_id: UUID) -> Download | None:
    now = timezone.now()
    free = Q(started_at__isnull=True) | Q(started_at__lte=now - TAKEN_FOR)
    open_ones = Download.objects.filter(free, pk=download_id, path="", failure="")
    if open_ones.filter(attempts__gte=MOST_ATTEMPTS).update(failure="gave-up"):
        logger.error("download %s is given up", download_id)
    if open_ones.update(started_at=now, attempts=F("attempts") + 1) != 1:
        return None
    return Download.objects.select_related("submission__period", "by").get(pk=download_id)


def _progress_writer(download_id: UUID) -> Callable[[int, int], None]:
    def write_progress(done: int, total: int) -> None:
        Download.objects.filter(pk=download_id).update(done=done, total=total)

    return write_progress


def _fingerprint(submission: Submission, meant: Meant, by: User) -> str:
    """Return a hash of the narrowing, the state of the findings, and whose findings are seen."""
    state = store.stamp(submission)
    key = json.dumps([*meant, *map(str, state), by.is_national])
    return hashlib.sha256(key.encode()).hexdigest()


def _forget_old() -> None:
    for old in Download.objects.filter(at__lte=timezone.now() - KEPT_FOR)[:20]:
        forget(old)


def forget(download: Download) -> None:
    """Remove a workbook. The next request for it makes it anew."""
    if download.path:
        default_storage.delete(download.path)
    download.delete()
