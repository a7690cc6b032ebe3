"""Carrying corrections: what becomes of corrections when a new file is uploaded, told record by record."""

from __future__ import annotations

import io
from collections.abc import Callable
from urllib.parse import unquote

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl.worksheet.worksheet import Worksheet
from rest_framework.test import APIClient

from demo import workbook
from submissions.checks import intake, quarantine
from submissions.checks.column_titles import check_again
from submissions.checks.correction_carryover import pending
from submissions.edits.corrections import CellEdit, correct, undo
from submissions.edits.explanations import explain
from submissions.exports.marked_workbook import corrected
from submissions.files import storage
from submissions.models import Act, Correction, Period, State, Submission, UncarriedCorrection
from submissions.signoff import review
from tests.acts import check, fresh
from tests.conftest import Cast
from tests.factories import answers_kept, checked
from tests.portal.browsing import browser, page, text

#: the official workbook's header, and its first record
HEADER, FIRST = 5, 6
#: 1-based columns of it, after the running number
CODE, NAME, TERMINALS = 2, 3, 21

Change = Callable[[Worksheet], None]


def book(period: Period, rows: int = 6, change: Change | None = None) -> bytes:
    """Jiangsu's networks as a workbook of `rows` records, changed by hand."""
    data = workbook("320000", "networks", period.quarter, rows=rows).data
    if change is None:
        return data
    loaded, out = openpyxl.load_workbook(io.BytesIO(data)), io.BytesIO()
    change(loaded.worksheets[0])
    loaded.save(out)
    return out.getvalue()


def sent(cast: Cast, period: Period, data: bytes) -> Submission:
    """The next version, checked."""
    upload = {"upload": io.BytesIO(data), "filename": "专网.xlsx", "collection": "networks"}
    return check(intake.receive(by=cast.js_preparer, period=period.code, **upload))


@pytest.fixture
def first(cast: Cast, period: Period) -> Submission:
    """Five records, three cells corrected: an error mended, a name changed, a blank filled."""
    submission = checked(cast.js_preparer, period, rows=5, defects=["cell.E103"])
    sheet, row, column = submission.findings.values_list("sheet", "row", "column").get(code="cell.E103")
    edits = [
        CellEdit(sheet, row, column, value="0"),
        CellEdit(sheet, FIRST + 1, "network_name", value="改名专网"),
        CellEdit(sheet, FIRST + 2, "remark", value="已核"),
    ]
    correct(submission=submission, by=cast.js_signer, edits=edits)
    assert (submission.state, submission.corrections.in_force().count()) == (State.READY, 3)
    return submission


def same(cast: Cast, period: Period, first: Submission, change: Change | None = None) -> Submission:
    """The first version's own file as the next version, changed by hand."""
    loaded, out = openpyxl.load_workbook(io.BytesIO(storage.open_original(first.file))), io.BytesIO()
    sheet = loaded.worksheets[0]
    sheet.cell(1, 1).value = f"{sheet.cell(1, 1).value} "  # another file, with the same records
    if change is not None:
        change(sheet)
    loaded.save(out)
    return sent(cast, period, out.getvalue())


def left(submission: Submission) -> list[tuple[str, str, str | None]]:
    """Column, reason and what the new file holds, of the corrections that were not carried over."""
    rows = submission.uncarried_corrections.values_list("correction__column", "reason", "present")
    return sorted(rows)


def test_unchanged_records_keep_their_corrections(cast: Cast, period: Period, first: Submission) -> None:
    second = same(cast, period, first)
    assert (second.version, second.state, second.errors) == (2, State.READY, 0)
    assert left(second) == []
    kept = {(c.sheet, c.row, c.column, c.old, c.new, c.by) for c in second.corrections.all()}
    made = {(c.sheet, c.row, c.column, c.old, c.new, c.by) for c in first.corrections.all()}
    assert kept == made
    assert all(c.carried_from in first.corrections.all() for c in second.corrections.all())
    assert storage.frame_of(second).equals(storage.frame_of(first))
    assert fresh(first).state == State.SUPERSEDED


