"""A form whose columns change while registers of three quarters are stored: all that reads them goes on."""

from __future__ import annotations

import dataclasses
import io
import json
from typing import Any

import openpyxl
import polars as pl
import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from rest_framework.test import APIClient

from national.aggregation.registers import frame_of_records
from national.models import Figure
from submissions.checks.recheck import Outcome, recheck_stored, try_rules
from submissions.edits.corrections import CellEdit, correct
from submissions.files import storage
from submissions.files.edits_in_force import edits_of, sheets_of, stored_edits_of
from submissions.models import Period, Record, State, Submission
from submissions.signoff import receipts, review
from tests import factories
from tests.acts import check, fresh
from tests.conftest import Cast
from tests.portal.browsing import browser, page, text
from tests.validation.changed_forms import ADDED, DROPPED, FORMER, RENAMED, RETYPED, changed_form
from tests.validation.small_workbooks import workbook
from validation import FORMS, FrameShapeError, form_version, frame_schema
from validation.display import display
from validation.hints import title
from validation.rulebook.example_rows import EXAMPLES
from validation.rules import Rule

FORM = changed_form()


@pytest.fixture
def registers(cast: Cast, period: Period, earlier_periods: list[Period]) -> list[Submission]:
    """Jiansu's networks of three quarters, accepted under the form as it was."""
    people = (cast.js_preparer, cast.js_signer, cast.admin)
    return [factories.accepted(*people, quarter, rows=6) for quarter in earlier_periods]


@pytest.fixture
def waiting(cast: Cast, period: Period, registers: list[Submission]) -> Submission:
    """A version of the present quarter, checked under the form as it was, with corrections in all columns that change."""
    submission = factories.checked(cast.js_preparer, period, rows=6)
    sheet, row = storage.frame_of(submission).select("_sheet", "_row").row(0)
    values = {FORMER: "苏州市虎丘区一号", DROPPED: "12", RETYPED: "77"}
    edits = [CellEdit(sheet, row, column, value=value) for column, value in values.items()]
    correct(submission=submission, by=cast.js_preparer, edits=edits)
    return fresh(submission)


@pytest.fixture
def changed(registers: list[Submission], monkeypatch: pytest.MonkeyPatch) -> None:
    """The form of networks is another one from here on."""
    change(monkeypatch)


