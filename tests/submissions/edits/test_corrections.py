"""Correcting cells: re-checked at once, logged, undone, refused where another was faster, part of what is signed."""

from __future__ import annotations

import io

import pytest

from demo import workbook
from submissions.checks import intake
from submissions.edits.corrections import CELLS_AT_ONCE, CellEdit, correct, try_edits, undo
from submissions.edits.explanations import explain, take_back
from submissions.files import storage
from submissions.models import Finding, Period, State, Submission
from submissions.signoff import receipts, review
from submissions.workflow.refusals import RefusalError
from tests.acts import check
from tests.conftest import Cast
from tests.factories import checked, signed


@pytest.fixture
def spoilt(cast: Cast, period: Period) -> Submission:
    """Forty rows with one cell that is no number."""
    return checked(cast.js_preparer, period, rows=40, defects=["cell.E103"])


def finding_rows(submission: Submission) -> list[tuple[int, str, str, str]]:
    rows = submission.findings.filter(severity__in="EW").order_by("ordinal", "id")
    return list(rows.values_list("row", "column", "code", "value"))


def the_bad_cell(submission: Submission) -> tuple[str, int, str]:
    return submission.findings.filter(severity="E").values_list("sheet", "row", "column").get()


def test_a_corrected_cell_makes_the_form_ready(cast: Cast, spoilt: Submission) -> None:
    at = the_bad_cell(spoilt)
    correct(submission=spoilt, by=cast.js_preparer, edits=[CellEdit(*at, value="7")])
    assert (spoilt.state, spoilt.errors, finding_rows(spoilt)) == (State.READY, 0, [])
    frame = storage.frame_of(spoilt)
    assert frame.filter(_row=at[1])[at[2]].to_list() == [7]
    assert (spoilt.events.last().act, spoilt.events.last().detail) == ("cells_corrected", {"cells": 1})


def test_undoing_brings_the_finding_back(cast: Cast, spoilt: Submission) -> None:
    at, before = the_bad_cell(spoilt), finding_rows(spoilt)
    frame = storage.frame_of(spoilt)
    for value in ("7", "8"):
        correct(submission=spoilt, by=cast.js_preparer, edits=[CellEdit(*at, value=value)])
    correct(submission=spoilt, by=cast.js_preparer, edits=[CellEdit(*at, restore=True)])
    assert (spoilt.state, finding_rows(spoilt)) == (State.INVALID, before)
    assert storage.frame_of(spoilt).equals(frame)
    log = list(spoilt.corrections.values_list("old", "new", "restores"))
    assert log == [(before[0][3], "7", False), ("7", "8", False), ("8", before[0][3], True)]


def test_a_new_fault_is_found_at_its_cell(cast: Cast, spoilt: Submission) -> None:
    sheet, row, column = the_bad_cell(spoilt)
    edits = [CellEdit(sheet, row, column, value="7"), CellEdit(sheet, row + 1, "status", value="在飞")]
    correct(submission=spoilt, by=cast.js_preparer, edits=edits)
    assert finding_rows(spoilt) == [(row + 1, "status", "cell.E106", "在飞")]


def test_a_number_too_large_to_read_is_not_forgotten(cast: Cast, spoilt: Submission) -> None:
    """Its code is also that of a rule, which says nothing where there is no number."""
    sheet, row, column = the_bad_cell(spoilt)
    too_large = CellEdit(sheet, row, "terminals", value="9" * 30)
    edits = [CellEdit(sheet, row, column, value="7"), too_large]
    correct(submission=spoilt, by=cast.js_preparer, edits=edits)
    said = finding_rows(spoilt)
    assert [code for _, _, code, _ in said] == ["cell.E107"]
    correct(submission=spoilt, by=cast.js_preparer, edits=[CellEdit(sheet, row, "remark", value="x")])
    assert finding_rows(spoilt) == said
    correct(submission=spoilt, by=cast.js_preparer, edits=[too_large._replace(value="8" * 30)])
    assert [code for _, _, code, _ in finding_rows(spoilt)] == ["cell.E107"]


def test_a_full_check_says_the_same(cast: Cast, spoilt: Submission) -> None:
    sheet, row, column = the_bad_cell(spoilt)
    correct(submission=spoilt, by=cast.js_preparer, edits=[CellEdit(sheet, row + 1, "status", value="在飞")])
    said, frame = finding_rows(spoilt), storage.frame_of(spoilt)
    Submission.objects.filter(pk=spoilt.pk).update(state=State.RECEIVED)
    again = check(spoilt)
    assert finding_rows(again) == said
    assert storage.frame_of(again).equals(frame)


