"""The corrected workbook: checked again it says what the form with its corrections says, in every variant."""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from demo import workbook
from validation import FORMS, Context, Period, Result, validate
from validation.context import Edit
from validation.corrections import SheetColumns
from validation.workbooks import corrected as corrected_module
from validation.workbooks.corrected import corrected_workbook

PERIOD = Period.parse("2026Q3")
FORM = FORMS["networks"]
FILES = Path(__file__).parents[2] / "should_pass"
VALUES = [
    "",
    "12",
    "-3",
    "3.5",
    "约100",
    "运行",
    "2026-07-01",
    "2026-02-30",
    "25%",
    "=1+1",
    "00123",
    "是",
    "391",
    "9" * 18,
]
COLUMNS = [
    "terminals",
    "reliability_pct",
    "status",
    "started_on",
    "remark",
    "industry_code",
    "investment_10k_cny",
]


@cache
def source(name: str) -> tuple[bytes, Result]:
    if name == "handmade":
        data = workbook("320000", "networks", PERIOD, style="handmade", rows=20).data
    else:
        data = (FILES / name).read_bytes()
    return data, validate(data, FORM, Context(unit="320000", period=PERIOD), filename=name)


def sheets(result: Result) -> tuple[SheetColumns, ...]:
    return tuple(SheetColumns(sheet.name, sheet.columns) for sheet in result.report.sheets)


def corrected(name: str, *edits: Edit, rows: int = 20) -> bytes:
    data, result = source(name)
    return corrected_workbook(data, FORM, sheets=sheets(result), rows=rows, edits=edits, filename=name)


def said(result: Result) -> list[tuple[object, ...]]:
    findings = result.findings.filter(~pl.col("code").str.starts_with("file."))
    return sorted(findings.select("row", "column", "code").iter_rows(), key=str)


def rows_of(name: str) -> list[tuple[str, int]]:
    frame = source(name)[1].frame
    return list(frame.select("_sheet", "_row").iter_rows())


@pytest.mark.parametrize("large", [False, True])
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_it_checks_as_the_form_with_its_corrections(large: bool, data: st.DataObject) -> None:
    places = st.tuples(
        st.sampled_from(rows_of("handmade")), st.sampled_from(COLUMNS), st.sampled_from(VALUES)
    )
    chosen = data.draw(st.lists(places, min_size=1, max_size=4, unique_by=lambda place: place[:2]))
    edits = tuple(Edit(sheet, row, column, value or None) for (sheet, row), column, value in chosen)
    context = Context(unit="320000", period=PERIOD, edits=edits)
    expected = validate(source("handmade")[0], FORM, context)
    written = corrected("handmade", *edits, rows=corrected_module.FULL_ROWS + 1 if large else 20)
    again = validate(written, FORM, Context(unit="320000", period=PERIOD))
    # W118 tells of a unit that stood in the text; W120 of merged ranges, which the large variant fills
    dropped = {"cell.W120"} if large else set()
    assert [finding for finding in said(again) if finding[2] not in dropped] == [
        finding for finding in said(expected) if finding[2] not in dropped
    ]


@pytest.mark.parametrize(
    "name", ["register.xls", "register.ods", "register_gb18030.csv", "register_libreoffice.xlsx"]
)
def test_every_format_comes_back_as_xlsx(name: str) -> None:
    (sheet, row), *_ = rows_of(name)
    written = corrected(name, Edit(sheet, row, "remark", "现场核对"))
    again = validate(written, FORM, Context(unit="320000", period=PERIOD))
    assert again.frame.filter(_row=row)["remark"].to_list() == ["现场核对"]
    assert again.frame.height == source(name)[1].frame.height


@pytest.mark.parametrize("large", [False, True])
def test_no_correction_is_a_live_formula(large: bool) -> None:
    (sheet, row), *_ = rows_of("handmade")
    written = corrected("handmade", Edit(sheet, row, "remark", "=HYPERLINK(1)"), rows=10**6 if large else 20)
    book = openpyxl.load_workbook(io.BytesIO(written))
    cells = [cell for line in book[sheet].iter_rows() for cell in line]
    assert "=HYPERLINK(1)" in [cell.value for cell in cells]
    assert not [cell for cell in cells if cell.data_type == "f"]
