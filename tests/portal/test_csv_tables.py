"""Tables to take along: numbers stay numbers, and whatever could be a formula is a text."""

from __future__ import annotations

import csv
import io

import openpyxl
import pytest

from portal import csv_tables
from submissions.exports import findings_table
from submissions.files import xlsx_writer


def as_csv(*values: str) -> list[str]:
    """What becomes of one row of values."""
    sent = b"".join(csv_tables.as_csv("t", ["h"] * len(values), [values])).decode()
    return list(csv.reader(io.StringIO(sent.removeprefix("\ufeff"))))[1]


@pytest.mark.parametrize("live", ["=12", "=1.5", "@12", "\t12", "+1+1", "-", "+.", "-1.", "=A1", "+１２"])
def test_what_could_be_a_formula_is_text(live: str) -> None:
    assert as_csv(live) == [f"'{live}"]


def test_signed_numbers_are_numbers() -> None:
    assert as_csv("-12", "+1.5", "12", "a=1") == ["-12", "+1.5", "12", "a=1"]


def test_more_rows_than_a_sheet_takes_go_on_in_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx_writer, "SHEET_ROWS", 2)
    out = io.BytesIO()
    xlsx_writer.write_xlsx(out, name="t", titles=["n"], widths=[9], rows=[[number] for number in range(5)])
    book = openpyxl.load_workbook(out)
    assert [[row[0].value for row in sheet] for sheet in book] == [["n", 0, 1], ["n", 2, 3], ["n", 4]]


def test_more_findings_than_a_sheet_takes_go_on_in_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx_writer, "SHEET_ROWS", 2)
    monkeypatch.setattr(xlsx_writer, "TOLD_EVERY", 3)
    out, progress = io.BytesIO(), []
    lines = [[number] * len(findings_table.TITLES) for number in range(5)]
    findings_table.write_xlsx(out, lines, progress.append)
    book = openpyxl.load_workbook(out)
    title = findings_table.TITLES[0]
    assert [[row[0].value for row in sheet] for sheet in book] == [[title, 0, 1], [title, 2, 3], [title, 4]]
    assert [sheet.auto_filter.ref is not None for sheet in book] == [True] * 3
    assert progress == [3]