def test_of_two_tabs_the_later_one_is_told(cast: Cast, spoilt: Submission) -> None:
    at = the_bad_cell(spoilt)
    seen = finding_rows(spoilt)[0][3]
    correct(submission=spoilt, by=cast.js_preparer, edits=[CellEdit(*at, value="7", expected=seen)])
    with pytest.raises(RefusalError) as refusal:
        correct(submission=spoilt, by=cast.js_signer, edits=[CellEdit(*at, value="9", expected=seen)])
    assert refusal.value.code == "cell-changed"
    assert spoilt.corrections.count() == 1


@pytest.mark.parametrize(
    "edit",
    [
        CellEdit("no such sheet", 5, "status", value="x"),
        CellEdit("sheet", 100_000, "status", value="x"),
        CellEdit("sheet", 0, "no_such_column", value="x"),
    ],
)
def test_only_data_cells_can_be_corrected(cast: Cast, spoilt: Submission, edit: CellEdit) -> None:
    sheet, row, _ = the_bad_cell(spoilt)
    edit = edit._replace(sheet=sheet if edit.sheet == "sheet" else edit.sheet, row=edit.row or row)
    with pytest.raises(RefusalError) as refusal:
        correct(submission=spoilt, by=cast.js_preparer, edits=[edit])
    assert refusal.value.code == "place-unknown"


def test_the_number_of_cells_is_bounded(cast: Cast, spoilt: Submission) -> None:
    many = [CellEdit("s", row, "status") for row in range(CELLS_AT_ONCE + 1)]
    for edits in ([], many):
        with pytest.raises(RefusalError) as refusal:
            correct(submission=spoilt, by=cast.js_preparer, edits=edits)
        assert refusal.value.code == "too-many-cells"


def test_other_units_and_signed_forms_cannot_be_corrected(
    cast: Cast, period: Period, spoilt: Submission
) -> None:
    at = the_bad_cell(spoilt)
    with pytest.raises(RefusalError) as refusal:
        correct(submission=spoilt, by=cast.zj_preparer, edits=[CellEdit(*at, value="7")])
    assert refusal.value.code == "not-found"
    done = signed(cast.zj_preparer, cast.zj_signer, period, rows=5)
    with pytest.raises(RefusalError) as refusal:
        correct(submission=done, by=cast.zj_preparer, edits=[CellEdit(*at, value="7")])
    assert refusal.value.code == "wrong-state"


def test_what_is_signed_is_file_and_corrections(cast: Cast, spoilt: Submission) -> None:
    correct(submission=spoilt, by=cast.js_preparer, edits=[CellEdit(*the_bad_cell(spoilt), value="7")])
    review.sign(submission=spoilt, by=cast.js_signer)
    assert spoilt.signed_sha256 == receipts.signed_hash(spoilt) != spoilt.file_id


def test_explanations_of_untouched_warnings_stay(cast: Cast, period: Period) -> None:
    submission = checked(cast.js_preparer, period, rows=40, defects=["cell.E103", "net.W320"])
    explain(submission=submission, by=cast.js_preparer, code="net.W320", reason="confirmed")
    correct(
        submission=submission, by=cast.js_preparer, edits=[CellEdit(*the_bad_cell(submission), value="7")]
    )
    assert (submission.state, submission.warnings, submission.open_warnings) == (State.READY, 1, 0)


def test_undoing_brings_the_explanation_back_with_its_warning(cast: Cast, period: Period) -> None:
    submission = checked(cast.js_preparer, period, rows=40, defects=["net.W320"])
    warning = submission.findings.get(code="net.W320")
    at = warning.sheet, warning.row, warning.column
    explain(submission=submission, by=cast.js_preparer, code="net.W320", reason="confirmed")
    submission.refresh_from_db()
    [made] = correct(submission=submission, by=cast.js_preparer, edits=[CellEdit(*at, value="1")])
    assert not submission.findings.filter(code="net.W320").exists()
    undo(submission=submission, by=cast.js_preparer, act=made.act)
    assert (submission.state, submission.open_warnings) == (State.READY, 0)
    assert submission.findings.get(code="net.W320").explanation.reason == "confirmed"


