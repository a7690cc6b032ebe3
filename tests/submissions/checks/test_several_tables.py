"""A sheet with several tables, each with a header of its own: everything that names a cell names the right one."""

from __future__ import annotations

import polars as pl
import pytest
from django.db import transaction

from national.dissemination.lineage import _with_cells
from portal.returns import grid
from submissions.checks import sheet_selection
from submissions.checks.column_titles import check_again
from submissions.edits import corrections
from submissions.files import edits_in_force
from submissions.files.storage import frame_of
from submissions.models import Act, Period, Submission
from tests.acts import check, fresh, send
from tests.conftest import Cast
from tests.portal.browsing import browser, page, text
from tests.validation.lines.case import TITLES, body, place
from tests.validation.small_workbooks import csv_bytes, workbook
from validation import address

TURNED = len(TITLES) - 1


@pytest.fixture
def twofold(cast: Cast, period: Period) -> Submission:
    """The first record in a table of its own, two in one below whose columns stand the other way round."""
    first, *others = body({}, {"terminals": "很多"}, {})
    rows = [TITLES, first, [], TITLES[::-1], *(row[::-1] for row in others)]
    return check(send(cast.js_preparer, workbook(rows)))


def test_the_report_has_each_table_with_its_rows(twofold: Submission) -> None:
    sheets = twofold.report["sheets"]
    assert [(s["name"], s["header_row"], s["data_rows"], s["span"]) for s in sheets] == [
        ("表1", 1, 1, [1, 3]),
        ("表1", 4, 2, [4, 6]),
    ]
    assert twofold.data_rows == 3
    assert sheet_selection.sheets_to_choose(twofold) == {"表1": 1}


def test_a_correction_lies_in_its_own_tables_cell(twofold: Submission, cast: Cast) -> None:
    [wrong] = twofold.findings.filter(code="cell.E102")
    cell = address(5, TURNED - place("terminals"))
    assert (wrong.row, wrong.cell) == (5, cell)
    edit = corrections.CellEdit("表1", 5, "terminals", "702")
    [correction] = corrections.correct(submission=twofold, by=cast.js_preparer, edits=[edit])
    assert correction.cell == cell
    assert not fresh(twofold).findings.filter(code="cell.E102").exists()
    with transaction.atomic():
        check_again(fresh(twofold), cast.js_preparer, Act.TITLES_MAPPED, "")
    assert frame_of(check(twofold))["terminals"].to_list() == [420, 702, 420]


def test_the_grid_tells_where_the_fields_of_a_further_table_stand(twofold: Submission, cast: Cast) -> None:
    drawn = grid.grid_of(twofold)
    assert drawn.sheets == ["表1"]
    assert drawn.places["表1"]["network_code"] == "A"
    rows = grid.rows_json(twofold, cast.js_preparer, drawn, [("表1", 2), ("表1", 5)])
    assert "p" not in rows[0]
    assert rows[1]["p"]["network_code"] == address(1, TURNED)[:-1]


def test_the_page_shows_both_tables(twofold: Submission, cast: Cast) -> None:
    html = text(browser(cast.js_preparer).get(page("portal:submission", twofold)))
    assert html.count("<h3>Sheet “表1”</h3>") == 2


def test_the_lineage_names_the_cells_of_each_table(twofold: Submission) -> None:
    rows = pl.DataFrame(
        {"unit": "320000", "collection": "networks", "key": ["a", "b"], "sheet": "表1", "row": [2, 5]},
    ).with_columns(value=pl.lit(None, pl.Decimal(38, 12)), counts_as=pl.lit(None, pl.String))
    rows_with_cells = _with_cells(rows, ["terminals", "status"], twofold)
    assert rows_with_cells["cells"].to_list() == [
        [address(2, place("terminals")), address(2, place("status"))],
        [address(5, TURNED - place("terminals")), address(5, TURNED - place("status"))],
    ]


def test_a_sheet_with_one_table_has_no_span(cast: Cast, period: Period) -> None:
    read = check(send(cast.js_preparer, workbook([TITLES, *body({})])))
    assert "span" not in read.report["sheets"][0]
    assert [table.span for table in edits_in_force.sheets_of(read)] == [None]


def test_a_million_blank_rows_are_told_by_their_ends(cast: Cast, period: Period) -> None:
    first, second = ([cell if isinstance(cell, str) else str(cell) for cell in row] for row in body({}, {}))
    read = check(send(cast.js_preparer, csv_bytes([TITLES, first, *[[]] * 3_000, second]), filename="a.csv"))
    assert read.report["sheets"][0]["skipped"][-1] == {"kind": "blank", "count": 3000, "rows": [[3, 3002]]}
    assert "(rows 3–3002)" in text(browser(cast.js_preparer).get(page("portal:submission", read)))
