"""A register as an office keeps it by hand: titles above, a filling-in block, two header rows, totals and notes."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import date

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from submissions.demo_mode import DEMO
from validation import Form, Kind, Period, Role
from validation.codelists import options, reporting_units
from validation.display import SEPARATOR
from validation.rulebook.example_rows import Written
from validation.workbooks.notice import properties
from validation.workbooks.template import write_row

Rows = Sequence[Mapping[str, Written | None]]

#: 0-based rows; the table begins at B, not at A.
PARENT_ROW, HEADER_ROW, NUMBER_ROW, FIRST_ROW = 5, 6, 7, 8
LEFT = 1
#: Columns that stand under a common title, by collection: title -> field keys, next to each other in the form.
PARENTS: dict[str, dict[str, tuple[str, ...]]] = {
    "networks": {
        "基站数量（个）": ("base_stations_macro", "base_stations_indoor", "base_stations_dedicated"),
        "时间": ("started_on", "commissioned_on", "decommissioned_on"),
    },
    "ai_applications": {"时间": ("in_production_on", "retired_on")},
}
#: Columns for which the office uses a title of its own.
ALIASED = frozenset(
    {"enterprise_uscc", "network_type", "bands", "commissioned_on", "in_production_on", "vendor"}
)


def handmade(form: Form, period: Period, *, unit: str, rows: Rows) -> bytes:
    """An .xlsx of `rows` in an office's own layout; nothing in it is wrong that the rows do not bring along."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties(properties(DEMO))
        sheet = book.add_worksheet("表1")
        bold = book.add_format(
            {"bold": True, "align": "center", "valign": "vcenter", "border": 1, "text_wrap": True}
        )
        _write_head(sheet, form, period, unit, bold)
        _write_header(sheet, form, bold)
        general = [book.add_format() for _ in form.columns]
        for number, row in enumerate(rows):
            sheet.write_number(FIRST_ROW + number, LEFT, number + 1)
            write_row(sheet, FIRST_ROW + number, LEFT + 1, spelled(form, row), general)
        _write_foot(sheet, form, rows, period)
    return target.getvalue()


def first_data_row() -> int:
    """Spreadsheet row (from 1) of the first data row."""
    return FIRST_ROW + 1


def _write_head(sheet: Worksheet, form: Form, period: Period, unit: str, bold: Format) -> None:
    name = reporting_units()[unit].name_zh
    sheet.write_string(0, LEFT, "附件1")
    heading = f"{period.label_zh}{name}{form.label_zh}建设情况统计表"
    sheet.merge_range(1, LEFT, 1, LEFT + len(form.columns), heading, bold)
    for place, text in enumerate(("填报单位：", name, "填报人：", "张三", "审核人：", "李四")):
        sheet.write_string(3, LEFT + 1 + place, text)
    sheet.write_string(3, LEFT + 8, "填报日期：")
    sheet.write_string(3, LEFT + 9, f"{period.end:%Y年%m月%d日}")


def _write_header(sheet: Worksheet, form: Form, bold: Format) -> None:
    positions = {column.key: LEFT + 1 + place for place, column in enumerate(form.columns)}
    below = {key for keys in PARENTS[form.name].values() for key in keys}
    sheet.merge_range(PARENT_ROW, LEFT, HEADER_ROW, LEFT, "序号", bold)
    for parent, keys in PARENTS[form.name].items():
        sheet.merge_range(PARENT_ROW, positions[keys[0]], PARENT_ROW, positions[keys[-1]], parent, bold)
    for column in form.columns:
        name = column.aliases[0] if column.key in ALIASED else column.label_zh
        position = positions[column.key]
        if column.key in below:
            sheet.write_string(HEADER_ROW, position, name, bold)
        else:
            sheet.merge_range(PARENT_ROW, position, HEADER_ROW, position, name, bold)
    for number, position in enumerate(range(LEFT, LEFT + 1 + len(form.columns)), start=1):
        sheet.write_number(NUMBER_ROW, position, number, bold)


def spelled(form: Form, row: Mapping[str, Written | None]) -> list[Written | None]:
    """The row's values with aliases for listed values and dates in Chinese."""
    return [_spelled(row[column.key], column.codelist, column.kind) for column in form.columns]


def _spelled(value: Written | None, codelist: str | None, kind: Kind) -> Written | None:
    if isinstance(value, date):
        return f"{value.year}年{value.month}月{value.day}日"
    if kind in (Kind.ENUM, Kind.ENUM_LIST) and codelist is not None and isinstance(value, str):
        aliases = {option.label_zh: option.aliases[0] for option in options(codelist) if option.aliases}
        return "，".join(aliases.get(part, part) for part in value.split(SEPARATOR))
    return value


def _write_foot(sheet: Worksheet, form: Form, rows: Rows, period: Period) -> None:
    below = FIRST_ROW + len(rows)
    sheet.write_string(below, LEFT, "合 计")
    for position, column in enumerate(form.columns, start=LEFT + 1):
        values = [row[column.key] for row in rows]
        if column.role is Role.SUM and all(isinstance(value, int | float | None) for value in values):
            sheet.write_number(
                below, position, round(sum(value for value in values if isinstance(value, int | float)), 2)
            )
    sheet.write_string(below + 1, LEFT, f"注：以上数据截至{period.end:%Y年%m月%d日}。")
