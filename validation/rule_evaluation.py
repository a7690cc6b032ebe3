"""Rules over typed frames: which rows break which rule, all rules in one query."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import polars as pl

from validation.context import Context
from validation.findings import Severity, catalogue, severity_of
from validation.forms.form import Form
from validation.related_rows import alone
from validation.rule_inputs import with_before, with_companion, with_facts
from validation.rules import RegisterRule, Rule, columns_read


class Broken(NamedTuple):
    """A rule, the positions of the rows that break it, and the frame that it was evaluated in."""

    rule: Rule
    rows: pl.Series
    frame: pl.DataFrame


class BrokenRegister(NamedTuple):
    """A rule over the register, and its findings: `key` and `params` as JSON."""

    rule: RegisterRule
    findings: pl.DataFrame


class Evaluation(NamedTuple):
    """The rules that are broken, in the order of the rules given, those over cells first."""

    rules: list[Broken]
    registers: list[BrokenRegister]


def is_cell_rule(rule: Rule) -> bool:
    """Whether a rule looks at single cells: it runs first, and what fails it is missing for all other rules."""
    return catalogue()[rule.code].level == "cell"


def evaluate(
    frame: pl.DataFrame,
    form: Form,
    context: Context,
    rules: Sequence[Rule],
    register_rules: Sequence[RegisterRule] = (),
) -> Evaluation:
    """Check the cells first, then the rules over rows, which are silent about cells that failed.

    `frame` has a column per field of the form; `_unread_`, `_precision_` and `_fault_` columns are added where it
    lacks them. Raises polars' errors when a rule cannot be computed.
    """
    of_cells = [rule for rule in rules if is_cell_rule(rule)]
    of_rows = [rule for rule in rules if not is_cell_rule(rule)]
    frame = with_facts(frame, form)
    broken_cells = broken_by(frame, of_cells, context)
    context.progress("checking", frame.height // 2, frame.height)
    wanted = (name for rule in of_rows for name in columns_read(rule, context))
    sound = with_before(with_companion(_without(frame, broken_cells), form, context), form, context, wanted)
    broken_rows = broken_by(sound, of_rows, context)
    registers = [BrokenRegister(rule, rule.broken(sound, context)) for rule in register_rules]
    context.progress("checking", frame.height, frame.height)
    return Evaluation(
        [*broken_cells, *broken_rows], [broken for broken in registers if not broken.findings.is_empty()]
    )


def broken_by(frame: pl.DataFrame, rules: Sequence[Rule], context: Context) -> list[Broken]:
    """The rules that some rows break, in order."""
    if not rules:
        return []
    kept = _kept(frame, rules, context)
    held = kept.select(pl.all().all()).row(0)
    return [
        Broken(rule, (~kept.to_series(number)).arg_true(), frame)
        for number, (rule, holds) in enumerate(zip(rules, held, strict=True))
        if not holds
    ]


def _kept(frame: pl.DataFrame, rules: Sequence[Rule], context: Context) -> pl.DataFrame:
    """One boolean column per rule: the rows that keep it."""
    holds = [rule.holds if isinstance(rule.holds, pl.Expr) else rule.holds(context) for rule in rules]
    names = [f"_holds_{number}" for number in range(len(rules))]
    aliased = [hold.fill_null(value=True).alias(name) for hold, name in zip(holds, names, strict=True)]
    # added to the frame first, for what holds may be the same for all rows
    kept = frame.lazy().with_columns(aliased).select(names).collect()
    twins = {name: rule.twins for name, rule in zip(names, rules, strict=True) if rule.twins}
    if not twins:
        return kept
    return kept.with_columns(alone(frame, pairs).to_series().alias(name) for name, pairs in twins.items())


def _without(frame: pl.DataFrame, faults: Sequence[Broken]) -> pl.DataFrame:
    """The frame with cells that broke an E rule made missing, so that later rules do not echo them."""
    for rule, rows, _ in faults:
        if severity_of(rule.code) is Severity.ERROR:
            key = rule.columns[0]
            frame = frame.with_columns(
                _scattered(frame[key], rows, None), _scattered(frame[f"_unread_{key}"], rows, value=True)
            )
    return frame


def _scattered(series: pl.Series, rows: pl.Series, value: bool | None) -> pl.Series:
    hit = pl.Series([False]).new_from_index(0, len(series)).scatter(rows, True)
    chosen = pl.when(hit).then(pl.lit(value, dtype=series.dtype)).otherwise(series).alias(series.name)
    return pl.DataFrame().select_seq(chosen).to_series()
