"""The shape of typed frames: where each row stood, then one column per field of the form."""

from __future__ import annotations

import polars as pl

from validation.forms.form import Form, Kind

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
