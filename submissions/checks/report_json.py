"""The report of a check as JSON: how the file was understood, kept with the submission and shown to its unit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import polars as pl

from submissions.checks import supersession
from submissions.checks.context import Basis
from validation import Form, Report, Result, Role


def report_json(result: Result, form: Form, basis: Basis) -> dict[str, Any]:
    """Return sheets with header row, columns and skipped rows; rules not evaluated; totals; registers compared with."""
    report = result.report
    return {
        "format": report.format,
        "sheets": _sheets(report),
        "unread": list(report.unread),
        "not_evaluable": list(report.not_evaluable),
        "stated_period": report.stated_period,
        "stated_unit": report.stated_unit,
        "misplaced": supersession.misplaced(result),
        "timings": {phase: round(seconds, 4) for phase, seconds in report.timings.items()},
        "totals": totals(result.frame, form),
        "compared_with": basis,
    }


def totals(frame: pl.DataFrame | None, form: Form) -> dict[str, str]:
    """Return the sum of each column that adds up, by field key, as exact text. Missing values count nothing."""
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
            "skipped": _skipped(sheet.skipped, sheet.gaps),
        }
        # where a sheet has several tables, each tells which rows are its own
        | ({"span": list(sheet.span)} if sheet.span else {})
        for sheet in report.sheets
    ]


def _skipped(rows: Iterable[tuple[int, str]], gaps: Iterable[tuple[int, int]]) -> list[dict[str, Any]]:
    """Return skipped rows by kind: their number and their spans, both ends included. `gaps` are spans of blank rows."""
    by_kind = defaultdict(list)
    for row, kind in rows:
        by_kind[kind].append([row, row])
    for gap in gaps:
        by_kind["blank"].append(list(gap))
    return [
        {"kind": kind, "count": sum(last - first + 1 for first, last in spans), "rows": _joined(spans)}
        for kind, spans in by_kind.items()
    ]


def _joined(spans: list[list[int]]) -> list[list[int]]:
    """Return spans in order, adjoining spans joined."""
    joined: list[list[int]] = []
    for first, last in sorted(spans):
        if joined and first == joined[-1][1] + 1:
            joined[-1][1] = last
        else:
            joined.append([first, last])
    return joined
