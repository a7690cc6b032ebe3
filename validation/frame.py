"""The shape of typed frames: where each row stood, then one column per field of the form."""

from __future__ import annotations

import hashlib
from functools import cache

import polars as pl

from validation.forms.form import Column, Form, Kind

#: polars dtype of each kind of column; every column is nullable
DTYPES: dict[Kind, pl.DataType] = {
    Kind.CODE: pl.String(),
    Kind.TEXT: pl.String(),
    Kind.USCC: pl.String(),
    Kind.REGION: pl.String(),
    Kind.INDUSTRY: pl.String(),
    Kind.ENUM: pl.String(),
    Kind.ENUM_LIST: pl.List(pl.String()),
    Kind.INT: pl.Int64(),
    Kind.DECIMAL: pl.Float64(),
    Kind.PERCENT: pl.Float64(),
    Kind.MONEY: pl.Decimal(18, 2),
    Kind.BOOL: pl.Boolean(),
    Kind.DATE: pl.Date(),
}


def frame_schema(form: Form) -> dict[str, pl.DataType]:
    """Columns of the typed frame of `form`, in order."""
    fields = {column.key: DTYPES[column.kind] for column in form.columns}
    return {"_sheet": pl.String(), "_row": pl.Int32(), **fields}


def empty_frame(form: Form) -> pl.DataFrame:
    """The typed frame of a register with nothing in it."""
    return pl.DataFrame(schema=frame_schema(form))


def form_version(form: Form) -> str:
    """A mark of the columns and types that a frame of `form` has, e.g. ``networks-1-3f9a0c52d1e7``: it changes with any
    column that is added, removed, renamed or retyped."""
    return f"{form.name}-{form.template_version}-{_digest(form.columns)}"


@cache
def _digest(columns: tuple[Column, ...]) -> str:
    shape = "\n".join(f"{column.key} {DTYPES[column.kind]}" for column in columns)
    return hashlib.sha256(shape.encode()).hexdigest()[:12]
