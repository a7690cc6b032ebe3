"""Overlays: the corrections in force and the sheets they lie on, in the engine's terms."""

from __future__ import annotations

from datetime import datetime

from submissions.models import Submission
from validation import Edit, MappedColumn, SheetColumns


def edits_of(submission: Submission, until: datetime | None = None) -> tuple[Edit, ...]:
    """The corrections in force now, or at a moment; oldest first."""
    made = submission.corrections.filter(at__lte=until) if until else submission.corrections.all()
    rows = made.in_force().values_list("sheet", "row", "column", "new")
    return tuple(Edit(*row) for row in rows)


def sheets_of(submission: Submission) -> tuple[SheetColumns, ...]:
    """The sheets that were read and where their columns stand, as the report keeps them."""
    return tuple(
        SheetColumns(sheet["name"], tuple(MappedColumn(**column) for column in sheet["columns"]))
        for sheet in submission.report.get("sheets", [])
    )