def test_an_explanation_that_was_taken_back_is_not_brought_back_by_undoing(
    cast: Cast, period: Period
) -> None:
    submission = checked(cast.js_preparer, period, rows=40, defects=["net.W320"])
    warnings = submission.findings.filter(code="net.W320")
    at = warnings.values_list("sheet", "row", "column").get()
    explain(submission=submission, by=cast.js_preparer, code="net.W320", reason="confirmed")
    submission.refresh_from_db()
    take_back(submission=submission, by=cast.js_preparer, findings=warnings)
    [made] = correct(submission=submission, by=cast.js_preparer, edits=[CellEdit(*at, value="1")])
    undo(submission=submission, by=cast.js_preparer, act=made.act)
    assert (submission.state, submission.open_warnings) == (State.UNEXPLAINED, 1)


@pytest.mark.parametrize("way", ["restored", "typed"])
def test_the_first_text_brings_the_explanation_back_however_it_comes(
    way: str, cast: Cast, period: Period
) -> None:
    submission, warning, at = explained(cast, period)
    for value in ("1", "2"):
        correct(submission=submission, by=cast.js_preparer, edits=[CellEdit(*at, value=value)])
    text = storage.cells_of(submission).filter(_row=warning.row)[f"_text_{warning.column}"].item()
    back = CellEdit(*at, restore=True) if way == "restored" else CellEdit(*at, value=text)
    correct(submission=submission, by=cast.js_preparer, edits=[back])
    assert (submission.state, submission.open_warnings) == (State.READY, 0)
    assert submission.findings.get(code="net.W320").explanation.reason == "confirmed"


def test_what_was_taken_back_since_stays_open(cast: Cast, period: Period) -> None:
    submission, _, at = explained(cast, period)
    for edit in (CellEdit(*at, value="1"), CellEdit(*at, restore=True)):
        correct(submission=submission, by=cast.js_preparer, edits=[edit])
    warnings = submission.findings.filter(code="net.W320")
    take_back(submission=submission, by=cast.js_preparer, findings=warnings)
    for edit in (CellEdit(*at, value="1"), CellEdit(*at, restore=True)):
        correct(submission=submission, by=cast.js_preparer, edits=[edit])
    assert (submission.state, submission.open_warnings) == (State.UNEXPLAINED, 1)


def test_a_warning_that_stands_open_is_not_answered_by_what_another_cell_lost(
    cast: Cast, period: Period
) -> None:
    submission = checked(cast.js_preparer, period, rows=60, defects=["net.W320", "net.W320"])
    places = list(submission.findings.filter(code="net.W320").values_list("sheet", "row", "column"))
    explain(submission=submission, by=cast.js_preparer, code="net.W320", reason="confirmed")
    submission.refresh_from_db()
    both = [CellEdit(*at, value="1") for at in places]
    correct(submission=submission, by=cast.js_preparer, edits=both)
    correct(submission=submission, by=cast.js_preparer, edits=[CellEdit(*places[0], restore=True)])
    findings = submission.findings.filter(code="net.W320")
    take_back(submission=submission, by=cast.js_preparer, findings=findings)
    correct(submission=submission, by=cast.js_preparer, edits=[CellEdit(*places[1], restore=True)])
    assert [finding.explanation is None for finding in findings.order_by("row")] == [True, False]


def explained(cast: Cast, period: Period) -> tuple[Submission, Finding, tuple[str, int, str]]:
    """A form with one explained warning, and the cell it is at."""
    submission = checked(cast.js_preparer, period, rows=40, defects=["net.W320"])
    warning = submission.findings.get(code="net.W320")
    explain(submission=submission, by=cast.js_preparer, code="net.W320", reason="confirmed")
    submission.refresh_from_db()
    return submission, warning, (warning.sheet, warning.row, warning.column)


def test_of_a_classified_text_typed_over_a_cell_nothing_but_its_mark_is_kept(
    cast: Cast, period: Period
) -> None:
    submission = checked(cast.js_preparer, period, rows=5)
    sheet = submission.report["sheets"][0]["name"]
    row = storage.cells_of(submission)["_row"][0]
    edit = CellEdit(sheet, row, "remark", "（涉密）某基地专网")
    [made] = correct(submission=submission, by=cast.js_preparer, edits=[edit])
    assert made.new == "涉密"
    assert submission.findings.get(code="cell.E116").value == "涉密"
    again = correct(submission=submission, by=cast.js_preparer, edits=[edit])
    assert again == []


