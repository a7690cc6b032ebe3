"""xlsx and xlsm: values by the fast reader, and beside them the facts it cannot see, from the parts themselves."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from validation.limits import Limits
from validation.raw import Merged, RawSheet, Workbook
from validation.reading.columns import columns_of
from validation.reading.refusals import damaged
from validation.reading.xlsx_parts import (
    SheetPart,
    date_1904,
    ignored_kinds,
    root,
    sheet_parts,
    template_mark,
    workbook_part,
)
from validation.reading.xlsx_scan import SheetFacts, scan
from validation.reading.zipped import Package

#: Parts that the fast reader opens as a whole.
_READ_WHOLE = re.compile(r"^xl/(?:sharedstrings|styles|tables/.*|metadata)\.xml$")


def read_xlsx(package: Package, limits: Limits) -> Workbook:
    """All worksheets of the package, hidden ones too."""
    part = workbook_part(package)
    workbook = root(package, part)
    if workbook is None:
        raise damaged("缺少工作簿部件", "its workbook part is missing")
    parts = sheet_parts(package, workbook, part)
    facts = {sheet.name: scan(package.blocks(sheet.part), limits) for sheet in parts if sheet.part in package}
    for name in package.names:
        if _READ_WHOLE.match(name):
            for _ in package.blocks(name):  # counted and searched before the reader takes it whole
                pass
    kinds = ignored_kinds(package)
    values = _opened(_trimmed(package, parts, facts))
    sheets = tuple(
        _sheet(package, part, sheet, facts[sheet.name], values) for sheet in parts if sheet.name in facts
    )
    return Workbook(
        format="xlsm" if "macros" in kinds else "xlsx",
        sheets=sheets,
        template_mark=template_mark(workbook),
        ignored_kinds=kinds,
        date_1904=date_1904(workbook),
    )


def _opened(data: bytes) -> CalamineWorkbook:
    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(data))
    except (CalamineError, ValueError, OSError) as error:
        raise damaged("工作簿结构已损坏", "its workbook structure is damaged") from error


def _sheet(
    package: Package, workbook: str, part: SheetPart, facts: SheetFacts, values: CalamineWorkbook
) -> RawSheet:
    try:
        sheet: CalamineSheet = values.get_sheet_by_name(part.name)
        first_row, first_column = sheet.start or (0, 0)
        columns = columns_of(sheet.iter_rows(), sheet.width)
    except (CalamineError, ValueError, OSError) as error:
        raise damaged(f"工作表“{part.name}”已损坏", f"its sheet “{part.name}” is damaged") from error
    return RawSheet(
        name=part.name,
        hidden=part.hidden,
        first_row=first_row + 1,
        first_column=first_column,
        height=sheet.height,
        columns=columns,
        merged=tuple(
            Merged(top + 1, left, bottom + 1, right)
            for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()
        ),
        hidden_rows=frozenset(facts.hidden_rows),
        errors=facts.errors,
        uncalculated=frozenset(facts.uncalculated),
        formats=Formats(package, part.part, workbook),
    )


class Formats:
    """Number formats of cells, looked up in the sheet's part when asked for, one column at a time."""

    def __init__(self, package: Package, part: str, workbook: str) -> None:
        self._package, self._part, self._workbook = package, part, workbook
        self._known: dict[int, dict[int, str]] = {}

    def __call__(self, column: int, rows: Iterable[int]) -> dict[int, str]:
        """Spreadsheet row -> format code of the rows of a 0-based column that have a cell."""
        if column not in self._known:
            self._known[column] = self._column(column)
        known = self._known[column]
        return {row: known[row] for row in rows if row in known}

    def _column(self, column: int) -> dict[int, str]:
        return {}


def _trimmed(package: Package, parts: list[SheetPart], facts: dict[str, SheetFacts]) -> bytes:
    """The package without what lies below a long blank stretch, for which the reader would make room."""
    return package.data
