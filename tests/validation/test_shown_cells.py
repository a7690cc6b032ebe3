"""What a person sees is what is read, in xlsx, xls and ods alike, whatever a cell holds behind its number format."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest

from tests.validation.ruling import rows
from tests.validation.shown_cells import MONEY, SHEETS, Shown, written
from tests.validation.small_workbooks import Formula, Sheet, Styled, book, part, with_parts
from validation import FORMS, Context, Period, Result, from_row, validate
from validation.context import Edit
from validation.corrections import SheetColumns
from validation.reading import read_workbook
from validation.workbooks.corrected import corrected_workbook
from validation.workbooks.marked_in_place import FULL_ROWS
from validation.workbooks.marked_rows import annotate_stream

WAN = '0!.0,"万"'
FILES = Path(__file__).parent.parent / "shown"
CASES = [(name, at, cell) for name, cells in SHEETS.items() for at, cell in enumerate(cells)]


def named(value: Any) -> str:
    if not isinstance(value, Shown):
        return str(value)
    code = getattr(value.cell, "number_format", "")
    return f"{value.key} {getattr(value.cell, 'value', value.cell)} {code}".replace("\\", "!")


def checked(data: bytes, collection: str) -> Result:
    return validate(data, FORMS[collection], Context("320000", Period(2026, 3)))


RESULTS: dict[tuple[str, str], Result] = {}


def result_of(collection: str, kind: str) -> Result:
    """The check of the collection's cells as a file of a kind, made once."""
    if (collection, kind) not in RESULTS:
        path = FILES / f"{collection}.{kind}"
        data = written(collection, SHEETS[collection]) if kind == "xlsx" else path.read_bytes()
        RESULTS[collection, kind] = checked(data, collection)
    return RESULTS[collection, kind]


@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods"])
@pytest.mark.parametrize(("collection", "at", "cell"), CASES, ids=named)
def test_what_is_seen_is_read(collection: str, at: int, cell: Shown, kind: str) -> None:
    result = result_of(collection, kind)
    assert result.frame is not None
    own = result.findings.filter(row=at + 2, column=cell.key)
    value = result.frame[cell.key][at]
    expected = cell.in_ods if kind == "ods" and cell.in_ods else (cell.value, cell.codes)
    assert (None if value is None else str(value), tuple(own["code"])) == expected
    if cell.original is not None and (kind == "xlsx" or cell.codes == ("cell.E110",)):
        assert result.cells is not None
        assert result.cells[f"_text_{cell.key}"][at] == cell.original


@pytest.mark.parametrize("collection", SHEETS)
def test_nothing_else_is_found(collection: str) -> None:
    result = result_of(collection, "xlsx")
    expected = {(at + 2, cell.key) for name, at, cell in CASES if name == collection and cell.codes}
    assert {
        place for place in result.findings.select("row", "column").rows() if place[1] != "network_code"
    } <= expected


def test_a_message_names_what_is_seen() -> None:
    (finding, *_) = result_of("networks", "xlsx").findings.filter(code="cell.E102").iter_rows(named=True)
    assert finding["value"] == "$35.00"
    assert from_row(finding).message("zh") == "“$35.00”不是数字。"


@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods"])
def test_a_formula_error_is_named(kind: str) -> None:
    own = result_of("networks", kind).findings.filter(code="cell.E110")
    assert own["value"].to_list() == ["#DIV/0!", "#N/A"]
    assert [from_row(row).message("zh") for row in own.iter_rows(named=True)] == [
        "单元格为公式错误#DIV/0!。",
        "单元格为公式错误#N/A。",
    ]


@pytest.mark.parametrize("error", ["#SPILL!", "#GETTING_DATA", "#FIELD!", "#名称?"])
def test_any_error_value_of_an_xlsx_is_named(error: str) -> None:
    """Whatever the cell of type e holds, the finding holds it too."""
    data = written("networks", [Shown("remark", Formula("=1/0", "#DIV/0!"), None)])
    sheet = part(data, "xl/worksheets/sheet1.xml").replace("<f>1/0</f>", "").replace("#DIV/0!", error)
    result = checked(with_parts(data, {"xl/worksheets/sheet1.xml": sheet}), "networks")
    assert result.findings.select("row", "column", "code", "value").rows() == [
        (2, "remark", "cell.E110", error)
    ]


