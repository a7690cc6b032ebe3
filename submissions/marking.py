"""Marked workbooks of submissions: the unit's own file with its findings, made when asked for."""

from __future__ import annotations

from typing import NamedTuple

from django.conf import settings

from submissions import findings_store, storage
from submissions.models import Submission
from submissions.overlays import edits_of, sheets_of
from submissions.refusals import RefusalError
from validation import FORMS, RefusedFileError
from validation.marking import marked_workbook

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Marked(NamedTuple):
    """A marked workbook and the name it is downloaded under."""

    data: bytes
    filename: str


def marked(submission: Submission) -> Marked:
    """The submission's workbook with findings and corrections as they stand now.

    Raises RefusalError "not-found" for a nil return and "wrong-state" before the check, and
    "file-unreadable" for a file that no reader opens: its one finding has been told already.
    """
    if submission.file is None:
        raise RefusalError("not-found")
    if submission.checked_at is None:
        raise RefusalError("wrong-state", state=submission.get_state_display())
    try:
        data = marked_workbook(
            storage.open_original(submission.file),
            findings_store.frame_of(submission),
            FORMS[submission.collection],
            sheets=sheets_of(submission),
            rows=submission.data_rows or 0,
            edits=edits_of(submission),
            filename=submission.filename,
            limits=settings.UPLOAD_LIMITS,
        )
    except RefusedFileError as refusal:
        raise RefusalError("file-unreadable") from refusal
    stem = submission.filename.rpartition(".")[0] or submission.filename
    return Marked(data, f"{stem}-校验结果.xlsx")
