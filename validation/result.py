"""What a check answers: the typed frame, the findings, and a report that accounts for every row read."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, TypedDict

import polars as pl

from validation.findings import Severity, from_row, severity_of
from validation.table import MappedColumn, SkippedRow, Span

INVALID, UNEXPLAINED, READY = "invalid", "unexplained", "ready"


@dataclass(frozen=True, slots=True)
class SheetReport:
    """What became of one read sheet: rows = data_rows + skipped + gaps, checked on every run. A sheet with several
    tables, each with a header of its own, has a report for each."""

    name: str
    header_row: int
    data_rows: int
    skipped: tuple[SkippedRow, ...]
    columns: tuple[MappedColumn, ...]
    #: long stretches of blank rows, first and last one
    gaps: tuple[Span, ...] = ()
    #: first and last row of this table, where the sheet has several
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """How the file was understood."""

    format: str | None
    sheets: tuple[SheetReport, ...] = ()
    #: names of visible sheets that hold something and were not read
    unread: tuple[str, ...] = ()
    #: codes of rules that could not be evaluated, with why
    not_evaluable: tuple[str, ...] = ()
    #: period and unit as the file itself states them, when it does
    stated_period: str | None = None
    stated_unit: str | None = None
    #: seconds per phase, for the benchmarks and the operator
    timings: dict[str, float] = field(default_factory=dict)


class FindingJson(TypedDict):
    """One finding of the command line and the API's dry run."""

    sheet: str | None
    row: int | None
    column: str | None
    cell: str | None
    code: str
    severity: str
    value: str | None
    message: dict[str, str]
    fix: str
    fix_zh: str


@dataclass(frozen=True, slots=True)
class Result:
    """`frame` has `_sheet` (String), `_row` (Int32) and one column per form key; None when nothing was
    read. `findings` is a frame of FINDING_SCHEMA in reading order."""

    frame: pl.DataFrame | None
    findings: pl.DataFrame
    report: Report
    #: what corrections are checked from later; see `validation.corrections.kept_cells`
    cells: pl.DataFrame | None = None

    @property
    def counts(self) -> dict[str, int]:
        """Findings per severity letter; always the keys E, W and I."""
        counts: Counter[Severity] = Counter()
        for code, count in self.findings.group_by("code").len().iter_rows():
            counts[severity_of(code)] += count
        return {severity.value: counts[severity] for severity in Severity}

    @property
    def verdict(self) -> str:
        """Return invalid, unexplained or ready, by the findings alone."""
        counts = self.counts
        return INVALID if counts["E"] else UNEXPLAINED if counts["W"] else READY

    def to_json(self, *, collection: str, unit: str, period: str) -> dict[str, Any]:
        """The object that the command line and the API's dry run print."""
        rules = self.findings.group_by("code").len().sort("code")
        return {
            "verdict": self.verdict,
            "collection": collection,
            "unit": unit,
            "period": period,
            "sheets": [_sheet_json(sheet) for sheet in self.report.sheets],
            "counts": self.counts,
            "rules": [{"code": code, "count": count} for code, count in rules.iter_rows()],
            "findings": [finding_json(row) for row in self.findings.iter_rows(named=True)],
            "not_evaluable": list(self.report.not_evaluable),
        }


def _sheet_json(sheet: SheetReport) -> dict[str, Any]:
    payload: dict[str, Any] = {
        "name": sheet.name,
        "header_row": sheet.header_row,
        "data_rows": sheet.data_rows,
        "skipped": [skipped._asdict() for skipped in sheet.skipped],
    }
    return payload | ({"gaps": [list(gap) for gap in sheet.gaps]} if sheet.gaps else {})


def finding_json(row: dict[str, Any]) -> FindingJson:
    """One row of a findings frame as the object that other programs rely on."""
    finding = from_row(row)
    return {
        "sheet": finding.sheet,
        "row": finding.row,
        "column": finding.column,
        "cell": finding.cell,
        "code": finding.code,
        "severity": finding.severity.value,
        "value": finding.value,
        "message": {"zh": finding.message("zh"), "en": finding.message("en")},
        "fix": finding.fix("en"),
        "fix_zh": finding.fix("zh"),
    }
