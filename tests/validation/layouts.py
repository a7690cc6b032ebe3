"""Short ways to lay out sheets of the network form and to look at what the layout stage makes of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.validation.small_workbooks import workbook
from validation.context import Context
from validation.findings import Finding
from validation.forms import FORMS
from validation.layout import Layout, find_tables
from validation.periods import Period
from validation.reading import read_workbook

NETWORKS = FORMS["networks"]
JIANGSU = Context("320000", Period(2026, 3))
TITLES = [column.label_zh for column in NETWORKS.columns]
PLACES = {column.key: index for index, column in enumerate(NETWORKS.columns)}

Triple = tuple[int | None, str | None, str]


def row(code: str = "JS-01", **values: Any) -> list[Any]:
    """A row with a record key and the values given by field key; the rest is filler text."""
    cells: list[Any] = ["文" for _ in TITLES]
    cells[0] = code
    for key, value in values.items():
        cells[PLACES[key]] = value
    return cells


def titles(**changed: str) -> list[str]:
    """The official titles with some changed by field key."""
    return [changed.get(column.key, column.label_zh) for column in NETWORKS.columns]


def lay(data: bytes, form: str = "networks", context: Context = JIANGSU) -> Layout:
    """Read and lay out a file."""
    return find_tables(read_workbook(data), FORMS[form], context)


def lay_rows(rows: Sequence[Sequence[Any]], **options: Any) -> Layout:
    """Lay out one sheet of rows."""
    return lay(workbook(rows, **options))


def triples(layout: Layout) -> list[Triple]:
    """(row, column, code) of every finding; every message must be complete in both languages."""
    for finding in layout.findings:
        assert finding.message("zh")
        assert finding.message("en")
    return [(finding.row, finding.column, finding.code) for finding in layout.findings]


def only_finding(layout: Layout, code: str) -> Finding:
    """The only finding of a code."""
    findings = [finding for finding in layout.findings if finding.code == code]
    assert len(findings) == 1
    return findings[0]


def rows_of(layout: Layout) -> list[list[int]]:
    """Spreadsheet rows of data, per table."""
    return [table.rows.to_list() for table in layout.tables]


def skipped(layout: Layout) -> list[tuple[int, str]]:
    """Skipped rows of the first table with their kinds, blank rows and titles above the header left out."""
    table = layout.tables[0]
    return [(at, kind) for at, kind in table.skipped if at > table.header_row]