def test_a_large_register_is_not_read_whole_for_them(
    cast: Cast, period: Period, first: Submission, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage, "ROWS_AT_HAND", 0)
    monkeypatch.setattr(storage, "cells_of", lambda _: pytest.fail("the whole table was read"))
    second = same(cast, period, first)
    assert second.state == State.READY
    assert {c.new for c in second.corrections.all()} == {c.new for c in first.corrections.all()}


def test_records_are_found_again_by_their_number_wherever_they_stand(
    cast: Cast, period: Period, first: Submission
) -> None:
    def moved(sheet: Worksheet) -> None:
        sheet.insert_rows(FIRST, 3)

    second = same(cast, period, first, moved)
    assert second.state == State.READY
    assert {c.row for c in second.corrections.all()} == {c.row + 3 for c in first.corrections.all()}
    assert {c.cell for c in second.corrections.all()} != {c.cell for c in first.corrections.all()}


def test_another_value_in_the_new_file_stands_and_is_told(
    cast: Cast, period: Period, first: Submission
) -> None:
    def renamed(sheet: Worksheet) -> None:
        sheet.cell(FIRST + 1, NAME).value = "第三个名称"

    second = same(cast, period, first, renamed)
    assert left(second) == [("network_name", "value_changed", "第三个名称")]
    assert second.uncarried_corrections.get().key == storage.frame_of(first)["network_code"][1]
    assert second.uncarried_corrections.get().cell == f"C{FIRST + 1}"
    assert storage.frame_of(second)["network_name"][1] == "第三个名称"
    assert second.corrections.count() == 2


def test_a_record_that_is_gone_takes_its_corrections_along(
    cast: Cast, period: Period, first: Submission
) -> None:
    second = same(cast, period, first, lambda sheet: sheet.delete_rows(FIRST + 2))
    assert left(second) == [("remark", "record_gone", None)]


def test_a_column_that_is_gone_too(cast: Cast, period: Period, first: Submission) -> None:
    def without_remarks(sheet: Worksheet) -> None:
        titles = [cell.value for cell in sheet[HEADER]]
        sheet.delete_cols(1 + next(at for at, title in enumerate(titles) if str(title).startswith("备注")))

    second = same(cast, period, first, without_remarks)
    assert left(second) == [("remark", "column_gone", None)]


def test_what_the_new_file_holds_already_is_neither_made_again_nor_lost(
    cast: Cast, period: Period, first: Submission
) -> None:
    second = sent(cast, period, corrected(first).data)
    assert (second.state, second.corrections.count(), left(second)) == (State.READY, 0, [])
    assert storage.frame_of(second).equals(storage.frame_of(first))


def test_a_number_spelt_otherwise_is_the_same_value(cast: Cast, period: Period) -> None:
    submission = sent(cast, period, book(period))
    sheet = submission.report["sheets"][0]["name"]
    [made] = correct(
        submission=submission,
        by=cast.js_preparer,
        edits=[CellEdit(sheet, FIRST, "terminals", value="1234")],
    )

    def spelt(sheet: Worksheet) -> None:
        sheet.cell(FIRST, TERMINALS).value = f"{int(made.old):,}.0"

    second = same(cast, period, submission, spelt)
    assert [(c.old, c.new) for c in second.corrections.all()] == [(f"{int(made.old):,}.0", "1234")]
    third = same(
        cast, period, submission, lambda sheet: setattr(sheet.cell(FIRST, TERMINALS), "value", "1,234")
    )
    assert (third.corrections.count(), left(third)) == (0, [])


