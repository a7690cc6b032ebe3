"""xlsx and xlsm: every worksheet's cells over whole columns from its part, with the facts that stand beside values."""

from __future__ import annotations

import re

from validation.limits import Limits
from validation.raw import RawSheet, RefusedFileError, Workbook
from validation.reading.refusals import UsedUpError, damaged
from validation.reading.styles import formats_of, styles_of
from validation.reading.xlsx_blocks import OddSheetError, SheetBlocks
from validation.reading.xlsx_cells import CellContext, cells_of
from validation.reading.xlsx_columns import Cells
from validation.reading.xlsx_parts import (
    SheetPart,
    date_1904,
    formats_by_style,
    ignored_kinds,
    related,
    root,
    sheet_parts,
    template_mark,
    workbook_part,
)
from validation.reading.xlsx_strings import shared_strings
from validation.reading.zipped import Package

_HIDDEN_ROW = re.compile(rb'<row r="(\d{1,7})"[^>]*\shidden="(?:1|true)"')


def read_xlsx(package: Package, limits: Limits) -> Workbook:
    """All worksheets of the package, hidden ones too."""
    part = workbook_part(package)
    workbook = root(package, part) if part is not None else None
    if part is None or workbook is None:
        raise damaged("缺少工作簿部件", "its workbook part is missing")
    context = CellContext(
        strings=shared_strings(package, related(package, part, "sharedStrings")),
        styles=styles_of(formats_by_style(package, part)),
        date_1904=date_1904(workbook),
    )
    sheets = sheet_parts(package, workbook, part)
    kinds = ignored_kinds(package)
    return Workbook(
        format="xlsm" if "macros" in kinds else "xlsx",
        sheets=tuple(_sheet(package, sheet, context, limits) for sheet in sheets),
        template_mark=template_mark(workbook),
        ignored_kinds=kinds,
        date_1904=context.date_1904,
    )


def _sheet(package: Package, part: SheetPart, context: CellContext, limits: Limits) -> RawSheet:
    blocks = SheetBlocks(package, part.part)
    cells, hidden, refusal = _read(blocks, context, limits)
    area, refusal = cells.built(refusal)
    return RawSheet(
        name=part.name,
        hidden=part.hidden,
        **area._asdict(),
        merged=blocks.merged,
        hidden_rows=frozenset(hidden),
        errors=cells.errors,
        uncalculated=frozenset(cells.uncalculated),
        formats=formats_of(cells.styled, context.styles.codes),
        refusal=refusal,
    )


def _read(
    blocks: SheetBlocks, context: CellContext, limits: Limits
) -> tuple[Cells, set[int], RefusedFileError | None]:
    """The cells of all blocks, the numbers of hidden rows, and why not all could be read. A sheet in another
    spelling is rewritten and read again."""
    cells, hidden = Cells(limits), set[int]()
    try:
        for block in blocks:
            cells.add(cells_of(block, context))
            if b"hidden=" in block:
                hidden.update(int(match[1]) for match in _HIDDEN_ROW.finditer(block))
    except OddSheetError:
        if blocks.is_rewritten:
            return cells, hidden, damaged("部件无法解析", "its part cannot be parsed")
        blocks.rewrite()
        return _read(blocks, context, limits)
    except UsedUpError:
        raise
    except RefusedFileError as refusal:
        return cells, hidden, refusal
    return cells, hidden, None
