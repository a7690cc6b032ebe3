"""Stored originals and tables are compared with their hash whenever they are read: damage is told, never judged or
accepted, and repaired by the same bytes."""

from __future__ import annotations

import hashlib
import io
import json
import logging
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from pytest_django import Settings
from rest_framework.test import APIClient

from submissions.checks import intake, repairs
from submissions.edits import corrections
from submissions.edits.corrections import CellEdit
from submissions.files import storage
from submissions.files.frame_cache import recent_frames
from submissions.files.stored_bytes import DamagedError
from submissions.models import Period, Record, Register, Signature, State, StoredFile, Submission
from submissions.signoff import receipts, review
from tests import factories
from tests.acts import check, fresh, refused
from tests.conftest import Cast
from tests.portal.browsing import browser, page, text

Damage = Callable[[Path], None]


def replaced(path: Path) -> None:
    """By another file, as whole as the first."""
    path.write_bytes(b"another file")


def flipped(path: Path) -> None:
    """One bit of the last byte."""
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)


DAMAGES: list[Damage] = [replaced, flipped, Path.unlink]


@pytest.fixture
def rebuilt(monkeypatch: pytest.MonkeyPatch) -> list[UUID]:
    """Tables that the workers were told to make again."""
    queued: list[UUID] = []
    monkeypatch.setattr("submissions.dispatch.enqueue_rebuild_on_commit", queued.append)
    return queued


@pytest.fixture(autouse=True)
def _nothing_at_hand() -> None:
    """Tables are read from where they are stored, as by a process that has just started."""
    recent_frames._frames.clear()


def original(files: Path, submission: Submission) -> Path:
    assert submission.file is not None
    return files / submission.file.path


def table(files: Path, submission: Submission) -> Path:
    return files / submission.frame_path


def send_again(submission: Submission, data: bytes) -> Submission:
    recent_frames._frames.clear()
    return intake.receive(
        by=submission.uploader,
        collection=submission.collection,
        period=submission.period_id,
        upload=io.BytesIO(data),
        filename="again.xlsx",
    )


