"""The two sheets behind the form's own: 字典 with every code list, 说明 with how to fill each column in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from validation.codelists import labels, options, reporting_units
from validation.codelists.industries import groups, industrial_divisions
from validation.codelists.regions import divisions, full_name, places_of
from validation.forms import Column, Form, Kind
from validation.hints import KINDS, NEEDS, Text, bounds, title
from validation.periods import Period

CODE_LISTS, INSTRUCTIONS = "字典", "说明"
#: Long format on purpose: with one column per list the titles would look like the form's own header.
LIST_HEADER = ("代码表 Code list", "代码 Code", "名称 Name", "英文 English", "填写内容 What to enter")
#: a code list with more lines is looked up on the screen and not printed: the country's 3,000 divisions
PRINTED = 500
COLUMN_HEADER = ("列 Column", "英文 English", "要求 Need", "填写方法", "How to fill it in")
#: Of 说明: widths of its columns in characters, and the height of a line in points.
WIDTHS = (30, 28, 30, 60, 80)
LINE = 15
#: Said above the table of columns.
ADVICE = (
    Text(
        "本表填报报告期末的全部记录，不是增量；编号在各期保持不变。",
        "List every record as it stands at the end of the period, not only the changes; keep each code from period to period.",
    ),
    Text(
        "请删除示例行。列的顺序可以调整，列标题请勿修改。",
        "Delete the sample row. Columns may be moved; keep their titles.",
    ),
    Text(
        "红色标题为必填，黄色标题按条件必填，灰色标题为选填。",
        "Red titles are required, yellow ones in some cases, grey ones are optional.",
    ),
    Text(
        "没有可填报的记录时，请在系统中办理零报告，不要上传空表。",
        "When there is nothing to report, declare a nil return in the system and upload no empty form.",
    ),
    Text(
        "涉密内容不得填入本表，也不得通过本系统报送。",
        "Classified information must not be entered here or reported through this system.",
    ),
)


class Entry(NamedTuple):
    """One line of a code list; `written` is what a person enters."""

    code: str
    name_zh: str
    name_en: str
    written: str


def write_code_lists(
    book: xlsxwriter.Workbook, form: Form, period: Period, unit: str | None
) -> dict[str, str]:
    """Adds 字典 and gives, for each code list, the range of what may be entered."""
    sheet = book.add_worksheet(CODE_LISTS)
    _write_header(book, sheet, 0, LIST_HEADER, (26, 12, 40, 46, 40))
    lists = {codelist: list(entries(codelist, period, unit)) for codelist in _lists(form)}
    ranges: dict[str, str] = {}
    row = printed = 0
    # the long ones last, where printing leaves them out
    for codelist in sorted(lists, key=lambda name: len(lists[name]) > PRINTED):
        first = row + 1
        for row, entry in enumerate(lists[codelist], start=first):
            _write_texts(sheet, row, (_lists(form)[codelist], *entry))
        ranges[codelist] = f"={CODE_LISTS}!$E${first + 1}:$E${row + 1}"
        printed = row if len(lists[codelist]) <= PRINTED else printed
    print_to_width(sheet, header=0)
    sheet.print_area(0, 0, printed, len(LIST_HEADER) - 1)
    return ranges


def print_to_width(sheet: Worksheet, header: int) -> None:
    """Print one page wide, with the header row on each and the number of the page."""
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(header)
    sheet.set_footer("&C&P / &N")


def _lists(form: Form) -> dict[str, str]:
    """The code lists of a form, each under the title of the first column that uses it."""
    listed = [(column.codelist, column.label_zh) for column in form.columns if column.codelist is not None]
    first_label = dict(reversed(listed))
    return {codelist: first_label[codelist] for codelist, _ in listed}


def entries(codelist: str, period: Period, unit: str | None = None) -> Iterator[Entry]:
    """The lines of a code list as the template shows them: the period's divisions of `unit` (of all when
    None), divisions and groups of sections B, C and D, and every line of the other lists."""
    if codelist == "regions":
        return _regions(period, unit)
    if codelist == "industries":
        return _industries()
    return (
        Entry(option.code, option.label_zh, option.label_en, option.label_zh) for option in options(codelist)
    )


def _regions(period: Period, unit: str | None) -> Iterator[Entry]:
    for code in (code for own in reporting_units() if unit in (None, own) for code in places_of(own, period)):
        if divisions()[code].level != "pseudo_prefecture":
            yield Entry(code, divisions()[code].name, "", full_name(code))


def _industries() -> Iterator[Entry]:
    """Of two levels that share a code's digits both are given; a section is not a code that a row carries."""
    for code in (*industrial_divisions(), *groups()):
        _, name_zh, name_en, _ = labels("industries")[code]
        yield Entry(code, name_zh, name_en, f"{code} {name_zh}")


