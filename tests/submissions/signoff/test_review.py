"""Signing, withdrawing, accepting and returning: who, when, once, and what each leaves behind."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from pytest_django import Settings

from submissions.checks import intake
from submissions.models import Period, Record, Register, State, Submission
from submissions.notifications.obligations import SlotState, slot
from submissions.signoff import receipts, review
from submissions.signoff.review import ReasonGiven
from submissions.workflow import figure_effects as effects
from submissions.workflow.figure_effects import Accepted
from submissions.workflow.permissions import allowed_actions
from tests.acts import check, fresh, refused, send
from tests.conftest import Cast
from tests.planned_engine import Engine, planned, warning
from validation.findings import Finding as Found


@pytest.fixture
def ready(cast: Cast, period: Period, engine: Engine) -> Submission:
    """Jiangsu's networks without findings."""
    return check(send(cast.js_preparer))


@pytest.fixture
def signed(cast: Cast, ready: Submission) -> Submission:
    """Signed by Jiangsu's signer."""
    review.sign(submission=ready, by=cast.js_signer)
    return ready


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[Accepted]:
    """What the registered effects were called with."""
    accepted: list[Accepted] = []
    with_effects(monkeypatch, on_acceptance=accepted.extend)
    return accepted


def with_effects(monkeypatch: pytest.MonkeyPatch, **changed: object) -> None:
    """Have other effects in the place of some of those that are registered."""
    monkeypatch.setattr(effects, "_registered", replace(effects.figure_effects(), **changed))


def test_a_signature_is_bound_to_the_hash_and_gives_a_receipt(
    cast: Cast, period: Period, engine: Engine
) -> None:
    submission = check(send(cast.js_preparer, b"the workbook"))
    review.sign(submission=submission, by=cast.js_signer, request_id="r2")
    receipt = receipts.receipt(fresh(submission))
    assert receipt is not None
    assert receipt.file_sha256 == hashlib.sha256(b"the workbook").hexdigest() != receipt.sha256
    assert receipt.sha256 == receipts.signed_hash(fresh(submission))
    bare, _, tail = receipt.number.rpartition("-")
    assert bare == "GW-2026Q3-320000-NET-0001"
    assert tail == receipts.check_characters(bare, receipt.sha256)
    assert tail != receipts.check_characters(bare, "another hash")
    assert (receipt.signer, receipt.data_rows, receipt.counts) == (
        cast.js_signer,
        3,
        {"E": 0, "W": 0, "I": 0},
    )
    assert set(receipt.totals) >= {"investment_10k_cny", "terminals"}
    event = submission.events.last()
    assert (event.actor, event.to_state, event.request_id) == (cast.js_signer, State.SIGNED, "r2")


def test_no_receipt_before_the_signature(ready: Submission) -> None:
    assert receipts.receipt(ready) is None


def test_the_uploader_does_not_sign_unless_the_setting_allows_it(
    cast: Cast, period: Period, engine: Engine, settings: Settings
) -> None:
    submission = check(send(cast.js_signer))
    refused("signer-is-uploader", lambda: review.sign(submission=submission, by=cast.js_signer))
    assert "sign" not in allowed_actions(cast.js_signer, submission)
    settings.SIGNER_MUST_DIFFER = False
    review.sign(submission=submission, by=cast.js_signer)
    assert fresh(submission).state == State.SIGNED


@pytest.mark.parametrize(
    ("name", "code"),
    [("js_preparer", "not-allowed"), ("zj_signer", "not-found"), ("admin", "not-allowed")],
)
def test_only_a_signer_of_the_unit_signs(cast: Cast, ready: Submission, name: str, code: str) -> None:
    refused(code, lambda: review.sign(submission=ready, by=getattr(cast, name)))
    assert fresh(ready).state == State.READY


@pytest.mark.parametrize(
    ("findings", "code"),
    [
        ([Found("cell.E101", "专网", 3, "site_name")], "has-errors"),
        ([warning()], "open-warnings"),
    ],
)
def test_open_findings_block_the_signature(
    cast: Cast, period: Period, engine: Engine, findings: list[Found], code: str
) -> None:
    engine.answer = planned(findings)
    submission = check(send(cast.js_preparer))
    refusal = refused(code, lambda: review.sign(submission=submission, by=cast.js_signer))
    assert refusal.params == {"count": 1}


def test_a_rule_that_could_not_be_evaluated_blocks_where_its_severity_does(
    cast: Cast, period: Period, engine: Engine
) -> None:
    engine.answer = planned(not_evaluable=("hist.E402", "hist.W401"))
    submission = check(send(cast.js_preparer))
    refusal = refused("not-evaluable", lambda: review.sign(submission=submission, by=cast.js_signer))
    assert refusal.params == {"codes": "hist.E402"}
    engine.answer = planned(not_evaluable=("hist.W401",))
    submission = check(send(cast.js_preparer))
    review.sign(submission=submission, by=cast.js_signer)