def test_a_corrected_number_is_found_under_either(cast: Cast, period: Period) -> None:
    submission = sent(cast, period, book(period))
    sheet, old = submission.report["sheets"][0]["name"], storage.frame_of(submission)["network_code"][0]
    edits = [
        CellEdit(sheet, FIRST, "network_code", value="JS-NEW-1"),
        CellEdit(sheet, FIRST, "remark", value="编号已改"),
    ]
    correct(submission=submission, by=cast.js_preparer, edits=edits)
    under_the_old = same(cast, period, submission)
    assert sorted(c.column for c in under_the_old.corrections.all()) == ["network_code", "remark"]
    assert storage.frame_of(under_the_old)["network_code"][0] == "JS-NEW-1" != old
    under_the_new = same(
        cast, period, submission, lambda sheet: setattr(sheet.cell(FIRST, CODE), "value", "JS-NEW-1")
    )
    assert [c.column for c in under_the_new.corrections.all()] == ["remark"]
    assert left(under_the_new) == []


def test_numbers_shifted_by_one_never_give_a_correction_to_another_record(cast: Cast, period: Period) -> None:
    submission = sent(cast, period, book(period))
    sheet = submission.report["sheets"][0]["name"]
    codes = storage.frame_of(submission)["network_code"].to_list()
    shifted = [
        CellEdit(sheet, FIRST + at, "network_code", value=code)
        for at, code in enumerate([*codes[1:], "JS-Z"])
    ]
    names = [CellEdit(sheet, FIRST + at, "network_name", value=f"专网之{at}") for at in range(len(codes))]
    correct(submission=submission, by=cast.js_preparer, edits=[*shifted, *names])
    second = same(cast, period, submission)
    assert {c.row for c in second.corrections.filter(column="network_name")} == set(
        range(FIRST, FIRST + len(codes))
    )
    for correction in second.corrections.all():
        assert correction.row == correction.carried_from.row
    third = sent(cast, period, corrected(second).data)
    for correction in third.corrections.all():
        assert correction.row == correction.carried_from.row


def test_records_without_a_number_are_told_apart_by_all_they_say(cast: Cast, period: Period) -> None:
    def unnumbered(sheet: Worksheet) -> None:
        sheet.cell(FIRST, CODE).value = sheet.cell(FIRST + 1, CODE).value = None

    submission = sent(cast, period, book(period, change=unnumbered))
    sheet = submission.report["sheets"][0]["name"]
    edits = [CellEdit(sheet, FIRST + at, "network_code", value=f"JS-N-{at}") for at in (0, 1)]
    correct(submission=submission, by=cast.js_preparer, edits=edits)

    def touched(sheet: Worksheet) -> None:
        sheet.cell(FIRST, NAME).value = "另一个名称"

    second = same(cast, period, submission, touched)
    assert [(c.row, c.new) for c in second.corrections.all()] == [(FIRST + 1, "JS-N-1")]
    assert left(second) == [("network_code", "record_unclear", None)]


def test_explanations_of_corrected_records_are_kept_as_well(cast: Cast, period: Period) -> None:
    submission = sent(cast, period, book(period))
    sheet = submission.report["sheets"][0]["name"]
    correct(
        submission=submission,
        by=cast.js_preparer,
        edits=[CellEdit(sheet, FIRST, "investment_10k_cny", value="12万元")],
    )
    warning = submission.findings.of_unit().filter(severity="W").first()
    assert warning is not None
    explain(submission=submission, by=cast.js_preparer, code=warning.code, reason="confirmed")
    second = same(cast, period, submission)
    assert (second.state, second.warnings, second.open_warnings) == (
        submission.state,
        submission.warnings,
        submission.open_warnings,
    )


def test_what_was_carried_over_can_be_undone_and_stays_undone(
    cast: Cast, period: Period, first: Submission
) -> None:
    second = same(cast, period, first)
    act = second.corrections.first().act
    undone = undo(submission=second, by=cast.js_preparer, act=act)
    assert (len(undone.corrections), second.state) == (3, State.INVALID)
    as_first_checked = {"cell.E103"}
    assert set(second.findings.values_list("code", flat=True)) == as_first_checked
    assert not second.corrections.in_force().exists()
    again = checked_again(cast, second)
    assert not again.corrections.in_force().exists()
    assert left(again) == []


def checked_again(cast: Cast, submission: Submission) -> Submission:
    check_again(submission, cast.js_preparer, Act.TITLES_MAPPED, "")
    return check(submission)


