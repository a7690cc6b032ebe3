"""The `rule` declaration: a catalogue code, the columns it speaks of, and where it holds; a missing value holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from validation.periods import Period

if TYPE_CHECKING:
    from validation.context import Context

#: Facts of one run that a rule may need, e.g. the period's end; an expression or one with the context filled in.
Holds = Callable[["Context"], pl.Expr]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule over typed columns.

    `holds` gives a boolean expression, true where the rule is kept. A null counts as kept, so a
    rule stays silent where a value it needs is missing. `params` gives the message's values as
    expressions. Reported at the first of `columns`, once per row. `since` and `until` bound the
    periods it applies to, so that an old period keeps its rules.
    """

    code: str
    columns: tuple[str, ...]
    holds: Holds
    params: Mapping[str, pl.Expr] | None = None
    since: Period | None = None
    until: Period | None = None
    version: int = 1

    def applies_to(self, period: Period) -> bool:
        """Whether the rule is in force for `period`."""
        return (self.since is None or self.since <= period) and (self.until is None or period <= self.until)
