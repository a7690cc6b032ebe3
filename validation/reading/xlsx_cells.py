"""A block of rows in plain spelling -> its cells as a frame: column letters, row, text, number, moment; over whole columns."""

from __future__ import annotations

import re
from dataclasses import dataclass

import polars as pl

from validation.number_formats import clock
from validation.reading.refusals import damaged
from validation.reading.xlsx_blocks import OddSheetError
from validation.reading.xlsx_strings import resolved

MOMENT = pl.Datetime("us")
DAY_MS = 86_400_000
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#: First day number after 29 February 1900, which never was; and one past 31 December 9999.
LEAP_DAY, LAST_DAY = 60, 2_958_466
_ATTRIBUTES = re.compile(r'(?:\s+[\w:]+="[^"<]*")*\s*/?')
_STYLE, _TYPE = re.compile(r'\ss="(\d+)"'), re.compile(r'\st="(\w+)"')
_FORMULA = r"^<f(?:\s[^>]*)?(?:/>|>[^<]*</f>)"
_INLINE = r"^<is><t(?:\s[^>]*)?>([^<]*)</t></is></c>$"
_VALUE = r"^<v(?:\s[^>]*)?>([^<]*)</v></c>$"
_EMPTY = r"^(?:<v/>|<v></v>)?</c>$"
_BETWEEN = r'(?:\s|</row>|<row r="[0-9]+"(?:\s+[\w:]+="[^"<]*")*\s*/?>)'
#: What may stand between the last cell of a row and the first of the next, and before the first of all.
_AFTER_CELL = _BETWEEN + r"+$"
_BEFORE_CELLS = rf"^(?:<sheetData/?>)?{_BETWEEN}*$"

SHARED, NUMBER, DATE, DURATION, TEXT, INLINE, YES_NO, ERROR, BLANK = range(9)
#: More than there are kinds: a kind and a style fit into one number.
KINDS = 16
CELL_COLUMNS = ("letters", "row", "kind", "value", "formula", "text", "number", "moment", "style")
_TYPES = {"s": SHARED, "n": NUMBER, "str": TEXT, "inlineStr": INLINE, "b": YES_NO, "e": ERROR}


@dataclass(frozen=True, slots=True)
class CellContext:
    """What cells refer to: shared strings, and for each style the kind (NUMBER, DATE, DURATION) that it shows numbers
    as, and whether it may show something else than the digits of a number, and more than a text."""

    strings: pl.Series
    kinds: list[int]
    date_1904: bool
    tells: list[bool]
    frames_text: list[bool]


def cells_of(block: bytes, context: CellContext) -> pl.DataFrame:
    """Columns `letters`, `row`, `kind`, `value` (raw), `formula` (has one), and text, number, moment: one row per
    cell that is there, blank ones too. Where a cell's format tells something there is its `style`, counted from 1, else 0; the
    column is left out where none does. Raises OddSheetError for what is not in plain spelling."""
    try:
        text = block.decode("utf-8")
    except UnicodeDecodeError as error:
        raise damaged("工作表部件不是UTF-8编码", "a sheet is not written in UTF-8") from error
    pieces = pl.Series("piece", [text]).str.split('<c r="').explode()
    if not pieces.head(1).str.contains(_BEFORE_CELLS).all():
        raise OddSheetError
    reference = pl.col("reference")
    frame = (
        pl.LazyFrame(pieces[1:])
        .select(pl.col("piece").str.splitn('"', 2).struct.rename_fields(["reference", "rest"]))
        .unnest("piece")
        .with_columns(pl.col("rest").str.splitn(">", 2).struct.rename_fields(["attributes", "content"]))
        .unnest("rest")
        .with_columns(
            reference.str.strip_chars_end("0123456789").alias("letters"),
            reference.str.strip_chars_start(_LETTERS).cast(pl.Int32, strict=False).alias("row"),
        )
        .collect()
    )
    if frame["row"].null_count():
        raise OddSheetError
    frame = frame.with_columns(_kinds(frame["attributes"], context))
    named = [name for name in CELL_COLUMNS if name != "style" or name in frame.columns]
    return _typed(_valued(frame), context).select(named)


