"""Sheets: rows dealt out over as many worksheets as they need, for a program that takes no longer ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Any

#: rows of a worksheet under its header
SHEET_ROWS = 1_048_575


def dealt(name: str, rows: Iterable[Sequence[Any]]) -> Iterator[tuple[str, Iterator[Sequence[Any]]]]:
    """The name of each worksheet and its rows, to be used up before the next; one empty sheet for no rows."""
    left = iter(rows)
    yield name, islice(left, SHEET_ROWS)
    for number, first in enumerate(left, 2):
        yield f"{name} {number}", chain([first], islice(left, SHEET_ROWS - 1))
