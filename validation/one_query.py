"""A backend of pandera that runs all rules of a form as one query; pandera's own asks for each check anew."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import polars as pl
from pandera.backends.base import ColumnInfo, CoreCheckResult
from pandera.backends.polars.container import DataFrameSchemaBackend
from pandera.config import ValidationScope
from pandera.errors import FailureCaseMetadata, SchemaError, SchemaErrorReason
from pandera.validation_depth import validate_scope

from validation.few_rows import select
from validation.rule_evaluation import Broken, BrokenRegister, evaluate
from validation.rules import place_of

if TYPE_CHECKING:
    from pandera.polars import Check

    from validation.form_schema import FormSchema

#: Names in a check's statistics the place of its rule in `FormSchema.rules`; other checks are pandera's to run.
RULE_NUMBER = "rule_number"

_CASES = {
    "failure_case": pl.String,
    "schema_context": pl.String,
    "column": pl.String,
    "check": pl.String,
    "check_number": pl.Int32,
    "index": pl.Int32,
}


class RuleError(SchemaError):
    """A rule that rows, or the register, break; `broken` has what a finding is made of."""

    def __init__(
        self, schema: FormSchema, check: Check, number: int, broken: Broken | BrokenRegister
    ) -> None:
        count = len(broken.rows) if isinstance(broken, Broken) else broken.findings.height
        super().__init__(  # type: ignore[no-untyped-call]
            schema,
            None,
            f"{check.name}: {count} of the form '{schema.name}' break it: {check.title}",
            failure_cases=count,
            check=check,
            check_index=number,
            reason_code=SchemaErrorReason.DATAFRAME_CHECK,
            column_name=broken.rule.columns[0] if isinstance(broken, Broken) else None,
        )
        self.broken = broken


class OneQueryBackend(DataFrameSchemaBackend):
    """Column presence and dtypes are compared at once, and all rules are evaluated together."""

    def collect_column_info(self, check_obj: pl.LazyFrame, schema: FormSchema) -> ColumnInfo:
        """The columns that are there and those that are lacking, from one look at the frame's schema."""
        present = check_obj.collect_schema().names()
        known = [name for name in present if name in schema.columns]
        lacking = [name for name, column in schema.columns.items() if column.required and name not in present]
        return ColumnInfo(
            sorted_column_names=dict.fromkeys(known),
            expanded_column_names=frozenset(known),
            destuttered_column_names=present,
            absent_column_names=lacking,
            regex_match_patterns=[],
        )

    def collect_schema_components(
        self, check_obj: pl.LazyFrame, schema: FormSchema, column_info: ColumnInfo
    ) -> list[Any]:
        """The columns that are there, not copied."""
        return [
            column for name, column in schema.columns.items() if name in column_info.expanded_column_names
        ]

    def run_schema_component_checks(
        self, check_obj: pl.LazyFrame, schema: FormSchema, schema_components: list[Any], lazy: bool
    ) -> list[CoreCheckResult]:
        """Compare dtypes. The columns' checks are run with those of the rows."""
        dtypes = check_obj.collect_schema()
        return [
            _wrong_dtype(column, dtypes[column.name])
            for column in schema_components
            if column.dtype is not None and column.dtype.type != dtypes[column.name]
        ]

    @validate_scope(scope=ValidationScope.DATA)  # type: ignore[untyped-decorator]
    def run_checks(self, check_obj: pl.LazyFrame, schema: FormSchema) -> list[CoreCheckResult]:
        """Evaluate all rules together, and what else somebody added to the schema as pandera does.

        When the query cannot be computed each rule is evaluated by itself, so that the failure names the rule.
        """
        dtypes = check_obj.collect_schema()
        if any(_misfits(column, dtypes) for column in schema.columns.values()):
            return []  # the shape is wrong, which is reported already
        checks = dict(_rule_checks(schema))
        frame = check_obj.collect()
        try:
            evaluation = evaluate(frame, schema.form, schema.context, schema.row_rules, schema.register_rules)
        except pl.exceptions.PolarsError:
            return [self._by_itself(check_obj, schema, check, number) for number, check in checks.items()]
        numbers = {id(rule): number for number, rule in enumerate(schema.rules)}
        broken: list[Broken | BrokenRegister] = [*evaluation.rules, *evaluation.registers]
        numbered = [(numbers[id(item.rule)], item) for item in broken]
        rules = [
            _failed(RuleError(schema, checks[number], number, item))
            for number, item in numbered
            if number in checks
        ]
        return [*rules, *self._others(check_obj, schema)]

    def _by_itself(
        self, check_obj: pl.LazyFrame, schema: FormSchema, check: Check, number: int
    ) -> CoreCheckResult:
        try:
            return self.run_check(check_obj, schema, check, number)
        except pl.exceptions.PolarsError as error:
            return CoreCheckResult(
                passed=False,
                check=check,
                check_index=number,
                reason_code=SchemaErrorReason.CHECK_ERROR,
                message=f"the rule {check.name} cannot be computed: {error}",
                failure_cases=str(error),
                original_exc=error,
            )

    def _others(self, check_obj: pl.LazyFrame, schema: FormSchema) -> Iterator[CoreCheckResult]:
        for number, check in enumerate(schema.checks):
            if RULE_NUMBER not in check.statistics:
                yield self.run_check(check_obj, schema, check, number)
        for column in schema.columns.values():
            for number, check in enumerate(column.checks):
                if RULE_NUMBER not in check.statistics:
                    yield self.run_check(check_obj, column, check, number, column.name)

    def failure_cases_metadata(
        self, schema_name: str, schema_errors: list[SchemaError]
    ) -> FailureCaseMetadata:
        """As pandera's; the failure cases of a rule are its columns' values, and `column` is where a finding stands."""
        rules = [error for error in schema_errors if isinstance(error, RuleError)]
        others = [error for error in schema_errors if not isinstance(error, RuleError)]
        if not rules:
            return super().failure_cases_metadata(schema_name, others)
        cases = [_cases(error) for error in rules]
        counts: dict[str, int] = {SchemaErrorReason.DATAFRAME_CHECK.name: len(rules)}
        message: dict[str, Any] = {"DATA": {SchemaErrorReason.DATAFRAME_CHECK.name: _summary(rules)}}
        if others:
            rest = super().failure_cases_metadata(schema_name, others)
            cases.append(rest.failure_cases.select(pl.col(name).cast(kind) for name, kind in _CASES.items()))
            counts |= rest.error_counts
            message |= rest.message
        return FailureCaseMetadata(pl.concat(cases), message, counts)


