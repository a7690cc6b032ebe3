"""Downloads: the table behind a chart as CSV and as a workbook, for the quarter and indicator of the page."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal

import xlsxwriter
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from xlsxwriter.worksheet import Worksheet

from national.charts import CHARTS, Chart, chart_of
from national.charts.chart import Cell
from national.dissemination.csv_stream import csv_lines
from portal.figures.page_frame import Chosen, chosen
from submissions import demo_mode
from validation.workbooks.notice import write_notice

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: widest column of the workbook, in characters
_WIDEST = 48


@require_safe
def as_csv(request: HttpRequest, code: str) -> HttpResponse:
    """The chart's table, one line per row."""
    what, chart = _requested(request, code)
    lines = csv_lines([column.heading for column in chart.columns], chart.rows)
    return _file(what, chart, "csv", "".join(lines).encode(), "text/csv; charset=utf-8")


@require_safe
def as_xlsx(request: HttpRequest, code: str) -> HttpResponse:
    """The chart's table as a workbook, with its title and note above it."""
    what, chart = _requested(request, code)
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        sheet = book.add_worksheet()
        sheet.write_string(0, 0, chart.title, book.add_format({"bold": True}))
        sheet.write_string(1, 0, " ".join(part for part in (chart.says, chart.note) if part))
        for at, column in enumerate(chart.columns):
            sheet.write_string(3, at, column.heading, bold)
            sheet.set_column(at, at, _width(chart, at))
        for line, row in enumerate(chart.rows, 4):
            for at, cell in enumerate(row):
                _write(sheet, line, at, cell)
        sheet.freeze_panes(4, 0)
        write_notice(book, demo_mode.notice())
    return _file(what, chart, "xlsx", content.getvalue(), _XLSX)


def _requested(request: HttpRequest, code: str) -> tuple[Chosen, Chart]:
    what = chosen(request)
    if code not in CHARTS:
        raise Http404
    return what, chart_of(code, what.choice)


def _file(what: Chosen, chart: Chart, ending: str, data: bytes, kind: str) -> HttpResponse:
    """Return the file as a download named after chart and quarter."""
    name = "-".join(part for part in ("gongwang", chart.code, what.period) if part)
    filename = demo_mode.file_named(f"{name}.{ending}")
    return HttpResponse(data, kind, headers={"Content-Disposition": f'attachment; filename="{filename}"'})


def _width(chart: Chart, at: int) -> int:
    longest = max((len(str(row[at])) for row in chart.rows if row[at] is not None), default=0)
    return min(max(longest + 2, 12), _WIDEST)


def _write(sheet: Worksheet, line: int, at: int, cell: Cell) -> None:
    """Write numbers as numbers and everything else as text."""
    if isinstance(cell, (int, Decimal)):
        sheet.write_number(line, at, float(cell))
    elif cell is not None:
        sheet.write_string(line, at, cell.isoformat() if isinstance(cell, date) else cell)
