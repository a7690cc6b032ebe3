"""xlsx and xlsm: values by the fast reader, and beside them the facts it cannot see, from the parts themselves."""

from __future__ import annotations

import io
from itertools import islice

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from validation.limits import Limits
from validation.raw import Merged, RawSheet, Workbook
from validation.reading.columns import columns_of, padded
from validation.reading.refusals import damaged
from validation.reading.xlsx_formats import Formats
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
from validation.reading.xlsx_strings import check_strings
from validation.reading.xlsx_trim import trimmed
from validation.reading.zipped import Package


def read_xlsx(package: Package, limits: Limits) -> Workbook:
    """All worksheets of the package, hidden ones too."""
    part = workbook_part(package)
    workbook = root(package, part)
    if workbook is None:
        raise damaged("缺少工作簿部件", "its workbook part is missing")
    parts = sheet_parts(package, workbook, part)
    facts = {sheet.name: scan(package.blocks(sheet.part), limits) for sheet in parts if sheet.part in package}
    _check_other_parts(package, {sheet.part for sheet in parts})
    check_strings(package, [sheet.part for sheet in parts if sheet.part in package], limits)
    kinds = ignored_kinds(package)
    values = _opened(
        trimmed(package, {sheet.part: facts[sheet.name].cut for sheet in parts if sheet.name in facts})
    )
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


def _check_other_parts(package: Package, scanned: set[str]) -> None:
    """Inflate what the fast reader may take whole, so that its real size is known and no declaration is in it."""
    for name in package.names:
        if name.endswith((".xml", ".rels")) and name not in scanned:
            for _ in package.blocks(name):
                pass


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
        # A cell without a stored value is none to the reader, but it stands somewhere.
        odd = [*facts.errors, *facts.uncalculated]
        height = max([sheet.height, *(row - first_row for row, _ in odd)])
        width = max([sheet.width, *(column - first_column + 1 for _, column in odd)])
        columns = padded(columns_of(islice(sheet.iter_rows(), first_row, None)), height, width)
    except (CalamineError, ValueError, OSError) as error:
        raise damaged(f"工作表“{part.name}”已损坏", f"its sheet “{part.name}” is damaged") from error
    return RawSheet(
        name=part.name,
        hidden=part.hidden,
        first_row=first_row + 1,
        first_column=first_column,
        height=height,
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
