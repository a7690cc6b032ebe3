"""Findings about a sheet's rows: sample rows, rows skipped on purpose, hidden ones."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from validation.findings import Finding
from validation.layout.words import KINDS, ranges
from validation.raw import RawSheet
from validation.table import Table


def row_findings(sheet: RawSheet, tables: Sequence[Table]) -> Iterator[Finding]:
    """file.W020 per sample row, file.I016 per kind of skipped rows, file.W015 for hidden rows, of all its tables."""
    below = defaultdict(list)
    for table in tables:
        for row, kind in table.skipped:
            if row > tables[0].header_row:
                below[kind].append(row)
    for row in below["sample"]:
        yield Finding("file.W020", sheet=sheet.name, row=row, params={"row": row})
    gaps = [gap for table in tables for gap in table.gaps]
    for kind in KINDS:
        if below[kind] or (kind == "blank" and gaps):
            yield _skipped(sheet.name, kind, below[kind], gaps if kind == "blank" else [])
    hidden = [row for table in tables for row in _hidden(sheet, table)]
    if hidden:
        yield Finding("file.W015", sheet=sheet.name, params={"rows": ranges(hidden)})


def _skipped(sheet: str, kind: str, rows: list[int], gaps: list[tuple[int, int]]) -> Finding:
    count = len(rows) + sum(last - first + 1 for first, last in gaps)
    zh, single, several = KINDS[kind]
    row_ranges = ranges(rows, gaps)
    en = f"{single}: row {row_ranges}" if count == 1 else f"{several}: rows {row_ranges}"
    return Finding(
        "file.I016", sheet=sheet, params={"count": count, "kind": {"zh": f"{zh}，第{row_ranges}行", "en": en}}
    )


def _hidden(sheet: RawSheet, table: Table) -> list[int]:
    return sorted(sheet.hidden_rows & set(table.rows.to_list())) if sheet.hidden_rows else []