def _misfits(column: Any, dtypes: pl.Schema) -> bool:
    if column.name not in dtypes:
        return bool(column.required)
    return column.dtype is not None and column.dtype.type != dtypes[column.name]


def _wrong_dtype(column: Any, dtype: pl.DataType) -> CoreCheckResult:
    message = f"expected column '{column.name}' to have type {column.dtype}, got {dtype}"
    error = SchemaError(  # type: ignore[no-untyped-call]
        column,
        None,
        message,
        failure_cases=str(dtype),
        check=f"dtype('{column.dtype}')",
        reason_code=SchemaErrorReason.WRONG_DATATYPE,
        column_name=column.name,
    )
    return CoreCheckResult(
        passed=False,
        check=error.check,
        reason_code=SchemaErrorReason.SCHEMA_COMPONENT_CHECK,
        schema_error=error,
    )


def _failed(error: RuleError) -> CoreCheckResult:
    return CoreCheckResult(
        passed=False,
        check=error.check,
        check_index=error.check_index,
        reason_code=SchemaErrorReason.DATAFRAME_CHECK,
        schema_error=error,
    )


def _rule_checks(schema: FormSchema) -> Iterator[tuple[int, Check]]:
    """The checks that are rules, of columns and rows, by the place of their rule."""
    of_columns = (check for column in schema.columns.values() for check in column.checks)
    for check in (*of_columns, *schema.checks):
        if RULE_NUMBER in check.statistics:
            yield check.statistics[RULE_NUMBER], check


def _summary(errors: Sequence[RuleError]) -> list[dict[str, Any]]:
    return [
        {
            "schema": error.schema.name,
            "column": error.column_name,
            "check": error.check.name,
            "error": str(error),
        }
        for error in errors
    ]


def _cases(error: RuleError) -> pl.DataFrame:
    broken, context = error.broken, error.schema.context
    if isinstance(broken, BrokenRegister):
        cases = broken.findings.select(pl.col("params").cast(pl.String).alias("failure_case"))
        return _described(cases, error, pl.lit(None), pl.lit(None))
    rule, rows, frame = broken
    value = pl.struct(rule.columns).struct.json_encode().alias("failure_case")
    if len(rule.columns) == 1 and not isinstance(frame.schema[rule.columns[0]], pl.List):
        value = pl.col(rule.columns[0]).cast(pl.String).alias("failure_case")
    cases = select(frame[rows], value, place_of(rule, context).alias("column")).with_columns(index=rows)
    return _described(cases, error, pl.col("column"), pl.col("index"))


def _described(cases: pl.DataFrame, error: RuleError, column: pl.Expr, index: pl.Expr) -> pl.DataFrame:
    columns = {
        "failure_case": pl.col("failure_case"),
        "schema_context": pl.lit(type(error.schema).__name__),
        "column": column,
        "check": pl.lit(error.check.name),
        "check_number": pl.lit(error.check_index),
        "index": index,
    }
    return select(cases, *(columns[name].cast(kind).alias(name) for name, kind in _CASES.items()))
