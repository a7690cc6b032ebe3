"""Marked workbooks: the cells are coloured and explained, mending them there and sending the file again works."""

from __future__ import annotations

import io

import openpyxl
import polars as pl
import pytest

from demo import workbook
from tests.validation.small_workbooks import csv_bytes
from validation import FORMS, Context, Edit, Period, Result, SheetColumns, validate
from validation.reading import read_workbook
from validation.workbooks.marked import marked_workbook
from validation.workbooks.marked_in_place import FINDINGS_SHEET, FULL_FINDINGS, FULL_ROWS, is_large
from validation.workbooks.marked_rows import annotate_stream

PERIOD = Period.parse("2026Q3")
FORM = FORMS["networks"]
CONTEXT = Context(unit="320000", period=PERIOD)
DEFECTS = ("cell.E103", "cell.E106", "net.W320")


def check(data: bytes) -> Result:
    return validate(data, FORM, CONTEXT)


def sheets(result: Result) -> list[SheetColumns]:
    return [SheetColumns(sheet.name, sheet.columns) for sheet in result.report.sheets]


def mark(data: bytes, result: Result, *edits: Edit) -> bytes:
    return marked_workbook(data, result.findings, FORM, sheets=sheets(result), rows=40, edits=edits)


@pytest.fixture(scope="module", params=["template", "handmade"])
def spoilt(request: pytest.FixtureRequest) -> bytes:
    return workbook("320000", "networks", PERIOD, rows=40, defects=DEFECTS, style=request.param).data


def test_bad_cells_carry_colour_and_note(spoilt: bytes) -> None:
    result = check(spoilt)
    book = openpyxl.load_workbook(io.BytesIO(mark(spoilt, result)))
    findings = [f for f in result.findings.iter_rows(named=True) if f["code"] in DEFECTS]
    assert {f["code"] for f in findings} == set(DEFECTS)
    for finding in findings:
        cell = book[finding["sheet"]][finding["cell"]]
        assert finding["code"] in cell.comment.text
        assert cell.fill.fgColor.rgb in ("FFF4B6B6", "FFFFE8A3")


def test_a_sheet_lists_all_findings_with_links(spoilt: bytes) -> None:
    result = check(spoilt)
    listing = openpyxl.load_workbook(io.BytesIO(mark(spoilt, result)))[FINDINGS_SHEET]
    assert listing.max_row == result.findings.height + 1
    linked = [row for row in listing.iter_rows(min_row=2) if row[4].value]
    assert all(row[4].hyperlink.location.endswith(f"!{row[4].value}") for row in linked)


def test_mended_in_the_marked_workbook_it_is_ready(spoilt: bytes) -> None:
    clean = workbook("320000", "networks", PERIOD, rows=40, style="template").data
    right = {r["network_code"]: r for r in check(clean).frame.iter_rows(named=True)}  # type: ignore[union-attr]
    result = check(spoilt)
    book = openpyxl.load_workbook(io.BytesIO(mark(spoilt, result)))
    for finding in result.findings.iter_rows(named=True):
        if finding["code"] in DEFECTS:
            value = right[finding["key"]][finding["column"]]
            book[finding["sheet"]][finding["cell"]].value = value
            if finding["code"] == "net.W320":  # an operating network without a terminal
                column = next(c for c in result.report.sheets[0].columns if c.key == "terminals")
                book[finding["sheet"]].cell(finding["row"], column.position + 1).value = 12
    out = io.BytesIO()
    book.save(out)
    again = check(out.getvalue())
    places = [(f["row"], f["column"], f["code"]) for f in again.findings.iter_rows(named=True)]
    assert [t for t in places if t[2][-4] in "EW" and t[2] != "file.W017"] == []
    assert again.frame is not None
    assert again.frame.height == 40


