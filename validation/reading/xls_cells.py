"""One worksheet of a BIFF workbook: its records become cells, with hidden rows, merged ranges, errors and formats."""

from __future__ import annotations

import struct
from array import array
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import polars as pl

from validation.limits import Limits
from validation.raw import Merged, RefusedFileError, column_letter
from validation.reading.biff import CONTINUE, Strings, records
from validation.reading.day_numbers import ERROR, NUMBER, TEXT, YES_NO, as_shown
from validation.reading.refusals import UsedUpError, damaged
from validation.reading.styles import Styles
from validation.reading.xlsx_columns import Cells
from validation.reading.xml_text import BROKEN

_LABEL_SST, _NUMBER, _RK, _MUL_RK, _FORMULA, _STRING, _LABEL, _RICH_STRING, _BOOL_ERR = (
    0xFD, 0x203, 0x27E, 0xBD, 0x06, 0x207, 0x204, 0xD6, 0x205,
)  # fmt: skip
_ROW, _MERGED_CELLS = 0x208, 0xE5
#: Errors of formulas by their number.
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
_ROW_HIDDEN = 0x20
#: Cells are handed on when those of one kind take so much: some 200 000.
CHUNK_BYTES = 2_000_000
_TYPES = {"kind": pl.UInt8(), "text": pl.String(), "number": pl.Float64(), "formula": pl.Boolean()}
#: How the usual cells are laid out: row, column, style, and a shared text's or packed number's bits or a number.
_USUAL = {_LABEL_SST: struct.Struct("<HHHI"), _RK: struct.Struct("<HHHI"), _NUMBER: struct.Struct("<HHHd")}
#: Row, column, style, kind, text, and whether it is a formula without a result.
_Other: TypeAlias = tuple[int, int, int, int, str | None, bool]
#: Row, column and style, with which every record of a cell begins.
_PLACE = struct.Struct("<HHH")
Ints: TypeAlias = tuple[int, ...]
_WORKING_BITS = 0xFFFFFFFC


@dataclass(frozen=True)
class XlsContext:
    """What cells refer to: the texts they share, their styles, and the encoding of byte strings."""

    texts: list[str]
    styles: Styles
    encoding: str | None
    date_1904: bool

    @cached_property
    def kinds(self) -> pl.Series:
        """How each style shows a number, and last how one that is not there does."""
        return pl.Series("kind", [*self.styles.kinds, NUMBER], dtype=pl.UInt8)

    @cached_property
    def noted_of_numbers(self) -> pl.Series:
        """As `_noted`, of numbers."""
        return _noted(self.styles.tells)

    @cached_property
    def noted_of_texts(self) -> pl.Series:
        """As `_noted`, of texts."""
        return _noted(self.styles.frames_text)


