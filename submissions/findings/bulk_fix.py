"""Bulk fixes: which like cells may get one value at once, and how many records that makes equal."""

from __future__ import annotations

from typing import NamedTuple

import polars as pl

from submissions.files import storage
from submissions.models import Submission
from validation import Form, Kind

#: Kinds whose blank cells want a value of their own each: names, numbers of papers, codes of enterprises.
_OWN = frozenset({Kind.TEXT, Kind.CODE, Kind.USCC})


def may_be_alike(form: Form, column: str, value: str | None) -> bool:
    """Return whether the cells of `column` that hold `value` may all get the same value.

    The number and the name of a record are its own, and what is blank in a column of names or codes is another in
    each record; cells that said the same may say the same again.
    """
    if column in (form.key.key, form.record_name.key):
        return False
    return bool(value) or form.by_key[column].kind not in _OWN


class Equal(NamedTuple):
    """Records of the register with the same value in one column: `now`, and `then` when the value is set."""

    now: int
    then: int


def equal_records(submission: Submission, column: str, new: str, places: set[tuple[str, int]]) -> Equal:
    """Return how many records hold `new` in `column`, and how many will when the cells at `places` do."""
    cells = storage.cell_columns(submission, ["_sheet", "_row", f"_text_{column}"])
    if cells is None:
        return Equal(0, 0)
    text = pl.col(f"_text_{column}").fill_null("").str.strip_chars()
    same = set(cells.filter(text == new.strip()).select("_sheet", "_row").iter_rows())
    return Equal(len(same), len(same | places))
