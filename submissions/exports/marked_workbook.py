"""Marked workbooks of submissions: the unit's own file with its findings, made when asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from django.conf import settings

from submissions import demo_mode
from submissions.files import storage
from submissions.files.edits_in_force import edits_of, sheets_of
from submissions.findings import filtering, store
from submissions.findings.filtering import FindingFilter
from submissions.models import Submission
from submissions.workflow.refusals import Refusal, RefusalError
from validation import FORMS, RefusedFileError
from validation.workbooks.corrected import corrected_workbook
from validation.workbooks.marked import marked_workbook

ALL_FINDINGS = FindingFilter()


#: Called with the number of findings listed so far and in all.
OnProgress = Callable[[int, int], None]


def ignore_progress(done: int, total: int) -> None:
    """Report nothing."""


class Marked(NamedTuple):
    """A marked workbook and the name it is downloaded under."""

    data: bytes
    filename: str


def marked(
    submission: Submission,
    on_progress: OnProgress = ignore_progress,
    finding_filter: FindingFilter = ALL_FINDINGS,
) -> Marked:
    """Return the submission's workbook with its findings and corrections, and report findings listed to `on_progress`.

    Where `finding_filter` names a city or an enterprise only its flagged rows are given, with their findings.

    Raises RefusalError "not-found" for a nil return and "wrong-state" before the check, and
    "file-unreadable" for a file that no reader opens: its one finding has been told already.
    """
    data = _original(submission)
    findings = filtering.in_place(submission, store.frame_of(submission), finding_filter)
    try:
        made = marked_workbook(
            data,
            findings,
            FORMS[submission.collection],
            sheets=sheets_of(submission),
            rows=submission.data_rows or 0,
            edits=edits_of(submission),
            filename=submission.filename,
            limits=settings.UPLOAD_LIMITS,
            report_rows=lambda done: on_progress(done, findings.height),
            flagged_rows_only=finding_filter.is_of_place,
            notice=demo_mode.notice(),
        )
    except RefusedFileError as refusal:
        raise RefusalError(Refusal.FILE_UNREADABLE) from refusal
    part = "（部分）" if finding_filter.is_of_place else ""
    return Marked(made, demo_mode.file_named(f"{stem(submission)}-校验结果{part}.xlsx"))


def corrected(submission: Submission) -> Marked:
    """Return the submission's workbook with its corrections in their cells. Raises as `marked` does."""
    data = _original(submission)
    try:
        made = corrected_workbook(
            data,
            FORMS[submission.collection],
            sheets=sheets_of(submission),
            rows=submission.data_rows or 0,
            edits=edits_of(submission),
            filename=submission.filename,
            limits=settings.UPLOAD_LIMITS,
            notice=demo_mode.notice(),
        )
    except RefusedFileError as refusal:
        raise RefusalError(Refusal.FILE_UNREADABLE) from refusal
    return Marked(made, demo_mode.file_named(f"{stem(submission)}-已更正.xlsx"))


def stem(submission: Submission) -> str:
    """Return the file's name without its ending."""
    return submission.filename.rpartition(".")[0] or submission.filename


def _original(submission: Submission) -> bytes:
    if submission.file is None:
        raise RefusalError(Refusal.NOT_FOUND)
    if submission.checked_at is None:
        raise RefusalError(Refusal.WRONG_STATE, state=submission.get_state_display())
    return storage.open_original(submission.file)
