"""The last accepted register: of three earlier quarters the newest is taken, wherever somebody asks for it."""

from __future__ import annotations

import io

import openpyxl
import pytest
from rest_framework.test import APIClient

from national.dissemination.coverage import coverage
from submissions.checks import cross_unit, intake
from submissions.checks.context import context_for, previous_register
from submissions.models import Period, Register, Submission
from submissions.signoff import review
from submissions.signoff.figure_impact import drops
from tests import factories
from tests.acts import refused
from tests.conftest import Cast
from tests.portal.browsing import browser, page, text

#: rows of the three earlier quarters, so that each can be told by its size
SIZES = (3, 5, 7)


@pytest.fixture
def accepted(cast: Cast, period: Period, earlier_periods: list[Period]) -> list[Submission]:
    """Jiangsu's networks of three earlier quarters, accepted out of their order."""
    quarters = list(zip(earlier_periods, SIZES, strict=True))
    return [
        factories.accepted(cast.js_preparer, cast.js_signer, cast.admin, earlier, rows=rows)
        for earlier, rows in (quarters[1], quarters[2], quarters[0])
    ]


@pytest.fixture
def present(cast: Cast, period: Period, accepted: list[Submission]) -> Submission:
    """Four rows for 2026Q3: more than the oldest quarter has, and far fewer than the newest."""
    return factories.checked(cast.js_preparer, period, rows=4)


def test_registers_are_ordered_by_the_periods_code(accepted: list[Submission]) -> None:
    held = Register.objects.in_force()
    for period, before, until in [
        ("2025Q4", [], ["2025Q4"]),
        ("2026Q1", ["2025Q4"], ["2026Q1"]),
        ("2026Q3", ["2026Q2"], ["2026Q2"]),
        ("2030Q1", ["2026Q2"], ["2026Q2"]),
    ]:
        assert [register.period_id for register in held.newest_before(period)] == before
        assert [register.period_id for register in held.newest_until(period)] == until


def test_each_unit_and_form_has_its_own(cast: Cast, accepted: list[Submission]) -> None:
    second = Period.objects.get(pk="2026Q1")
    factories.accepted(cast.zj_preparer, cast.zj_signer, cast.admin, second)
    nothing = intake.receive_nil(by=cast.js_preparer, collection="ai_applications", period=second.pk)
    review.sign(submission=nothing, by=cast.js_signer)
    review.accept(submission=nothing, by=cast.admin)
    newest = Register.objects.in_force().newest_before("2026Q3")
    assert {(register.unit_id, register.collection, register.period_id) for register in newest} == {
        ("320000", "networks", "2026Q2"),
        ("320000", "ai_applications", "2026Q1"),
        ("330000", "networks", "2026Q1"),
    }


def test_a_check_compares_with_the_newest(present: Submission) -> None:
    before = previous_register(present)
    assert before is not None
    assert before.period_id == "2026Q2"
    context, basis = context_for(present)
    assert context.previous is not None
    assert (context.previous.height, basis["previous"]) == (7, str(before.pk))
    assert present.report["compared_with"]["previous"] == str(before.pk)


def test_the_rules_of_history_speak_of_the_newest(present: Submission) -> None:
    # of the three records that are gone one had been dismantled; the oldest quarter has none of them
    assert present.findings.filter(code="hist.W401").count() == 2


def test_a_fall_is_confirmed_against_the_newest(cast: Cast, present: Submission) -> None:
    fallen = {(drop["code"], drop["against"], drop["old"], drop["new"]) for drop in drops(present)}
    assert ("records", "2026Q2 v1", "7", "4") in fallen
    assert {against for _, against, _, _ in fallen} == {"2026Q2 v1"}


def test_pages_compare_with_the_newest(cast: Cast, present: Submission) -> None:
    changes = text(browser(cast.js_preparer).get(page("portal:changes", present)))
    assert "2026Q2, the last accepted period" in changes
    assert "2025Q4" not in changes
    Submission.objects.filter(pk=present.pk).update(state="ready", open_warnings=0)
    signing = text(browser(cast.js_signer).get(page("portal:sign", present)))
    assert "Against 2026Q2, the last accepted period:" in signing
    assert "3 removed, 0 added" in signing


def test_the_prefilled_template_holds_the_newest(cast: Cast, accepted: list[Submission]) -> None:
    client = APIClient()
    client.force_authenticate(cast.js_preparer)
    for period, rows in (("2026Q3", 7), ("2026Q2", 7), ("2026Q1", 5), ("2025Q4", 3)):
        answer = client.get(f"/api/v1/collections/networks/template.xlsx?unit=320000&period={period}")
        book = openpyxl.load_workbook(io.BytesIO(answer.content), read_only=True)
        assert len(list(book.worksheets[0].iter_rows(min_row=6, values_only=True))) == rows


def test_other_units_are_compared_by_their_newest(cast: Cast, accepted: list[Submission]) -> None:
    zhejiang = factories.checked(cast.zj_preparer, Period.objects.get(pk="2026Q3"))
    assert cross_unit.last_registers(zhejiang) == {"320000": accepted[1]}
    assert accepted[1].period_id == "2026Q2"


def test_growth_is_counted_from_the_newest(cast: Cast, present: Submission) -> None:
    Submission.objects.filter(pk=present.pk).update(state="ready", open_warnings=0)
    present.refresh_from_db()
    review.sign(submission=present, by=cast.js_signer, drop_reason="合并")
    own = cross_unit.growth(present, {}, {})
    assert own.row(0) == ("320000", 7, 4)


def test_a_register_taken_out_of_force_is_passed_over(cast: Cast, accepted: list[Submission]) -> None:
    review.exclude(submission=accepted[1], by=cast.admin, reason="重复计算")
    present = factories.checked(cast.js_preparer, Period.objects.get(pk="2026Q3"), rows=4)
    before = previous_register(present)
    assert before is not None
    assert before.period_id == "2026Q1"


def test_coverage_carries_the_newest_forward(cast: Cast, accepted: list[Submission]) -> None:
    last = Period.objects.get(pk="2026Q3")
    factories.accepted(cast.zj_preparer, cast.zj_signer, cast.admin, last)
    networks = next(form for form in coverage("2026Q3") if form.collection == "networks")
    assert {unit.unit.code: unit.carried_from for unit in networks.units if unit.carried_from} == {
        "320000": "2026Q2"
    }


def test_a_signature_asks_for_the_reason_of_the_fall(cast: Cast, present: Submission) -> None:
    Submission.objects.filter(pk=present.pk).update(state="ready", open_warnings=0)
    present.refresh_from_db()
    refused("drop-unconfirmed", lambda: review.sign(submission=present, by=cast.js_signer))
