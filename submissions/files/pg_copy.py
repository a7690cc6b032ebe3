"""COPY of polars frames into PostgreSQL tables and out of queries: the way many rows are written and read."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

import polars as pl
from django.db import connection, models
from psycopg import sql

#: rows turned into CSV at a time, so that a million findings do not stand in memory twice
SLICE_ROWS = 50_000


def copy_frame(model: type[models.Model], frame: pl.DataFrame) -> None:
    """Append `frame`, whose column names are columns of `model`'s table. Null stays distinct from empty text."""
    statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT csv)").format(
        sql.Identifier(model._meta.db_table), sql.SQL(",").join(map(sql.Identifier, frame.columns))
    )
    storable = _without_nul(frame)
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for part in frame.iter_slices(SLICE_ROWS):
            # every text is quoted: PostgreSQL reads a bare empty field as null and refuses a bare CR
            copy.write(
                part.with_columns(storable)
                .write_csv(include_header=False, quote_style="non_numeric")
                .encode()
            )


def read_frame(query: str, params: Any, schema: Mapping[str, pl.DataType]) -> pl.DataFrame:
    """Return the rows of a query as a frame of `schema`, whose columns are in the query's order.

    By COPY: as Python objects a million rows would take gigabytes, and a thousand most of the time.
    """
    lines = io.BytesIO()
    # COPY takes no values of its own
    composed = connection.ops.compose_sql(query, params)  # type: ignore[attr-defined]  # PostgreSQL has it
    statement = f"COPY ({composed}) TO STDOUT (FORMAT csv)"
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for block in copy:
            lines.write(block)
    if not lines.tell():
        return pl.DataFrame(schema=schema)
    return pl.read_csv(lines.getvalue(), has_header=False, schema=schema)


def _without_nul(frame: pl.DataFrame) -> list[pl.Expr]:
    """Replace NUL by U+FFFD: PostgreSQL stores neither the character nor its JSON escape."""
    texts = [name for name, dtype in frame.schema.items() if dtype == pl.String]
    return [
        pl.col(name)
        .str.replace_all("\x00", "\ufffd", literal=True)
        .str.replace_all("\\u0000", "\\ufffd", literal=True)
        for name in texts
    ]
