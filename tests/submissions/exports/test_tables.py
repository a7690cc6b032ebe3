"""Tables to take along: numbers stay numbers, and whatever could be a formula is a text."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal
from typing import Any

import openpyxl
import pytest

from submissions.exports import findings_table, tables


def as_csv(*values: Any, **options: bool) -> list[str]:
    """Return one row of values as the CSV has it."""
    sent = "".join(tables.csv_lines(["h"] * len(values), [values], **options))
    return list(csv.reader(io.StringIO(sent.removeprefix("\ufeff"), newline="")))[1]


def as_xlsx(rows: list[list[Any]], **options: Any) -> openpyxl.Workbook:
    """Return a table of these rows as a workbook program opens it."""
    out = io.BytesIO()
    titles = ["h"] * max((len(row) for row in rows), default=1)
    tables.write_xlsx(out, name="t", titles=titles, rows=rows, **options)
    return openpyxl.load_workbook(out)


@pytest.mark.parametrize("signed", [False, True])
@pytest.mark.parametrize(
    "live", ["=12", "=1.5", "@12", "\t12", "\n=1", "\r1", "+1+1", "-", "+.", "-1.", "=A1", "+１２"]
)
def test_what_could_be_a_formula_is_text(live: str, signed: bool) -> None:
    assert as_csv(live, keep_signed_numbers=signed) == [f"'{live}"]


def test_signed_numbers_stay_where_all_cells_are_texts() -> None:
    assert as_csv("-12", "+1.5", "12", "a=1", keep_signed_numbers=True) == ["-12", "+1.5", "12", "a=1"]
    assert as_csv("-12", -12, None, Decimal("1.50")) == ["'-12", "-12", "", "1.50"]


@pytest.mark.parametrize("text", ["=1+1", "{=1}", "http://a.example", "@a", "'1", "mailto:a@b.example"])
def test_a_text_of_a_workbook_is_neither_formula_nor_link(text: str) -> None:
    sheet = as_xlsx([[text]]).active
    assert (sheet["A2"].value, sheet["A2"].data_type, sheet["A2"].hyperlink) == (text, "s", None)


def test_cells_of_a_workbook_keep_their_type() -> None:
    sheet = as_xlsx([[True, 7, 1.5, Decimal("2.25"), date(2026, 9, 30), "7", None, ""]]).active
    assert [cell.value for cell in sheet[2]] == [True, 7, 1.5, 2.25, "2026-09-30", "7", None, None]


def test_captions_stand_above_the_table() -> None:
    sheet = as_xlsx([[1]], captions=["Title", "Note"], widths=[30]).active
    assert [row[0].value for row in sheet] == ["Title", "Note", None, "h", 1]
    assert (sheet.freeze_panes, sheet.auto_filter.ref, sheet.column_dimensions["A"].width) == (
        "A5",
        "A4:A5",
        30.7109375,
    )


def test_more_rows_than_a_sheet_takes_go_on_in_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "SHEET_ROWS", 3)
    book = as_xlsx([[number] for number in range(5)])
    assert book.sheetnames == ["t", "t 2", "t 3"]
    assert [[row[0].value for row in sheet] for sheet in book] == [["h", 0, 1], ["h", 2, 3], ["h", 4]]


def test_more_findings_than_a_sheet_takes_go_on_in_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "SHEET_ROWS", 3)
    monkeypatch.setattr(tables, "PROGRESS_ROWS", 3)
    out, progress = io.BytesIO(), []
    lines = [[number] * len(findings_table.TITLES) for number in range(5)]
    findings_table.write_xlsx(out, lines, progress.append)
    book = openpyxl.load_workbook(out)
    title = findings_table.TITLES[0]
    assert [[row[0].value for row in sheet] for sheet in book] == [[title, 0, 1], [title, 2, 3], [title, 4]]
    assert [sheet.auto_filter.ref is not None for sheet in book] == [True] * 3
    assert progress == [3]
