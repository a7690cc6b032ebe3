"""Visible sheets that were not read: which row came closest to a header, and rows that look like the form's data."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

import polars as pl

from validation.findings import Finding
from validation.layout.below import KEY, counted
from validation.layout.grid import TOP_ROWS, grid_of
from validation.layout.header_rows import LEAST_TITLES, best_rows, find_header
from validation.layout.recognise import FormSheet
from validation.layout.titles import Titles
from validation.layout.words import ranges
from validation.raw import RawSheet
from validation.table import Table
from validation.workbooks.sheet_names import FINDINGS_SHEET

#: Of the cells that the records read fill mostly, a row must fill this share to look like one, and no fewer cells.
_SHARE, _LEAST_CELLS = 0.6, 5
#: A sheet with fewer columns than this share of the form's holds no records of it.
_LEAST_SHARE = 0.3
_CODE = re.compile(r"(?=.*[0-9])[A-Za-z0-9][A-Za-z0-9_./ -]{3,}")
#: Rows of a sheet in which titles are looked for when there is no header at its top.
_ROWS_SEARCHED = 200
#: Known titles that are named.
_MOST_NAMED = 5


def without_header(
    sheets: Sequence[RawSheet], tables: Sequence[Table], foreign: Collection[str]
) -> Iterator[Finding]:
    """file.W022 for each of the unread `sheets` with rows as wide as the records read; `foreign` are those of another
    collection."""
    wanted = [sheet for sheet in sheets if sheet.name not in {*foreign, FINDINGS_SHEET}]
    least = max([_LEAST_CELLS, *(_LEAST_SHARE * len(table.cells) for table in tables)])
    width = _width(tables) if any(len(sheet.columns) >= least for sheet in wanted) else 0
    for sheet in wanted:
        rows = _like_records(sheet, width) if width else []
        if rows:
            yield _without_header(sheet.name, rows)


def _width(tables: Sequence[Table]) -> float:
    """Cells that a row must fill to be like the records of the tables; 0 where these have none."""
    counts = [counted(table.cells.values(), len(table.rows)) for table in tables if len(table.rows)]
    if not counts:
        return 0
    usual = pl.concat(counts).median()
    return max(_LEAST_CELLS, _SHARE * float(usual))  # type: ignore[arg-type]


def _like_records(sheet: RawSheet, width: float) -> list[int]:
    """Rows that fill enough cells, one of them with a code: a summary has figures, a dictionary few columns."""
    wide = (counted(sheet.columns, sheet.height) >= width).arg_true()
    coded = pl.Series([False]).new_from_index(0, len(wide))
    for column in sheet.columns if len(wide) else ():
        text = column.text.gather(wide)
        coded |= (text.str.contains(KEY) & text.str.contains(r"[0-9].*[0-9]")).fill_null(value=False)
    return (wide.filter(coded).cast(pl.Int64) + sheet.first_row).to_list()


def above_header(form_sheet: FormSheet) -> Iterator[Finding]:
    """file.W022 for records that stand above their header, as where a sheet was sorted with it; what another
    collection's header stands above is none."""
    grid, header, form = form_sheet.grid, form_sheet.header, form_sheet.titles[0].form
    left, key = grid.first_column, header.positions.get(form.key.key)
    rows = []
    for number in range(grid.first_row, header.top):
        own = [grid.row(number)[position - left] for position in header.positions.values()]
        code = "" if key is None else grid.row(number)[key - left]
        if sum(map(bool, own)) >= max(_LEAST_CELLS, len(own) / 2) and _CODE.fullmatch(code):
            rows.append(number)
    if rows and not any(find_header(grid, other, until=header.top - 1) for other in form_sheet.titles[1:]):
        yield _without_header(form_sheet.sheet.name, rows)


def _without_header(sheet: str, rows: list[int]) -> Finding:
    return Finding("file.W022", sheet=sheet, params={"sheet": sheet, "rows": ranges(rows)})


def closest_to_header(sheets: Sequence[RawSheet], titles: Titles) -> dict[str, str]:
    """Which row of the sheets comes closest to the form's header, in Chinese and English."""
    findings = []
    for sheet in sheets:
        grid = grid_of(sheet, sheet.first_row, _ROWS_SEARCHED)
        rows = best_rows(grid, titles) if grid.texts else None
        if rows is not None:
            findings.append((len(rows.keys), sheet.name, rows))
    if not findings:
        return {"zh": "各工作表中均无本表的列标题。", "en": "No sheet has any of the form's column titles."}
    count, name, rows = max(findings, key=lambda closest: closest[0])
    named = [column for column in titles.form.columns if column.key in rows.keys][:_MOST_NAMED]
    more = ("等", " …") if count > _MOST_NAMED else ("", "")
    low = rows.bottom > TOP_ROWS and count >= LEAST_TITLES
    zh = "、".join(column.label_zh for column in named) + more[0]
    en = ", ".join(column.label_en for column in named) + more[1]
    return {
        "zh": f"最接近的是工作表“{name}”第{rows.bottom}行，可识别{count}个列标题：{zh}"
        + (f"；表头须在前{TOP_ROWS}行之内。" if low else "。"),
        "en": f"Row {rows.bottom} of sheet “{name}” comes closest, with {count} known"
        f" {'title' if count == 1 else 'titles'}: {en}"
        + (f"; a header must stand in the first {TOP_ROWS} rows." if low else "."),
    }
