"""Coverage: missing, nil, late, not yet due, submitted and accepted are told apart."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from national.dissemination.coverage import CollectionCoverage, coverage
from national.dissemination.queries import BadFilterError
from submissions.models import Period
from submissions.notifications.obligations import SlotState
from tests.conftest import Cast
from tests.national.frames import networks
from tests.national.registers import accept_frame, sign_frame


def of_networks(period: Period, today: date) -> CollectionCoverage:
    return coverage(period.code, today)[0]


@pytest.fixture
def reported(cast: Cast, period: Period) -> Period:
    """Jiangsu accepted, Ningbo accepted with nothing to report, Zhejiang signed."""
    accept_frame("320000", period, "networks", networks({}), by=cast.admin)
    accept_frame("330200", period, "networks", networks(), by=cast.admin)
    sign_frame("330000", period, "networks", networks({}), cast.admin)
    return period


def test_each_unit_has_its_state(reported: Period) -> None:
    covered = of_networks(reported, reported.due)
    assert (covered.units_expected, covered.units_accepted) == (37, 2)
    assert {state: count for state, count in covered.states.items() if count} == {
        SlotState.NOT_YET_DUE: 34,
        SlotState.NIL: 1,
        SlotState.SUBMITTED: 2,
    }
    states = {unit.unit.code: (unit.state, unit.accepted) for unit in covered.units}
    assert states["320000"] == (SlotState.SUBMITTED, True)
    assert states["330000"] == (SlotState.SUBMITTED, False)
    assert states["330200"] == (SlotState.NIL, True)
    assert states["110000"] == (SlotState.NOT_YET_DUE, False)


@pytest.mark.parametrize(
    ("days_after_due", "state"),
    [(0, SlotState.NOT_YET_DUE), (1, SlotState.LATE), (20, SlotState.LATE), (21, SlotState.MISSING)],
)
def test_what_is_not_there_changes_its_name_with_time(
    reported: Period, days_after_due: int, state: SlotState
) -> None:
    covered = of_networks(reported, reported.due + timedelta(days=days_after_due))
    assert covered.states[state] == 34


@pytest.mark.usefixtures("units")
def test_the_latest_opened_period_is_the_default(period: Period, earlier_period: Period) -> None:
    assert {unit.period for unit in coverage(today=period.opens)} == {period}
    assert {unit.period for unit in coverage(today=period.opens - timedelta(days=1))} == {earlier_period}
    assert coverage(today=earlier_period.opens - timedelta(days=1)) == []
    assert [unit.collection for unit in coverage()] == ["networks", "ai_applications"]


@pytest.mark.usefixtures("period")
def test_an_unknown_period_is_refused_with_those_there_are() -> None:
    with pytest.raises(BadFilterError) as refused:
        coverage("2019Q1")
    assert refused.value.allowed == ["2026Q3"]


def test_who_is_carried_forward_and_from_when(cast: Cast, period: Period, earlier_period: Period) -> None:
    accept_frame("330000", earlier_period, "networks", networks({}), by=cast.admin)
    accept_frame("320000", earlier_period, "networks", networks({}), by=cast.admin)
    # nothing of the period is accepted, so that it has no figures
    assert of_networks(period, period.due).units_carried == 0
    accept_frame("320000", period, "networks", networks({}), by=cast.admin)
    covered = of_networks(period, period.due)
    assert (covered.units_accepted, covered.units_carried) == (1, 1)
    carried = {unit.unit.code: unit.carried_from for unit in covered.units if unit.carried_from}
    assert carried == {"330000": "2026Q2"}
    assert coverage(period.code, period.due)[1].units_carried == 0


@pytest.mark.usefixtures("units")
def test_queries_do_not_grow_with_units(reported: Period, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(5):  # type: ignore[operator]
        coverage(reported.code)
