"""Stored frames in the shape of the form as it is now: columns added, removed, renamed or retyped since they were stored."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl
from pandera.config import ValidationDepth, config_context
from pandera.errors import SchemaErrors

from validation.context import Context
from validation.form_schema import FormSchema
from validation.forms.form import Column, Form, Kind
from validation.frame import DTYPES, form_version
from validation.periods import Period
from validation.rules import NO_UNIT

#: What stands beside a field in kept cells: whether it could not be read, its text as written, how exact a date is.
_UNREAD, _TEXT, _PRECISION = "_unread_", "_text_", "_precision_"
_BESIDE = (_UNREAD, _TEXT, _PRECISION)
#: A frame's shape has no period; the schema asks for one.
_ANY = Context(NO_UNIT, Period(2000, 1))


class FrameShapeError(ValueError):
    """A frame has not the columns and types of its form."""


class ConformError(ValueError):
    """Values of a stored column cannot become the type that the form has now."""

    def __init__(self, column: str, stored: pl.DataType, wanted: pl.DataType, reason: str) -> None:
        super().__init__(f"column '{column}' is stored as {stored} and cannot become {wanted}: {reason}")
        self.column = column


def conform(frame: pl.DataFrame, form: Form, version: str = "") -> pl.DataFrame:
    """Return `frame` with the columns of `form`: the typed rows of a register, or kept cells with what stands beside.

    Added columns are null, and in kept cells marked as unread: nobody was asked for them, so no rule reports them as
    missing. Removed columns are left out, renamed ones taken from one of their `former_keys`, retyped ones cast. The
    frame given is not changed. With `version`, the `form_version` that the frame was stored under, a frame of the
    present version is taken as it is.

    Raises ConformError where a value would be lost by a cast, and FrameShapeError where the frame is of the present
    version and has not its shape, or has no record key.
    """
    if version != form_version(form) and not _fits(frame, form):
        frame = _conformed(frame, form)
    require_shape(frame, form)
    return frame


def require_shape(frame: pl.DataFrame, form: Form) -> None:
    """Raise FrameShapeError, which names each fault, unless the frame has the form's columns with their types."""
    with config_context(validation_enabled=True, validation_depth=ValidationDepth.SCHEMA_ONLY):
        try:
            FormSchema(form, _ANY, with_rules=False).validate(frame, lazy=True)
        except SchemaErrors as errors:
            faults = "; ".join(str(error).partition("\n")[0] for error in errors.schema_errors)
            raise FrameShapeError(f"no frame of the form {form.name}: {faults}") from None


def present_key(form: Form, key: str) -> str | None:
    """The present key of a field that was stored under `key`; None when the form has it no more."""
    if key in form.by_key:
        return key
    return next((column.key for column in form.columns if key in column.former_keys), None)


def renamed(form: Form) -> dict[str, str]:
    """Former keys of columns with the keys that they have now."""
    return {key: column.key for column in form.columns for key in column.former_keys}


def _fits(frame: pl.DataFrame, form: Form) -> bool:
    """Whether the fields are exactly those of the form; the shape is looked at afterwards."""
    fields = {name: dtype for name, dtype in frame.schema.items() if not name.startswith("_")}
    return fields == {column.key: DTYPES[column.kind] for column in form.columns}


def _conformed(frame: pl.DataFrame, form: Form) -> pl.DataFrame:
    sources = {column.key: _source(column, frame) for column in form.columns}
    if sources[form.key.key] is None:
        raise FrameShapeError(f"no frame of the form {form.name}: it lacks the record key '{form.key.key}'")
    place = [series for series in frame if _is_place(series.name)]
    fields = [_field(column, sources[column.key], frame) for column in form.columns]
    return pl.DataFrame([*place, *fields, *_beside(form, sources, frame)])


def _is_place(name: str) -> bool:
    return name.startswith("_") and not name.startswith(_BESIDE)


def _source(column: Column, frame: pl.DataFrame) -> str | None:
    """The stored column that a field comes from."""
    return next((key for key in (column.key, *column.former_keys) if key in frame.columns), None)


def _field(column: Column, source: str | None, frame: pl.DataFrame) -> pl.Series:
    wanted = DTYPES[column.kind]
    if source is None:
        return pl.Series(column.key, [None], dtype=wanted).new_from_index(0, frame.height)
    return _cast(frame[source], wanted).alias(column.key)


def _beside(form: Form, sources: dict[str, str | None], frame: pl.DataFrame) -> Iterator[pl.Series]:
    """The columns beside the fields, of the kinds that the frame has."""
    added: dict[str, tuple[pl.DataType, object]] = {
        _PRECISION: (pl.String(), None),
        _UNREAD: (pl.Boolean(), True),
        _TEXT: (pl.String(), None),
    }
    for prefix, (dtype, value) in added.items():
        if not any(name.startswith(prefix) for name in frame.columns):
            continue
        for column in form.columns:
            if prefix == _PRECISION and column.kind is not Kind.DATE:
                continue
            stored = f"{prefix}{sources[column.key]}"
            name = f"{prefix}{column.key}"
            if stored in frame.columns:
                yield frame[stored].alias(name)
            else:
                yield pl.Series(name, [value], dtype=dtype).new_from_index(0, frame.height)


def _cast(values: pl.Series, wanted: pl.DataType) -> pl.Series:
    """The same values in another type; a value that does not fit into it raises ConformError."""
    stored = values.dtype
    if stored == wanted:
        return values
    try:
        cast = _converted(values, wanted)
    except pl.exceptions.PolarsError as error:
        raise ConformError(values.name, stored, wanted, str(error).partition("\n")[0]) from error
    lost = cast.is_null() & values.is_not_null()
    if isinstance(stored, pl.List):
        lost &= values.list.len() > 0  # an empty list holds nothing to lose
    if stored.is_numeric() and not wanted.is_nested() and wanted != pl.String():
        lost |= (cast.cast(pl.Float64) != values.cast(pl.Float64)).fill_null(value=False)
    if lost.any():
        reason = f"{lost.sum()} values would be lost, the first in row {lost.arg_true()[0] + 1} of the table"
        raise ConformError(values.name, stored, wanted, reason)
    return cast


def _converted(values: pl.Series, wanted: pl.DataType) -> pl.Series:
    if isinstance(values.dtype, pl.List) and wanted == pl.String():
        # a list of several values is no single one, and is lost
        return values.list.first().cast(pl.String).set(values.list.len() > 1, None)
    if isinstance(wanted, pl.List) and not isinstance(values.dtype, pl.List):
        texts = values.cast(pl.String)
        return (
            texts.to_frame("v")
            .select(pl.when(pl.col("v").is_not_null()).then(pl.concat_list("v")))["v"]
            .cast(wanted)
        )
    if isinstance(wanted, pl.Date) and values.dtype == pl.String():
        return values.str.to_date("%Y-%m-%d")
    return values.cast(wanted)