def test_a_second_check_of_the_same_file_changes_nothing(
    cast: Cast, period: Period, first: Submission
) -> None:
    second = same(cast, period, first)
    made = list(second.corrections.values_list("pk", "cell", "new"))
    again = checked_again(cast, second)
    assert list(again.corrections.values_list("pk", "cell", "new")) == made
    assert (again.state, left(again)) == (State.READY, [])


def test_a_file_that_cannot_be_read_loses_nothing(cast: Cast, period: Period, first: Submission) -> None:
    unreadable = sent(cast, period, b"no workbook")
    assert (unreadable.set_aside, unreadable.corrections.count()) == (True, 0)
    quarantine.discard(submission=unreadable, by=cast.js_preparer)
    third = same(cast, period, first)
    assert (third.version, third.corrections.count(), third.state) == (3, 3, State.READY)


def test_a_returned_version_hands_its_corrections_on(cast: Cast, period: Period, first: Submission) -> None:
    review.sign(submission=first, by=cast.js_second_signer)
    review.return_(
        submission=first, by=cast.reviewer, reasons=[review.ReasonGiven("请核实名称", column="network_name")]
    )
    second = same(cast, period, first)
    assert (second.corrections.count(), left(second)) == (3, [])


def test_corrections_go_on_from_version_to_version(cast: Cast, period: Period, first: Submission) -> None:
    second = same(cast, period, first)
    sheet = second.report["sheets"][0]["name"]
    correct(submission=second, by=cast.js_preparer, edits=[CellEdit(sheet, FIRST, "remark", value="补记")])
    third = same(cast, period, second)
    assert third.corrections.count() == 4
    assert {c.carried_from.submission_id for c in third.corrections.all()} == {second.pk}


