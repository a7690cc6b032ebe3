"""Demo data against the engine: clean registers have no finding, spoilt ones exactly the planted findings."""

from __future__ import annotations

import polars as pl
import pytest

from demo import DEFECTS, DEMO_SCALE, register, workbook
from demo.bulk import benchmark_rows
from demo.growth import WEIGHTS
from demo.workbooks import DemoWorkbook, Format, Style
from validation import FORMS, Context, Period, Result, validate
from validation.rulebook.example_rows import EXAMPLES
from validation.workbooks.template import FIRST_ROW, filled, template

NOW = Period(2026, 3)
JIANGSU = "320000"
#: every fourth unit, a city with separate plan and the Construction Corps among them
UNITS = sorted({*list(WEIGHTS)[::4], "330200", "660000"})
EVERY_COLLECTION = pytest.mark.parametrize("collection", list(FORMS))
STYLES: list[tuple[Style, Format]] = [("template", "xlsx"), ("handmade", "xlsx"), ("template", "csv")]
EVERY_STYLE = pytest.mark.parametrize(("style", "format"), STYLES)


def checked(
    book: DemoWorkbook, unit: str, collection: str, period: Period = NOW, *, scale: float = DEMO_SCALE
) -> Result:
    """Checked against the register before and, for applications, the unit's networks."""
    networks = register(unit, "networks", period, scale=scale) if collection != "networks" else None
    previous = register(unit, collection, period.shift(-1), scale=scale)
    context = Context(unit=unit, period=period, previous=previous, companion=networks)
    return validate(book.data, FORMS[collection], context, filename=book.filename)


def reported(result: Result) -> list[tuple[int | None, str | None, str]]:
    """(row, column, code) of every error and warning, the file's own first."""
    loud = result.findings.filter(~pl.col.code.str.contains(r"\.I"))
    return sorted(
        loud.select("row", "column", "code").rows(), key=lambda spot: (spot[0] or 0, str(spot[1]), spot[2])
    )


@pytest.mark.parametrize("unit", UNITS)
def test_clean_registers_have_no_finding(unit: str) -> None:
    for collection in FORMS:
        result = checked(workbook(unit, collection, NOW), unit, collection)
        assert result.findings.rows() == []
        assert result.report.not_evaluable == ()


@EVERY_COLLECTION
@EVERY_STYLE
def test_other_ways_to_keep_a_register_are_as_clean(collection: str, style: Style, format: Format) -> None:
    for period in (Period(2026, 1), NOW):
        book = workbook(JIANGSU, collection, period, style=style, format=format)
        assert reported(checked(book, JIANGSU, collection, period)) == []


@EVERY_COLLECTION
def test_the_same_register_is_read_from_every_file(collection: str) -> None:
    frames = [
        checked(workbook(JIANGSU, collection, NOW, style=style, format=format), JIANGSU, collection).frame
        for style, format in STYLES
    ]
    keys = [column.key for column in FORMS[collection].columns]
    expected = register(JIANGSU, collection, NOW).select(keys)
    for frame in frames:
        assert frame is not None
        assert frame.select(keys).rows() == expected.rows()


@EVERY_COLLECTION
@EVERY_STYLE
def test_each_planted_defect_is_found_once_and_nothing_else(
    collection: str, style: Style, format: Format
) -> None:
    codes = [defect.code for defect in DEFECTS[collection] if defect.code != "row.E302"]
    book = workbook(JIANGSU, collection, NOW, scale=0.5, defects=codes, style=style, format=format)
    assert reported(checked(book, JIANGSU, collection, scale=0.5)) == list(book.planted)


def test_a_city_of_another_unit_is_found() -> None:
    book = workbook("330000", "networks", NOW, scale=0.5, defects=["row.E302"])
    assert reported(checked(book, "330000", "networks", scale=0.5)) == list(book.planted)


@EVERY_COLLECTION
def test_large_registers_for_benchmarks_are_clean(collection: str) -> None:
    form = FORMS[collection]
    rows = 1_500 if collection == "networks" else 1_000
    data = template(form, NOW, unit=JIANGSU, records=benchmark_rows(rows, collection))
    result = validate(data, form, Context(unit=JIANGSU, period=NOW))
    assert result.findings.rows() == []
    assert result.frame is not None
    assert result.frame.height == rows


@EVERY_COLLECTION
def test_blank_template_is_read_as_the_form_without_data(collection: str) -> None:
    form = FORMS[collection]
    result = validate(template(form, NOW, unit=JIANGSU), form, Context(unit=JIANGSU, period=NOW))
    assert reported(result) == [(None, None, "file.E009"), (FIRST_ROW + 1, None, "file.W020")]


@EVERY_COLLECTION
def test_the_sample_row_itself_keeps_every_rule(collection: str) -> None:
    """Its key is changed, so that it is no longer the sample."""
    form = FORMS[collection]
    row = {**EXAMPLES[collection], form.key.key: "JS-X-1", form.columns[1].key: "另一名称"}
    data = filled(form, NOW, unit=JIANGSU, rows=[[row[column.key] for column in form.columns]])
    networks = validate_networks() if collection != "networks" else None
    result = validate(data, form, Context(unit=JIANGSU, period=NOW, companion=networks))
    assert reported(result) == []


def validate_networks() -> pl.DataFrame:
    """A network register that holds the network of the sample row."""
    key = EXAMPLES["networks"]
    return (
        register(JIANGSU, "networks", NOW)
        .head(1)
        .with_columns(
            network_code=pl.lit(key["network_code"]),
            enterprise_uscc=pl.lit(key["enterprise_uscc"]),
            status=pl.lit("operating"),
        )
    )
