"""A workbook as offices keep them: notes before the table, merged cells, other titles, a total row, a few defects."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

#: official titles -> what this office calls them
RENAMED = {
    "专网名称": "网络名称",
    "企业名称": "建设单位",
    "建设地点": "所在市县",
    "5G终端数（台）": "终端数量",
    "建设状态": "项目状态",
}
HEADER_ROW = 5


def messy(official: Path, *, mark: str, spoilt: int) -> bytes:
    """The register of an official workbook in such a form. `mark` goes into a title, so that no two are the same.

    Of its defects, in record `spoilt` and the next, one wants an explanation (a number with its unit) and one
    blocks (a state that is none of the list).
    """
    titles, rows = _register(official)
    book = openpyxl.Workbook()
    notes = book.active
    notes.title = "填报须知"
    notes.append(["各区县请于季后15日内报送。"])
    sheet = book.create_sheet("专网台账")
    sheet["A1"] = f"宁波市工业5G专网台账（{mark}）"
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(titles))
    sheet["A2"] = "联系人：张工 电话：0574-00000000"
    for column, title in enumerate(titles, 1):
        sheet.cell(HEADER_ROW, column, RENAMED.get(title, title))
    for at, row in enumerate(rows, HEADER_ROW + 1):
        for column, value in enumerate(row, 1):
            sheet.cell(at, column, value)
    _spoil(sheet, titles, HEADER_ROW + spoilt)
    sheet.cell(HEADER_ROW + len(rows) + 2, 1, "备注：本表由各区县经信部门汇总。")
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _register(official: Path) -> tuple[list[str], list[list[object]]]:
    sheet = openpyxl.load_workbook(official).worksheets[0]
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    header = next(at for at, row in enumerate(rows) if "专网编号" in row)
    return [str(title) for title in rows[header]], [row for row in rows[header + 1 :] if row[1]]


def _spoil(sheet: Worksheet, titles: list[str], first: int) -> None:
    terminals, state = titles.index("5G终端数（台）") + 1, titles.index("建设状态") + 1
    sheet.cell(first, terminals).value = f"{sheet.cell(first, terminals).value}台"
    sheet.cell(first + 1, state).value = "运行中啊"
