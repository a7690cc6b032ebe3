"""Tables to take along: rows of texts and numbers as CSV for Excel or as xlsx, with nothing in them alive."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import xlsxwriter
from django.http import FileResponse, Http404, HttpResponseBase, StreamingHttpResponse

from submissions import sheets
from submissions.marking import XLSX

#: what a spreadsheet program would take for the beginning of a formula
_ALIVE = ("=", "+", "-", "@", "\t", "\r")
#: what begins like one and is only a number
_SIGNED_NUMBER = re.compile(r"[+-][0-9]+(\.[0-9]+)?")
_BOM = "\ufeff"


def download(form: str, name: str, head: Sequence[str], rows: Iterable[Sequence[Any]]) -> HttpResponseBase:
    """`rows` under `head` as file `name` in `form`, csv or xlsx; anything else is a 404."""
    if form == "csv":
        answer = StreamingHttpResponse(_csv_lines(head, rows), content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
        return answer
    if form == "xlsx":
        book = io.BytesIO(_workbook(head, rows))
        return FileResponse(book, as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX)
    raise Http404


def _csv_lines(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    yield _BOM + _csv_line(head)
    for row in rows:
        yield _csv_line([_lifeless(value) for value in row])


def _csv_line(row: Sequence[Any]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(row)
    return line.getvalue()


def _lifeless(value: Any) -> Any:
    """Text that looks like a formula gets an apostrophe in front; numbers stay numbers."""
    if not isinstance(value, str) or not value.startswith(_ALIVE) or _is_number(value):
        return value
    return f"'{value}"


def _is_number(text: str) -> bool:
    return _SIGNED_NUMBER.fullmatch(text) is not None


def _workbook(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    target = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "constant_memory": True}
    with xlsxwriter.Workbook(target, options) as book:
        bold = book.add_format({"bold": True})
        for name, part in sheets.dealt("Sheet", rows):
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 0)
            sheet.set_column(0, len(head) - 1, 18)
            sheet.write_row(0, 0, head, bold)
            for at, row in enumerate(part, 1):
                sheet.write_row(at, 0, row)
    return target.getvalue()
