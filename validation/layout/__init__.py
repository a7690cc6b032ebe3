"""Raw sheets -> tables: header row, column mapping, data rows, skipped rows, and what the file states about itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from validation.context import Context
from validation.findings import Finding
from validation.forms.form import Form
from validation.layout.file_facts import file_findings
from validation.layout.recognise import Recognised, forms_titles, recognise
from validation.layout.refused import raise_refused, refused_findings, unread_sheets
from validation.layout.tables import RowAccountError, SheetReading, parts_of
from validation.layout.unread import closest_to_header, without_header
from validation.limits import Limits
from validation.periods import Period
from validation.raw import RawSheet, Workbook
from validation.reading.refusals import over_limit
from validation.table import Table

__all__ = ["Layout", "RowAccountError", "find_tables"]


@dataclass(frozen=True, slots=True)
class Layout:
    """Tables in sheet order and from the top down, the structure findings, and what the workbook states about itself: its
    format, the names of all its sheets, and the period and unit (code) that it states. The sheets' cells stand in
    the tables alone."""

    format: str
    sheets: tuple[str, ...]
    tables: tuple[Table, ...]
    findings: list[Finding]
    stated_period: Period | None = None
    stated_unit: str | None = None
    #: visible sheets that hold something and were not read
    unread: tuple[str, ...] = ()


def find_tables(workbook: Workbook, form: Form, context: Context) -> Layout:
    """Every visible sheet whose header is the form's, as a table. No table comes with file.E005 or E010; with
    file.E009 the tables are empty.

    Raises RefusedFileError when a sheet of the form was not read to its end, file.E004 when the tables hold more
    rows than allowed, and RowAccountError, a defect of ours, when a row is neither data nor skipped.
    """
    recognised = recognise(workbook.sheets, form, context)
    raise_refused(recognised, workbook.sheets)
    names = tuple(sheet.name for sheet in workbook.sheets)
    findings = [*file_findings(workbook, form, context), *refused_findings(workbook.sheets)]
    findings += _hidden(recognised, form)
    others = unread_sheets(workbook.sheets, (form_sheet.sheet.name for form_sheet in recognised.own))
    unread = tuple(sheet.name for sheet in others)
    others = [sheet for sheet in others if sheet.name not in context.headers]
    if not recognised.own:
        without_table = [*findings, *_no_table(recognised, others, form, context)]
        return Layout(workbook.format, names, (), without_table, unread=unread)
    readings = []
    for form_sheet in recognised.own:
        context.progress("layout", 0, None)  # asks for the allowance too
        readings.append(SheetReading(form_sheet, form, context, date_1904=workbook.date_1904))
    tables = tuple(table for reading in readings for table in reading.tables)
    _check_count(tables, context.limits)
    findings += [finding for reading in readings for finding in reading.findings]
    findings += without_header(others, tables, recognised.foreign)
    if not any(len(table.rows) for table in tables):
        findings.append(Finding("file.E009", sheet=tables[0].sheet.name))
    stated = _period(readings), _unit(readings, context)
    return Layout(workbook.format, names, tables, findings, *stated, unread)


def _hidden(recognised: Recognised, form: Form) -> Iterator[Finding]:
    for form_sheet in recognised.hidden:
        if any(len(rows.data) for _, rows in parts_of(form_sheet, form)):
            name = form_sheet.sheet.name
            yield Finding("file.W014", sheet=name, params={"sheet": name})


def _no_table(
    recognised: Recognised, sheets: Sequence[RawSheet], form: Form, context: Context
) -> Iterator[Finding]:
    if not recognised.others:
        closest = closest_to_header(sheets, forms_titles(form, context.titles)[0])
        yield Finding("file.E005", params={"closest": closest})
    chosen = {"zh": form.label_zh, "en": form.label_en}
    for sheet, other in recognised.others:
        names = {"other": {"zh": other.label_zh, "en": other.label_en}, "chosen": chosen}
        yield Finding("file.E010", sheet=sheet.name, params=names)


def _check_count(tables: Sequence[Table], limits: Limits) -> None:
    rows = sum(len(table.rows) for table in tables)
    if rows > limits.rows:
        raise over_limit(
            f"数据行不得超过{limits.rows}行，现有{rows}行",
            f"at most {limits.rows} rows of data, and there are {rows}",
        )


def _period(readings: Sequence[SheetReading]) -> Period | None:
    return next((reading.period for reading in readings if reading.period is not None), None)


def _unit(readings: Sequence[SheetReading], context: Context) -> str | None:
    named = sorted({code for reading in readings for units in reading.units for code in units})
    return context.unit if context.unit in named else next(iter(named), None)
