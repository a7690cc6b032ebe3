"""Choosing sheets: which sheets of one file are read, and in which row their header is."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from submissions.checks.column_titles import check_again
from submissions.models import Act, Submission, User
from submissions.workflow import permissions
from submissions.workflow.permissions import Action
from submissions.workflow.refusals import Refusal, RefusalError
from validation import TOP_ROWS


def sheets_to_choose(submission: Submission) -> dict[str, int | None]:
    """Return visible sheets that hold something, each with the row of its header, None where it is not read."""
    read: dict[str, int | None] = {}
    for table in submission.report.get("sheets", ()):
        read.setdefault(table["name"], table["header_row"])  # of several tables the first one's
    return read | dict.fromkeys(submission.report.get("unread", ()))


@transaction.atomic
def choose_headers(
    *, submission: Submission, by: User, headers: Mapping[str, int | None], request_id: str = ""
) -> None:
    """Read each named sheet with its header in that row, or not at all (None), the others as recognised; and check
    the file again. Kept for this version alone, since the next file may be another workbook.

    Raises RefusalError: "sheet-unknown" for a sheet or row that is not there, "sheet-needed" when none would be
    read, "sheet-corrected" while corrections are in force, whose cells the choice may take out of the table.
    """
    permissions.require(by, Action.CORRECT, submission)
    held = Submission.objects.select_for_update().get(pk=submission.pk)
    permissions.require(by, Action.CORRECT, held)
    _require_sound(held, headers)
    Submission.objects.filter(pk=held.pk).update(headers=dict(headers))
    check_again(submission, by, Act.SHEETS_CHOSEN, request_id, sheets=dict(headers))


def _require_sound(submission: Submission, headers: Mapping[str, int | None]) -> None:
    there = sheets_to_choose(submission)
    for name, row in headers.items():
        if name not in there or not 0 < (row or 1) <= TOP_ROWS:
            raise RefusalError(Refusal.SHEET_UNKNOWN, sheet=name)
    if there and all(name in headers and headers[name] is None for name in there):
        raise RefusalError(Refusal.SHEET_NEEDED)
    if corrected := submission.corrections.in_force().first():
        raise RefusalError(Refusal.SHEET_CORRECTED, cell=corrected.cell)
