"""Edits in force: the corrections that hold and the sheets they are in, in the engine's terms."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

import polars as pl

from submissions.models import Correction, Submission
from validation import FORMS, Edit, Form, MappedColumn, SheetColumns, present_key


def edits_of(submission: Submission, until: datetime | None = None) -> tuple[Edit, ...]:
    """Return the corrections in force now, or at a moment, oldest first, in the columns that the form has now."""
    edits = [Edit(c.sheet, c.row, key, c.new) for key, c in corrections_in_force(submission, until)]
    return tuple(edits)


def corrections_in_force(
    submission: Submission, until: datetime | None = None, rows: Collection[int] | None = None
) -> list[tuple[str, Correction]]:
    """Return the newest correction of each cell, oldest first, each with the present key of its column.

    Left out are those that restore the original and those of a column that the form has no more. A column renamed
    since may have been corrected under both keys: the later correction stands.
    """
    form = FORMS[submission.collection]
    made = submission.corrections.all()
    made = made.filter(at__lte=until) if until else made
    made = made if rows is None else made.filter(row__in=rows)
    newest: dict[tuple[str, int, str], Correction] = {}
    for correction in made.newest().select_related("by"):
        key = present_key(form, correction.column)
        if key is not None:
            newest.pop((correction.sheet, correction.row, key), None)
            newest[correction.sheet, correction.row, key] = correction
    return [(key, correction) for (_, _, key), correction in newest.items() if not correction.restores]


def stored_edits_of(submission: Submission) -> tuple[Edit, ...]:
    """Return the corrections in force, oldest first, under the keys that their columns had when they were made."""
    rows = submission.corrections.in_force().values_list("sheet", "row", "column", "new")
    return tuple(Edit(*row) for row in rows)


def sheets_of(submission: Submission) -> tuple[SheetColumns, ...]:
    """Return the tables that were read and the places of their columns, as the report keeps them, by the form's present keys."""
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
