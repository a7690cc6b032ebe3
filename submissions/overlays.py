"""Overlays: the corrections in force and the sheets they lie on, in the engine's terms."""

from __future__ import annotations

from submissions.models import Submission
from validation import Edit, MappedColumn, SheetColumns


def edits_of(submission: Submission) -> tuple[Edit, ...]:
    """The corrections in force, oldest first."""
    rows = submission.corrections.in_force().values_list("sheet", "row", "column", "new")
    return tuple(Edit(*row) for row in rows)


def sheets_of(submission: Submission) -> tuple[SheetColumns, ...]:
    """The tables that were read and where their columns stand, as the report keeps them."""
    return tuple(
        SheetColumns(
            sheet["name"],
            tuple(MappedColumn(**column) for column in sheet["columns"]),
            tuple(sheet["span"]) if "span" in sheet else None,
        )
        for sheet in submission.report.get("sheets", [])
    )