def write_instructions(book: xlsxwriter.Workbook, form: Form, period: Period, notice: str = "") -> None:
    """Adds 说明: the notice if there is one, the advice, then one line per column."""
    sheet = book.add_worksheet(INSTRUCTIONS)
    bold = book.add_format({"bold": True, "font_size": 14, "num_format": "@"})
    at_top = book.add_format({"num_format": "@", "valign": "top"})
    wrapped = book.add_format({"num_format": "@", "valign": "top", "text_wrap": True})
    top = 1 if notice else 0
    if notice:
        sheet.write_string(0, 0, notice, bold)
    sheet.write_string(top, 0, f"{form.label_zh} {form.label_en}（{period.label_zh}, {period}）", bold)
    header = top + len(ADVICE) + 2
    _write_header(book, sheet, header, COLUMN_HEADER, WIDTHS)
    for position, width in enumerate(WIDTHS):
        sheet.set_column(position, position, width, wrapped)
    for number, text in enumerate(ADVICE, start=1):
        sheet.write_string(top + number, 0, f"{number}. {text.zh}", at_top)  # over the blank cells beside it
        _write_lines(sheet, top + number, ("", "", "", "", text.en))
    for row, column in enumerate(form.columns, start=header + 1):
        _write_lines(sheet, row, _instruction(column))
    print_to_width(sheet, header)
    sheet.print_area(0, 0, row, len(COLUMN_HEADER) - 1)


def _write_lines(sheet: Worksheet, row: int, texts: tuple[str, ...]) -> None:
    """The texts in a row that is high enough: spreadsheet programs do not agree on seeing to that themselves."""
    _write_texts(sheet, row, texts)
    sheet.set_row(row, LINE * max(map(_lines, texts, WIDTHS)))


def _lines(text: str, width: int) -> int:
    """How many lines a text takes in a column of so many characters."""
    wide = sum(2 if ord(character) > 0x2E7F else 1 for character in text)
    return max(1, -(-wide // width))


def _instruction(column: Column) -> tuple[str, ...]:
    need = NEEDS[column.required]
    ways = (KINDS[column.kind], bounds(column), Text(column.note_zh, column.note_en), _where(column))
    zh = "；".join(way.zh for way in ways if way.zh)
    en = "; ".join(way.en for way in ways if way.en)
    return title(column), column.label_en, f"{need.zh} {need.en}", zh, en


def _where(column: Column) -> Text:
    if column.codelist is None or column.kind is Kind.BOOL:
        return Text("", "")
    return Text(f"取值见“{CODE_LISTS}”", f"values: sheet {CODE_LISTS}")


def _write_header(
    book: xlsxwriter.Workbook, sheet: Worksheet, row: int, titles: tuple[str, ...], widths: tuple[int, ...]
) -> None:
    text = book.add_format({"num_format": "@"})
    bold = book.add_format({"bold": True, "bg_color": "#E2E8F0", "bottom": 1, "num_format": "@"})
    for position, width in enumerate(widths):
        sheet.set_column(position, position, width, text)
    for position, label in enumerate(titles):
        sheet.write_string(row, position, label, bold)
    sheet.freeze_panes(row + 1, 0)


def _write_texts(sheet: Worksheet, row: int, texts: tuple[str, ...]) -> None:
    for position, text in enumerate(texts):
        if text:
            sheet.write_string(row, position, text)
