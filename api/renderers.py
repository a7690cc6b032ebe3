"""Formats beside JSON: finished workbooks, and CSV."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rest_framework.renderers import BaseRenderer

from submissions.exports.tables import XLSX


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
