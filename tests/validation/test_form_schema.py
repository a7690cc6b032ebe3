"""Forms as pandera schemas: what a stranger takes into a notebook, and that both backends find the same."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pandera.polars as pandera
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandera.config import config_context
from pandera.errors import SchemaError, SchemaErrors

import validation
from tests.validation.ruling import rows
from tests.validation.tables import JIANGSU, table
from validation import FORMS, Column, Context, Form, FormSchema, Kind, Need, catalogue, frame_schema
from validation.casting import Cast, cast
from validation.checking import check
from validation.codelists import labels
from validation.form_schema import PlainSchema
from validation.forms.national import GROWTH_SCHEMA
from validation.frame import DTYPES
from validation.rules import RegisterRule

Failures = set[tuple[str, int | None]]

NETWORKS = FORMS["networks"]


def read(name: str, *changes: dict[str, Any]) -> Cast:
    """Rows of a form, cast."""
    form = FORMS[name]
    return cast([table(form, rows(name, changes))], form, JIANGSU)


def failures(schema: pandera.DataFrameSchema, frame: pl.DataFrame) -> Failures:
    """Code and row of each failure case."""
    try:
        schema.validate(frame, lazy=True)
    except SchemaErrors as errors:
        return set(errors.failure_cases.select("check", "index").rows())
    return set()


def plain_failures(form: Form, context: Context, frame: pl.DataFrame) -> Failures:
    """The same by pandera's own backend. Rules over the register apart: pandera joins no failure of a whole frame
    to those of rows."""
    schema = PlainSchema(form, context)
    registers = {rule.code for rule in schema.rules if isinstance(rule, RegisterRule)}
    whole = PlainSchema(form, context)
    schema.checks = [item for item in schema.checks if item.name not in registers]
    whole.checks = [item for item in whole.checks if item.name in registers]
    whole.columns = {}
    return failures(schema, frame) | failures(whole, frame)


def test_a_stranger_validates_a_frame_and_gets_our_codes() -> None:
    frame = read("networks", {}, {"terminals": -1}, {"latency_ms": 0.1}).frame
    schema = validation.schema("networks", period="2026Q3")
    with pytest.raises(SchemaErrors) as raised:
        schema.validate(frame, lazy=True)
    cases = raised.value.failure_cases
    assert cases.select("check", "column", "index", "failure_case").rows() == [
        ("cell.E107", "terminals", 1, "-1"),
        ("net.W330", "latency_ms", 2, "0.1"),
    ]
    assert "net.W330" in str(raised.value)
    assert schema.validate(frame.head(1)).equals(frame.head(1))


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS.keys())
def test_each_field_is_a_column_with_its_facts(form: Form) -> None:
    schema = validation.schema(form.name, period="2026Q3")
    for column in form.columns:
        field = schema.columns[column.key]
        assert field.dtype.type == DTYPES[column.kind]
        assert field.nullable is (column.required is not Need.YES)
        assert column.label_zh in field.title
        assert column.label_en in field.title
        assert field.description.count("\n") == 1
        assert field.metadata["unit"] == column.unit
        codes = {item.name for item in field.checks}
        assert ("cell.E101" in codes) is (column.required is Need.YES)
        assert ("cell.E106" in codes) is (column.kind in (Kind.ENUM, Kind.ENUM_LIST, Kind.REGION))
        limited = column.kind is not Kind.TEXT and (column.minimum, column.maximum) != (None, None)
        assert ("cell.E107" in codes) is limited
        assert ("cell.E108" in codes) is (column.kind is Kind.TEXT)


def named_checks(schema: FormSchema) -> list[pandera.Check]:
    """The checks of all columns and of the rows."""
    return [*(item for column in schema.columns.values() for item in column.checks), *schema.checks]


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS.keys())
def test_each_rule_is_a_named_check_in_both_languages(form: Form) -> None:
    nothing = pl.DataFrame(schema=frame_schema(form))
    others = pl.DataFrame(schema=dict.fromkeys(("unit", "key", *form.compared), pl.String))
    whole = replace(
        JIANGSU,
        previous=nothing,
        companion=pl.DataFrame(schema=frame_schema(NETWORKS)),
        others=others,
        growth=pl.DataFrame(schema=GROWTH_SCHEMA),
    )
    checks = named_checks(validation.schema(form.name, context=whole))
    assert sorted(item.name for item in checks) == sorted(
        rule.code for rule in (*form.rules, *form.register_rules)
    )
    for item in checks:
        text = catalogue()[item.name]
        assert text.condition_zh in item.title
        assert text.condition_en in item.title
        assert text.message_zh in item.description
        assert text.message_en in item.description


def test_rules_are_there_when_their_context_is_given() -> None:
    def levels(context: Context | None, unit: str = "") -> set[str]:
        schema = validation.schema("ai_applications", "2026Q3", context, unit=unit)
        return {item.name.partition(".")[0] for item in named_checks(schema)}

    bare = levels(None)
    assert bare == {"cell", "uscc", "row", "ai"}
    previous = pl.DataFrame(schema=frame_schema(FORMS["ai_applications"]))
    assert levels(replace(JIANGSU, previous=previous)) == bare | {"hist"}
    assert levels(replace(JIANGSU, growth=pl.DataFrame(schema=GROWTH_SCHEMA))) == bare | {"nat"}
    without = {item.name for item in named_checks(validation.schema("networks", "2026Q3"))}
    within = {item.name for item in named_checks(validation.schema("networks", "2026Q3", unit="320000"))}
    assert within - without == {"row.E301", "row.E302"}


def test_a_schema_needs_a_period() -> None:
    with pytest.raises(ValueError, match="period"):
        validation.schema("networks")
    with pytest.raises(KeyError):
        validation.schema("no_such_collection", "2026Q3")


def test_a_frame_of_another_shape_is_told_by_column_and_types() -> None:
    frame = read("networks", {}).frame
    schema = validation.schema("networks", "2026Q3")
    with pytest.raises(SchemaErrors) as raised:
        schema.validate(frame.drop("latency_ms").cast({"terminals": pl.String}), lazy=True)
    texts = [str(error) for error in raised.value.schema_errors]
    assert any("latency_ms" in text for text in texts)
    assert any("terminals" in text and "String" in text and "Int64" in text for text in texts)
    assert len(texts) == 2


def test_checks_that_somebody_adds_are_run_too() -> None:
    frame = read("networks", {}, {}).frame
    schema = validation.schema("networks", "2026Q3")
    schema.checks.append(
        pandera.Check(lambda data: data.lazyframe.select(pl.col("terminals") > 10**6), name="mine")
    )
    schema.columns["latency_ms"].checks.append(pandera.Check.gt(10_000, error="slow"))
    assert failures(schema, frame) == {("mine", 0), ("mine", 1), ("slow", 0), ("slow", 1)}


def test_the_engine_checks_even_where_pandera_is_turned_off() -> None:
    done = read("networks", {"latency_ms": 0.1})
    with config_context(validation_enabled=False):
        assert check(done, NETWORKS, JIANGSU).findings["code"].to_list() == ["net.W330"]


def test_a_code_that_its_list_has_lost_is_a_finding() -> None:
    done = read("networks", {}, {})
    lost = done.frame.with_columns(
        security_level=pl.Series(["level9", done.frame["security_level"][1]]),
        bands=pl.Series([done.frame["bands"][0].to_list(), ["no-such-band"]]),
    )
    findings = check(replace(done, frame=lost), NETWORKS, JIANGSU).findings
    assert set(findings.select("row", "column", "code").rows()) == {
        (3, "bands", "cell.E106"),
        (2, "security_level", "cell.E106"),
    }
    assert "allowed" in findings["params"][0]


def values(column: Column) -> st.SearchStrategy[Any]:
    """Values of a column, right and wrong ones, few enough for rows to agree by chance."""
    match column.kind:
        case Kind.ENUM | Kind.REGION:
            return st.sampled_from([*list(labels(str(column.codelist)))[:12], "no-such-code"])
        case Kind.ENUM_LIST:
            codes = st.sampled_from([*list(labels(str(column.codelist)))[:6], "no-such-code"])
            return st.lists(codes, max_size=3)
        case Kind.INDUSTRY:
            return st.sampled_from(["39", "391", "990", "01", "47", "x"])
        case Kind.USCC:
            return st.sampled_from(
                ["91320583DEM00CT70X", "91350100M000100Y43", "91320583", "9132O583DEM00CT70X"]
            )
        case Kind.INT:
            return st.sampled_from([-1, 0, 1, 40, 24_000, 10**9])
        case Kind.DECIMAL | Kind.PERCENT:
            return st.sampled_from([-30.0, 0.0, 0.5, 99.9, 1000.0])
        case Kind.MONEY:
            return st.sampled_from(
                [Decimal("0.00"), Decimal("12.50"), Decimal("2000000.00"), Decimal("-1.00")]
            )
        case Kind.BOOL:
            return st.booleans()
        case Kind.DATE:
            return st.sampled_from([date(2014, 1, 1), date(2020, 3, 31), date(2026, 9, 30), date(2027, 1, 1)])
        case _:
            return st.sampled_from(["A-1", "A-2", "甲厂", "甲 厂", "", "长" * 1001])


def frames(form: Form, *, marked: bool = True) -> st.SearchStrategy[pl.DataFrame]:
    """Typed frames of up to five rows, some cells blank, and some of these unreadable."""
    fields = {column.key: st.none() | values(column) for column in form.columns}
    marks = {f"_unread_{column.key}": st.booleans() for column in form.columns} if marked else {}
    schema = {**frame_schema(form), **dict.fromkeys(marks, pl.Boolean())}

    def framed(records: Iterable[dict[str, Any]]) -> pl.DataFrame:
        placed = [{"_sheet": "表1", "_row": number, **row} for number, row in enumerate(records, start=2)]
        frame = pl.DataFrame(placed, schema=schema, orient="row")
        unread = [
            (pl.col(name) & pl.col(name.removeprefix("_unread_")).is_null()).alias(name) for name in marks
        ]
        return frame.with_columns(unread)

    return st.lists(st.fixed_dictionaries({**fields, **marks}), min_size=1, max_size=5).map(framed)


GROWTH = pl.DataFrame(
    [("320000", 10, 90), *((f"{unit}0000", 10, 11) for unit in range(11, 21))],
    schema=GROWTH_SCHEMA,
    orient="row",
)


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS.keys())
@settings(max_examples=6, deadline=None)
@given(data=st.data())
def test_both_backends_find_the_same_failures(form: Form, data: st.DataObject) -> None:
    frame = data.draw(frames(form))
    before, networks = data.draw(frames(form, marked=False)), data.draw(frames(NETWORKS, marked=False))
    columns = ["key", *form.compared]
    elsewhere = before.with_columns(key=form.key.key).select(pl.lit("330000").alias("unit"), *columns)
    contexts = [
        Context("320000", JIANGSU.period),
        replace(JIANGSU, previous=before, companion=networks, others=elsewhere, growth=GROWTH),
    ]
    for context in contexts:
        quick = failures(FormSchema(form, context), frame)
        assert quick == plain_failures(form, context, frame)
        assert quick


def test_the_engine_refuses_a_frame_of_another_shape() -> None:
    done = read("networks", {})
    with pytest.raises(SchemaError, match="latency_ms"):
        check(replace(done, frame=done.frame.drop("latency_ms")), NETWORKS, JIANGSU)
    with pytest.raises(SchemaError, match=r"terminals.*Int64.*String"):
        check(replace(done, frame=done.frame.cast({"terminals": pl.String})), NETWORKS, JIANGSU)
