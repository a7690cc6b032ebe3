"""Rows of Python values, as the readers give them, become aligned raw columns, chunk by chunk to bound memory."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from itertools import zip_longest
from typing import Any

import polars as pl

from validation.limits import MB, Limits
from validation.raw import RawColumn
from validation.reading.refusals import over_limit

#: Rows held as Python objects at a time: about 35 MB for a form of 33 columns.
CHUNK = 20_000
#: Text may take one part in this many of the memory of a check.
TEXT_SHARE = 4
MOMENT = pl.Datetime("us")


class Gatherer:
    """Takes rows one by one and keeps only the chunk at hand as Python objects; rows may differ in width."""

    def __init__(self) -> None:
        self.height = 0
        self._rows: list[Sequence[Any]] = []
        self._parts: list[tuple[int, list[RawColumn]]] = []

    def add(self, row: Sequence[Any]) -> None:
        """One more row; None and empty text are blank cells."""
        self._rows.append(row)
        self.height += 1
        if len(self._rows) == CHUNK:
            self._flush()

    def _flush(self) -> None:
        columns = [raw_column(values) for values in zip_longest(*self._rows)]
        self._parts.append((len(self._rows), columns))
        self._rows = []

    def columns(self) -> tuple[RawColumn, ...]:
        """The raw columns of all rows, as many as the widest row has cells."""
        if self._rows:
            self._flush()
        width = max((len(columns) for _, columns in self._parts), default=0)
        return tuple(
            _joined(
                [columns[i] if i < len(columns) else blank_column(height) for height, columns in self._parts]
            )
            for i in range(width)
        )


def columns_of(rows: Iterable[Sequence[Any]]) -> tuple[RawColumn, ...]:
    """Raw columns of rows of Python values; None and empty text are blank cells."""
    gatherer = Gatherer()
    for row in rows:
        gatherer.add(row)
    return gatherer.columns()


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
        pl.concat([part.text for part in parts]),
        pl.concat([part.number for part in parts]),
        pl.concat([part.moment for part in parts]),
    )


def blank_column(height: int) -> RawColumn:
    """A column of blank cells."""
    text = pl.Series([None], dtype=pl.String).new_from_index(0, height)
    return RawColumn(text, _blank(pl.Float64, text), _blank(MOMENT, text))


def check_text(size: int, limits: Limits) -> None:
    """file.E004 when the text of all cells would fill the memory of a check: one shared text may stand in a
    million cells."""
    if size > limits.memory_bytes // TEXT_SHARE:
        most = limits.memory_bytes // TEXT_SHARE // MB
        raise over_limit(f"文本总量不得超过{most} MB", f"at most {most} MB of text in all cells")
