"""Row pairing: which row of a new file holds the record of a row of the file before."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

import polars as pl

from validation import Form

#: sheet and row
Place = tuple[str, int]

_PLACE = ["_sheet", "_row"]


class Files(NamedTuple):
    """The old file as it was read and as it is corrected, of each the `name_columns`; the kept cells of the new one.

    `all_read` reads the whole old file, which is wanted only where a record cannot be told by its number.
    """

    read: pl.DataFrame
    corrected: pl.DataFrame
    new: pl.DataFrame
    all_read: Callable[[], pl.DataFrame]
    form: Form


def name_columns(form: Form) -> list[str]:
    """Return the columns of kept cells that identify a record."""
    return [*_PLACE, form.key.key, f"_text_{form.key.key}"]


def paired(places: Iterable[Place], files: Files) -> dict[Place, Place]:
    """Return places in the old file with those of the same records in the new file, where there is no doubt.

    A record is told by its number, as read or as corrected, where none other has it; else by all its texts.
    """
    wanted = _frame(places)
    by_key = _pairs(_names(files).join(wanted, on=_PLACE, how="semi"), _keys(files.new, files.form))
    sure = by_key.filter(pl.struct(_PLACE).is_unique())
    others = wanted.join(sure, on=_PLACE, how="anti")
    if others.is_empty():
        return _as_dict(sure)
    by_texts = _pairs(
        _unique(_texts(files.all_read())).join(others, on=_PLACE, how="semi"), _texts(files.new)
    )
    return _as_dict(pl.concat([sure, by_texts]))


def clear_places(places: Iterable[Place], files: Files) -> frozenset[Place]:
    """Return those of `places` whose record has a number that no other record has, in either file."""
    several = _keys(files.new, files.form).filter(~pl.col("_name").is_unique())
    clear = _unique(_keys(files.read, files.form)).join(several, on="_name", how="anti")
    return frozenset(_frame(places).join(clear, on=_PLACE, how="semi").rows())


def key_texts(cells: pl.DataFrame, form: Form) -> dict[Place, str]:
    """Return the record's number at each place that has one."""
    return {(sheet, row): key for sheet, row, key in _keys(cells, form).iter_rows()}


def _frame(places: Iterable[Place]) -> pl.DataFrame:
    return pl.DataFrame(sorted(set(places)), schema={"_sheet": pl.String, "_row": pl.Int32}, orient="row")


def _names(files: Files) -> pl.DataFrame:
    """Return place and `_name`, each record's numbers as read and as corrected; names that two share are left out."""
    both = pl.concat([_keys(files.read, files.form), _keys(files.corrected, files.form)])
    return _unique(both.unique())


def _keys(cells: pl.DataFrame, form: Form) -> pl.DataFrame:
    """Return place and `_name`: the number as read, or its text where it could not be read."""
    key = form.key.key
    text = pl.col(f"_text_{key}").str.strip_chars()
    name = pl.coalesce(pl.col(key), pl.when(text != "").then(text))
    return cells.select(*_PLACE, name.alias("_name")).drop_nulls("_name")


def _texts(cells: pl.DataFrame) -> pl.DataFrame:
    """Return place and `_name`: all texts of the row as one."""
    texts = [pl.col(name).fill_null("") for name in cells.columns if name.startswith("_text_")]
    return cells.select(*_PLACE, pl.concat_str(texts, separator="\x1f").alias("_name"))


def _unique(named: pl.DataFrame) -> pl.DataFrame:
    return named.filter(pl.col("_name").is_unique())


def _pairs(old: pl.DataFrame, new: pl.DataFrame) -> pl.DataFrame:
    """Return places of the same name in the old file and, as `_sheet_new` and `_row_new`, in the new one."""
    return old.join(_unique(new), on="_name", suffix="_new").drop("_name").unique()


def _as_dict(pairs: pl.DataFrame) -> dict[Place, Place]:
    rows = pairs.select(*_PLACE, "_sheet_new", "_row_new").iter_rows()
    return {(sheet, row): (sheet_new, row_new) for sheet, row, sheet_new, row_new in rows}