def test_a_signature_is_given_to_the_row_as_it_is_and_not_as_it_was_read(
    cast: Cast, ready: Submission
) -> None:
    stale = fresh(ready)
    Submission.objects.filter(pk=ready.pk).update(report={"not_evaluable": ["hist.E402"]})
    refused("not-evaluable", lambda: review.sign(submission=stale, by=cast.js_signer))
    assert fresh(ready).state == State.READY


def test_withdrawing_is_possible_until_review_begins(cast: Cast, signed: Submission) -> None:
    refused("not-allowed", lambda: review.withdraw(submission=signed, by=cast.js_preparer))
    review.begin_review(submission=signed, by=cast.reviewer)
    review.begin_review(submission=signed, by=cast.admin)
    signed = fresh(signed)
    assert (signed.reviewer, signed.events.filter(act="review_began").count()) == (cast.reviewer, 1)
    assert "withdraw" not in allowed_actions(cast.js_signer, signed)
    refused("under-review", lambda: review.withdraw(submission=signed, by=cast.js_signer))


def test_a_stale_page_cannot_withdraw_what_is_under_review(cast: Cast, signed: Submission) -> None:
    stale = fresh(signed)
    review.begin_review(submission=signed, by=cast.reviewer)
    refused("wrong-state", lambda: review.withdraw(submission=stale, by=cast.js_signer))


def test_a_withdrawn_signature_stays_in_the_history(cast: Cast, signed: Submission) -> None:
    review.withdraw(submission=signed, by=cast.js_signer, reason="发错了文件")
    signed = fresh(signed)
    assert (signed.state, signed.signer, signed.events.last().reason) == (
        State.WITHDRAWN,
        cast.js_signer,
        "发错了文件",
    )


def test_a_stale_page_does_not_begin_the_review_of_what_was_withdrawn(cast: Cast, signed: Submission) -> None:
    stale = fresh(signed)
    review.withdraw(submission=signed, by=cast.js_signer)
    refused("wrong-state", lambda: review.begin_review(submission=stale, by=cast.reviewer))


def test_review_begins_only_on_what_is_signed(cast: Cast, ready: Submission) -> None:
    refused("wrong-state", lambda: review.begin_review(submission=ready, by=cast.reviewer))
    refused("wrong-state", lambda: review.accept(submission=ready, by=cast.admin))


def test_acceptance_writes_records_and_register_and_tells_the_figures(
    cast: Cast, signed: Submission, engine: Engine, heard: list[Accepted]
) -> None:
    review.accept(submission=signed, by=cast.admin, request_id="r3")
    frame = planned().frame
    assert Register.objects.in_force().get().submission == signed
    record = Record.objects.get(row=frame["_row"][0])
    assert (Record.objects.count(), record.key) == (3, frame["network_code"][0])
    assert set(record.data) == {name for name in frame.columns if not name.startswith("_")}
    assert Decimal(record.data["investment_10k_cny"]) == frame["investment_10k_cny"][0]
    assert record.data["operators"] == frame["operators"][0].to_list()
    ((submission, frame_received),) = heard
    assert submission == signed
    assert frame_received.equals(frame)
    signed = fresh(signed)
    assert (signed.state, signed.reviewer, signed.decided_at is not None) == (
        State.ACCEPTED,
        cast.admin,
        True,
    )


def test_the_former_register_stays_in_force_until_the_next_is_accepted(
    cast: Cast, period: Period, signed: Submission, engine: Engine
) -> None:
    review.accept(submission=signed, by=cast.admin)
    second = check(send(cast.js_preparer))
    review.sign(submission=second, by=cast.js_signer)
    assert Register.objects.in_force().get().submission == signed
    review.accept(submission=second, by=cast.admin)
    old, new = Register.objects.order_by("valid_from")
    assert (old.submission, new.submission, new.valid_to) == (signed, second, None)
    assert old.valid_to == new.valid_from
    assert fresh(signed).state == State.ACCEPTED


