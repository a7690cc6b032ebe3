"""Choosing sheets and header rows of one file, where the check took others."""

from __future__ import annotations

import io

import pytest

from portal.returns import column_mapping_forms
from submissions.checks import intake, sheet_selection
from submissions.edits import corrections
from submissions.files.storage import frame_of
from submissions.models import Event, Period, State, Submission
from tests.acts import check, fresh, refused
from tests.conftest import Cast
from tests.portal.browsing import browser, page, text
from tests.validation.small_workbooks import Sheet, book
from validation import FORMS

TITLES = [column.label_zh for column in FORMS["networks"].columns]
KEY = "network_code"


def row(code: str) -> list[str]:
    return [code, *["" for _ in TITLES[1:]]]


@pytest.fixture
def twofold(cast: Cast, period: Period) -> Submission:
    """A workbook with this quarter's sheet, last quarter's, and one that holds no register."""
    sheets = [
        Sheet([TITLES, row("JS-1"), row("JS-2")], "本季度"),
        Sheet([TITLES, row("JS-0")], "上季度"),
        Sheet([["说明"], ["填报说明"]], "说明"),
    ]
    sent = intake.receive(
        by=cast.js_preparer,
        collection="networks",
        period="2026Q3",
        upload=io.BytesIO(book(*sheets)),
        filename="台账.xlsx",
    )
    return check(sent)


def choose(submission: Submission, cast: Cast, **headers: int | None) -> Submission:
    sheet_selection.choose_headers(
        submission=submission, by=cast.js_preparer, headers=headers, request_id="r"
    )
    return check(submission)


def test_a_sheet_too_many_is_passed_by_and_read_again(twofold: Submission, cast: Cast) -> None:
    assert frame_of(twofold)[KEY].to_list() == ["JS-1", "JS-2", "JS-0"]
    assert sheet_selection.sheets_to_choose(twofold) == {"本季度": 1, "上季度": 1, "说明": None}
    read = choose(twofold, cast, 上季度=None)
    assert frame_of(read)[KEY].to_list() == ["JS-1", "JS-2"]
    assert sheet_selection.sheets_to_choose(read) == {"本季度": 1, "上季度": None, "说明": None}
    event = Event.objects.filter(submission=twofold, request_id="r").first()
    assert (event.act, event.detail) == ("sheets_chosen", {"sheets": {"上季度": None}})
    assert frame_of(choose(read, cast))[KEY].to_list() == ["JS-1", "JS-2", "JS-0"]


def test_the_header_is_taken_from_the_row_chosen(cast: Cast, period: Period) -> None:
    old = ["编号（旧）", *TITLES[1:]]
    rows = [TITLES, row("说明行"), old, row("JS-1")]
    sent = intake.receive(
        by=cast.js_preparer,
        collection="networks",
        period="2026Q3",
        upload=io.BytesIO(book(Sheet(rows, "表1"))),
        filename="台账.xlsx",
    )
    first = check(sent)
    assert first.report["sheets"][0]["header_row"] == 1
    read = choose(first, cast, 表1=3)
    assert read.report["sheets"][0]["header_row"] == 3
    assert read.report["sheets"][0]["columns"][0]["title"] == "编号（旧）"
    assert read.data_rows == 1


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({"没有": 1}, "sheet-unknown"),
        ({"本季度": 31}, "sheet-unknown"),
        ({"本季度": -1}, "sheet-unknown"),
        ({"本季度": None, "上季度": None, "说明": None}, "sheet-needed"),
    ],
)
def test_what_cannot_be_chosen(
    headers: dict[str, int | None], code: str, twofold: Submission, cast: Cast
) -> None:
    refused(
        code,
        lambda: sheet_selection.choose_headers(submission=twofold, by=cast.js_preparer, headers=headers),
    )
    assert fresh(twofold).headers == {}


def test_a_row_without_known_titles_is_read_and_told_of(twofold: Submission, cast: Cast) -> None:
    read = choose(twofold, cast, 本季度=2, 上季度=None)
    assert read.state == State.INVALID
    assert read.findings.filter(code="file.E006").exists()
    assert sheet_selection.sheets_to_choose(read)["本季度"] == 2


def test_corrections_are_undone_first(twofold: Submission, cast: Cast) -> None:
    edit = corrections.CellEdit("上季度", 2, "network_name", "一号")
    corrections.correct(submission=twofold, by=cast.js_preparer, edits=[edit])
    refused(
        "sheet-corrected",
        lambda: sheet_selection.choose_headers(
            submission=fresh(twofold), by=cast.js_preparer, headers={"上季度": None}
        ),
    )


@pytest.mark.parametrize(("name", "code"), [("zj_preparer", "not-found"), ("admin", "not-allowed")])
def test_only_the_unit_chooses(name: str, code: str, twofold: Submission, cast: Cast) -> None:
    chosen = {"submission": twofold, "by": getattr(cast, name), "headers": {"说明": None}}
    refused(code, lambda: sheet_selection.choose_headers(**chosen))


def test_the_page_offers_every_sheet_and_takes_the_choice_once(twofold: Submission, cast: Cast) -> None:
    client = browser(cast.js_preparer)
    html = text(client.get(page("portal:submission", twofold)))
    assert "as recognised (row 1)" in html
    assert "as recognised (not read)" in html
    [_, second, _] = column_mapping_forms.SheetsForm(submission=twofold).fields
    for _ in range(2):
        answer = client.post(page("portal:sheets", twofold), {second: "-"})
        assert answer["Location"] == page("portal:submission", twofold)
    assert fresh(twofold).headers == {"上季度": None}
    check(twofold)
    answer = client.post(page("portal:sheets", twofold), {second: "-"}, follow=True)
    assert "Choose a row or sheet other than the one that was read." in text(answer)
    assert client.get(page("portal:sheets", twofold)).status_code == 302
    assert '<option value="-" selected>not read</option>' in text(answer)
