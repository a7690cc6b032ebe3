"""Edits in force: the corrections that hold and the sheets they are in, in the engine's terms."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import polars as pl

from submissions.models import Submission
from validation import FORMS, Edit, Form, MappedColumn, SheetColumns, present_key


def edits_of(submission: Submission, until: datetime | None = None) -> tuple[Edit, ...]:
    """Return the corrections in force now, or at a moment, oldest first, in the columns that the form has now."""
    form = FORMS[submission.collection]
    edits = [(edit, present_key(form, edit.column)) for edit in stored_edits_of(submission, until)]
    return tuple(edit._replace(column=key) for edit, key in edits if key is not None)


def stored_edits_of(submission: Submission, until: datetime | None = None) -> tuple[Edit, ...]:
    """Return the same as they were made: a column that the form has renamed or removed since stays as it was."""
    corrections = submission.corrections.filter(at__lte=until) if until else submission.corrections.all()
    rows = corrections.in_force().values_list("sheet", "row", "column", "new")
    return tuple(Edit(*row) for row in rows)


def sheets_of(submission: Submission) -> tuple[SheetColumns, ...]:
    """Return the tables that were read and the places of their columns, as the report keeps them, by today's keys."""
    form = FORMS[submission.collection]
    return tuple(
        SheetColumns(
            sheet["name"],
            tuple(_present(MappedColumn(**column), form) for column in sheet["columns"]),
            tuple(sheet["span"]) if "span" in sheet else None,
        )
        for sheet in submission.report.get("sheets", [])
    )


def _present(column: MappedColumn, form: Form) -> MappedColumn:
    return column if column.key is None else column._replace(key=present_key(form, column.key))


def rows_at(cells: pl.DataFrame, places: Iterable[tuple[str, int]]) -> pl.DataFrame:
    """Return the kept cells of the rows at `places` (sheet and row)."""
    wanted = pl.DataFrame(
        sorted(set(places)),
        schema={"_sheet": pl.String, "_row": pl.Int32},
        orient="row",
    )
    near = cells.filter(pl.col("_row").is_in(wanted["_row"].implode()))
    return near.join(wanted, on=["_sheet", "_row"], how="semi")
