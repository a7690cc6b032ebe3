"""Form -> the official workbook: drop-downs, hints, formats, code lists and a hidden version mark; blank or prefilled."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

import polars as pl
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from validation.codelists import reporting_units
from validation.display import display
from validation.forms import Column, Form, Kind, Need
from validation.hints import Text, hint, title
from validation.limits import DEFAULT_LIMITS
from validation.periods import Period
from validation.rulebook.example_rows import EXAMPLES, SAMPLE_MARK, Written
from validation.workbooks.notice import properties, said
from validation.workbooks.template_rows import Rows, with_rows
from validation.workbooks.template_sheets import write_code_lists, write_instructions

#: 0-based rows of the form's sheet.
TITLE_ROW, SUBTITLE_ROW, BLOCK_ROW, HEADER_ROW = 0, 1, 2, 4
FIRST_ROW = HEADER_ROW + 1
#: Pages of A3 side by side that a printed form takes.
PAGES_WIDE = 3
NUMBER_TITLE = "序号"
WIDTHS = {
    Kind.CODE: 16, Kind.TEXT: 26, Kind.USCC: 22, Kind.REGION: 16, Kind.INDUSTRY: 12, Kind.ENUM: 16, Kind.ENUM_LIST: 24,
    Kind.INT: 11, Kind.DECIMAL: 11, Kind.PERCENT: 11, Kind.MONEY: 14, Kind.BOOL: 9, Kind.DATE: 13,
}  # fmt: skip
#: Kinds that are text even when they look like numbers.
TEXT = "@"
NUMBER_FORMATS = {
    Kind.INT: "0", Kind.DECIMAL: "0.0##", Kind.PERCENT: "0.0##", Kind.MONEY: "0.00", Kind.DATE: "yyyy-mm-dd",
}  # fmt: skip
BLOCK = ("填报单位", "填报人", "审核人", "联系电话", "填报日期")
RANGE_RULES = {Kind.INT: "integer", Kind.DECIMAL: "decimal", Kind.PERCENT: "decimal", Kind.MONEY: "decimal"}


def template(
    form: Form,
    period: Period,
    *,
    unit: str | None = None,
    records: pl.DataFrame | None = None,
    notice: Text | None = None,
) -> bytes:
    """The official .xlsx of `form` for `period`: blank with one sample row, or filled with `records`, a typed
    frame as casting makes it. `unit` (a reporting unit's code) is named in it and narrows its list of
    places; `notice` is said in its properties and on its sheet 说明. The same arguments give the same bytes."""
    rows = None if records is None else display(form, records).iter_rows()
    return _workbook(form, period, unit, rows, notice)


def filled(
    form: Form,
    period: Period,
    *,
    unit: str,
    rows: Iterable[Sequence[Written | None]],
    notice: Text | None = None,
) -> bytes:
    """The official workbook with rows as somebody typed them, one value or None per column, right or wrong."""
    return _workbook(form, period, unit, rows, notice)


def _workbook(form: Form, period: Period, unit: str | None, rows: Rows | None, notice: Text | None) -> bytes:
    target = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(target, options) as book:
        _mark(book, form, period, notice)
        sheet = book.add_worksheet(form.label_zh)
        lists = write_code_lists(book, form, period, unit)
        write_instructions(book, form, period, said(notice) if notice else "")
        styles = [column_format(book, column) for column in form.columns]
        _lay_out(sheet, form, styles)
        _write_head(book, sheet, form, period, unit)
        _offer(sheet, form, lists)
        if rows is None:
            _write_sample(sheet, form, styles)
    blank = target.getvalue()
    return blank if rows is None else with_rows(blank, FIRST_ROW, rows)


def _mark(book: xlsxwriter.Workbook, form: Form, period: Period, notice: Text | None) -> None:
    """The version mark as a hidden defined name, and a creation date that does not change from run to run."""
    book.define_name("gongwang_template", f'="{form.template_mark(period)}"')
    book.defined_names[-1][3] = True  # xlsxwriter writes the attribute but offers no argument for it
    created = datetime(period.start.year, period.start.month, 1)
    title = f"{form.label_zh} {period}"
    book.set_properties(properties(notice, title=title, author="Gongwang", created=created))


def column_format(book: xlsxwriter.Workbook, column: Column) -> Format:
    """Number, date or text format of a column; codes are text so that no digit is lost."""
    return book.add_format({"num_format": NUMBER_FORMATS.get(column.kind, TEXT), "valign": "vcenter"})


def _lay_out(sheet: Worksheet, form: Form, styles: Sequence[Format]) -> None:
    """Formats stand on whole columns: an empty cell with a format would look like a row to be read."""
    sheet.set_column(0, 0, 6)
    for position, (column, style) in enumerate(zip(form.columns, styles, strict=True), start=1):
        sheet.set_column(position, position, WIDTHS[column.kind], style)
    sheet.freeze_panes(FIRST_ROW, 3)
    sheet.set_landscape()
    sheet.set_paper(8)  # A3
    # so many columns on one page could not be read: each page has the record's number and name again
    sheet.fit_to_pages(PAGES_WIDE, 0)
    sheet.repeat_rows(HEADER_ROW)
    sheet.repeat_columns(0, 2)
    sheet.set_footer("&C&P / &N")


def _write_head(
    book: xlsxwriter.Workbook, sheet: Worksheet, form: Form, period: Period, unit: str | None
) -> None:
    big = book.add_format({"bold": True, "font_size": 16, "num_format": TEXT})
    plain = book.add_format({"font_color": "#555555", "num_format": TEXT})
    sheet.write_string(TITLE_ROW, 0, f"{form.label_zh}登记表（{period.label_zh}）", big)
    sheet.write_string(SUBTITLE_ROW, 0, f"{form.label_en}, {period}", plain)
    _write_block(book, sheet, unit)
    sheet.write_string(HEADER_ROW, 0, NUMBER_TITLE, _header_format(book, Need.NO))
    for position, column in enumerate(form.columns, start=1):
        sheet.write_string(HEADER_ROW, position, title(column), _header_format(book, column.required))
    sheet.set_row(HEADER_ROW, 48)


def _write_block(book: xlsxwriter.Workbook, sheet: Worksheet, unit: str | None) -> None:
    """Who fills the form in: a label and the cell to its right for each line."""
    label = book.add_format({"bold": True, "align": "right", "num_format": TEXT})
    blank = book.add_format({"bottom": 1, "num_format": TEXT})
    for position, text in enumerate(BLOCK):
        sheet.write_string(BLOCK_ROW, position * 2 + 1, f"{text}：", label)
        sheet.write_blank(BLOCK_ROW, position * 2 + 2, None, blank)
    if unit is not None:
        sheet.write_string(BLOCK_ROW, 2, reporting_units()[unit].name_zh, blank)


def _header_format(book: xlsxwriter.Workbook, need: Need) -> Format:
    fill = {Need.YES: "#F8D7DA", Need.CONDITIONAL: "#FFF3CD", Need.NO: "#E2E8F0"}[need]
    facts = {"bold": True, "text_wrap": True, "align": "center", "valign": "vcenter", "border": 1}
    return book.add_format({**facts, "bg_color": fill, "num_format": TEXT})


def _offer(sheet: Worksheet, form: Form, lists: dict[str, str]) -> None:
    """Drop-downs, limits and hints. They warn and never forbid: what is right is decided after the upload."""
    last = FIRST_ROW + DEFAULT_LIMITS.rows - 1
    for position, column in enumerate(form.columns, start=1):
        options = {**_prompt(column), **_allowed(column, lists)}
        sheet.data_validation(FIRST_ROW, position, last, position, options)


def _prompt(column: Column) -> dict[str, Any]:
    """Excel takes at most 32 characters of title and 255 of text."""
    text = hint(column)
    return {
        "input_title": column.label_zh[:32],
        "input_message": f"{text.zh}\n{column.label_en}: {text.en}"[:255],
        "error_title": column.label_zh[:32],
        "error_message": f"{text.zh}\n{text.en}"[:255],
        "error_type": "warning",
        "ignore_blank": True,
    }


def _allowed(column: Column, lists: dict[str, str]) -> dict[str, Any]:
    if column.codelist is not None:
        # Aliases, codes and joined values are read too, so the list only offers.
        return {"validate": "list", "source": lists[column.codelist], "show_error": False}
    if column.kind is Kind.BOOL:
        return {"validate": "list", "source": ["是", "否"], "show_error": False}
    if column.kind in RANGE_RULES and column.maximum is not None:
        bounds = {"minimum": column.minimum, "maximum": column.maximum}
        return {"validate": RANGE_RULES[column.kind], "criteria": "between", **bounds}
    return {"validate": "any"}


def _write_sample(sheet: Worksheet, form: Form, styles: Sequence[Format]) -> None:
    sheet.write_string(FIRST_ROW, 0, SAMPLE_MARK)
    example = EXAMPLES[form.name]
    write_row(sheet, FIRST_ROW, 1, [example[column.key] for column in form.columns], styles)


def write_row(
    sheet: Worksheet, row: int, left: int, values: Sequence[Written | None], styles: Sequence[Format]
) -> None:
    """Writes each value by its own type from column `left` on; None and "" leave the cell unwritten."""
    for position, (value, style) in enumerate(zip(values, styles, strict=True), start=left):
        if value is None or value == "":
            continue
        if isinstance(value, str):
            # Never `write`: a text that begins with = must stay a text.
            sheet.write_string(row, position, value, style)
        elif isinstance(value, date):
            sheet.write_datetime(row, position, value, style)
        else:
            sheet.write_number(row, position, value, style)