def test_a_form_with_totals_is_checked_as_a_whole(cast: Cast, period: Period) -> None:
    demo = workbook("320000", "networks", period.quarter, rows=20, style="handmade")
    upload = {"upload": io.BytesIO(demo.data), "filename": demo.filename}
    submission = check(
        intake.receive(by=cast.js_preparer, collection="networks", period=period.code, **upload)
    )
    sheet, row = storage.frame_of(submission).select("_sheet", "_row").row(0)
    correct(
        submission=submission, by=cast.js_preparer, edits=[CellEdit(sheet, row, "terminals", value="999")]
    )
    assert submission.state == State.RECEIVED
    written = storage.cells_of(submission)
    again = check(submission)
    assert ("terminals", "file.W017") in again.findings.values_list("column", "code")
    # the table that is kept is the file's still, so that the correction can be taken back
    assert storage.cells_of(again).equals(written)
    assert storage.frame_of(again)["terminals"][0] == 999
    correct(submission=again, by=cast.js_preparer, edits=[CellEdit(sheet, row, "terminals", restore=True)])
    assert again.corrections.last().restores
    assert "file.W017" not in check(again).findings.values_list("code", flat=True)


def test_bringing_back_what_was_never_changed_changes_nothing(cast: Cast, spoilt: Submission) -> None:
    before, events = finding_rows(spoilt), spoilt.events.count()
    edits = [CellEdit(*the_bad_cell(spoilt), restore=True)]
    assert correct(submission=spoilt, by=cast.js_preparer, edits=edits) == []
    assert (finding_rows(spoilt), spoilt.corrections.count(), spoilt.events.count()) == (before, 0, events)


def test_typing_the_original_again_is_undoing(cast: Cast, spoilt: Submission) -> None:
    at, before = the_bad_cell(spoilt), finding_rows(spoilt)
    for value in ("7", before[0][3]):
        correct(submission=spoilt, by=cast.js_preparer, edits=[CellEdit(*at, value=value)])
    assert finding_rows(spoilt) == before
    assert spoilt.corrections.last().restores
    assert not spoilt.corrections.in_force().exists()


def test_trying_tells_what_would_be_and_changes_nothing(cast: Cast, spoilt: Submission) -> None:
    at, before = the_bad_cell(spoilt), finding_rows(spoilt)
    trial = try_edits(submission=spoilt, by=cast.js_preparer, edits=[CellEdit(*at, value="7")])
    assert (trial.cells, trial.before.get("cell.E103"), trial.after.get("cell.E103")) == (1, 1, None)
    fresh = Submission.objects.get(pk=spoilt.pk)
    assert (finding_rows(spoilt), fresh.state, fresh.corrections.count()) == (before, State.INVALID, 0)


def test_what_another_unit_did_cannot_be_undone(cast: Cast, spoilt: Submission) -> None:
    at = the_bad_cell(spoilt)
    [made] = correct(submission=spoilt, by=cast.js_preparer, edits=[CellEdit(*at, value="7")])
    for by, code in ((cast.zj_preparer, "not-found"), (cast.admin, "not-allowed")):
        with pytest.raises(RefusalError) as refusal:
            undo(submission=spoilt, by=by, act=made.act)
        assert refusal.value.code == code
    undone = undo(submission=spoilt, by=cast.js_signer, act=made.act)
    assert (len(undone.corrections), undone.left) == (1, 0)
    again = undo(submission=spoilt, by=cast.js_signer, act=made.act)
    assert (again.corrections, again.left) == ([], 1)


def test_many_alike_are_corrected_in_one_go(cast: Cast, period: Period) -> None:
    """More than one request may correct, fewer than an upload."""
    many = checked(cast.js_preparer, period, rows=120)
    rows = storage.frame_of(many).select("_sheet", "_row").rows()
    wrong = [CellEdit(sheet, row, "status", value="在飞") for sheet, row in rows]
    correct(submission=many, by=cast.js_preparer, edits=wrong)
    assert many.findings.filter(code="cell.E106").count() == many.errors == 120
    act = many.corrections.last().act
    assert many.corrections.filter(act=act).count() == 120
    undo(submission=many, by=cast.js_preparer, act=act)
    assert many.errors == 0
