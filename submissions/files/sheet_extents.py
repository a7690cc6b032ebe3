"""Extents: how far the sheets of a submission's file reach, and which fields they have."""

from __future__ import annotations

from typing import Any, NamedTuple

import polars as pl

from submissions.files import storage
from submissions.models import Submission


class Extent(NamedTuple):
    """Last row of a sheet that the check accounted for, 0 when it was not read, and its field keys."""

    last_row: int
    columns: frozenset[str]


def sheet_extents(submission: Submission) -> dict[str, Extent]:
    """Return each sheet of the file that holds something, by name; empty for a nil return."""
    last = _last_data_rows(submission)
    report = submission.report
    unread = {name: Extent(0, frozenset()) for name in report.get("unread", ())}
    return unread | {
        sheet["name"]: Extent(max(last.get(sheet["name"], 0), _last_other_row(sheet)), _columns(sheet))
        for sheet in report.get("sheets", ())
    }


def _last_data_rows(submission: Submission) -> dict[str, int]:
    places = storage.cell_columns(submission, ["_sheet", "_row"])
    if places is None:
        return {}
    return dict(places.group_by("_sheet").agg(pl.col("_row").max()).iter_rows())


def _last_other_row(sheet: dict[str, Any]) -> int:
    """Return the last row among the header and the rows that hold no record."""
    ends = [span[-1] for skipped in sheet["skipped"] for span in skipped["rows"]]
    return int(max([sheet["header_row"], *ends]))


def _columns(sheet: dict[str, Any]) -> frozenset[str]:
    return frozenset(column["key"] for column in sheet["columns"] if column["key"])
