"""Comparing with other units: made after the signature, found again when lost, and shown to reviewers alone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone
from rest_framework.test import APIClient

from submissions import tasks
from submissions.checks import cross_unit, intake
from submissions.edits.corrections import CellEdit, correct
from submissions.edits.explanations import explain
from submissions.files import storage
from submissions.findings.store import counts, groups
from submissions.jobs.sweeper import sweep_comparisons
from submissions.models import Finding, Period, Register, State, Submission, Unit, User
from submissions.signoff import review
from tests.acts import fresh, refused
from tests.conftest import Cast
from tests.factories import accepted, checked, signed
from tests.portal.browsing import browser, page, text

LICENCE = "工频示2026-共用-00001"


def licensed(by: User, signer: User, period: Period, **rows: int) -> Submission:
    """Signed networks, the first of them under LICENCE."""
    submission = checked(by, period, **rows)
    sheet, row = storage.frame_of(submission).select("_sheet", "_row").row(0)
    edit = CellEdit(sheet, row, "spectrum_licence_no", value=LICENCE)
    correct(submission=submission, by=by, edits=[edit])
    review.sign(submission=submission, by=signer)
    return submission


@pytest.fixture
def compared(cast: Cast, period: Period) -> Submission:
    """Jiangsu's signed networks, one of which Zhejiang reports as well, compared."""
    licensed(cast.zj_preparer, cast.zj_signer, period)
    submission = licensed(cast.js_preparer, cast.js_signer, period)
    tasks.compare_submission(str(submission.pk))
    return fresh(submission)


def finding_places(submission: Submission) -> list[tuple[Any, ...]]:
    return list(submission.findings.values_list("code", "row", "column"))


def test_the_other_unit_and_its_record_are_named(compared: Submission) -> None:
    finding = compared.findings.get()
    assert (finding.code, finding.column, finding.value) == ("nat.W501", "spectrum_licence_no", LICENCE)
    assert finding.params["unit"] == {"zh": "浙江省", "en": "Zhejiang Province"}
    assert finding.params["other"].startswith("ZJ-")
    assert compared.compared_at is not None
    assert compared.comparison_due is None


def test_it_counts_nothing_at_the_unit(cast: Cast, compared: Submission) -> None:
    assert (compared.state, compared.warnings, compared.open_warnings) == (State.SIGNED, 0, 0)
    assert counts(compared) == {"E": 0, "W": 0, "I": 0, "open": 0}
    assert groups(compared, cast.js_preparer) == []
    assert [(group.code, group.open) for group in groups(compared, cast.reviewer)] == [("nat.W501", 0)]


def test_only_national_staff_may_read_it(cast: Cast, compared: Submission) -> None:
    for user, seen in [(cast.js_preparer, 0), (cast.js_signer, 0), (cast.reviewer, 1), (cast.auditor, 1)]:
        assert Finding.objects.visible_to(user).count() == seen
        client = APIClient()
        client.force_authenticate(user)
        answer = client.get(f"/api/v1/submissions/{compared.pk}/findings/").json()
        assert answer["count"] == seen
        assert len(client.get(f"/api/v1/submissions/{compared.pk}/groups/").json()) == seen


def test_pages_show_it_to_the_reviewer_alone(cast: Cast, compared: Submission) -> None:
    for name in ("submission", "findings"):
        assert "nat.W501" not in text(browser(cast.js_preparer).get(page(f"portal:{name}", compared)))
        assert "nat.W501" in text(browser(cast.reviewer).get(page(f"review:{name}", compared)))
    assert "Compared with the other units" in text(
        browser(cast.reviewer).get(page("review:submission", compared))
    )
    form = browser(cast.js_preparer).get(page("portal:findings", compared)).context["filter"]
    assert "nat.W501" not in str(form["code"])


def test_the_unit_cannot_explain_it(cast: Cast, compared: Submission) -> None:
    Submission.objects.filter(pk=compared.pk).update(state=State.UNEXPLAINED)
    act = {"submission": fresh(compared), "by": cast.js_preparer, "code": "nat.W501", "reason": "confirmed"}
    refused("nothing-to-explain", lambda: explain(**act))


def test_comparing_twice_finds_it_once(cast: Cast, compared: Submission) -> None:
    Submission.objects.filter(pk=compared.pk).update(comparison_due=timezone.now())
    cross_unit.compare(submission_id=compared.pk)
    cross_unit.compare(submission_id=compared.pk)
    assert [code for code, *_ in finding_places(compared)] == ["nat.W501"]
    assert fresh(compared).comparison_attempts == 2


