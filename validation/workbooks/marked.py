"""Marked workbooks: which variant a file gets, and the door to both."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import polars as pl

from validation.context import Edit
from validation.corrections import SheetColumns, placed
from validation.forms.form import Form
from validation.hints import Text
from validation.limits import DEFAULT_LIMITS, Limits
from validation.raw import address
from validation.reading import own_package, read_workbook
from validation.workbooks.marked_in_place import annotate, is_large
from validation.workbooks.marked_rows import annotate_stream


def marked_workbook(
    data: bytes,
    findings: pl.DataFrame,
    form: Form,
    *,
    sheets: Sequence[SheetColumns] = (),
    rows: int = 0,
    edits: Iterable[Edit] = (),
    filename: str = "",
    limits: Limits = DEFAULT_LIMITS,
    report_rows: Callable[[int], None] = lambda done: None,
    flagged_rows_only: bool = False,
    notice: Text | None = None,
) -> bytes:
    """The user's workbook with its findings (FINDING_SCHEMA) marked, as xlsx bytes.

    `sheets` are the sheets that were read and `rows` the data rows in them; large files get the streaming
    variant with the flagged rows alone, as others do when only those are wanted. `told` hears how many findings
    are listed; `notice` is said in the properties and on a sheet of its own. Raises RefusedFileError where the file cannot be read.
    """
    raw = read_workbook(data, filename=filename, limits=limits)
    if flagged_rows_only or is_large(rows, findings.height):
        return annotate_stream(raw, findings, form, sheets, report_rows, notice)
    corrected = {(edit.sheet, address(edit.row, at)): edit.value for edit, at in placed(edits, sheets)}
    return annotate(own_package(data), raw, findings, form, corrected, notice)
