"""Tables: the same columns with the same names and types as CSV, XLSX and Parquet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice
from tempfile import TemporaryFile
from typing import IO, Any, NamedTuple

import polars as pl
from django.http import FileResponse
from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request

from api.renderers import CsvRenderer, XlsxRenderer
from submissions import demo_mode
from submissions.exports.tables import XLSX, csv_response, write_xlsx

PARQUET = "application/vnd.apache.parquet"
#: rows that become one frame at a time: between the size of a page and that of memory
SLICE_ROWS = 50_000


class Table(NamedTuple):
    """`name` is the file name without its ending; `schema` gives the columns, in whose order `rows` come."""

    name: str
    schema: Mapping[str, pl.DataType]
    rows: Iterable[Sequence[Any]]


class ParquetRenderer(BaseRenderer):
    """Declares the format; views that offer it answer with `table_response`."""

    media_type = PARQUET
    format = "parquet"
    charset = None
    render_style = "binary"


#: what a view of rows offers; the first is the default
RENDERERS = (JSONRenderer, CsvRenderer, XlsxRenderer, ParquetRenderer)


def documented(shape: Any) -> dict[tuple[int, str], Any]:
    """Return the documented answers of a table view for the OpenAPI schema: `shape` as JSON, and the files."""
    return {
        (200, JSONRenderer.media_type): shape,
        (200, CsvRenderer.media_type): OpenApiTypes.STR,
        (200, XLSX): OpenApiTypes.BINARY,
        (200, PARQUET): OpenApiTypes.BINARY,
    }


def wants_table(request: Request) -> bool:
    """Return whether the caller asked for a table file instead of JSON."""
    return request.accepted_renderer.format in _ANSWERS


def table_response(request: Request, table: Table) -> HttpResponseBase:
    """Return the whole table in the requested format as a download."""
    return _ANSWERS[request.accepted_renderer.format](table)


def _csv(table: Table) -> HttpResponseBase:
    return csv_response(f"{table.name}.csv", list(table.schema), table.rows)


def _file(table: Table, write: Callable[[Table, IO[bytes]], None], ending: str, kind: str) -> FileResponse:
    """On disk and not in memory; the response closes it, and with that it is gone."""
    file = TemporaryFile()  # noqa: SIM115 closed by the response
    write(table, file)
    file.seek(0)
    name = demo_mode.file_named(f"{table.name}.{ending}")
    return FileResponse(file, as_attachment=True, filename=name, content_type=kind)


def _xlsx(table: Table) -> HttpResponseBase:
    return _file(table, _write_xlsx, "xlsx", XLSX)


def _parquet(table: Table) -> HttpResponseBase:
    return _file(table, _write_parquet, "parquet", PARQUET)


_ANSWERS: dict[str, Callable[[Table], HttpResponseBase]] = {
    "csv": _csv,
    "xlsx": _xlsx,
    "parquet": _parquet,
}


def _write_parquet(table: Table, target: IO[bytes]) -> None:
    rows = iter(table.rows)
    parts = [pl.DataFrame(schema=table.schema)]
    while part := list(islice(rows, SLICE_ROWS)):
        parts.append(pl.DataFrame(part, schema=table.schema, orient="row"))
    pl.concat(parts).write_parquet(target)


def _write_xlsx(table: Table, target: IO[bytes]) -> None:
    write_xlsx(target, name=table.name, titles=list(table.schema), rows=table.rows)