def damaged(act: Callable[[], object], caplog: pytest.LogCaptureFixture) -> None:
    """`act` is refused because of what is stored, and whoever watches the log hears of it."""
    caplog.clear()
    with pytest.raises(DamagedError):
        act()
    alarms = [record for record in caplog.records if record.levelno == logging.CRITICAL]
    assert [record.name for record in alarms] == ["submissions.files.stored_bytes"]
    assert "verify_storage" in alarms[0].getMessage()


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_original_is_not_given_out(
    cast: Cast, period: Period, files: Path, damage: Damage, caplog: pytest.LogCaptureFixture
) -> None:
    submission = factories.checked(cast.js_preparer, period)
    client = browser(cast.js_preparer)
    address = page("portal:file", submission)
    sound = b"".join(client.get(address).streaming_content)
    damage(original(files, submission))
    damaged(lambda: storage.open_original(submission.file), caplog)
    answer = client.get(address)
    assert answer.status_code == 503
    assert "damaged or missing" in text(answer)
    assert "损坏或丢失" in text(browser(cast.js_preparer, "zh-hans").get(address))
    api = APIClient()
    api.force_authenticate(cast.js_preparer)
    problem = api.get(f"/api/v1/submissions/{submission.pk}/workbook/")
    assert (problem.status_code, problem.json()["code"]) == (503, "storage-damaged")

    refusal = refused("same-file", lambda: send_again(submission, sound))
    assert refusal.submission == submission
    assert b"".join(client.get(address).streaming_content) == sound
    assert storage.open_original(submission.file) == sound


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_original_is_not_judged_until_the_same_bytes_come_again(
    cast: Cast, period: Period, files: Path, damage: Damage, caplog: pytest.LogCaptureFixture
) -> None:
    submission = factories.received(cast.js_preparer, period)
    sound = storage.open_original(submission.file)
    damage(original(files, submission))
    submission = check(submission)
    assert (submission.state, submission.failure) == (State.FAILED, "storage-damaged")
    assert not submission.findings.exists()
    assert any(record.levelno == logging.CRITICAL for record in caplog.records)
    html = text(browser(cast.js_preparer).get(page("portal:submission", submission)))
    assert "needs is damaged or missing on the server" in html

    again = send_again(submission, sound)
    assert (again.pk, again.state, again.version) == (submission.pk, State.RECEIVED, 1)
    assert fresh(again).events.last().act == "file_repaired"
    assert check(again).state == State.READY


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_table_is_neither_shown_nor_signed_and_the_same_bytes_make_it_again(
    cast: Cast, period: Period, files: Path, damage: Damage, caplog: pytest.LogCaptureFixture
) -> None:
    submission = factories.checked(cast.js_preparer, period)
    sound = storage.open_original(submission.file)
    damage(table(files, submission))
    damaged(lambda: storage.cells_of(submission), caplog)
    damaged(lambda: storage.rows_of(submission, {4}), caplog)
    damaged(lambda: storage.cell_columns(submission, ["network_code"]), caplog)
    damaged(lambda: review.sign(submission=fresh(submission), by=cast.js_signer), caplog)
    assert browser(cast.js_signer).get(page("portal:sign", submission)).status_code == 503

    again = send_again(submission, sound)
    assert (again.pk, again.state) == (submission.pk, State.RECEIVED)
    again = check(again)
    assert (again.state, again.frame_sha256) == (State.READY, submission.frame_sha256)
    review.sign(submission=again, by=cast.js_signer)


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("place", [original, table])
def test_what_is_damaged_is_not_accepted_and_the_same_bytes_repair_what_was_signed(
    cast: Cast,
    period: Period,
    files: Path,
    damage: Damage,
    place: Callable[[Path, Submission], Path],
    rebuilt: list[UUID],
    caplog: pytest.LogCaptureFixture,
) -> None:
    submission = factories.signed(cast.js_preparer, cast.js_signer, period)
    sound = storage.open_original(submission.file)
    # at hand in this process, yet not where it is stored
    storage.cells_of(submission)
    damage(place(files, submission))
    damaged(lambda: review.accept(submission=fresh(submission), by=cast.admin), caplog)
    assert fresh(submission).state == State.SIGNED
    assert not Register.objects.exists()
    assert not Record.objects.exists()

    refused("signed-waits", lambda: send_again(submission, sound))
    assert rebuilt == ([submission.pk] if place is table else [])
    for submission_id in rebuilt:
        assert repairs.rebuild_frame(submission_id=submission_id)
    review.accept(submission=fresh(submission), by=cast.admin)
    assert Record.objects.count() == 5


def test_a_table_with_corrections_is_made_again_as_it_was_judged(
    cast: Cast, period: Period, files: Path
) -> None:
    """Corrections of before the check are in the table, those after it lie over it."""
    submission = corrected(cast, period)
    Submission.objects.filter(pk=submission.pk).update(state=State.RECEIVED)
    submission = check(submission)
    place = submission.corrections.values_list("sheet", "row", "column").get()
    edit = CellEdit(*place, value="8")
    corrections.correct(submission=submission, by=cast.js_preparer, edits=[edit])
    review.sign(submission=fresh(submission), by=cast.js_signer)
    path = table(files, submission)
    sound = path.read_bytes()
    path.unlink()
    assert repairs.rebuild_frame(submission_id=submission.pk)
    assert path.read_bytes() == sound
    review.accept(submission=fresh(submission), by=cast.admin)
    assert Record.objects.get(sheet=place[0], row=place[1]).data[place[2]] == 8