def _kinds(attributes: pl.Series, context: CellContext) -> list[pl.Series]:
    """Kind of each cell by its attributes, of which there are few different ones, and its style where any tells."""
    known = {text: _kind(text, context) for text in attributes.unique().drop_nulls().to_list()}
    if attributes.null_count():
        raise OddSheetError
    if not known:
        return [pl.Series("kind", [], dtype=pl.UInt8)]
    kinds = attributes.replace_strict(known, return_dtype=pl.UInt32)
    if max(known.values()) < KINDS:
        return [kinds.cast(pl.UInt8).alias("kind")]
    return [(kinds % KINDS).cast(pl.UInt8).alias("kind"), (kinds // KINDS).alias("style")]


def _kind(attributes: str, context: CellContext) -> int:
    """The kind, with KINDS times the style, counted from 1, where its format tells something."""
    if not _ATTRIBUTES.fullmatch(attributes):
        raise OddSheetError
    if attributes.endswith("/"):
        return BLANK
    named, style = _TYPE.search(attributes), _STYLE.search(attributes)
    index = int(style[1]) if style else 0
    known = index < len(context.kinds)
    if named and named[1] != "n":
        kind = _TYPES.get(named[1], TEXT)
        tells = known and context.frames_text[index] and kind in (SHARED, TEXT, INLINE)
    else:
        kind = context.kinds[index] if known else NUMBER
        tells = known and context.tells[index]
    return kind + KINDS * (index + 1) if tells else kind


def _valued(frame: pl.DataFrame) -> pl.DataFrame:
    """Adds `value`, the raw text of the value, and `formula`. The usual content is a value alone."""
    content = pl.col("content").str.strip_prefix("<v>").str.splitn("<", 2).struct
    frame = frame.with_columns(
        content.field("field_0").alias("value"),
        (pl.col("content").str.starts_with("<v>") & (content.field("field_1") == "/v></c>"))
        .fill_null(value=False)
        .alias("usual"),
        pl.lit(value=False).alias("formula"),
    )
    others = (~frame["usual"]).arg_true()
    return _unusual(frame, others) if len(others) else frame


def _unusual(frame: pl.DataFrame, places: pl.Series) -> pl.DataFrame:
    """Last cells of a row, formulas, inline strings, blank cells: the rows at `places` worked out by patterns."""
    content, bare, value = pl.col("content"), pl.col("bare"), pl.col("value")
    blank = pl.col("kind") == BLANK
    empty = (blank & (content == "")) | (~blank & bare.str.contains(_EMPTY))
    rest = (
        frame[places]
        .lazy()
        .select(content.fill_null("").str.replace(_AFTER_CELL, ""), "kind")
        .with_columns(bare=content.str.replace(_FORMULA, ""))
        .with_columns(value=pl.coalesce(bare.str.extract(_VALUE, 1), bare.str.extract(_INLINE, 1)))
        .select(
            value=pl.when(~blank).then(value),
            formula=(bare != content) & ~blank,
            odd=value.is_null() & ~empty,
        )
        .collect()
    )
    if rest["odd"].any():
        raise OddSheetError
    return frame.with_columns(
        frame["value"].scatter(places, rest["value"]), frame["formula"].scatter(places, rest["formula"])
    )


def _typed(frame: pl.DataFrame, context: CellContext) -> pl.DataFrame:
    """Adds text, number and moment."""
    value = pl.when(pl.col("value") != "").then("value")
    frame = frame.with_columns(
        value=value, number=pl.when(_IS_NUMERIC).then(value).cast(pl.Float64, strict=False)
    )
    kind, number = frame["kind"], frame["number"]
    moment = _moments(number, kind, context) if (kind == DATE).any() else None
    text = _texts(frame, context)
    if moment is not None:
        timed = (
            (kind == DATE) & number.is_not_null() & moment.is_null() & number.is_between(0, 1, closed="left")
        )
        text = _with_durations(text, number, timed)
        number = number.set(moment.is_not_null() | timed, None)
    if (kind == DURATION).any():
        text = _with_durations(text, number, kind == DURATION)
        number = number.set(kind == DURATION, None)
    blank = pl.Series("moment", [None], dtype=MOMENT).new_from_index(0, frame.height)
    return frame.with_columns(
        text.alias("text"),
        number.alias("number"),
        (blank if moment is None else moment).alias("moment"),
    )


_IS_NUMERIC = pl.col("kind").is_in([NUMBER, DATE, DURATION])
#: The cell's text is in it, not among the shared ones: its own, a yes/no, or what should be a number and is none.
_HAS_OWN_TEXT = pl.col("value").is_not_null() & (
    pl.col("kind").is_in([TEXT, INLINE, YES_NO]) | (_IS_NUMERIC & pl.col("number").is_null())
)


def _texts(frame: pl.DataFrame, context: CellContext) -> pl.Series:
    """Text of every cell that holds text: shared or its own."""
    index = pl.when(pl.col("kind") == SHARED).then("value").cast(pl.UInt32, strict=False)
    known = frame.select("kind", "value", own=_HAS_OWN_TEXT, index=index)
    lost = pl.col("index").is_null() | (pl.col("index") >= len(context.strings))
    broken, own = known.select(
        ((pl.col("kind") == SHARED) & pl.col("value").is_not_null() & lost).any(), pl.col("own").any()
    ).row(0)
    if broken:
        raise damaged("共享字符串索引有误", "a cell names a shared string that is not there")
    shared = _shared(known["index"], context.strings)
    return _own_texts(known).zip_with(known["own"], shared) if own else shared


def _shared(index: pl.Series, strings: pl.Series) -> pl.Series:
    if not len(strings):
        return pl.Series([None], dtype=pl.String).new_from_index(0, len(index))
    text = strings.gather(index)
    return text.set(text == "", None)


def _own_texts(known: pl.DataFrame) -> pl.Series:
    kind = known["kind"]
    own = resolved(known["value"].set(~known["own"], None))
    return own.set((kind == YES_NO) & (own == "1"), "TRUE").set((kind == YES_NO) & (own == "0"), "FALSE")


def _moments(number: pl.Series, kind: pl.Series, context: CellContext) -> pl.Series:
    """Day numbers as moments, to the millisecond; null where a number is no day."""
    days = number.set(kind != DATE, None)
    if context.date_1904:
        days = days + 1462
    else:
        days = days.set(days < 1, None)
        days = days.zip_with(~(days < LEAP_DAY), days + 1)
    days = days.set((days < 1) | (days >= LAST_DAY), None)
    stamps = ((days - 25_569) * DAY_MS).round().cast(pl.Int64)
    return stamps.cast(pl.Datetime("ms")).cast(MOMENT)


def _with_durations(text: pl.Series, number: pl.Series, where: pl.Series) -> pl.Series:
    """A time of day or a duration becomes text, which no field takes for a figure."""
    places = (where & number.is_not_null()).fill_null(value=False).arg_true()
    shown = [clock(days) for days in number.gather(places)]
    return text.scatter(places, pl.Series(shown, dtype=pl.String))
