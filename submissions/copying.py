"""COPY: polars frames into PostgreSQL tables, the one way findings and records are written."""

from __future__ import annotations

import polars as pl
from django.db import connection, models
from psycopg import sql

#: rows turned into CSV at a time, so that a million findings do not stand in memory twice
SLICE_ROWS = 50_000


def copy_frame(model: type[models.Model], frame: pl.DataFrame) -> None:
    """Append `frame`, whose column names are columns of `model`'s table. Null stays apart from empty text."""
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


def _without_nul(frame: pl.DataFrame) -> list[pl.Expr]:
    """PostgreSQL stores neither the NUL character nor its JSON escape; U+FFFD stands for it."""
    texts = [name for name, dtype in frame.schema.items() if dtype == pl.String]
    return [
        pl.col(name)
        .str.replace_all("\x00", "\ufffd", literal=True)
        .str.replace_all("\\u0000", "\\ufffd", literal=True)
        for name in texts
    ]