class XlsCells(Cells):
    """Gathers the cells of one worksheet record by record. `end` is where its stream was read to."""

    def __init__(self, context: XlsContext, limits: Limits) -> None:
        super().__init__(limits)
        self.merged: list[Merged] = []
        self.hidden_rows: set[int] = set()
        self.end = 0
        self._context = context
        #: the usual cells, taken together when there are many: code -> their contents
        self._usual = {code: bytearray() for code in _USUAL}
        self._others: list[_Other] = []
        self._waiting: tuple[int, int, int] | None = None  # the formula whose text is in a next record
        self._string: list[bytes] = []
        #: code -> the least length of its content, and what takes it
        self._takers: dict[int, tuple[int, Callable[[bytes], None]]] = {
            _MUL_RK: (4, self._packed_numbers),
            _FORMULA: (14, self._formula),
            _LABEL: (8, self._own_text),
            _RICH_STRING: (8, self._own_text),
            _BOOL_ERR: (8, self._yes_no_or_error),
            _ROW: (16, self._row),
            _MERGED_CELLS: (2, self._merged_ranges),
        }

    def take_all(self, stream: bytes, start: int) -> None:
        """The records of the stream that begins at `start`."""
        self.end = start
        for code, data, end in records(stream, start):
            self.end = end
            self.take(code, data)

    def take(self, code: int, data: bytes) -> None:
        """One record; those that hold no cells are passed by."""
        if code in self._usual:
            self._take_usual(code, data)
        elif code in self._takers:
            least, taker = self._takers[code]
            if len(data) < least:
                raise _cut_off()
            self._finish_formula()
            taker(data)
        elif code == _STRING or (code == CONTINUE and self._string):
            self._string.append(data)

    def _take_usual(self, code: int, data: bytes) -> None:
        size, held = _USUAL[code].size, self._usual[code]
        if len(data) < size:
            raise _cut_off()
        held += data[:size]
        if len(held) > CHUNK_BYTES:
            self.flush()

    def finish(self) -> None:
        """No record follows."""
        self._finish_formula()
        self.flush()

    def flush(self) -> None:
        """Hand on the cells that are held."""
        for code, layout in _USUAL.items():
            held, self._usual[code] = self._usual[code], bytearray()
            if held:
                flat = struct.unpack("<" + layout.format[1:] * (len(held) // layout.size), held)
                self._add_usual(code, flat[::4], flat[1::4], flat[2::4], flat[3::4])
        others, self._others = self._others, []
        if others:
            rows, columns, styles, kinds, texts, waiting = zip(*others, strict=True)
            beside = pl.DataFrame({"kind": kinds, "text": texts, "formula": waiting}, schema_overrides=_TYPES)
            style = _of_styles(self._context.noted_of_texts, styles).set(beside["kind"] != TEXT, 0)
            self._add(_places(rows, columns).with_columns(*beside.get_columns(), style))

    def _add_usual(
        self, code: int, rows: Ints, columns: Ints, styles: Ints, values: tuple[float, ...]
    ) -> None:
        places, context = _places(rows, columns), self._context
        if code == _LABEL_SST:
            texts = context.texts
            last = len(texts) - 1
            shared = [texts[index] if index <= last else BROKEN for index in map(int, values)]
            text = pl.Series("text", shared, dtype=pl.String)
            self._add(
                places.with_columns(text, _of_styles(context.noted_of_texts, styles), kind=pl.lit(TEXT))
            )
            return
        numbers = _unpacked(list(map(int, values))) if code == _RK else pl.Series(values, dtype=pl.Float64)
        kind, style = _of_styles(context.kinds, styles), _of_styles(context.noted_of_numbers, styles)
        self._add(places.with_columns(numbers.alias("number"), kind, style))

    def _add(self, cells: pl.DataFrame) -> None:
        """Cells with their row, column and kind, and what else they have of text, number and formula."""
        missing = {name: dtype for name, dtype in _TYPES.items() if name not in cells.columns}
        cells = cells.with_columns(pl.lit(None, dtype=dtype).alias(name) for name, dtype in missing.items())
        number, kind = pl.col("number"), pl.col("kind").cast(pl.UInt8)
        # what is infinite or no number is read as what it looks like
        text = pl.coalesce(pl.when(pl.col("text") != "").then("text"), number.cast(pl.String))
        cells = cells.with_columns(
            text=pl.when(kind != ERROR).then(pl.when(number.is_finite()).then(None).otherwise(text)),
            number=pl.when(number.is_finite()).then(number),
            value=text,
            kind=kind,
            formula=pl.col("formula").fill_null(value=False),
            letters=pl.col("column").replace_strict(_letters(cells["column"]), return_dtype=pl.String),
        )
        displayed = as_shown(cells["kind"], cells["text"], cells["number"], date_1904=self._context.date_1904)
        self.add(cells.with_columns(*displayed))

    def _own_text(self, data: bytes) -> None:
        text = _text([data], self._context.encoding, at=6)
        self._others.append((*_PLACE.unpack_from(data), TEXT, text, False))

    def _packed_numbers(self, data: bytes) -> None:
        row, first = struct.unpack_from("<HH", data)
        for offset, at in enumerate(range(4, len(data) - 7, 6)):
            self._take_usual(_RK, struct.pack("<HH", row, first + offset) + data[at : at + 6])

    def _yes_no_or_error(self, data: bytes) -> None:
        self._put_result(data, is_error=data[7] != 0, value=data[6])

    def _put_result(self, data: bytes, *, is_error: bool, value: int) -> None:
        text = _ERRORS.get(value, "#VALUE!") if is_error else "TRUE" if value else "FALSE"
        self._others.append((*_PLACE.unpack_from(data), ERROR if is_error else YES_NO, text, False))

    def _formula(self, data: bytes) -> None:
        if data[12:14] != b"\xff\xff":
            self._take_usual(_NUMBER, data)
        elif data[6] == 0:
            self._waiting = _PLACE.unpack_from(data)
        elif data[6] in (1, 2):
            self._put_result(data, is_error=data[6] == 2, value=data[8])

    def _finish_formula(self) -> None:
        """The text of a formula comes after it, in records of its own; without any it was never calculated."""
        if self._waiting is not None:
            text = _text(self._string, self._context.encoding) if self._string else None
            self._others.append((*self._waiting, NUMBER if text is None else TEXT, text, text is None))
        self._waiting, self._string = None, []

    def _row(self, data: bytes) -> None:
        if data[12] & _ROW_HIDDEN:
            self.hidden_rows.add(1 + int.from_bytes(data[:2], "little"))

    def _merged_ranges(self, data: bytes) -> None:
        for at in range(2, len(data) - 7, 8):
            top, bottom, left, right = struct.unpack_from("<4H", data, at)
            self.merged.append(Merged(top + 1, left, bottom + 1, right))


def read_cells(
    stream: bytes, start: int, context: XlsContext, limits: Limits
) -> tuple[XlsCells, RefusedFileError | None]:
    """The cells of the worksheet whose stream begins at `start`, and why not all could be read."""
    cells = XlsCells(context, limits)
    refusal = _refused(lambda: cells.take_all(stream, start))
    late = _refused(cells.finish)
    return cells, refusal or late


def _refused(step: Callable[[], None]) -> RefusedFileError | None:
    try:
        step()
    except UsedUpError:
        raise
    except RefusedFileError as refusal:
        return refusal
    return None


def _places(rows: Ints, columns: Ints) -> pl.DataFrame:
    """1-based rows and 0-based columns of cells, of rows counted from 0."""
    row = pl.Series("row", rows, dtype=pl.Int32) + 1
    return pl.DataFrame([row, pl.Series("column", columns, dtype=pl.Int32)])


def _noted(tells: list[bool]) -> pl.Series:
    """What is noted of a cell, by its style: that, counted from 1, where its format tells something, else 0."""
    return pl.Series(
        "style", [number * says for number, says in enumerate([*tells, False], start=1)], dtype=pl.UInt32
    )


def _of_styles(known: pl.Series, styles: Ints) -> pl.Series:
    """What is known by style, of each of these; the last of what is known goes for styles that are not there."""
    return known.gather(pl.Series(styles, dtype=pl.UInt32).clip(upper_bound=len(known) - 1))


def _letters(columns: pl.Series) -> dict[int, str]:
    return {column: column_letter(column) for column in columns.unique()}


def _cut_off() -> RefusedFileError:
    return damaged("单元格记录不完整", "a record of a cell is cut off")


def _text(segments: list[bytes], encoding: str | None, at: int = 0) -> str:
    """A string of a cell; U+FFFD where it is cut off."""
    try:
        return Strings(segments, encoding, at).text()
    except IndexError:
        return BROKEN


def _unpacked(packed: list[int]) -> pl.Series:
    """Numbers of 30 bits: whole or the upper half of a double, as they are or in hundredths."""
    doubles = array("d", array("Q", ((bits & _WORKING_BITS) << 32 for bits in packed)).tobytes())
    frame = pl.DataFrame(
        {"bits": pl.Series(packed, dtype=pl.Int64), "double": pl.Series(doubles, dtype=pl.Float64)}
    )
    bits = pl.col("bits")
    whole = bits // 4 - pl.when(bits >= 1 << 31).then(1 << 30).otherwise(0)
    number = pl.when(bits & 2 != 0).then(whole.cast(pl.Float64)).otherwise("double")
    # divided by a column: polars multiplies by 0.01 where the divisor is one number, which is not the same
    return frame.select(number / pl.when(bits & 1 != 0).then(100.0).otherwise(1.0)).to_series()
