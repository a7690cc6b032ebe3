"""Forms as pandera schemas: a column with its facts per field, and every rule a named check; for the engine and for notebooks."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from dataclasses import replace
from functools import cache
from typing import Any, NamedTuple

import pandera.polars as pandera
import polars as pl
from pandera.api.polars.types import PolarsData
from pandera.backends.base import CoreCheckResult
from pandera.backends.polars.components import ColumnBackend
from pandera.backends.polars.container import DataFrameSchemaBackend

from validation.context import Context
from validation.findings import catalogue
from validation.forms import FORMS
from validation.forms.form import Column, Form, Kind, Need
from validation.frame import DTYPES
from validation.hints import hint, title
from validation.one_query import RULE_NUMBER, OneQueryBackend
from validation.periods import Period
from validation.rule_evaluation import evaluate, is_cell_rule
from validation.rules import NO_UNIT, RegisterRule, Rule, is_evaluable


class FieldColumn(pandera.Column):
    """A column that reports nulls of a required field as `cell.E101`, which knows what could not be read."""


class FieldBackend(ColumnBackend):
    """pandera's backend of columns, but for the failure "not_nullable", which has no code."""

    def check_nullable(self, check_obj: pl.LazyFrame, schema: pandera.Column) -> list[CoreCheckResult]:
        """Leave nulls to the check `cell.E101`."""
        return []


class FormSchema(pandera.DataFrameSchema):
    """The pandera schema of a form for one context: its period's rules, as far as the context has what they need.

    Columns carry the checks of single cells, `cell.*` and `uscc.*`, the schema itself those over rows and over the
    register. `_unread_<key>` (Boolean), where the frame has it, marks cells whose value is missing for a reason
    already reported.

    pandera's default backend runs it too (`PlainSchema`), some hundred times slower.
    """

    def __init__(self, form: Form, context: Context, *, with_rules: bool = True) -> None:
        self.form, self.context = form, context
        self.rules: tuple[Rule | RegisterRule, ...] = ()
        if with_rules:
            declared: list[Rule | RegisterRule] = [*form.rules, *form.register_rules]
            in_force = [rule for rule in declared if rule.applies_to(context.period)]
            self.rules = tuple(rule for rule in in_force if is_evaluable(rule, context))
        of_cells: dict[str, list[pandera.Check]] = {}
        of_rows: list[pandera.Check] = []
        for number, rule in enumerate(self.rules):
            single = isinstance(rule, Rule) and is_cell_rule(rule)
            checks = of_cells.setdefault(rule.columns[0], []) if single else of_rows  # type: ignore[union-attr]
            checks.append(_check(number, rule, _Alone(form, context, self.rules)))
        label = f"{form.label_zh} / {form.label_en}"
        super().__init__(checks=of_rows, name=form.name, title=label, metadata={"form": form.name})
        # put in place here, for pandera would make a deep copy of each
        self.columns = {
            **_beside(form),
            **{c.key: _with_checks(c, of_cells.get(c.key, [])) for c in form.columns},
        }

    @property
    def row_rules(self) -> list[Rule]:
        """The rules that speak of rows, those over single cells among them."""
        return [rule for rule in self.rules if isinstance(rule, Rule)]

    @property
    def register_rules(self) -> list[RegisterRule]:
        """The rules that speak of the register as a whole."""
        return [rule for rule in self.rules if isinstance(rule, RegisterRule)]


class _Alone(NamedTuple):
    """What one rule by itself needs, for backends that ask for each check: the rules over cells go before it."""

    form: Form
    context: Context
    rules: tuple[Rule | RegisterRule, ...]

    @property
    def of_cells(self) -> list[Rule]:
        return [rule for rule in self.rules if isinstance(rule, Rule) and is_cell_rule(rule)]

    def rows_hold(self, rule: Rule, data: PolarsData) -> pl.LazyFrame:
        """One boolean per row."""
        frame = data.lazyframe.collect()
        before = [] if is_cell_rule(rule) else self.of_cells
        broken = evaluate(frame, self.form, self.context, [*before, rule]).rules
        at = next((rows for own, rows, _ in broken if own is rule), pl.Series(dtype=pl.UInt32))
        kept = pl.Series("kept", [True]).new_from_index(0, frame.height).scatter(at, False)
        return kept.to_frame().lazy()

    def register_holds(self, rule: RegisterRule, data: PolarsData) -> bool:
        """One boolean for the whole register."""
        frame = data.lazyframe.collect()
        return not evaluate(frame, self.form, self.context, self.of_cells, [rule]).registers