def test_an_effect_that_fails_undoes_the_acceptance(
    cast: Cast, signed: Submission, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(accepted: list[Accepted]) -> None:
        raise ZeroDivisionError

    with_effects(monkeypatch, on_acceptance=broken)
    with pytest.raises(ZeroDivisionError):
        review.accept(submission=signed, by=cast.admin)
    assert fresh(signed).state == State.SIGNED
    assert not Record.objects.exists()
    assert not Register.objects.exists()


def test_a_nil_return_is_signed_and_accepted_as_any_other(
    cast: Cast, period: Period, heard: list[Accepted]
) -> None:
    nil = intake.receive_nil(by=cast.js_preparer, collection="ai_applications", period="2026Q3")
    review.sign(submission=nil, by=cast.js_signer)
    assert nil.receipt_number.startswith("GW-2026Q3-320000-AIA-0001-")
    assert nil.signed_sha256 == receipts.signed_hash(fresh(nil))
    review.accept(submission=nil, by=cast.admin)
    ((_, frame),) = heard
    assert frame.is_empty()
    assert "application_code" in frame.columns
    assert not Record.objects.exists()


@pytest.mark.parametrize("name", ["reviewer", "auditor", "js_signer"])
def test_only_the_national_admin_accepts(cast: Cast, signed: Submission, name: str) -> None:
    refused("not-allowed", lambda: review.accept(submission=signed, by=getattr(cast, name)))


def test_a_return_shows_its_reasons_at_their_places(cast: Cast, signed: Submission) -> None:
    reasons = [
        ReasonGiven("总数偏低"),
        ReasonGiven("请核对", code="net.W320", sheet="专网", row=3, column="status"),
    ]
    review.return_(submission=signed, by=cast.reviewer, reasons=reasons)
    signed = fresh(signed)
    assert (signed.state, signed.reviewer) == (State.RETURNED, cast.reviewer)
    assert list(signed.return_reasons.values_list("text", "code", "sheet", "row", "column")) == [
        ("总数偏低", "", "", None, ""),
        ("请核对", "net.W320", "专网", 3, "status"),
    ]
    assert signed.events.last().reason == "总数偏低"


@pytest.mark.parametrize(
    ("code", "reasons"),
    [
        ("reason-required", []),
        ("reason-required", [ReasonGiven("  ")]),
        ("reason-required", [ReasonGiven("fine"), ReasonGiven("")]),
        ("text-too-long", [ReasonGiven("长" * 1001)]),
        ("place-unknown", [ReasonGiven("fine", code="net.W999")]),
        ("place-unknown", [ReasonGiven("fine", column="application_code")]),
    ],
)
def test_a_return_needs_sound_reasons(
    cast: Cast, signed: Submission, code: str, reasons: list[ReasonGiven]
) -> None:
    refused(code, lambda: review.return_(submission=signed, by=cast.reviewer, reasons=reasons))
    assert fresh(signed).state == State.SIGNED


def test_the_second_decision_is_refused(cast: Cast, signed: Submission) -> None:
    stale = fresh(signed)
    review.accept(submission=signed, by=cast.admin)
    for act in (
        lambda: review.accept(submission=stale, by=cast.admin),
        lambda: review.return_(submission=stale, by=cast.reviewer, reasons=[ReasonGiven("no")]),
        lambda: review.withdraw(submission=stale, by=cast.js_signer),
    ):
        refused("wrong-state", act)
    assert Register.objects.count() == 1


def test_a_slot_goes_from_not_yet_due_to_submitted(cast: Cast, period: Period, engine: Engine) -> None:
    unit, today = cast.js_preparer.unit, timezone.localdate()

    def state(day: date) -> SlotState:
        return slot(unit, "networks", period, day).state

    assert state(period.opens - timedelta(days=1)) == SlotState.NOT_OPEN
    submission = check(send(cast.js_preparer))
    assert slot(unit, "networks", period, today).current == submission
    assert state(period.due) == SlotState.NOT_YET_DUE
    assert state(period.closes) == SlotState.LATE
    assert state(period.closes + timedelta(days=1)) == SlotState.MISSING
    review.sign(submission=submission, by=cast.js_signer)
    assert state(today) == SlotState.SUBMITTED
    review.accept(submission=submission, by=cast.admin)
    newer = send(cast.js_preparer)
    slot_now = slot(unit, "networks", period, today)
    assert (slot_now.state, slot_now.current, slot_now.in_force) == (SlotState.SUBMITTED, newer, submission)


def test_a_signed_nil_return_is_nil(cast: Cast, period: Period) -> None:
    nil = intake.receive_nil(by=cast.js_preparer, collection="networks", period="2026Q3")
    unit, today = cast.js_preparer.unit, timezone.localdate()
    assert slot(unit, "networks", period, today).state == SlotState.NOT_YET_DUE
    review.sign(submission=nil, by=cast.js_signer)
    assert slot(unit, "networks", period, today).state == SlotState.NIL


def test_effects_are_registered_once_and_never_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(RuntimeError, match="registered already"):
        effects.register(effects.figure_effects())
    monkeypatch.setattr(effects, "_registered", None)
    with pytest.raises(RuntimeError, match="no figure effects"):
        effects.figure_effects()
