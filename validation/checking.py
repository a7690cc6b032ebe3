"""Typed frame -> findings: pandera checks the rules; the only module that knows its error objects."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import polars as pl
from pandera.api.polars.types import PolarsData
from pandera.errors import SchemaErrorReason, SchemaErrors
from pandera.polars import Check, DataFrameSchema

from validation.casting import Cast
from validation.casting.result import PLACED
from validation.context import Context
from validation.few_rows import select
from validation.findings import FINDING_SCHEMA, Severity, catalogue
from validation.forms.form import Form
from validation.related_rows import alone, other_rows, twin_places
from validation.rule_inputs import NETWORK_FIELDS, with_before, with_faults, with_networks, with_unread
from validation.rules import Params, Reference, RegisterRule, Rule, columns_read, place_of, say

__all__ = ["NETWORK_FIELDS", "Checked", "check"]

# else the first check of each process would import half of pandera while somebody waits for a corrected cell
DataFrameSchema.register_default_backends(pl.LazyFrame)


class Checked(NamedTuple):
    """Findings of FINDING_SCHEMA, and the codes of rules for which the context lacks what they need."""

    findings: pl.DataFrame
    not_evaluable: tuple[str, ...]


class Broken(NamedTuple):
    """A rule and the rows of the frame that break it."""

    rule: Rule
    rows: pl.Series


def check(cast: Cast, form: Form, context: Context) -> Checked:
    """Check the cells first, then the rules over rows, which are silent about cells that failed.

    A rule that cannot be computed raises; it never becomes a finding.
    """
    rules = [rule for rule in form.rules if rule.applies_to(context.period) and _evaluable(rule, context)]
    of_cells = [rule for rule in rules if _is_cell_rule(rule)]
    of_rows = [rule for rule in rules if not _is_cell_rule(rule)]
    frame = with_faults(with_unread(cast.frame, cast.unread), form)
    cell_faults = broken_by(frame, of_cells, context)
    context.progress("checking", cast.frame.height // 2, cast.frame.height)
    wanted = (name for rule in of_rows for name in columns_read(rule, context))
    sound = with_before(with_networks(_without(frame, cell_faults), context), form, context, wanted)
    row_faults = broken_by(sound, of_rows, context)
    context.progress("checking", cast.frame.height, cast.frame.height)
    placed = [
        *(_placed(frame, broken, context) for broken in cell_faults),
        *(_placed(sound, broken, context) for broken in row_faults),
    ]
    found = cast.place(pl.concat([pl.DataFrame(schema=PLACED), *placed]))
    registers = [_register_findings(rule, sound, context) for rule in _register_rules(form, context)]
    return Checked(pl.concat([found, *registers]), _not_evaluable(form, context))


def _is_cell_rule(rule: Rule) -> bool:
    return catalogue()[rule.code].level == "cell"


def _evaluable(rule: Rule | RegisterRule, context: Context) -> bool:
    return rule.needs is None or getattr(context, rule.needs.value) is not None


def _not_evaluable(form: Form, context: Context) -> tuple[str, ...]:
    """Rules that lack the unit's networks. Without an earlier period the history rules do not apply at all."""
    lacking = (r for r in form.rules if r.needs is Reference.NETWORKS and not _evaluable(r, context))
    return tuple(rule.code for rule in lacking if rule.applies_to(context.period))


def broken_by(frame: pl.DataFrame, rules: Sequence[Rule], context: Context) -> list[Broken]:
    """The rules that some rows break, in order. Raises pandera's SchemaError when a rule cannot be computed.

    All rules are one check of pandera, which asks for each check anew and copies what fails: of dozens of them
    that would be most of the time that a small register takes.
    """
    if not rules:
        return []
    kept = pl.DataFrame()

    def all_hold(data: PolarsData) -> pl.LazyFrame:
        nonlocal kept
        kept = _kept(data.lazyframe, rules, context)
        return kept.lazy().select(pl.all_horizontal(pl.all()))

    try:
        DataFrameSchema(checks=Check(all_hold, n_failure_cases=1)).validate(frame, lazy=True)
    except SchemaErrors as errors:
        _raise_if_crashed(errors)
    held = kept.select(pl.all().all()).row(0)
    return [
        Broken(rule, (~kept.to_series(number)).arg_true())
        for number, (rule, holds) in enumerate(zip(rules, held, strict=True))
        if not holds
    ]