def test_another_table_never_takes_the_place_of_the_one_that_was_signed(
    cast: Cast,
    period: Period,
    files: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    submission = factories.signed(cast.js_preparer, cast.js_signer, period)
    other = factories.checked(cast.zj_preparer, period)
    made = storage.cells_of(other)
    table(files, submission).unlink()
    monkeypatch.setattr("validation.validate", lambda *_, **__: SimpleNamespace(cells=made))
    assert not repairs.rebuild_frame(submission_id=submission.pk)
    assert "restore it from a backup" in caplog.text
    assert not table(files, submission).exists()


def test_a_table_put_in_the_place_of_the_signed_one_with_its_hash_is_not_accepted(
    cast: Cast, period: Period, caplog: pytest.LogCaptureFixture
) -> None:
    submission = factories.signed(cast.js_preparer, cast.js_signer, period)
    other = factories.checked(cast.zj_preparer, period)
    Submission.objects.filter(pk=submission.pk).update(
        frame_path=other.frame_path, frame_sha256=other.frame_sha256
    )
    refused("not-as-signed", lambda: review.accept(submission=fresh(submission), by=cast.admin))
    assert fresh(submission).state == State.SIGNED
    assert "differs from what was signed" in caplog.text
    reasons = [review.ReasonGiven("与签发内容不一致，请重新报送")]
    review.return_(submission=fresh(submission), by=cast.admin, reasons=reasons)


# -- what was signed before tables were hashed --------------------------------------------------------


def as_before(submission: Submission) -> str:
    """Signed and stored as it was before tables were hashed; gives the hash that was signed."""
    signed = hashed_as_before(submission)
    number = receipts.receipt_number(submission, signed)
    rows = Submission.objects.filter(pk=submission.pk)
    rows.update(frame_sha256="", signed_sha256=signed, receipt_number=number)
    Signature.objects.filter(submission=submission).update(scheme=1)
    return signed


def hashed_as_before(submission: Submission) -> str:
    """The first scheme, spelt out here once more."""
    rows = submission.corrections.in_force().values_list("sheet", "row", "column", "new")
    if submission.file_id is None:
        return hashlib.sha256(b"nil/2026Q3-320000-NET-0001").hexdigest()
    if not rows:
        return submission.file_id
    said = f"{submission.file_id}\n{json.dumps([list(row) for row in sorted(rows)], ensure_ascii=False)}"
    return hashlib.sha256(said.encode()).hexdigest()


def nil(cast: Cast, period: Period) -> Submission:
    return intake.receive_nil(by=cast.js_preparer, collection="networks", period=period.code)


def plain(cast: Cast, period: Period) -> Submission:
    return factories.checked(cast.js_preparer, period)


def corrected(cast: Cast, period: Period) -> Submission:
    submission = factories.checked(cast.js_preparer, period, rows=40, defects=["cell.E103"])
    finding = submission.findings.get(code="cell.E103")
    edit = CellEdit(finding.sheet, finding.row, finding.column, value="7")
    corrections.correct(submission=submission, by=cast.js_preparer, edits=[edit])
    return fresh(submission)


@pytest.mark.parametrize("make", [nil, plain, corrected])
def test_old_signatures_and_receipts_hold_as_before(
    cast: Cast, period: Period, make: Callable[[Cast, Period], Submission]
) -> None:
    submission = make(cast, period)
    review.sign(submission=submission, by=cast.js_signer)
    assert Signature.objects.get(submission=submission).scheme == receipts.NEWEST_SCHEME == 2
    assert receipts.is_as_signed(fresh(submission))
    bound = fresh(submission).signed_sha256
    signed = as_before(submission)
    assert signed != bound
    submission = fresh(submission)
    assert receipts.is_as_signed(submission)
    verified = receipts.verify(str(submission.receipt_number))
    assert verified
    assert (verified.sha256, verified.file_sha256) == (signed, submission.file_id)
    call_command("hash_frames", stdout=io.StringIO())
    submission = fresh(submission)
    assert receipts.is_as_signed(submission)
    assert bool(submission.frame_sha256) is not submission.nil_return
    review.accept(submission=submission, by=cast.admin)
    html = text(browser(cast.js_signer).get(page("portal:receipt", submission)))
    assert signed in html


def test_a_new_signature_binds_file_table_and_corrections(cast: Cast, period: Period) -> None:
    submission = corrected(cast, period)
    bound = receipts.signed_hash(submission)
    submission.frame_sha256 = "0" * 64
    assert receipts.signed_hash(submission) != bound
    submission = fresh(submission)
    submission.file_id = "0" * 64
    assert receipts.signed_hash(submission) != bound
    submission = fresh(submission)
    submission.corrections.all().delete()
    assert receipts.signed_hash(submission) != bound


def test_a_signer_may_name_either_hash_of_what_was_seen(cast: Cast, period: Period) -> None:
    submission = plain(cast, period)
    sign = partial(review.sign, submission=submission, by=cast.js_signer)
    refused("content-changed", lambda: sign(seen_sha256="0" * 64))
    for seen in (submission.file_id, receipts.signed_hash(submission)):
        with transaction.atomic():
            sign(seen_sha256=seen)
            transaction.set_rollback(True)
        submission.refresh_from_db()


def test_receipts_tell_both_hashes(cast: Cast, period: Period) -> None:
    submission = factories.signed(cast.js_preparer, cast.js_signer, period)
    client = browser(cast.js_signer)
    verified = text(browser().get(f"/receipts/{submission.receipt_number}/"))
    for html in (verified, text(client.get(page("portal:receipt", submission)))):
        assert submission.signed_sha256 in html
        assert submission.file_id in html
    assert "exactly when its SHA-256 is that of the file" in verified


# -- commands -----------------------------------------------------------------------------------------


def verify(*arguments: str) -> tuple[int, list[str]]:
    """Exit code and lines."""
    out = io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("verify_storage", *arguments, stdout=out)
    assert isinstance(ended.value.code, int)
    return ended.value.code, out.getvalue().splitlines()


def test_verify_storage_lists_what_is_not_sound(cast: Cast, period: Period, files: Path) -> None:
    first, second = plain(cast, period), factories.checked(cast.zj_preparer, period)
    code, lines = verify()
    assert (code, len(lines)) == (0, 1)
    assert "all sound" in lines[0]
    original(files, first).unlink()
    flipped(table(files, second))
    Submission.objects.filter(pk=first.pk).update(frame_sha256="")
    code, lines = verify()
    assert code == 1
    assert lines[0].startswith(f"{first.file.path} is missing: 320000 networks 2026Q3 v1")
    assert str(first.pk) in lines[0]
    assert lines[1].startswith(f"{first.frame_path} has no hash yet: run manage.py hash_frames")
    assert lines[2].startswith(f"{second.frame_path} is damaged: 330000 networks 2026Q3 v1")
    assert "3 个异常 not sound" in lines[3]


def test_verify_storage_repairs_from_files_at_hand(
    cast: Cast, period: Period, files: Path, tmp_path: Path, rebuilt: list[UUID]
) -> None:
    submission = factories.accepted(cast.js_preparer, cast.js_signer, cast.admin, period)
    Period.objects.update(opens="2020-01-01", due="2020-01-02", closes="2020-01-03")
    backup, other = tmp_path / "backup.xlsx", tmp_path / "other.xlsx"
    backup.write_bytes(storage.open_original(submission.file))
    other.write_bytes(b"of nobody")
    replaced(original(files, submission))
    replaced(table(files, submission))
    assert verify()[0] == 1
    code, lines = verify("--repair", str(other), str(backup))
    assert lines[0].endswith("other.xlsx: is the original of no return")
    assert lines[1].endswith("backup.xlsx: is stored and sound")
    assert (code, StoredFile.objects.count()) == (0, 1)
    assert fresh(submission).state == State.ACCEPTED


def test_tables_from_before_are_hashed_once(cast: Cast, period: Period, files: Path) -> None:
    first, second = plain(cast, period), factories.checked(cast.zj_preparer, period)
    hashes = [first.frame_sha256, second.frame_sha256]
    Submission.objects.update(frame_sha256="")
    storage.cells_of(fresh(first))
    replaced(table(files, second))
    with pytest.raises(CommandError, match=f"submission {second.pk}"):
        call_command("hash_frames", stdout=io.StringIO())
    assert [fresh(first).frame_sha256, fresh(second).frame_sha256] == [hashes[0], ""]
    out = io.StringIO()
    with pytest.raises(CommandError):
        call_command("hash_frames", stdout=out)
    assert "已补记 0 个" in out.getvalue()


def test_the_hash_is_that_of_the_bytes_that_are_stored(cast: Cast, period: Period, files: Path) -> None:
    submission = plain(cast, period)
    assert hashlib.sha256(table(files, submission).read_bytes()).hexdigest() == submission.frame_sha256
    assert hashlib.sha256(original(files, submission).read_bytes()).hexdigest() == submission.file_id


def test_a_table_that_a_newer_check_has_replaced_is_no_alarm(
    cast: Cast, period: Period, files: Path, caplog: pytest.LogCaptureFixture, settings: Settings
) -> None:
    seen = plain(cast, period)
    table(files, seen).unlink()
    Submission.objects.filter(pk=seen.pk).update(frame_path="frames/newer.parquet")
    refused("wrong-state", lambda: storage.cells_of(seen))
    assert not [record for record in caplog.records if record.levelno == logging.CRITICAL]
