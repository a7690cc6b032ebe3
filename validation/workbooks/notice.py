"""A notice that a workbook carries besides its content: in its properties and on its sheet 说明, in no cell of a form."""

from __future__ import annotations

from typing import Any

import xlsxwriter
from openpyxl import Workbook as Book

from validation.hints import Text
from validation.workbooks.template_sheets import INSTRUCTIONS

_WIDTH = 40


def said(notice: Text) -> str:
    """Both languages in one line."""
    return f"{notice.zh} / {notice.en}"


def properties(notice: Text | None, **others: Any) -> dict[str, Any]:
    """Properties for xlsxwriter: `others`, their title beginning with the notice where there is one."""
    if notice is None:
        return others
    title = " · ".join(part for part in (said(notice), others.get("title", "")) if part)
    return {**others, "title": title, "keywords": said(notice), "comments": said(notice)}


def write_notice(book: xlsxwriter.Workbook, notice: Text | None) -> None:
    """Let a workbook that is being written carry the notice, behind the sheets it has by now. A sheet 说明 that is
    one of them stays as it is."""
    if notice is None:
        return
    book.set_properties(properties(notice))
    if INSTRUCTIONS not in book.sheetnames:
        sheet = book.add_worksheet(INSTRUCTIONS)
        sheet.set_column(0, 0, _WIDTH)
        sheet.write_string(0, 0, said(notice))


def add_notice(book: Book, notice: Text | None) -> None:
    """Let a workbook that was read carry the notice. A sheet 说明 of its own stays as it is."""
    if notice is None:
        return
    noticed = properties(notice, title=book.properties.title or "")
    book.properties.title, book.properties.keywords = noticed["title"], noticed["keywords"]
    book.properties.description = noticed["comments"]
    if INSTRUCTIONS not in book.sheetnames:
        sheet = book.create_sheet(INSTRUCTIONS)
        sheet.column_dimensions["A"].width = _WIDTH
        sheet["A1"] = said(notice)