def test_one_made_while_the_new_file_was_checked_is_told(
    cast: Cast, period: Period, first: Submission, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = storage.keep_frame

    def meanwhile(name: str, *kept: object) -> str:
        Correction.objects.create(
            submission=first,
            sheet="工业5G专网",
            row=FIRST,
            column="remark",
            cell="AH6",
            new="晚",
            by=cast.js_signer,
        )
        return real(name, *kept)

    monkeypatch.setattr(storage, "keep_frame", meanwhile)
    second = same(cast, period, first)
    assert left(second) == [("remark", "made_meanwhile", None)]


def test_corrections_made_on_beside_a_file_set_aside_come_along_when_it_is_taken(
    cast: Cast, period: Period, first: Submission
) -> None:
    def of_another_period(sheet: Worksheet) -> None:
        sheet.cell(1, 1).value = str(sheet.cell(1, 1).value).replace("三季度", "二季度")

    second = same(cast, period, first, of_another_period)
    assert (second.set_aside, second.corrections.count()) == (True, 3)
    sheet = first.report["sheets"][0]["name"]
    late = [CellEdit(sheet, FIRST, "remark", value="后补")]
    correct(submission=fresh(first), by=cast.js_preparer, edits=late)
    assert pending(second).count() == 1
    quarantine.confirm(submission=second, by=cast.js_preparer)
    with answers_kept():
        intake.check(submission_id=second.pk)
    assert fresh(second).corrections.filter(new="后补").count() == 1
    assert not UncarriedCorrection.objects.exists()


def renamed(sheet: Worksheet) -> None:
    """The record whose name was corrected has a third name in the file."""
    sheet.cell(FIRST + 1, NAME).value = "第三个名称"


def test_before_the_upload_the_page_says_what_is_at_stake(
    cast: Cast, period: Period, first: Submission
) -> None:
    client, address = browser(cast.js_preparer), "/portal/upload/networks/2026Q3/"
    html = text(client.get(address))
    assert "3 cells of version 1 were corrected online" in html
    assert "改名专网" in html
    assert page("portal:corrected", first) in html
    book_offered = client.get(page("portal:corrected", first))
    assert "已更正" in unquote(book_offered["Content-Disposition"])
    assert "3 cells of version 1 were corrected online" in text(client.get(f"{address}nil/"))
    assert "第1版有3个单元格在线更正过" in text(browser(cast.js_preparer, "zh-hans").get(address))
    for other in ("/portal/upload/ai_applications/2026Q3/",):
        assert "corrected online" not in text(client.get(other))
    assert "corrected online" not in text(browser(cast.zj_preparer).get(address))


def test_after_the_upload_the_page_lists_what_was_not_kept(
    cast: Cast, period: Period, first: Submission
) -> None:
    second = same(cast, period, first, renamed)
    client = browser(cast.js_preparer)
    html = text(client.get(page("portal:submission", second)))
    assert "1 correction of version 1 was not kept" in html
    assert "2 others were kept in this version." in html
    assert "<ins>改名专网</ins>" in html
    assert "第三个名称" in html
    assert "The new file has another value there." in html
    whole = text(client.get(page("portal:uncarried", second)))
    assert "第三个名称" in whole
    lines = b"".join(client.get(page("portal:uncarried-csv", second)).streaming_content).decode().splitlines()
    assert len(lines) == 2
    assert "第三个名称" in lines[1]
    assert "kept from version 1" in text(client.get(page("portal:corrections", second)))
    assert "1 correction of version 1 was not kept" in text(
        browser(cast.reviewer).get(page("review:submission", second))
    )
    for name in ("uncarried", "uncarried-csv"):
        assert browser(cast.zj_preparer).get(page(f"portal:{name}", second)).status_code == 404


def test_where_all_were_kept_the_page_says_so(cast: Cast, period: Period, first: Submission) -> None:
    second = same(cast, period, first)
    html = text(browser(cast.js_preparer).get(page("portal:submission", second)))
    assert "3 corrections of version 1 were made again in this version" in html
    assert "not kept" not in html
    empty = text(browser(cast.js_preparer).get(page("portal:uncarried", second)))
    assert "Every correction of the previous version was kept" in empty


def test_over_the_api(cast: Cast, period: Period, first: Submission) -> None:
    client = APIClient()
    client.force_authenticate(cast.js_preparer)
    address = f"/api/v1/submissions/{first.pk}/"
    assert client.get(address).json()["corrections"] == {
        "in_force": 3, "carried": 0, "not_carried": [], "not_carried_count": 0,
    }  # fmt: skip
    corrected_book = client.get(f"{address}workbook/?kind=corrected")
    loaded = openpyxl.load_workbook(io.BytesIO(corrected_book.content))
    assert loaded.worksheets[0].cell(FIRST + 1, NAME).value == "改名专网"
    sheet = loaded.worksheets[0]
    renamed(sheet)
    sheet.delete_rows(FIRST + 2)
    # the first file's own cell again, so that one correction can be made again
    kept = first.corrections.get(column="base_stations_dedicated")
    sheet[kept.cell].value = float(kept.old)
    out = io.BytesIO()
    loaded.save(out)
    sent_file = SimpleUploadedFile("专网.xlsx", out.getvalue())
    answer = client.post(
        "/api/v1/submissions/",
        {"collection": "networks", "period": "2026Q3", "file": sent_file},
        format="multipart",
    )
    assert answer.status_code == 202
    intake.check(submission_id=answer.json()["id"])
    payload = client.get(answer.json()["url"]).json()["corrections"]
    assert (payload["carried"], payload["not_carried_count"]) == (1, 2)
    assert [
        (row["column"], row["reason"], row["present"], row["version"]) for row in payload["not_carried"]
    ] == [
        ("network_name", "value_changed", "第三个名称", 1),
        ("remark", "record_gone", None, 1),
    ]
    listed = client.get(f"{answer.json()['url']}cells/uncarried/").json()
    assert (listed["count"], listed["results"]) == (2, payload["not_carried"])
    log = client.get(f"{answer.json()['url']}cells/").json()
    assert [(row["column"], row["carried_from_version"]) for row in log] == [("base_stations_dedicated", 1)]
    client.force_authenticate(cast.zj_preparer)
    assert client.get(f"{answer.json()['url']}cells/uncarried/").status_code == 404
