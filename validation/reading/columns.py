"""Rows of Python values, as the readers give them, become aligned raw columns, chunk by chunk to bound memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from itertools import islice
from typing import Any

import polars as pl

from validation.raw import RawColumn

#: Rows held as Python objects at a time: about 35 MB for a form of 33 columns.
CHUNK = 20_000
MOMENT = pl.Datetime("us")


def chunks(rows: Iterable[Sequence[Any]], size: int = CHUNK) -> Iterator[list[Sequence[Any]]]:
    """The rows in lists of at most `size`."""
    rest = iter(rows)
    while chunk := list(islice(rest, size)):
        yield chunk


def columns_of(rows: Iterable[Sequence[Any]], width: int) -> tuple[RawColumn, ...]:
    """Raw columns of rows that all hold `width` values; None and empty text are blank cells."""
    parts: list[list[RawColumn]] = [[] for _ in range(width)]
    for chunk in chunks(rows):
        for column, values in zip(parts, zip(*chunk, strict=True), strict=True):
            column.append(raw_column(values))
    return tuple(_joined(column) for column in parts)


def raw_column(values: Sequence[Any]) -> RawColumn:
    """One column's cells; the usual ones, of one type, go straight into their series."""
    kinds = set(map(type, values))
    if kinds == {str}:
        return text_column(pl.Series(values, dtype=pl.String))
    if kinds == {float}:
        return RawColumn(
            _blank(pl.String, values), pl.Series(values, dtype=pl.Float64), _blank(MOMENT, values)
        )
    return _mixed(values)


def text_column(text: pl.Series) -> RawColumn:
    """A column that holds text alone; empty text is blank."""
    if (text == "").any():
        text = text.set(text == "", None)
    return RawColumn(text, _blank(pl.Float64, text), _blank(MOMENT, text))


def _blank(dtype: Any, like: Sequence[Any] | pl.Series) -> pl.Series:
    return pl.Series([None], dtype=dtype).new_from_index(0, len(like))


def _mixed(values: Sequence[Any]) -> RawColumn:
    texts, numbers, moments = zip(*map(_split, values), strict=True)
    return RawColumn(
        pl.Series(texts, dtype=pl.String),
        pl.Series(numbers, dtype=pl.Float64),
        pl.Series(moments, dtype=MOMENT),
    )


def _split(value: Any) -> tuple[str | None, float | None, datetime | None]:
    """(text, number, moment) of one cell; at most one is not None."""
    if value is None or value == "":
        return None, None, None
    if isinstance(value, str):
        return value, None, None
    if isinstance(value, bool):
        return ("TRUE" if value else "FALSE"), None, None
    if isinstance(value, int | float):
        return None, float(value), None
    if isinstance(value, datetime):
        return None, None, value
    if isinstance(value, date):
        return None, None, datetime.combine(value, time())
    return str(value), None, None  # a time of day or a duration: text that no field takes for a figure


def _joined(parts: list[RawColumn]) -> RawColumn:
    if len(parts) == 1:
        return parts[0]
    return RawColumn(
        pl.concat([part.text for part in parts]) if parts else pl.Series([], dtype=pl.String),
        pl.concat([part.number for part in parts]) if parts else pl.Series([], dtype=pl.Float64),
        pl.concat([part.moment for part in parts]) if parts else pl.Series([], dtype=MOMENT),
    )
