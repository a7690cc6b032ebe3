"""The report of a check as JSON: how the file was understood, kept with the submission and shown to its unit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from itertools import pairwise
from typing import Any

import polars as pl

from submissions import placing
from submissions.check_context import Basis
from validation import Form, Report, Result, Role


def report_json(result: Result, form: Form, basis: Basis) -> dict[str, Any]:
    """Sheets with header row, columns and skipped rows; rules not evaluated; totals; what was compared with."""
    report = result.report
    return {
        "format": report.format,
        "sheets": _sheets(report),
        "unread": list(report.unread),
        "not_evaluable": list(report.not_evaluable),
        "stated_period": report.stated_period,
        "stated_unit": report.stated_unit,
        "misplaced": placing.misplaced(result),
        "timings": {phase: round(seconds, 4) for phase, seconds in report.timings.items()},
        "totals": totals(result.frame, form),
        "compared_with": basis,
    }


def totals(frame: pl.DataFrame | None, form: Form) -> dict[str, str]:
    """Sum of each column that adds up, by field key, as exact text. Missing values count nothing."""
    if frame is None:
        return {}
    keys = [column.key for column in form.columns if column.role is Role.SUM]
    return {key: str(frame[key].sum() or 0) for key in keys}


def _sheets(report: Report) -> list[dict[str, Any]]:
    return [
        {
            "name": sheet.name,
            "header_row": sheet.header_row,
            "data_rows": sheet.data_rows,
            "columns": [column._asdict() for column in sheet.columns],
            "skipped": _skipped(sheet.skipped),
        }
        for sheet in report.sheets
    ]


def _skipped(rows: Iterable[tuple[int, str]]) -> list[dict[str, Any]]:
    """Skipped rows by kind: their number and their spans, both ends included."""
    by_kind = defaultdict(list)
    for row, kind in rows:
        by_kind[kind].append(row)
    return [{"kind": kind, "count": len(found), "rows": spans(found)} for kind, found in by_kind.items()]


def spans(rows: list[int]) -> list[list[int]]:
    """Ascending row numbers, at least one, as spans: [5, 6, 7, 9] gives [[5, 7], [9, 9]]."""
    breaks = [(last, first) for last, first in pairwise(rows) if first != last + 1]
    starts = [rows[0], *(first for _, first in breaks)]
    ends = [*(last for last, _ in breaks), rows[-1]]
    return [list(span) for span in zip(starts, ends, strict=True)]
