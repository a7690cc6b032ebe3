"""Formats beside JSON: workbooks as they are, and CSV that no spreadsheet takes for formulas."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.http import StreamingHttpResponse
from rest_framework.renderers import BaseRenderer

from national.dissemination.csv_stream import csv_lines
from submissions import demo_mode

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class XlsxRenderer(BaseRenderer):
    """A finished workbook, passed through."""

    media_type = XLSX
    format = "xlsx"
    charset = None
    render_style = "binary"

    def render(
        self,
        data: bytes,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        return data


class CsvRenderer(BaseRenderer):
    """Declares the format; views that offer CSV answer with `csv_response`, which streams."""

    media_type = "text/csv"
    format = "csv"
    charset = "utf-8"


def csv_response(
    filename: str, header: Sequence[str], rows: Iterable[Sequence[Any]]
) -> StreamingHttpResponse:
    """A stream of CSV lines to be saved as `filename`."""
    response = StreamingHttpResponse(csv_lines(header, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{demo_mode.file_named(filename)}"'
    return response