def change(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(FORMS, "networks", FORM)
    example = EXAMPLES["networks"]
    monkeypatch.setitem(EXAMPLES, "networks", {**example, ADDED.key: "柴油机", RENAMED: example[FORMER]})


def filled(submission: Submission, **changes: Any) -> bytes:
    """A workbook of the changed form, with the records of `submission` and the values of `changes` in the first."""
    frame = storage.frame_of(submission).with_columns(pl.lit("柴油发电机").alias(ADDED.key))
    first = pl.int_range(pl.len()) == 0
    values = display(FORM, frame).with_columns(
        pl.when(first).then(pl.lit(value)).otherwise(pl.col(key)).alias(key) for key, value in changes.items()
    )
    return workbook([[title(column) for column in FORM.columns], *values.rows()])


def upload(cast: Cast, data: bytes) -> Submission:
    """Send the file by the page as its preparer, and check it."""
    sent = {"file": SimpleUploadedFile("networks.xlsx", data), "idempotency_key": "k"}
    answer = browser(cast.js_preparer).post("/portal/upload/networks/2026Q3/", sent)
    assert answer.status_code == 302, answer.content
    return check(Submission.objects.filter(period_id="2026Q3").order_by("-version")[0])


def tried(command: str) -> dict[str, Any]:
    """What a command says as JSON."""
    said = io.StringIO()
    call_command(command, "--collection", "networks", "--all", "--json", stdout=said)
    return json.loads(said.getvalue())


def test_the_next_upload_is_compared_with_the_stored_register(
    cast: Cast, registers: list[Submission], changed: None
) -> None:
    data = filled(registers[-1], terminals=999_999.0, investment_10k_cny=0.01, network_name="新名称")
    submission = upload(cast, data)
    codes = set(submission.findings.values_list("code", "column"))
    assert ("hist.W404", "investment_10k_cny") in codes
    assert ("hist.W407", RETYPED) in codes
    assert submission.report["compared_with"]["previous"] == str(registers[-1].pk)
    answer = browser(cast.js_preparer).get(page("portal:changes", submission))
    assert "新名称" in text(answer)
    columns = {line["column"] for line in answer.context["lines"]}
    assert columns == {"network_name", "investment_10k_cny", RETYPED, ADDED.key}


def test_an_upload_of_the_same_records_goes_all_the_way(
    cast: Cast, registers: list[Submission], changed: None
) -> None:
    submission = upload(cast, filled(registers[-1]))
    assert (submission.state, list(submission.findings.values_list("code", flat=True))) == (State.READY, [])
    review.sign(submission=submission, by=cast.js_signer)
    assert text(browser(cast.admin).get(page("review:accept", submission)))
    browser(cast.admin).post(page("review:accept", submission), {"confirm": "on"})
    accepted = fresh(submission)
    assert accepted.state == State.ACCEPTED
    record = Record.objects.filter(submission=accepted).order_by("pk")[0]
    assert (record.data[ADDED.key], DROPPED in record.data) == ("柴油发电机", False)
    for register in (*registers, accepted):
        frame = storage.frame_of(fresh(register)).select(list(FORM.by_key))
        assert frame_of_records(fresh(register)).equals(frame)


def test_figures_are_made_anew_from_records_of_both_editions(
    cast: Cast, registers: list[Submission], changed: None
) -> None:
    said = io.StringIO()
    call_command("recompute", stdout=said)
    values = Figure.objects.in_force().filter(area="320000", indicator="NET_TERMINALS", breakdown="total")
    for register in registers:
        total = storage.frame_of(register)[RETYPED].sum()
        assert [int(figure.value) for figure in values.filter(period=register.period_id)] == [total]


def test_the_prefilled_template_has_the_new_columns(
    cast: Cast, registers: list[Submission], changed: None
) -> None:
    client = APIClient()
    client.force_authenticate(cast.js_preparer)
    answer = client.get("/api/v1/collections/networks/template.xlsx?unit=320000&period=2026Q3")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content), read_only=True).worksheets[0]
    rows = list(sheet.iter_rows(min_row=6, values_only=True))
    frame = storage.frame_of(registers[-1])
    at = ["number", *FORM.by_key]
    assert [row[at.index(RENAMED)] for row in rows] == frame[RENAMED].to_list()
    assert [row[at.index(RETYPED)] for row in rows] == frame[RETYPED].to_list()
    assert {row[at.index(ADDED.key)] if len(row) > at.index(ADDED.key) else None for row in rows} == {None}