@pytest.mark.parametrize(("state", "attempts", "faults"), [(State.WITHDRAWN, 0, 0), (State.SIGNED, 99, 1)])
def test_only_attempts_used_up_are_a_fault(
    compared: Submission, caplog: pytest.LogCaptureFixture, state: State, attempts: int, faults: int
) -> None:
    due = {"comparison_due": timezone.now(), "comparison_attempts": attempts, "state": state}
    Submission.objects.filter(pk=compared.pk).update(**due)
    cross_unit.compare(submission_id=compared.pk)
    assert fresh(compared).comparison_due is None
    assert caplog.text.count("is given up") == faults


def test_the_last_accepted_register_stands_in_for_a_missing_one(
    cast: Cast, period: Period, earlier_period: Period
) -> None:
    earlier = licensed(cast.zj_preparer, cast.zj_signer, earlier_period)
    review.accept(submission=earlier, by=cast.admin)
    submission = licensed(cast.js_preparer, cast.js_signer, period)
    cross_unit.compare(submission_id=submission.pk)
    assert [code for code, *_ in finding_places(submission)] == ["nat.W501"]


def test_unsigned_registers_are_not_compared_with(cast: Cast, period: Period) -> None:
    licensed(cast.zj_preparer, cast.zj_signer, period)
    Submission.objects.filter(unit="330000").update(state=State.READY)
    submission = licensed(cast.js_preparer, cast.js_signer, period)
    cross_unit.compare(submission_id=submission.pk)
    assert finding_places(submission) == []
    assert fresh(submission).compared_at is not None


def registered(cast: Cast, unit: Unit, period: Period, rows: int) -> None:
    """A unit's accepted register of so many rows; its content is of no matter."""
    now = timezone.now()
    submission = Submission.objects.create(
        unit=unit,
        collection="networks",
        period=period,
        version=1,
        nil_return=True,
        state=State.ACCEPTED,
        uploader=cast.js_preparer,
        data_rows=rows,
        signer=cast.js_signer,
        signed_at=now,
        receipt_number=f"{unit.pk}-{period.pk}",
        reviewer=cast.admin,
        decided_at=now,
    )
    slot = {"unit": unit, "collection": "networks", "period": period}
    Register.objects.create(**slot, submission=submission, valid_from=now)


@pytest.mark.parametrize(("others", "codes"), [(8, ["nat.W503"]), (7, [])])
def test_growth_unlike_the_others(
    cast: Cast, period: Period, earlier_period: Period, others: int, codes: list[str]
) -> None:
    for number, unit in enumerate(Unit.objects.exclude(pk="320000")[:others]):
        registered(cast, unit, earlier_period, 100)
        registered(cast, unit, period, 100 + number)
    accepted(cast.js_preparer, cast.js_signer, cast.admin, earlier_period, rows=3)
    submission = signed(cast.js_preparer, cast.js_signer, period, rows=9)
    cross_unit.compare(submission_id=submission.pk)
    assert [code for code, *_ in finding_places(submission) if code.startswith("nat.")] == codes


def test_a_nil_return_is_compared_too(cast: Cast, period: Period) -> None:
    submission = intake.receive_nil(by=cast.js_preparer, collection="networks", period=period.code)
    review.sign(submission=submission, by=cast.js_signer)
    cross_unit.compare(submission_id=submission.pk)
    assert fresh(submission).compared_at is not None


def test_a_lost_message_is_sent_again(cast: Cast, period: Period, monkeypatch: pytest.MonkeyPatch) -> None:
    tasks: list[str] = []
    monkeypatch.setattr("submissions.dispatch._send", lambda task, pk: tasks.append(task) or True)
    submission = signed(cast.js_preparer, cast.js_signer, period)
    assert sweep_comparisons() == []
    late = timezone.now() - timedelta(seconds=1)
    Submission.objects.filter(pk=submission.pk).update(comparison_due=late)
    assert sweep_comparisons() == [submission.pk]
    assert tasks == ["submissions.tasks.compare_submission"]
    assert sweep_comparisons() == []


def test_a_comparison_that_always_fails_is_given_up(
    cast: Cast, period: Period, monkeypatch: pytest.MonkeyPatch
) -> None:
    submission = signed(cast.js_preparer, cast.js_signer, period)

    def fault(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(cross_unit, "check_nationally", fault)
    for _ in range(settings.MAX_ATTEMPTS):
        with pytest.raises(ZeroDivisionError):
            cross_unit.compare(submission_id=submission.pk)
    cross_unit.compare(submission_id=submission.pk)
    given_up = fresh(submission)
    assert (given_up.comparison_due, given_up.compared_at) == (None, None)
    answer = browser(cast.reviewer).get(page("review:submission", given_up))
    assert "The comparison with the other units could not be made." in text(answer)


def test_a_withdrawn_form_is_not_compared(cast: Cast, period: Period) -> None:
    submission = signed(cast.js_preparer, cast.js_signer, period)
    review.withdraw(submission=submission, by=cast.js_signer)
    cross_unit.compare(submission_id=submission.pk)
    assert (fresh(submission).comparison_due, fresh(submission).compared_at) == (None, None)
