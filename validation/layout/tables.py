"""One recognised sheet -> its table: rows sorted, cells by field, every row accounted for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

import polars as pl

from validation.context import Context
from validation.examples import EXAMPLES
from validation.findings import Finding
from validation.forms.form import Form, Kind
from validation.layout.columns import column_findings, untitled, with_units
from validation.layout.file_facts import statement_findings
from validation.layout.grid import Grid, filled, gathered, rows_texts
from validation.layout.header import Header
from validation.layout.merges import Fill, filled_down, fills, merge_findings
from validation.layout.recognise import FormSheet
from validation.layout.rows import Rows, classify
from validation.layout.statements import is_label, stated_period, stated_units, unit_line
from validation.layout.totals import total_rows
from validation.layout.words import KINDS, ranges
from validation.periods import Period
from validation.raw import RawColumn, RawSheet
from validation.table import MappedColumn, SkippedRow, Table

#: Days between the two ways of counting days in a workbook, and the day numbers it can matter for.
DAYS_1904 = 1462
DAY_NUMBERS = (20_000, 80_000)


class RowAccountError(Exception):
    """A row of a read sheet is neither data nor skipped, or is both: a defect of ours."""


class SheetReading:
    """A table with its findings and with what the sheet says of itself."""

    def __init__(self, found: FormSheet, form: Form, context: Context, *, date_1904: bool) -> None:
        sheet, grid, header = found.sheet, found.grid, found.header
        rows = classify_sheet(found, form)
        above = [grid.row(number) for number in range(grid.first_row, header.top)]
        block = rows_texts(sheet, [row for row, kind in rows.kinds.items() if kind == "filling_block"])
        self.period: Period | None = stated_period(above + block)
        self.units = stated_units(above + block)
        columns, unclear = with_units(sheet, header, form, unit_line(above))
        positions = {column.key: column.position for column in columns if column.key is not None}
        merged = fills(sheet, positions, rows.data, header.bottom)
        self.table = Table(
            sheet=replace(sheet, columns=()),
            header_row=header.bottom,
            columns=columns,
            rows=rows.data,
            skipped=_skipped(grid, header, rows),
            cells=dict(_cells(sheet, columns, form, rows, merged, date_1904=date_1904)),
            totals=total_rows(sheet, positions, rows.data.to_list(), rows.totals) if rows.totals else (),
        )
        check_rows(self.table, rows.last)
        self.findings = [
            *statement_findings(sheet.name, self.period, self.units, context),
            *column_findings(sheet, header, form),
            *unclear,
            *_untitled(sheet, header, rows),
            *_row_findings(sheet, rows),
            *merge_findings(sheet, merged),
        ]


def classify_sheet(found: FormSheet, form: Form) -> Rows:
    """The rows below the header of a recognised sheet."""
    return classify(found.sheet, found.grid, found.header, _sample(found.header, form))


def _sample(header: Header, form: Form) -> dict[int, str]:
    """Texts of the template's sample row by 0-based column, the record key first."""
    example = EXAMPLES.get(form.name, {})
    texts = {
        column.position: str(example[column.key])
        for column in sorted(header.columns, key=lambda column: column.key != form.key.key)
        if column.key is not None and isinstance(example.get(column.key), str) and example[column.key]
    }
    return texts if form.key.key in header.keys else {}


def _skipped(grid: Grid, header: Header, rows: Rows) -> tuple[SkippedRow, ...]:
    above = [
        SkippedRow(number, _kind_above(grid.row(number))) for number in range(grid.first_row, header.top)
    ]
    titles = [SkippedRow(number, "header") for number in range(header.top, header.bottom + 1)]
    return (*above, *titles, *(SkippedRow(row, kind) for row, kind in sorted(rows.kinds.items())))


def _kind_above(texts: list[str]) -> str:
    if not any(texts):
        return "blank"
    return "filling_block" if any(is_label(text) for text in texts) else "title"


def check_rows(table: Table, last: int) -> None:
    """Every row from the sheet's first to the last one read is data or skipped, once."""
    skipped = pl.Series([row for row, _ in table.skipped], dtype=pl.Int32)
    counted = pl.concat([table.rows.cast(pl.Int32), skipped]).sort()
    if not counted.equals(pl.int_range(table.sheet.first_row, last + 1, dtype=pl.Int32, eager=True)):
        raise RowAccountError(
            f"{table.sheet.name}: {len(table.rows)} data rows and {len(table.skipped)} skipped ones"
            f" do not make up rows {table.sheet.first_row} to {last}"
        )


def _cells(
    sheet: RawSheet,
    columns: tuple[MappedColumn, ...],
    form: Form,
    rows: Rows,
    merged: list[Fill],
    *,
    date_1904: bool,
) -> Iterator[tuple[str, RawColumn]]:
    by_key = defaultdict(list)
    for fill in merged:
        by_key[fill.key].append(fill)
    picks = (rows.data - sheet.first_row).cast(pl.UInt32)
    for column in columns:
        if column.key is None:
            continue
        raw = filled_down(sheet, sheet.columns[column.position - sheet.first_column], by_key[column.key])
        raw = gathered(raw, picks)
        if date_1904 and form.by_key[column.key].kind is Kind.DATE:
            raw = _from_1904(raw)
        yield column.key, raw


def _from_1904(raw: RawColumn) -> RawColumn:
    """Bare day numbers of a 1904 workbook as those of the 1900 system; date cells are right already."""
    days = raw.number.is_between(*DAY_NUMBERS)
    return RawColumn(raw.text, raw.number.zip_with(~days, raw.number + DAYS_1904), raw.moment)


def _untitled(sheet: RawSheet, header: Header, rows: Rows) -> Iterator[Finding]:
    titled = {column.position for column in header.columns}
    picks = (rows.data - sheet.first_row).cast(pl.UInt32)
    for offset, column in enumerate(sheet.columns):
        position = sheet.first_column + offset
        if position not in titled and filled(column)[picks].any():
            yield untitled(sheet, header, position)


def _row_findings(sheet: RawSheet, rows: Rows) -> Iterator[Finding]:
    """file.W020 per sample row, file.I016 per kind of skipped rows, file.W015 for hidden rows."""
    for row, kind in rows.kinds.items():
        if kind == "sample":
            yield Finding("file.W020", sheet=sheet.name, row=row, params={"row": row})
    for kind, words in KINDS.items():
        numbers = [row for row, found in rows.kinds.items() if found == kind]
        if numbers:
            shown = ranges(numbers)
            named = {"zh": f"{words['zh']}，第{shown}行", "en": f"{words['en']}: rows {shown}"}
            yield Finding("file.I016", sheet=sheet.name, params={"count": len(numbers), "kind": named})
    hidden = sheet.hidden_rows & set(rows.data.to_list()) if sheet.hidden_rows else set()
    if hidden:
        yield Finding("file.W015", sheet=sheet.name, params={"rows": ranges(hidden)})
