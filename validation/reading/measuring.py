"""Sheets as read -> the same, those refused that hold a cell with more characters than a spreadsheet can hold."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import polars as pl

from validation.limits import Limits
from validation.raw import RawSheet, RefusedFileError, address
from validation.reading.columns import check_text
from validation.reading.refusals import over_limit


def measured(sheets: Iterable[RawSheet], limits: Limits) -> tuple[RawSheet, ...]:
    """The sheets; file.E004 for too much text in all cells of the file."""
    done, size = [], 0
    for sheet in sheets:
        sizes, longest = _sizes([column.text for column in sheet.columns if _has_any(column.text)])
        size += sizes
        # Characters are counted only where bytes say that they may be too many.
        is_long = longest > limits.cell_characters and sheet.refusal is None
        done.append(replace(sheet, refusal=_too_long(sheet, limits.cell_characters)) if is_long else sheet)
    check_text(size, limits)
    return tuple(done)


def _has_any(text: pl.Series) -> bool:
    return text.null_count() < len(text)


def _sizes(texts: Sequence[pl.Series]) -> tuple[int, int]:
    """Bytes of all texts and of the longest, of all columns at once: sheets have many, mostly short."""
    if not texts:
        return 0, 0
    frame = pl.DataFrame([text.alias(str(number)) for number, text in enumerate(texts)])
    sizes = pl.all().str.len_bytes()
    measured = frame.select(
        pl.sum_horizontal(sizes.cast(pl.UInt64).sum()), pl.max_horizontal(sizes.max()).alias("most")
    )
    total, most = measured.row(0)
    return int(total), int(most)


def _too_long(sheet: RawSheet, most: int) -> RefusedFileError | None:
    for offset, column in enumerate(sheet.columns):
        places = (column.text.str.len_chars() > most).fill_null(value=False).arg_true()
        if len(places):
            count = len(column.text[places[0]])
            at = address(sheet.first_row + places[0], sheet.first_column + offset)
            return over_limit(
                f"单元格不得超过{most}个字符，{at}有{count}个",
                f"at most {most} characters in a cell, and {at} has {count}",
            )
    return None
