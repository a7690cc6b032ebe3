"""Downloads: the table behind a chart as CSV and as a workbook, for the quarter and indicator of the page."""

from __future__ import annotations

import io
from decimal import Decimal

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from national.charts import CHARTS, Chart, chart_of
from national.charts.chart import Cell
from portal.figures.page_frame import Chosen, chosen
from submissions import demo_mode
from submissions.exports.tables import XLSX, csv_lines, write_xlsx

#: widest column of the workbook, in characters
_WIDEST = 48


@require_safe
def as_csv(request: HttpRequest, code: str) -> HttpResponse:
    """The chart's table, one line per row."""
    what, chart = _requested(request, code)
    rows = ([_bare(cell) for cell in row] for row in chart.rows)
    lines = csv_lines([column.heading for column in chart.columns], rows)
    return _file(what, chart, "csv", "".join(lines).encode(), "text/csv; charset=utf-8")


@require_safe
def as_xlsx(request: HttpRequest, code: str) -> HttpResponse:
    """The chart's table as a workbook, with its title and note above it."""
    what, chart = _requested(request, code)
    content = io.BytesIO()
    write_xlsx(
        content,
        name=chart.code,
        titles=[column.heading for column in chart.columns],
        rows=chart.rows,
        widths=[_width(chart, at) for at in range(len(chart.columns))],
        captions=[chart.title, " ".join(part for part in (chart.says, chart.note) if part)],
    )
    return _file(what, chart, "xlsx", content.getvalue(), XLSX)


def _requested(request: HttpRequest, code: str) -> tuple[Chosen, Chart]:
    what = chosen(request)
    if code not in CHARTS:
        raise Http404
    return what, chart_of(code, what.choice)


def _bare(cell: Cell) -> Cell:
    """Return a number as exact as it is stored, without the zeros that only say how the database keeps it."""
    if not isinstance(cell, Decimal):
        return cell
    whole = cell.to_integral_value()
    return whole if whole == cell else cell.normalize()


def _file(what: Chosen, chart: Chart, ending: str, data: bytes, kind: str) -> HttpResponse:
    """Return the file as a download named after chart and quarter."""
    name = "-".join(part for part in ("gongwang", chart.code, what.period) if part)
    filename = demo_mode.file_named(f"{name}.{ending}")
    return HttpResponse(data, kind, headers={"Content-Disposition": f'attachment; filename="{filename}"'})


def _width(chart: Chart, at: int) -> int:
    longest = max((len(str(row[at])) for row in chart.rows if row[at] is not None), default=0)
    return min(max(longest + 2, 12), _WIDEST)
