"""xlsx and xlsm: every worksheet's cells over whole columns from its part, with the facts that stand beside values."""

from __future__ import annotations

import re

from validation.limits import Limits
from validation.number_formats import tells, text_around
from validation.raw import RawSheet, Workbook
from validation.reading.refusals import damaged
from validation.reading.xlsx_blocks import OddSheetError, SheetBlocks
from validation.reading.xlsx_cells import CellContext, cells_of
from validation.reading.xlsx_columns import Cells
from validation.reading.xlsx_formats import formats_of
from validation.reading.xlsx_parts import (
    SheetPart,
    date_1904,
    formats_by_style,
    ignored_kinds,
    kind_of_format,
    related,
    root,
    sheet_parts,
    template_mark,
    workbook_part,
)
from validation.reading.xlsx_strings import shared_strings
from validation.reading.zipped import Package

_HIDDEN_ROW = re.compile(rb'<row r="(\d+)"[^>]*\shidden="(?:1|true)"')


def read_xlsx(package: Package, limits: Limits) -> Workbook:
    """All worksheets of the package, hidden ones too."""
    part = workbook_part(package)
    workbook = root(package, part)
    if workbook is None:
        raise damaged("缺少工作簿部件", "its workbook part is missing")
    codes = formats_by_style(package, part)
    context = CellContext(
        strings=shared_strings(package, related(package, part, "sharedStrings")),
        kinds=[kind_of_format(code) for code in codes],
        date_1904=date_1904(workbook),
        tells=[tells(code) for code in codes],
        frames_text=[text_around(code) != ("", "") for code in codes],
    )
    sheets = sheet_parts(package, workbook, part)
    kinds = ignored_kinds(package)
    return Workbook(
        format="xlsm" if "macros" in kinds else "xlsx",
        sheets=tuple(_sheet(package, sheet, codes, context, limits) for sheet in sheets),
        template_mark=template_mark(workbook),
        ignored_kinds=kinds,
        date_1904=context.date_1904,
    )


def _sheet(
    package: Package, part: SheetPart, codes: list[str], context: CellContext, limits: Limits
) -> RawSheet:
    if part.part not in package:
        raise damaged(f"缺少工作表“{part.name}”的部件", f"the part of its sheet “{part.name}” is missing")
    blocks = SheetBlocks(package, part.part)
    try:
        cells, hidden = _gathered(blocks, context, limits)
    except OddSheetError:
        blocks.rewrite()
        cells, hidden = _rewritten(blocks, context, limits)
    first_row, first_column, height, columns = cells.columns()
    return RawSheet(
        name=part.name,
        hidden=part.hidden,
        first_row=first_row,
        first_column=first_column,
        height=height,
        columns=columns,
        merged=blocks.merged,
        hidden_rows=frozenset(hidden),
        errors=cells.errors,
        uncalculated=frozenset(cells.uncalculated),
        formats=formats_of(cells.styled, codes),
    )


def _rewritten(blocks: SheetBlocks, context: CellContext, limits: Limits) -> tuple[Cells, set[int]]:
    try:
        return _gathered(blocks, context, limits)
    except OddSheetError as error:
        raise damaged("工作表部件无法解析", "a sheet cannot be parsed") from error


def _gathered(blocks: SheetBlocks, context: CellContext, limits: Limits) -> tuple[Cells, set[int]]:
    """The cells of all blocks, and the numbers of hidden rows."""
    cells, hidden = Cells(limits), set[int]()
    for block in blocks:
        cells.add(cells_of(block, context))
        if b"hidden=" in block:
            hidden.update(int(match[1]) for match in _HIDDEN_ROW.finditer(block))
    return cells, hidden
