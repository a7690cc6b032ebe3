"""Typed frame -> findings: the form's pandera schema says what is broken; the only module that knows its error objects."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import polars as pl
from pandera.config import ValidationDepth, config_context
from pandera.errors import SchemaErrors

from validation.casting import Cast
from validation.casting.result import PLACED
from validation.context import Context
from validation.few_rows import select
from validation.findings import FINDING_SCHEMA
from validation.form_schema import FormSchema
from validation.forms.form import Form
from validation.one_query import RuleError
from validation.related_rows import other_rows, twin_places
from validation.rule_evaluation import Broken, BrokenRegister
from validation.rule_inputs import with_unread
from validation.rules import Params, Reference, bilingual, is_evaluable, place_of


class Checked(NamedTuple):
    """Findings of FINDING_SCHEMA, and the codes of rules for which the context lacks what they need."""

    findings: pl.DataFrame
    not_evaluable: tuple[str, ...]


def check(cast: Cast, form: Form, context: Context) -> Checked:
    """Check the cells first, then the rules over rows, which are silent about cells that failed.

    Raises pandera's SchemaError when the frame has not the form's shape or a rule cannot be computed: neither ever
    becomes a finding.
    """
    broken = _broken(FormSchema(form, context), with_unread(cast.frame, cast.unread))
    rules = [_placed(item, context) for item in broken if isinstance(item, Broken)]
    registers = [_register_findings(item) for item in broken if isinstance(item, BrokenRegister)]
    findings = cast.place(pl.concat([pl.DataFrame(schema=PLACED), *rules]))
    return Checked(pl.concat([findings, *registers]), _not_evaluable(form, context))


def _broken(schema: FormSchema, frame: pl.DataFrame) -> list[Broken | BrokenRegister]:
    # a process may have turned pandera down or off by its environment: the engine never runs without it
    with config_context(validation_enabled=True, validation_depth=ValidationDepth.SCHEMA_AND_DATA):
        try:
            schema.validate(frame, lazy=True)
        except SchemaErrors as errors:
            return [_of_rule(error) for error in errors.schema_errors]
    return []


def _of_rule(error: Exception) -> Broken | BrokenRegister:
    """What rows break is what checking is for; anything else is a defect of ours."""
    if isinstance(error, RuleError):
        return error.broken
    raise error


def _not_evaluable(form: Form, context: Context) -> tuple[str, ...]:
    """Rules that lack the form's companion. Without an earlier period the history rules do not apply at all."""
    lacking = (r for r in form.rules if r.needs is Reference.COMPANION and not is_evaluable(r, context))
    return tuple(rule.code for rule in lacking if rule.applies_to(context.period))


def _placed(broken: Broken, context: Context) -> pl.DataFrame:
    """Findings of one rule by frame row, with their column and the message's values."""
    rule, rows, frame = broken
    picked = frame[rows].with_columns(at=rows)
    column = place_of(rule, context)
    params = list(_params(rule.params, context))
    if rule.twins:
        picked = picked.with_columns(rows=other_rows(frame, rows, rule.twins))
        params.append(bilingual(pl.col("rows"), pl.col("rows").str.replace_all("、", ", ")).alias("rows"))
        column = pl.coalesce(pl.lit(twin_places(frame, rows, rule.twins)), column)
    as_json = pl.struct(params).struct.json_encode() if params else pl.lit(None, dtype=pl.String)
    code = pl.lit(rule.code).alias("code")
    return select(picked, "at", column.alias("column"), code, as_json.alias("params")).cast(pl.Schema(PLACED))


def _params(params: Params | None, context: Context) -> Iterator[pl.Expr]:
    values = params(context) if callable(params) else params or {}
    yield from (value.alias(name) for name, value in values.items())


def _register_findings(broken: BrokenRegister) -> pl.DataFrame:
    columns = {"code": pl.lit(broken.rule.code), "params": pl.col("params"), "key": pl.col("key")}
    return broken.findings.select(
        columns.get(name, pl.lit(None)).cast(dtype).alias(name) for name, dtype in FINDING_SCHEMA.items()
    )