def _kept(frame: pl.LazyFrame, rules: Sequence[Rule], context: Context) -> pl.DataFrame:
    """One boolean column per rule: the rows that keep it."""
    holds = [rule.holds if isinstance(rule.holds, pl.Expr) else rule.holds(context) for rule in rules]
    names = [f"_holds_{number}" for number in range(len(rules))]
    named = [hold.fill_null(value=True).alias(name) for hold, name in zip(holds, names, strict=True)]
    # added to the frame first, for what holds may be the same for all rows
    kept = frame.with_columns(named).select(names).collect()
    twins = {name: rule.twins for name, rule in zip(names, rules, strict=True) if rule.twins}
    if not twins:
        return kept
    whole = frame.collect()
    return kept.with_columns(alone(whole, pairs).to_series().alias(name) for name, pairs in twins.items())


def _raise_if_crashed(errors: SchemaErrors) -> None:
    """A rule that rows break is what checking is for; anything else is a defect of ours."""
    for error in errors.schema_errors:
        if error.reason_code is not SchemaErrorReason.DATAFRAME_CHECK:
            raise error


def _without(frame: pl.DataFrame, faults: Sequence[Broken]) -> pl.DataFrame:
    """The frame with cells that broke an E rule made missing, so that later rules do not echo them."""
    for rule, rows in faults:
        if catalogue()[rule.code].severity is Severity.ERROR:
            key = rule.columns[0]
            frame = frame.with_columns(
                _scattered(frame[key], rows, None), _scattered(frame[f"_unread_{key}"], rows, value=True)
            )
    return frame


def _scattered(series: pl.Series, rows: pl.Series, value: bool | None) -> pl.Series:
    hit = pl.Series([False]).new_from_index(0, len(series)).scatter(rows, True)
    chosen = pl.when(hit).then(pl.lit(value, dtype=series.dtype)).otherwise(series).alias(series.name)
    return pl.DataFrame().select_seq(chosen).to_series()


def _placed(frame: pl.DataFrame, broken: Broken, context: Context) -> pl.DataFrame:
    """Findings of one rule by frame row, with their column and the message's values."""
    rule, rows = broken
    told = frame[rows].with_columns(at=rows)
    column = place_of(rule, context)
    params = list(_params(rule.params, context))
    if rule.twins:
        told = told.with_columns(rows=other_rows(frame, rows, rule.twins))
        params.append(say(pl.col("rows"), pl.col("rows").str.replace_all("、", ", ")).alias("rows"))
        column = pl.coalesce(pl.lit(twin_places(frame, rows, rule.twins)), column)
    as_json = pl.struct(params).struct.json_encode() if params else pl.lit(None, dtype=pl.String)
    code = pl.lit(rule.code).alias("code")
    return select(told, "at", column.alias("column"), code, as_json.alias("params")).cast(pl.Schema(PLACED))


def _params(params: Params | None, context: Context) -> Iterator[pl.Expr]:
    values = params(context) if callable(params) else params or {}
    yield from (value.alias(name) for name, value in values.items())


def _register_rules(form: Form, context: Context) -> list[RegisterRule]:
    return [r for r in form.register_rules if r.applies_to(context.period) and _evaluable(r, context)]


def _register_findings(rule: RegisterRule, frame: pl.DataFrame, context: Context) -> pl.DataFrame:
    found = rule.broken(frame, context)
    told = {"code": pl.lit(rule.code), "params": pl.col("params"), "key": pl.col("key")}
    return found.select(
        told.get(name, pl.lit(None)).cast(dtype).alias(name) for name, dtype in FINDING_SCHEMA.items()
    )
