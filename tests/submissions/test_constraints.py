"""The database itself refuses what no verb may ever write."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from submissions.accounts.reporting_units import load_units
from submissions.checks import intake
from submissions.models import Event, IdempotencyKey, Period, Register, ReturnReason, State, Submission, User
from submissions.models.unit import Unit
from submissions.signoff import review
from tests.acts import send
from tests.conftest import Cast


def breaks(constraint: str) -> pytest.RaisesExc[IntegrityError]:
    return pytest.raises(IntegrityError, match=constraint)


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("submission_file_or_nil", {"file": None}),
        ("submission_decided_is_signed", {"state": State.SIGNED}),
        ("submission_signature_whole", {"signed_at": timezone.now()}),
        ("submission_signature_whole", {"receipt_number": "GW"}),
        ("submission_decision_has_reviewer", {"state": State.ACCEPTED}),
        ("submission_lease_whole", {"lease": uuid4()}),
        ("submission_failure_has_code", {"state": State.FAILED}),
    ],
)
def test_half_a_fact_is_refused(
    cast: Cast, period: Period, constraint: str, fields: dict[str, object]
) -> None:
    if constraint == "submission_decision_has_reviewer":
        fields |= {"signer": cast.js_signer, "signed_at": timezone.now(), "receipt_number": "GW"}
    submission = send(cast.js_preparer)
    with breaks(constraint), transaction.atomic():
        Submission.objects.filter(pk=submission.pk).update(**fields)


def test_a_version_is_there_once(cast: Cast, period: Period) -> None:
    send(cast.js_preparer)
    second = send(cast.js_preparer)
    with breaks("submission_version_once"), transaction.atomic():
        Submission.objects.filter(pk=second.pk).update(version=1)


def test_one_signed_version_per_slot(cast: Cast, period: Period) -> None:
    nil = intake.receive_nil(by=cast.js_preparer, collection="networks", period="2026Q3")
    review.sign(submission=nil, by=cast.js_signer)
    fields = {"unit": nil.unit, "collection": nil.collection, "period": nil.period, "nil_return": True}
    with breaks("submission_one_signed_per_slot"), transaction.atomic():
        Submission.objects.create(
            **fields,
            version=2,
            uploader=cast.js_preparer,
            state=State.SIGNED,
            signer=cast.js_signer,
            signed_at=timezone.now(),
            receipt_number="GW-2",
        )


def test_one_register_in_force_per_slot(cast: Cast, period: Period) -> None:
    nil = intake.receive_nil(by=cast.js_preparer, collection="networks", period="2026Q3")
    review.sign(submission=nil, by=cast.js_signer)
    review.accept(submission=nil, by=cast.admin)
    with breaks("register_one_in_force"), transaction.atomic():
        Register.objects.create(
            unit=nil.unit,
            collection=nil.collection,
            period=period,
            submission=send(cast.js_preparer),
            valid_from=timezone.now(),
        )


@pytest.mark.parametrize(("role", "unit"), [("unit_preparer", None), ("reviewer", "320000")])
def test_unit_staff_have_a_unit_and_national_staff_none(units: int, role: str, unit: str | None) -> None:
    with breaks("user_unit_fits_role"), transaction.atomic():
        User.objects.create(username="x", role=role, unit_id=unit)


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("period_days_in_order", {"due": date(2025, 1, 1)}),
        ("period_days_in_order", {"closes": date(2025, 1, 1)}),
        ("period_code_form", {"code": "2026Q5"}),
    ],
)
def test_a_period_is_in_order(db: None, constraint: str, fields: dict[str, object]) -> None:
    days = {"opens": date(2026, 10, 1), "due": date(2026, 10, 15), "closes": date(2026, 11, 1)}
    with breaks(constraint), transaction.atomic():
        Period.objects.create(**{"code": "2026Q3"} | days | fields)


def test_a_return_reason_says_something(cast: Cast, period: Period) -> None:
    with breaks("return_reason_says_something"), transaction.atomic():
        ReturnReason.objects.create(submission=send(cast.js_preparer), by=cast.reviewer, text="")


def test_an_idempotency_key_is_there_once_per_user(cast: Cast, period: Period) -> None:
    submission = send(cast.js_preparer, idempotency_key="k")
    with breaks("idempotency_key_once"), transaction.atomic():
        IdempotencyKey.objects.create(user=cast.js_preparer, key="k", fingerprint="f", submission=submission)


def test_every_move_leaves_a_row_of_history(cast: Cast, period: Period) -> None:
    submission = send(cast.js_preparer)
    send(cast.js_preparer)
    history = Submission.pgh_event_model.objects.filter(pgh_obj_id=submission.pk).order_by("pgh_id")
    assert [row.state for row in history] == [State.RECEIVED, State.SUPERSEDED]
    assert Event.objects.filter(submission=submission).count() == 2


def test_units_are_loaded_once_and_kept_up_to_date(db: None) -> None:
    assert load_units() == 37
    Unit.objects.filter(pk="320000").update(name_zh="旧名")
    assert load_units() == Unit.objects.count() == 37
    assert Unit.objects.get(pk="320000").name_zh == "江苏省"
    assert Unit.objects.get(pk="330200").province == "330000"
    assert Unit.objects.get(pk="330000").province == "330000"


def test_the_command_loads_the_units(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_units")
    assert capsys.readouterr().out == "37 reporting units\n"