def test_rules_are_tried_and_put_in_force_on_tables_of_the_former_edition(
    cast: Cast, waiting: Submission, registers: list[Submission], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert storage.frame_of(waiting)[DROPPED][0] == 12.0
    stored = stored_bytes(waiting, *registers)
    change(monkeypatch)
    trial = tried("try_rules")
    assert (trial["submissions"], trial["state_changes"], trial["rules"]) == (4, [], [])
    assert not any(trial.differs for trial in map(try_rules, (waiting, *registers)))
    tried("recheck_stored")
    assert fresh(waiting).state == waiting.state
    frame = storage.frame_of(waiting)
    assert (frame[RENAMED][0], frame[RETYPED][0]) == ("苏州市虎丘区一号", 77.0)
    assert frame.columns == list(frame_schema(FORM))
    assert stored_bytes(waiting, *registers) == stored


def stored_bytes(*submissions: Submission) -> list[bytes]:
    """What is stored of their tables."""
    contents = []
    for submission in submissions:
        with default_storage.open(submission.frame_path, "rb") as stored:
            contents.append(stored.read())
    return contents


def test_a_changed_rule_reaches_tables_of_the_former_edition(
    cast: Cast, waiting: Submission, monkeypatch: pytest.MonkeyPatch
) -> None:
    stricter = Rule("net.W330", (RETYPED,), pl.col(RETYPED) < 0)
    monkeypatch.setitem(FORMS, "networks", dataclasses.replace(FORM, rules=(*FORM.rules, stricter)))
    assert recheck_stored(submission=waiting) == Outcome.SWAPPED
    assert fresh(waiting).findings.filter(code="net.W330").count() == 6


def test_pages_of_the_former_edition_are_still_there(
    cast: Cast, waiting: Submission, monkeypatch: pytest.MonkeyPatch
) -> None:
    sheet, row = storage.frame_of(waiting).select("_sheet", "_row").row(2)
    doubted = CellEdit(sheet, row, DROPPED, value="0.5")
    correct(submission=waiting, by=cast.js_preparer, edits=[doubted])
    assert waiting.findings.get().column == DROPPED
    change(monkeypatch)
    client = browser(cast.js_preparer)
    for name in ("portal:submission", "portal:changes", "portal:findings"):
        assert client.get(page(name, waiting)).status_code == 200, name


def test_cells_are_corrected_in_a_table_of_the_former_edition(
    cast: Cast, waiting: Submission, monkeypatch: pytest.MonkeyPatch
) -> None:
    change(monkeypatch)
    sheet, row = storage.frame_of(waiting).select("_sheet", "_row").row(1)
    edits = [CellEdit(sheet, row, RENAMED, value="二号"), CellEdit(sheet, row, RETYPED, value="12.5")]
    correct(submission=waiting, by=cast.js_preparer, edits=edits)
    frame = storage.frame_of(waiting)
    assert (frame[RENAMED][1], frame[RETYPED][1]) == ("二号", 12.5)
    assert storage.columns_of(waiting, [RENAMED])[RENAMED].to_list() == frame[RENAMED].to_list()
    rows = storage.corrected_rows_of(waiting, {row})
    assert rows is not None
    assert rows[RETYPED].to_list() == [12.5]


def test_a_new_file_takes_the_corrections_of_the_former_edition_along(
    cast: Cast, waiting: Submission, monkeypatch: pytest.MonkeyPatch
) -> None:
    change(monkeypatch)
    data = filled(waiting, **{RENAMED: "别处", "network_name": "新名称"})
    after = upload(cast, data)
    assert after.state != State.FAILED
    assert [edit.column for edit in edits_of(waiting)] == [RENAMED, RETYPED]


def test_what_was_signed_keeps_its_hash(
    cast: Cast, waiting: Submission, monkeypatch: pytest.MonkeyPatch
) -> None:
    review.sign(submission=waiting, by=cast.js_signer, drop_reason="合并")
    signed = fresh(waiting)
    change(monkeypatch)
    assert receipts.is_as_signed(signed)
    assert [edit.column for edit in stored_edits_of(signed)] == [FORMER, DROPPED, RETYPED]
    assert [edit.column for edit in edits_of(signed)] == [RENAMED, RETYPED]
    keys = {column.key for sheet in sheets_of(signed) for column in sheet.columns}
    assert (RENAMED in keys, FORMER in keys, DROPPED in keys) == (True, False, False)


def test_a_stored_frame_carries_its_version(cast: Cast, registers: list[Submission]) -> None:
    with default_storage.open(registers[0].frame_path, "rb") as stored:
        assert pl.read_parquet_metadata(stored)["gongwang.form"] == form_version(FORMS["networks"])


def test_a_stored_frame_that_has_not_the_shape_of_its_version_is_loud(
    cast: Cast, registers: list[Submission], period: Period
) -> None:
    newest = registers[-1]
    broken = storage.cells_of(newest).drop(DROPPED)
    frame = storage.keep_frame("broken", broken, FORMS["networks"])
    Submission.objects.filter(pk=newest.pk).update(frame_path=frame.path, frame_sha256=frame.sha256)
    with pytest.raises(FrameShapeError, match=DROPPED):
        storage.frame_of(fresh(newest))
    with pytest.raises(FrameShapeError, match=DROPPED):
        storage.columns_of(fresh(newest), ["network_code"])