@pytest.mark.parametrize("rows_held", [20, FULL_ROWS + 1], ids=["copied", "streamed"])
@pytest.mark.parametrize("kind", ["xls", "ods"])
@pytest.mark.parametrize("collection", SHEETS)
def test_a_corrected_workbook_shows_and_means_the_same(collection: str, kind: str, rows_held: int) -> None:
    before = result_of(collection, kind)
    sheets = tuple(SheetColumns(sheet.name, sheet.columns) for sheet in before.report.sheets)
    data = (FILES / f"{collection}.{kind}").read_bytes()
    edit = Edit(sheets[0].name, 2, "address", "某路2号")
    made = corrected_workbook(data, FORMS[collection], sheets=sheets, rows=rows_held, edits=(edit,))
    after = checked(made, collection)
    assert before.frame is not None
    assert after.frame is not None
    assert after.frame["address"][0] == "某路2号"
    # errors of formulas are blank in a copy
    kept = pl.exclude("address", "_sheet", "remark")
    assert after.frame.select(kept).equals(before.frame.select(kept))


def test_flagged_rows_are_listed_as_they_are_seen() -> None:
    data = (FILES / "networks.xls").read_bytes()
    result = result_of("networks", "xls")
    sheets = tuple(SheetColumns(sheet.name, sheet.columns) for sheet in result.report.sheets)
    made = annotate_stream(read_workbook(data), result.findings, FORMS["networks"], sheets)
    listed = openpyxl.load_workbook(io.BytesIO(made)).worksheets[1]
    titles = [cell.value for cell in listed[1]]
    own = {row[0].value: row[titles.index("总投资（万元）")] for row in listed.iter_rows(min_row=2)}
    assert (own[2].value, "$" in own[2].number_format) == (35, True)


@pytest.mark.parametrize("number_format", ["0.00%", '"$"0', "0;;", 'yyyy"年"m"月"', "yyyy-mm-dd", '@"台"'])
@pytest.mark.parametrize(
    ("key", "text", "value"), [("terminals", "7", "7"), ("commissioned_on", "2025-07-15", "2025-07-15")]
)
def test_a_correction_means_what_was_typed_under_any_format(
    key: str, text: str, value: str, number_format: str
) -> None:
    data = written("networks", [Shown(key, Styled(45_000, number_format), None)])
    before = checked(data, "networks")
    sheets = tuple(SheetColumns(sheet.name, sheet.columns) for sheet in before.report.sheets)
    edit = Edit(sheets[0].name, 2, key, text)
    made = corrected_workbook(data, FORMS["networks"], sheets=sheets, rows=1, edits=(edit,))
    after = checked(made, "networks")
    assert after.frame is not None
    assert str(after.frame[key][0]) == value
    assert after.findings.filter(column=key).is_empty()


def test_totals_are_compared_as_they_are_seen() -> None:
    """A column in yuan that shows ten thousands, its total too; and one whose total shows something else."""
    form = FORMS["networks"]
    titles = [column.label_zh for column in form.columns]
    lines = rows("networks", tuple({MONEY: Styled(yuan, WAN)} for yuan in (1_200_000, 800_000)))
    for total, codes in (
        (Styled(2_000_000, WAN), []),
        (Styled(200, '"$"0'), []),
        (200, []),
        (201, ["file.W017"]),
    ):
        below = [None] * len(titles)
        below[0], below[titles.index("总投资（万元）")] = "合计", total
        result = checked(
            book(Sheet([titles, *([line[key] for key in form.by_key] for line in lines), below])), "networks"
        )
        assert result.frame is not None
        assert [str(value) for value in result.frame[MONEY]] == ["120.00", "80.00"]
        own = result.findings.filter(pl.col("code").str.starts_with("file.W"))
        assert own["code"].to_list() == codes


def test_a_merged_cell_is_seen_as_its_first_cell_shows_it() -> None:
    """The cells below hold nothing and may have no format of their own."""
    first, *others = rows("networks", ({"reliability_pct": Styled(0.9995, "0.00%")}, {}, {}))
    form = FORMS["networks"]
    titles = [column.label_zh for column in form.columns]
    below = [[{**other, "reliability_pct": None}[key] for key in form.by_key] for other in others]
    merged = [f"W{2}:W{4}"]
    data = book(Sheet([titles, [first[key] for key in form.by_key], *below], merged=merged))
    result = checked(data, "networks")
    assert titles.index("可靠性（%）") == 22
    assert result.frame is not None
    assert result.frame["reliability_pct"].to_list() == [99.95] * 3
