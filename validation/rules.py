"""The `rule` declaration: a catalogue code, the columns it speaks of, and where it holds; a missing value holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import polars as pl

from validation.periods import Period

if TYPE_CHECKING:
    from validation.context import Context

#: A boolean expression over the typed frame, or one that needs facts of the run such as the period's end.
Holds = pl.Expr | Callable[["Context"], pl.Expr]
#: The message's values as expressions; one that differs by language is a struct of zh and en.
Params = Mapping[str, pl.Expr] | Callable[["Context"], Mapping[str, pl.Expr]]


#: The unit of a context that speaks for no unit.
NO_UNIT = ""


class Reference(StrEnum):
    """A frame of the context that a rule compares with."""

    COMPANION = "companion"  # the unit's register that the form names; its fields stand in `_companion_<key>`
    PREVIOUS = "previous"  # the last accepted register; its fields stand in `_before_<key>`
    OTHERS = "others"  # what other units report; given at signing only
    UNIT = "unit"  # the reporting unit; a check always knows it, a schema made without a context does not
    GROWTH = "growth"  # how all units' registers grew; given at signing only


@dataclass(frozen=True, slots=True)
class Twins:
    """Rows that agree in `same` and, where it is given, disagree in `differ`; a null in either is no match.

    What they break is told at the column `at`, or where the rule says."""

    same: tuple[pl.Expr, ...]
    differ: pl.Expr | None = None
    at: str | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule over typed columns.

    `holds` is true where the rule is kept. A null counts as kept, so a rule stays silent where a
    value it needs is missing. Reported at the first of `columns`, once per row, unless `at` names
    another one per row: the one that changed, or is at fault. A rule about `twins` is broken by every row that has one, and names the others in its
    param `rows`.
    A rule that `needs` a reference is evaluated only when the context has it. `since` and `until`
    bound the periods it applies to, so that an old period keeps its rules.
    """

    code: str
    columns: tuple[str, ...]
    holds: Holds
    params: Params | None = None
    at: pl.Expr | Callable[[Context], pl.Expr] | None = None
    twins: tuple[Twins, ...] = ()
    needs: Reference | None = None
    since: Period | None = None
    until: Period | None = None
    version: int = 1

    def applies_to(self, period: Period) -> bool:
        """Whether the rule is in force for `period`."""
        return _in_force(self.since, self.until, period)


def is_evaluable(rule: Rule | RegisterRule, context: Context) -> bool:
    """Whether the context has what the rule needs."""
    given = getattr(context, rule.needs.value) if rule.needs is not None else True
    return given is not None and not (isinstance(given, str) and given == NO_UNIT)


def place_of(rule: Rule, context: Context) -> pl.Expr:
    """The column that a finding of the rule stands at, per row."""
    if rule.at is None:
        return pl.lit(rule.columns[0])
    return rule.at if isinstance(rule.at, pl.Expr) else rule.at(context)


def columns_read(rule: Rule, context: Context) -> set[str]:
    """Names of the frame's columns that a rule and its message look at; those of its twins are left out."""
    holds = rule.holds if isinstance(rule.holds, pl.Expr) else rule.holds(context)
    params = rule.params(context) if callable(rule.params) else rule.params or {}
    expressions = [holds, *params.values(), place_of(rule, context)]
    return {name for expression in expressions for name in expression.meta.root_names()}


@dataclass(frozen=True, slots=True)
class RegisterRule:
    """One rule about the register as a whole; its findings stand at no row.

    `broken` gives a frame of `key` (the record spoken of, or null) and `params` (JSON), one row per finding.
    """

    code: str
    broken: Callable[[pl.DataFrame, Context], pl.DataFrame]
    needs: Reference | None = None
    since: Period | None = None
    until: Period | None = None
    version: int = 1

    def applies_to(self, period: Period) -> bool:
        """Whether the rule is in force for `period`."""
        return _in_force(self.since, self.until, period)


def _in_force(since: Period | None, until: Period | None, period: Period) -> bool:
    return (since is None or since <= period) and (until is None or period <= until)


def twin_rule(code: str, columns: tuple[str, ...], *twins: Twins) -> Rule:
    """A rule that every row of a group of twins breaks."""
    return Rule(code, columns, pl.lit(value=True), twins=twins)


def absent(key: str) -> pl.Expr:
    """True where the cell is blank; false where it holds something that could not be read."""
    return pl.col(key).is_null() & ~pl.col(f"_unread_{key}")


def earliest(key: str) -> pl.Expr:
    """The first day that a date may mean: a month or a quarter given as its last day began earlier."""
    day, precision = pl.col(key), pl.col(f"_precision_{key}")
    by_quarter = pl.when(precision == "quarter").then(day.dt.truncate("1q"))
    return by_quarter.when(precision == "month").then(day.dt.month_start()).otherwise(day)


def folded(key: str) -> pl.Expr:
    """A text in its comparing form: width, case and spaces do not count."""
    return pl.col(key).str.normalize("NFKC").str.replace_all(r"\s", "").str.to_lowercase()


def has_any(key: str, codes: tuple[str, ...]) -> pl.Expr:
    """True where a list column holds at least one of `codes`."""
    return pl.any_horizontal(pl.col(key).list.contains(code) for code in codes)


def bilingual(zh: pl.Expr | str, en: pl.Expr | str) -> pl.Expr:
    """A param that differs by language."""
    return pl.struct(_side(zh).alias("zh"), _side(en).alias("en"))


def _side(side: pl.Expr | str) -> pl.Expr:
    return pl.lit(side) if isinstance(side, str) else side
