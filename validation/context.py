"""What a check knows beside the file: who reports, for when, and the plain frames that some rules compare with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import polars as pl

from validation.limits import DEFAULT_LIMITS, Limits
from validation.periods import Period

#: Called with (phase, rows done, rows in all or None). Phases: reading, layout, casting, checking.
Progress = Callable[[str, int, int | None], None]


def no_progress(phase: str, done: int, total: int | None) -> None:
    """Take no notice."""


class Edit(NamedTuple):
    """A correction: the text a cell shall hold instead of the original; None makes it blank."""

    sheet: str
    row: int
    column: str
    value: str | None


@dataclass(frozen=True)
class Context:
    """`unit` is a reporting unit's code; `previous` is the typed frame of the unit's last accepted
    register of this collection, `companion` its register of the period that the form declares as its companion."""

    unit: str
    period: Period
    previous: pl.DataFrame | None = None
    companion: pl.DataFrame | None = None
    #: rows of the other units' registers: `unit`, `key` and the form's `compared` columns
    others: pl.DataFrame | None = None
    #: `unit`, `before` and `now`: rows of each unit's last accepted register and of its present one
    growth: pl.DataFrame | None = None
    #: the unit's corrections, laid over the cells as read
    edits: tuple[Edit, ...] = ()
    #: what the unit has said of titles that the form does not write so: `title_key` -> field key, None to pass it by
    titles: Mapping[str, str | None] = field(default_factory=dict)
    #: what the unit has chosen for this file: name of a sheet -> the last row of its header, None to pass it by
    headers: Mapping[str, int | None] = field(default_factory=dict)
    limits: Limits = DEFAULT_LIMITS
    progress: Progress = no_progress