def test_marking_twice_leaves_no_stale_mark(spoilt: bytes) -> None:
    once = mark(spoilt, check(spoilt))
    result = check(once)
    twice = openpyxl.load_workbook(io.BytesIO(mark(once, result)))
    assert twice.sheetnames.count(FINDINGS_SHEET) == 1
    noted = [c.coordinate for s in twice.worksheets for row in s.iter_rows() for c in row if c.comment]
    cells = {f["cell"] for f in result.findings.iter_rows(named=True) if f["cell"]}
    # of a merged range the first cell is marked, whichever the finding names
    merged = {a.bounds[:2]: a for s in twice.worksheets for a in s.merged_cells.ranges}
    marked = {next((a.coord.split(":")[0] for a in merged.values() if at in a), at) for at in cells}
    assert sorted(noted) == sorted(marked)


def test_corrected_cells_stand_in_the_marked_workbook(spoilt: bytes) -> None:
    result = check(spoilt)
    finding = next(f for f in result.findings.iter_rows(named=True) if f["code"] == "cell.E103")
    edit = Edit(finding["sheet"], finding["row"], finding["column"], "=7")
    book = openpyxl.load_workbook(io.BytesIO(mark(spoilt, result, edit)))
    cell = book[finding["sheet"]][finding["cell"]]
    assert (cell.value, cell.data_type) == ("=7", "s")


def test_no_cell_becomes_a_live_formula() -> None:
    clean = workbook("320000", "networks", PERIOD, rows=5).data
    book = openpyxl.load_workbook(io.BytesIO(clean))
    result = check(clean)
    column = next(c for c in result.report.sheets[0].columns if c.key == "status").position + 1
    cell = book.worksheets[0].cell(result.frame["_row"][0], column)  # type: ignore[index]
    cell.value, cell.data_type = "=HYPERLINK(1)", "s"
    out = io.BytesIO()
    book.save(out)
    spoilt = check(out.getvalue())
    made = openpyxl.load_workbook(io.BytesIO(mark(out.getvalue(), spoilt)))
    assert [
        c.coordinate for s in made.worksheets for row in s.iter_rows() for c in row if c.data_type == "f"
    ] == []


def test_other_formats_come_back_as_xlsx_at_the_same_addresses() -> None:
    data = workbook("320000", "networks", PERIOD, rows=20, defects=DEFECTS, format="csv").data
    result = check(data)
    again = check(mark(data, result))
    places = ["row", "column", "cell", "code"]
    assert again.findings.select(places).rows() == result.findings.select(places).rows()


def test_a_csv_of_our_own_builder_is_marked() -> None:
    data = csv_bytes(
        [["专网编号", "专网名称", "企业名称", "建设状态"], ["JS-0001", "一号", "企业甲", "在飞"]]
    )
    result = check(data)
    book = openpyxl.load_workbook(io.BytesIO(mark(data, result)))
    assert book.worksheets[0]["D2"].comment is not None


def test_large_files_get_their_flagged_rows(spoilt: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("validation.workbooks.marked_rows.SLICE", 3)
    result = check(spoilt)
    made = annotate_stream(read_workbook(spoilt), result.findings, FORM, sheets(result))
    book = openpyxl.load_workbook(io.BytesIO(made))
    listing, flagged = book.worksheets[0], book.worksheets[1]
    assert listing.max_row == result.findings.height + 1
    rows = [row[0].value for row in flagged.iter_rows(min_row=2)]
    assert rows == sorted({f["row"] for f in result.findings.iter_rows(named=True) if f["row"]})
    assert "专网编号" in "".join(str(cell.value) for cell in flagged[1])


def test_the_flagged_rows_alone_can_be_asked_for(spoilt: bytes) -> None:
    result = check(spoilt)
    part = result.findings.filter(pl.col("row") == result.findings["row"].drop_nulls()[0])
    made = marked_workbook(spoilt, part, FORM, sheets=sheets(result), rows=40, flagged_rows_only=True)
    listing, flagged = openpyxl.load_workbook(io.BytesIO(made)).worksheets
    assert listing.max_row == part.height + 1
    assert [row[0].value for row in flagged.iter_rows(min_row=2)] == [part["row"][0]]


def test_what_counts_as_large() -> None:
    assert not is_large(FULL_ROWS, FULL_FINDINGS)
    assert is_large(FULL_ROWS + 1, 0)
    assert is_large(0, FULL_FINDINGS + 1)
