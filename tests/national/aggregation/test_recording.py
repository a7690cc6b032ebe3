"""Figures change with each acceptance: units, provinces and the country, exactly and in one transaction."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from itertools import permutations
from typing import Any

import polars as pl
import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from national.definitions.moments import database_time
from national.models import Change, Figure
from national.verification.recompute import compare
from submissions.models import Period, Register, State, Submission
from submissions.signoff import review
from submissions.workflow.refusals import RefusalError
from tests.conftest import Cast
from tests.national.frames import applications, networks
from tests.national.registers import accept_frame, sign_frame

JIANGSU, ZHEJIANG, NINGBO, XINJIANG, CORPS = "320000", "330000", "330200", "650000", "660000"


def value(
    area: str, indicator: str = "NET_COUNT", breakdown: str = "total", part: str = ""
) -> Decimal | None:
    row = Figure.objects.in_force().filter(area=area, indicator=indicator, breakdown=breakdown)
    return row.filter(breakdown_value=part).values_list("value", flat=True).first()


def in_force() -> set[tuple[Any, ...]]:
    """All figures in force without who and when."""
    fields = ("indicator", "area", "breakdown", "breakdown_value", "value", "records", "units_accepted")
    return set(Figure.objects.in_force().values_list(*fields))


def test_an_acceptance_changes_unit_province_and_country(cast: Cast, period: Period) -> None:
    submission = accept_frame(JIANGSU, period, "networks", networks({}, {"status": "planned"}), by=cast.admin)
    assert [value(area) for area in (JIANGSU, "CN-32", "CN")] == [1, 1, 1]
    assert value("CN", "NET_INVESTMENT") == Decimal("100.25")
    assert value("CN", "NET_COUNT", "industry_division", "36") == 1
    assert value("CN", "NET_COUNT", "network_type", "virtual") == 1
    of_unit = Figure.objects.get(area=JIANGSU, indicator="NET_COUNT", breakdown="total")
    assert (of_unit.submission, of_unit.rule_version, of_unit.records) == (submission, 1, 1)


def test_a_city_with_separate_plan_is_added_to_its_province(cast: Cast, period: Period) -> None:
    accept_frame(ZHEJIANG, period, "networks", networks({}, {}), by=cast.admin)
    accept_frame(NINGBO, period, "networks", networks({}), by=cast.admin)
    assert [value(area) for area in (ZHEJIANG, NINGBO, "CN-33", "CN")] == [2, 1, 3, 3]


def test_the_corps_is_a_province_of_its_own(cast: Cast, period: Period) -> None:
    accept_frame(XINJIANG, period, "networks", networks({}), by=cast.admin)
    accept_frame(CORPS, period, "networks", networks({}, {}), by=cast.admin)
    assert [value(area) for area in ("CN-65", "CN-66", "CN")] == [1, 2, 3]


def test_every_sum_says_how_many_units_it_covers(cast: Cast, period: Period) -> None:
    accept_frame(ZHEJIANG, period, "networks", networks({}), by=cast.admin)
    accept_frame(JIANGSU, period, "networks", networks({"network_type": "hybrid"}), by=cast.admin)
    covers = Figure.objects.in_force().order_by().values_list("units_accepted", "units_expected")
    assert set(covers.filter(area="CN")) == {(2, 37)}
    assert set(covers.filter(area="CN-33")) == {(1, 2)}
    assert set(covers.filter(area=ZHEJIANG)) == {(1, 1)}


def test_a_nil_return_is_a_figure_of_zero(cast: Cast, period: Period) -> None:
    accept_frame(JIANGSU, period, "networks", networks(), by=cast.admin)
    assert value("CN") == 0
    assert value("CN-33") is None


def test_the_order_of_acceptances_does_not_matter(cast: Cast, period: Period) -> None:
    registers = {
        (JIANGSU, "networks"): networks({"network_code": "A-01"}, {"industry_code": "061"}),
        (JIANGSU, "ai_applications"): applications({"network_code": "A-01"}, {}),
        (NINGBO, "networks"): networks({"operators": ["mobile", "telecom"]}),
    }
    outcomes = []
    for order in permutations(registers):
        with transaction.atomic():
            for unit, collection in order:
                accept_frame(unit, period, collection, registers[unit, collection], by=cast.admin)
            outcomes.append(in_force())
            transaction.set_rollback(True)
    assert len(outcomes[0]) > 100
    assert all(outcome == outcomes[0] for outcome in outcomes)


def test_a_new_version_replaces_the_former(cast: Cast, period: Period) -> None:
    accept_frame(NINGBO, period, "networks", networks({}), by=cast.admin)
    accept_frame(JIANGSU, period, "networks", networks({}, {}, {}), by=cast.admin)
    accept_frame(JIANGSU, period, "networks", networks({"network_type": "hybrid"}), by=cast.admin)
    assert [value(area) for area in (JIANGSU, "CN")] == [1, 2]
    assert value("CN", "NET_COUNT", "network_type", "hybrid") == 1
    assert value("CN-32", "NET_COUNT", "network_type", "virtual") is None


def test_applications_on_5g_follow_either_register(cast: Cast, period: Period) -> None:
    on_network = applications({"network_code": "A-01"}, {"network_code": "B-01"})
    accept_frame(JIANGSU, period, "ai_applications", on_network, by=cast.admin)
    assert (value("CN", "AI_COUNT"), value("CN", "AI_ON_5G")) == (2, None)
    accept_frame(JIANGSU, period, "networks", networks({"network_code": "A-01"}), by=cast.admin)
    assert (value("CN", "AI_ON_5G"), value("CN", "NET_WITH_AI")) == (1, 1)
    both = networks({"network_code": "A-01"}, {"network_code": "B-01"})
    accept_frame(JIANGSU, period, "networks", both, by=cast.admin)
    assert (value("CN", "AI_ON_5G"), value("CN", "NET_WITH_AI")) == (2, 2)
    nothing = accept_frame(JIANGSU, period, "ai_applications", applications(), by=cast.admin)
    assert (value("CN", "AI_ON_5G"), value("CN", "NET_WITH_AI")) == (0, 0)
    assert Figure.objects.in_force().get(area=JIANGSU, indicator="AI_ON_5G").submission == nothing


def test_only_what_changed_is_closed_and_opened(cast: Cast, period: Period) -> None:
    register = networks({"network_code": "A-01"}, {"network_code": "B-01", "network_type": "hybrid"})
    accept_frame(JIANGSU, period, "networks", register, by=cast.admin)
    before = Figure.objects.filter(area="CN").count()
    accept_frame(JIANGSU, period, "networks", register, by=cast.admin)
    assert Figure.objects.filter(area="CN").count() == before
    fewer = register.with_columns(terminals=pl.col("terminals") - 1)
    accept_frame(JIANGSU, period, "networks", fewer, by=cast.admin)
    closed = Figure.objects.filter(area="CN", valid_to__isnull=False)
    assert set(closed.values_list("indicator", flat=True)) == {"NET_TERMINALS"}


def test_applications_leave_the_figures_of_networks_alone(cast: Cast, period: Period) -> None:
    accept_frame(JIANGSU, period, "networks", networks({}), by=cast.admin)
    accept_frame(JIANGSU, period, "ai_applications", applications({}), by=cast.admin)
    assert not Figure.objects.filter(valid_to__isnull=False).exists()


def test_periods_do_not_touch_each_other(cast: Cast, period: Period, earlier_period: Period) -> None:
    accept_frame(JIANGSU, earlier_period, "networks", networks({}), by=cast.admin)
    accept_frame(JIANGSU, period, "networks", networks({}, {}), by=cast.admin)
    national = Figure.objects.in_force().filter(area="CN", indicator="NET_COUNT", breakdown="total")
    assert dict(national.values_list("period", "value")) == {"2026Q2": 1, "2026Q3": 2}


def test_any_past_moment_can_be_asked(cast: Cast, period: Period) -> None:
    """Bit for bit what stood then, whatever came after."""
    states: list[tuple[Any, list[Any]]] = []
    for rows in (1, 3, 2):
        accept_frame(JIANGSU, period, "networks", networks(*[{}] * rows), by=cast.admin)
        states.append(
            (database_time(), list(Figure.objects.in_force().order_by("id").values_list("id", "value")))
        )
    for moment, stood in states:
        then = Figure.objects.as_of(moment).order_by("id")
        assert list(then.values_list("id", "value")) == stood


def test_a_failing_acceptance_leaves_figures_as_they_were(
    cast: Cast, period: Period, monkeypatch: pytest.MonkeyPatch
) -> None:
    accept_frame(JIANGSU, period, "networks", networks({}), by=cast.admin)
    before = in_force()
    submission = sign_frame(JIANGSU, period, "networks", networks({}, {}), cast.admin)

    def fail(**_: object) -> None:
        raise ConnectionError

    monkeypatch.setattr("national.aggregation.propagation.sums_of_units", fail)
    with pytest.raises(ConnectionError), transaction.atomic():
        review.accept(submission=submission, by=cast.admin)
    assert in_force() == before
    assert Submission.objects.get(pk=submission.pk).state == State.SIGNED
    assert Register.objects.in_force().get().submission_id != submission.pk


def test_the_number_of_queries_does_not_grow_with_the_register(
    cast: Cast, period: Period, earlier_period: Period, django_assert_num_queries: Any
) -> None:
    small = sign_frame(JIANGSU, earlier_period, "networks", networks({}), cast.admin)
    large = sign_frame(JIANGSU, period, "networks", networks(*[{}] * 300), cast.admin)
    with CaptureQueriesContext(connection) as queries:
        review.accept(submission=small, by=cast.admin)
    with django_assert_num_queries(len(queries)):
        review.accept(submission=large, by=cast.admin)


@pytest.mark.parametrize(
    ("wrong", "constraint"),
    [
        ({"area_type": "national", "area": "CN"}, "figure_of_unit_has_submission"),
        ({"valid_to": timezone.now().replace(year=2020), "closed_by_id": True}, "figure_span_in_order"),
        ({"valid_to": timezone.now()}, "figure_closed_by_a_change"),
        ({"units_accepted": 2, "units_expected": 1}, "figure_units_within_expected"),
        ({"units_carried": 1}, "figure_units_within_expected"),
        ({"units_accepted": 0}, "figure_has_a_unit"),
        ({"records_carried": 2}, "figure_records_carried_within"),
        ({"numerator": 1}, "figure_quotient_whole"),
        ({"numerator": 1, "denominator": 0}, "figure_quotient_whole"),
        ({}, "figure_one_in_force"),
    ],
)
def test_impossible_figures_are_refused(
    cast: Cast, period: Period, wrong: dict[str, Any], constraint: str
) -> None:
    accept_frame(JIANGSU, period, "networks", networks({}), by=cast.admin)
    figure = Figure.objects.get(area=JIANGSU, indicator="NET_COUNT", breakdown="total")
    figure.pk = None
    for name, wrong_value in wrong.items():
        setattr(figure, name, figure.change_id if name == "closed_by_id" else wrong_value)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        figure.save()


@pytest.mark.parametrize("hours", [-1, 1])
def test_registers_are_in_force_when_their_figures_are(
    cast: Cast, period: Period, monkeypatch: pytest.MonkeyPatch, hours: int
) -> None:
    """Whatever the clock of the host that accepts says, and however long it took to get there."""
    wrong = timezone.now() + timedelta(hours=hours)
    monkeypatch.setattr(review.timezone, "now", lambda: wrong)
    first = accept_frame("320000", period, "networks", networks({}), by=cast.admin)
    second = accept_frame("320000", period, "networks", networks({}, {}), by=cast.admin)
    review.exclude(submission=second, by=cast.admin, reason="twice")
    at = list(Change.objects.order_by("id").values_list("at", flat=True))
    registers = Register.objects.order_by("valid_from").values_list("submission", "valid_from", "valid_to")
    assert list(registers) == [(first.pk, at[0], at[1]), (second.pk, at[1], at[2])]


def _registers_of_two_quarters(earlier: Period, later: Period) -> list[tuple[str, Period, str, pl.DataFrame]]:
    """Zhejiang, which is carried from the earlier quarter into the later one, Ningbo and Jiangsu."""
    return [
        (ZHEJIANG, earlier, "networks", networks({}, {"industry_code": "061"})),
        (JIANGSU, earlier, "networks", networks({"network_code": "A-01"})),
        (JIANGSU, earlier, "ai_applications", applications({"network_code": "A-01"}, {})),
        (JIANGSU, later, "networks", networks({"network_code": "A-01"}, {"network_type": "hybrid"})),
        (NINGBO, later, "networks", networks({"operators": ["mobile", "telecom"]})),
        (NINGBO, later, "ai_applications", applications({})),
    ]


def test_registers_accepted_together_make_the_figures_of_one_after_the_other(
    cast: Cast, earlier_period: Period, period: Period
) -> None:
    registers = _registers_of_two_quarters(earlier_period, period)
    with transaction.atomic():
        for unit, quarter, collection, frame in registers:
            accept_frame(unit, quarter, collection, frame, by=cast.admin)
        one_by_one = in_force()
        transaction.set_rollback(True)
    signed = [sign_frame(unit, quarter, name, frame, cast.admin) for unit, quarter, name, frame in registers]
    review.accept_together(submissions=reversed(signed), by=cast.admin)
    assert in_force() == one_by_one
    assert len(one_by_one) > 300
    for quarter in (earlier_period, period):
        assert compare(quarter.code).agrees
    assert Register.objects.in_force().count() == len(registers)


def test_what_came_in_together_is_one_change_of_a_quarter_and_a_revision_another(
    cast: Cast, earlier_period: Period, period: Period
) -> None:
    accept_frame(JIANGSU, period, "networks", networks({}), by=cast.admin)
    again = sign_frame(JIANGSU, period, "networks", networks({}, {}), cast.admin)
    new = [
        sign_frame(unit, quarter, "networks", networks({}), cast.admin)
        for unit, quarter in ((NINGBO, period), (ZHEJIANG, period), (ZHEJIANG, earlier_period))
    ]
    before = Change.objects.count()
    review.accept_together(submissions=[again, *new], by=cast.admin)
    made = Change.objects.order_by("id")[before:]
    changes = [(change.period, change.cause, change.unit_id, change.submission) for change in made]
    assert changes == [
        (earlier_period.code, "new_data", ZHEJIANG, new[2]),
        (period.code, "new_data", None, None),
        (period.code, "revision", JIANGSU, again),
    ]
    dated = {change.submission_id: change.valid_from for change in Register.objects.in_force()}
    assert dated[new[0].pk] == dated[new[1].pk] != dated[again.pk]


def test_of_several_that_are_accepted_together_one_that_may_not_be_stops_all(
    cast: Cast, period: Period
) -> None:
    signed = [sign_frame(unit, period, "networks", networks({}), cast.admin) for unit in (JIANGSU, NINGBO)]
    review.accept(submission=signed[1], by=cast.admin)
    before = in_force()
    with pytest.raises(RefusalError):
        review.accept_together(submissions=signed, by=cast.admin)
    assert Register.objects.get().submission == signed[1]
    assert in_force() == before
