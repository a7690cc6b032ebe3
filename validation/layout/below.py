"""The rows below a header over whole columns: how much of the form each holds, and whether that makes it a record."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property, reduce
from operator import and_

import polars as pl

from validation.forms.form import Form
from validation.layout.grid import held_parts
from validation.layout.header import Header
from validation.raw import RawColumn, RawSheet

#: A record key: letters and digits without words in it. Broken ones are keys too, as those in a number cell are.
KEY = r"^[\s'’]*[A-Za-z0-9Ａ-Ｚａ-ｚ０-９][A-Za-z0-9Ａ-Ｚａ-ｚ０-９_/.\-－—–\s]*$"
#: With its key a row of so many filled cells is a record, however little that is.
WITH_KEY = 3
#: Stands in `lead` for a first cell that holds a number, a date or an error.
_OTHER = "\x00"
_INVISIBLE = r"^(?:[\s\u00ad\u200b-\u200f\u2060\ufeff]|_x000[9AaDd]_)*$"
_DIGIT, _LETTER = r"[0-9０-９]", r"\p{L}"


class Below:
    """The sheet's rows below one header, down to row `last`."""

    def __init__(self, sheet: RawSheet, header: Header, form: Form, last: int) -> None:
        self.first = header.bottom + 1
        self.height = max(0, last - header.bottom)
        self._sheet = sheet
        self.positions = _with_key(header, form)
        self.columns = [cut(column, self.first - sheet.first_row, self.height) for column in sheet.columns]
        self.own = [self._at(position) for position in self.positions.values()]
        key = self.positions.get(form.key.key)
        self.key = None if key is None else self._at(key)
        self._key_position = key
        self.faults = self._faults()
        self.filled = self._filled()

    def _at(self, position: int) -> RawColumn:
        return self.columns[position - self._sheet.first_column]

    @property
    def half(self) -> float:
        """So many filled cells make a record without its key."""
        return max(2, len(self.own) / 2)

    def numbers(self, where: pl.Series) -> list[int]:
        """Row numbers where a condition holds; null does not."""
        return self.at(where.arg_true())

    def at(self, offsets: pl.Series) -> list[int]:
        """Row numbers of offsets."""
        return (offsets.cast(pl.Int64) + self.first).to_list()

    def rows(self) -> pl.Series:
        """All row numbers."""
        return pl.int_range(self.first, self.first + self.height, dtype=pl.Int32, eager=True)

    def _faults(self) -> pl.Series:
        """Offsets of the rows whose own cells hold an error or a formula that was never calculated, one for each."""
        own = set(self.positions.values())
        places = (*self._sheet.errors, *self._sheet.uncalculated)
        rows = [row - self.first for row, at in places if at in own and 0 <= row - self.first < self.height]
        return pl.Series(sorted(rows), dtype=pl.UInt32)

    def _filled(self) -> pl.Series:
        """The form's cells that each row fills, by a merged range too where it fills any other."""
        counts = counted(self.own, self.height)
        unseen = self.lead.str.contains(_INVISIBLE).fill_null(value=False).arg_true()
        if len(unseen):
            counts = counts.scatter(unseen, _seen(self.own, unseen))
        counts = _added(counts, self.faults)
        if self._merged:
            counts = _added(counts, self._merged_rows().filter(counts.gather(self._merged_rows()) > 0))
        return counts

    @cached_property
    def _merged(self) -> list[tuple[int, int, int]]:
        """(first offset, last offset, position) of the ranges that go down in the form's columns."""
        own = set(self.positions.values())
        return [
            (area.first_row - self.first, min(area.last_row - self.first, self.height - 1), area.first_column)
            for area in self._sheet.merged
            if area.last_row > area.first_row >= self.first and area.first_column in own
        ]

    def _merged_rows(self) -> pl.Series:
        offsets = [at for first, last, _ in self._merged for at in range(first + 1, last + 1)]
        return pl.Series(sorted(offsets), dtype=pl.UInt32)

    @cached_property
    def full(self) -> pl.Series:
        """Where a row is a record by what it holds: half of the form's cells, or its key and a little more."""
        full = self.filled >= self.half
        doubtful = ((self.filled >= WITH_KEY) & ~full).arg_true()
        if not len(doubtful) or self.key is None:
            return full
        keyed = doubtful.filter(self.keyed(doubtful))
        return full.scatter(keyed, True) if len(keyed) else full  # noqa: FBT003 a value

    def keyed(self, offsets: pl.Series) -> pl.Series:
        """Which of some rows have a record key, be it broken or merged from above."""
        if self.key is None:
            return pl.Series([False]).new_from_index(0, len(offsets))
        text = self.key.text.gather(offsets)
        keyed = (text.str.contains(KEY) & text.str.contains(_DIGIT)).fill_null(value=False)
        keyed |= self.key.number.gather(offsets).is_not_null()
        return keyed | offsets.is_in(list(self._key_elsewhere)) if self._key_elsewhere else keyed

    @cached_property
    def _key_elsewhere(self) -> set[int]:
        """Offsets of the rows whose key is a fault, or is merged from above."""
        places = (*self._sheet.errors, *self._sheet.uncalculated)
        faults = {row - self.first for row, at in places if at == self._key_position}
        merged = (range(first, last + 1) for first, last, at in self._merged if at == self._key_position)
        return faults.union(*merged)

    def beside(self, offsets: pl.Series) -> pl.Series:
        """Which of some rows hold a word in a column that is not the form's; running numbers are none."""
        own = {id(column) for column in self.own}
        worded = pl.Series([False]).new_from_index(0, len(offsets))
        for column in self.columns:
            if id(column) not in own and column.text.null_count() < len(column.text):
                worded |= column.text.gather(offsets).str.contains(_LETTER).fill_null(value=False)
        return worded

    @cached_property
    def lead(self) -> pl.Series:
        """Text of each row's first filled cell; null where that is no text."""
        lead = pl.Series([None], dtype=pl.String).new_from_index(0, self.height)
        other = pl.Series([_OTHER], dtype=pl.String).new_from_index(0, self.height)
        for column in self.columns:
            others = [part.is_null() for part in held_parts(column) if part is not column.text]
            text = column.text.zip_with(reduce(and_, others), other) if others else column.text
            lead = text if lead.null_count() == len(lead) else lead.zip_with(lead.is_not_null(), text)
            if lead.null_count() == 0:
                break
        return lead.set(lead == _OTHER, None)


