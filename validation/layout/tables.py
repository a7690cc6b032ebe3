"""One recognised sheet -> its tables: rows sorted, cells by field, every row accounted for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import polars as pl

from validation.context import Context
from validation.findings import Finding
from validation.forms.form import Form, Kind
from validation.layout.columns import column_findings, untitled, with_units
from validation.layout.file_facts import statement_findings
from validation.layout.grid import filled, gathered, rows_texts
from validation.layout.header import Header
from validation.layout.merges import Fill, filled_down, fills, merge_findings
from validation.layout.recognise import FormSheet
from validation.layout.row_findings import row_findings
from validation.layout.rows import Rows, classify, passed_by
from validation.layout.sections import Section, sections_of
from validation.layout.statements import is_label, stated_period, stated_units
from validation.layout.totals import total_rows
from validation.layout.unread import above_header
from validation.periods import Period
from validation.raw import RawColumn, RawSheet
from validation.rulebook.example_rows import EXAMPLES
from validation.table import MappedColumn, SkippedRow, Table, TotalRow

#: Days between the two ways of counting days in a workbook, and the day numbers it can matter for.
DAYS_1904 = 1462
DAY_NUMBERS = (20_000, 80_000)


class RowAccountError(Exception):
    """A row of a read sheet is neither data nor skipped, or is both: a defect of ours."""


class SheetReading:
    """The tables of a sheet with their findings and with what the sheet states about itself."""

    def __init__(self, form_sheet: FormSheet, form: Form, context: Context, *, date_1904: bool) -> None:
        self._sheet, self._form, self._grid = form_sheet.sheet, form, form_sheet.grid
        parts = list(parts_of(form_sheet, form))
        block = [row for _, rows in parts for row, kind in rows.kinds.items() if kind == "filling_block"]
        above = [
            form_sheet.grid.row(number) for number in range(form_sheet.grid.first_row, form_sheet.header.top)
        ]
        said = above + rows_texts(form_sheet.sheet, sorted(block))
        self.period: Period | None = stated_period(said)
        self.units = stated_units(said)
        read = [self._read(*part, date_1904=date_1904) for part in parts if part[0].own]
        self.tables = self._accounted([table for table, _ in read], parts)
        check_rows(self.tables[0], parts[-1][1].last, self.tables[1:])
        self.findings = [
            *statement_findings(form_sheet.sheet.name, self.period, self.units, context),
            *_once(finding for _, findings in read for finding in findings),
            *(() if form_sheet.sheet.name in context.headers else above_header(form_sheet)),
            *row_findings(form_sheet.sheet, self.tables),
        ]

    def _read(self, section: Section, rows: Rows, *, date_1904: bool) -> tuple[Table, list[Finding]]:
        """One table and what is found in its columns."""
        sheet, header = self._sheet, section.header
        columns, unclear = with_units(sheet, header, self._form, section.units)
        merged = fills(sheet, header.positions, rows.data, header.bottom)
        table = Table(
            sheet=replace(sheet, columns=()),
            header_row=header.bottom,
            columns=columns,
            rows=rows.data,
            skipped=(),
            cells=dict(_cells(sheet, columns, self._form, rows, merged, date_1904=date_1904)),
            totals=_totals(sheet, header, rows),
        )
        findings = [
            *column_findings(sheet, header, self._form),
            *unclear,
            *_untitled(sheet, header, rows),
            *merge_findings(sheet, merged),
        ]
        return table, findings

    def _accounted(self, tables: Sequence[Table], parts: Sequence[tuple[Section, Rows]]) -> tuple[Table, ...]:
        """The tables with the rows that are no data, those of another collection's tables with the one above."""
        shares: list[list[tuple[Section, Rows]]] = []
        for part in parts:
            if part[0].own:
                shares.append([])
            shares[-1].append(part)
        return tuple(
            replace(
                table,
                skipped=tuple(skip for section, rows in share for skip in self._skipped(section, rows)),
                gaps=tuple(gap for _, rows in share for gap in rows.gaps),
                span=(self._first_row(share[0][0]), share[-1][1].last) if len(tables) > 1 else None,
            )
            for table, share in zip(tables, shares, strict=True)
        )

    def _first_row(self, section: Section) -> int:
        return self._sheet.first_row if section.grid is self._grid else section.header.top

    def _skipped(self, section: Section, rows: Rows) -> Iterator[SkippedRow]:
        """The rows above a sheet's first header, the header's, and those below that are no data."""
        header = section.header
        for number in range(self._first_row(section), header.top):
            yield SkippedRow(number, _kind_above(section.grid.row(number)))
        for number in range(header.top, header.bottom + 1):
            yield SkippedRow(number, "header")
        for row, kind in sorted(rows.kinds.items()):
            yield SkippedRow(row, kind)


def parts_of(form_sheet: FormSheet, form: Form) -> Iterator[tuple[Section, Rows]]:
    """The tables of a recognised sheet with the rows below their headers. What belongs to another collection is no
    data here."""
    sections = sections_of(form_sheet.sheet, form_sheet.grid, form_sheet.header, form_sheet.titles)
    for section in sections:
        is_last = section is sections[-1]
        if section.own:
            sample = _sample(section.header, form)
            yield section, classify(form_sheet.sheet, section, form, sample, is_last=is_last)
        else:
            yield section, passed_by(form_sheet.sheet, section, is_last=is_last)


def _sample(header: Header, form: Form) -> dict[int, str]:
    """Texts of the template's sample row by 0-based column, the record key first."""
    example = EXAMPLES.get(form.name, {})
    texts = {
        column.position: str(example[column.key])
        for column in sorted(header.columns, key=lambda column: column.key != form.key.key)
        if column.key is not None and isinstance(example.get(column.key), str) and example[column.key]
    }
    return texts if form.key.key in header.keys else {}


def _kind_above(texts: list[str]) -> str:
    if not any(texts):
        return "blank"
    return "filling_block" if any(is_label(text) for text in texts) else "title"


def check_rows(table: Table, last: int, further: Sequence[Table] = ()) -> None:
    """Every row from the sheet's first to the last one read is data or skipped, once; `further` are its other tables."""
    tables = (table, *further)
    skipped = [row for part in tables for row, _ in part.skipped]
    gaps = [pl.int_range(a, b + 1, dtype=pl.Int32, eager=True) for part in tables for a, b in part.gaps]
    rows = [part.rows.cast(pl.Int32) for part in tables]
    counted = pl.concat([*rows, pl.Series(skipped, dtype=pl.Int32), *gaps]).sort()
    if not counted.equals(pl.int_range(table.sheet.first_row, last + 1, dtype=pl.Int32, eager=True)):
        raise RowAccountError(
            f"{table.sheet.name}: {sum(map(len, rows))} data rows and {len(skipped)} skipped ones"
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


def _totals(sheet: RawSheet, header: Header, rows: Rows) -> tuple[TotalRow, ...]:
    if not rows.totals:
        return ()
    return total_rows(sheet, header.positions, rows.data.to_list(), rows.totals)


def _untitled(sheet: RawSheet, header: Header, rows: Rows) -> Iterator[Finding]:
    titled = {column.position for column in header.columns}
    picks = (rows.data - sheet.first_row).cast(pl.UInt32)
    for offset, column in enumerate(sheet.columns):
        position = sheet.first_column + offset
        if position not in titled and filled(column)[picks].any():
            yield untitled(sheet, header, position)


def _once(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Report findings about columns once, not again for the same columns of the next table."""
    said = set()
    for finding in findings:
        what = (finding.code, finding.row, finding.column, finding.value, str(finding.params))
        if what not in said:
            said.add(what)
            yield finding