def _holds(rule: Rule | RegisterRule, alone: _Alone) -> Callable[[PolarsData], pl.LazyFrame | bool]:
    # a function, for pandera makes deep copies of columns with all their checks have, and none of functions
    def holds(data: PolarsData) -> pl.LazyFrame | bool:
        if isinstance(rule, RegisterRule):
            return alone.register_holds(rule, data)
        return alone.rows_hold(rule, data)

    return holds


def _check(number: int, rule: Rule | RegisterRule, alone: _Alone) -> pandera.Check:
    text = catalogue()[rule.code]
    return pandera.Check(
        _holds(rule, alone),
        name=rule.code,
        title=f"{text.condition_zh} / {text.condition_en}",
        description=f"{text.message_zh}{text.fix_zh}\n{text.message_en} {text.fix_en}".strip(),
        statistics={RULE_NUMBER: number},
    )


class PlainSchema(FormSchema):
    """The same schema run by pandera's own backend, check by check: slow, and a proof of the quick one."""


FieldColumn.register_backend(pl.LazyFrame, FieldBackend)
for _frame in (pl.DataFrame, pl.LazyFrame):
    FormSchema.register_backend(_frame, OneQueryBackend)
    PlainSchema.register_backend(_frame, DataFrameSchemaBackend)
# else the first check of each process would import half of pandera while somebody waits for a corrected cell
FormSchema.register_default_backends(pl.LazyFrame)


def schema(
    name: str, period: Period | str | None = None, context: Context | None = None, *, unit: str = NO_UNIT
) -> FormSchema:
    """The pandera schema of a collection (`networks`, `ai_applications`) for `period`, e.g. ``2026Q3``.

    `schema("networks", "2026Q3").validate(frame, lazy=True)` raises pandera's SchemaErrors, whose `failure_cases`
    name our codes. The rules about places need a `unit`. A `context` brings more: its `companion` the cross rules,
    `previous` the history rules, `others` and `growth` the national ones; `period` and `unit`, where given, go before
    its own. Raises KeyError for an unknown collection and ValueError without any period.
    """
    if isinstance(period, str):
        period = Period.parse(period)
    if context is None:
        if period is None:
            raise ValueError("a schema needs a period or a context")
        context = Context(unit, period)
    return FormSchema(
        FORMS[name], replace(context, period=period or context.period, unit=unit or context.unit)
    )


@cache
def _field(column: Column) -> pandera.Column:
    text = hint(column)
    return FieldColumn(
        DTYPES[column.kind],
        nullable=column.required is not Need.YES,
        name=column.key,
        title=f"{title(column)} / {column.label_en}",
        description=f"{text.zh}\n{text.en}",
        metadata=_facts(column),
    )


def _facts(column: Column) -> dict[str, Any]:
    return {
        "unit": column.unit,
        "kind": column.kind.value,
        "codelist": column.codelist,
        "required": column.required is Need.YES,
        "minimum": column.minimum,
        "maximum": column.maximum,
        "role": column.role.value,
    }


def _with_checks(column: Column, checks: list[pandera.Check]) -> pandera.Column:
    field = copy(_field(column))
    field.checks = checks
    return field


@cache
def _marks(name: str, dtype: pl.DataType) -> pandera.Column:
    return pandera.Column(dtype, nullable=True, required=False, name=name)


def _beside(form: Form) -> dict[str, pandera.Column]:
    """What may stand beside the fields: where a row stood, which cells could not be read, how exact a date is."""
    names: dict[str, pl.DataType] = {"_sheet": pl.String(), "_row": pl.Int32()}
    names |= {f"_unread_{column.key}": pl.Boolean() for column in form.columns}
    names |= {f"_precision_{column.key}": pl.String() for column in form.columns if column.kind is Kind.DATE}
    return {name: _marks(name, dtype) for name, dtype in names.items()}