def _with_key(header: Header, form: Form) -> dict[str, int]:
    """Where each field stands. In a table without the record key's title the first unknown one stands for it."""
    positions = header.positions
    unknown = (column.position for column in header.columns if column.how == "unknown")
    first = next(unknown, None)
    return positions if first is None else {form.key.key: first} | positions


def counted(columns: Iterable[RawColumn], height: int) -> pl.Series:
    """Filled cells per row; at most one of a cell's three values is there."""
    held = [part for column in columns for part in held_parts(column)]
    if not held:
        return pl.Series([0], dtype=pl.Int32).new_from_index(0, height)
    frame = pl.DataFrame([part.alias(str(number)) for number, part in enumerate(held)])
    return frame.select(pl.sum_horizontal(pl.all().is_not_null().cast(pl.Int32))).to_series()


def _seen(columns: Iterable[RawColumn], rows: pl.Series) -> pl.Series:
    """Cells of some rows that hold more than what cannot be seen."""
    counts = pl.Series([0], dtype=pl.Int32).new_from_index(0, len(rows))
    for column in columns:
        text = column.text.gather(rows)
        seen = (~text.str.contains(_INVISIBLE)).fill_null(value=False)
        counts += seen.cast(pl.Int32)
        for part in (column.number, column.moment):
            counts += part.gather(rows).is_not_null().cast(pl.Int32)
    return counts


def _added(counts: pl.Series, offsets: pl.Series) -> pl.Series:
    """Counts with one more for each mention of a row."""
    if not len(offsets):
        return counts
    more = offsets.alias("at").value_counts(sort=False)
    return counts.scatter(more["at"], counts.gather(more["at"]) + more["count"].cast(pl.Int32))


def cut(column: RawColumn, offset: int, length: int) -> RawColumn:
    """Some cells of a column."""
    return RawColumn(
        column.text.slice(offset, length),
        column.number.slice(offset, length),
        column.moment.slice(offset, length),
    )
