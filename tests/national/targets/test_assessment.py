"""Targets: share, pace, paths and coverage by hand-made numbers; published series stay apart."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from national.models import PublishedValue
from national.targets import flows
from national.targets.assessment import TARGETS, Collected, quarters_left, target, targets
from national.targets.paths import Span, compound, linear
from national.targets.published_series import NET_PUBLISHED, VALUE_ADDED, published
from submissions.models import Period
from tests.conftest import Cast
from tests.national.frames import applications, networks
from tests.national.registers import accept_frame

NETS = Span(Decimal(20_000), date(2025, 12, 31), Decimal(50_000), date(2030, 12, 31))
TODAY = date(2026, 10, 20)


@pytest.fixture
def accepted(cast: Cast, period: Period) -> None:
    """Jiangsu's and Ningbo's networks of 2026Q3: five count, three graded, in groups 361, 362 and 061."""
    rows = [{"industry_code": "061"}, {"security_level": "grade_3"}, {"industry_code": "36"}]
    accept_frame("320000", period, "networks", networks(*rows, {"status": "planned"}), by=cast.admin)
    ungraded = [{"security_level": "ungraded", "industry_code": "362"}, {"security_level": None}]
    accept_frame("330200", period, "networks", networks(*ungraded), by=cast.admin)
    ai = applications({"industry_code": "011"}, {"industry_code": "441"}, {"industry_code": "361"})
    accept_frame("320000", period, "ai_applications", ai, by=cast.admin)


@pytest.mark.usefixtures("accepted")
def test_networks_against_fifty_thousand() -> None:
    status = target("NET_COUNT", TODAY)
    assert status.actual == 5
    assert status.reading is not None
    assert (status.reading.on, status.reading.period) == (date(2026, 9, 30), "2026Q3")
    assert (status.reading.units_accepted, status.reading.units_expected) == (2, 37)
    assert (status.share, status.remaining) == (Decimal("0.01"), 49_995)
    assert status.quarters_left == 17  # 2026Q4 to 2030Q4
    assert status.pace_needed == Decimal("2940.88")
    by_name = {point.name: point for point in status.paths}
    assert list(by_name) == ["linear", "compound"]
    # 273 and 293 of 1826 days
    assert by_name["linear"].expected_then == Decimal("24485.21")
    assert by_name["linear"].expected_today == Decimal("24813.80")
    assert by_name["linear"].ratio == Decimal("0.0002")


@pytest.mark.usefixtures("accepted")
def test_groups_count_once_over_both_registers() -> None:
    status = target("GROUPS_COVERED", TODAY)
    # 061, 361, 441 of Jiangsu; not the division 36, not agriculture, and nothing of Ningbo without applications
    assert status.actual == 3
    assert status.reading is not None
    assert status.reading.units_accepted == 1  # fewer units have sent applications than networks
    assert status.paths == ()
    assert status.pace_needed == Decimal("12.00")


@pytest.mark.usefixtures("accepted")
def test_graded_share_is_a_proxy() -> None:
    status = target("NET_GRADED_SHARE", TODAY)
    assert status.actual == Decimal("60.00")
    assert status.share == Decimal("75.00")
    assert status.target.collected is Collected.PROXY
    assert "proxy" in status.target.note_en


def test_groups_of_networks_alone_are_no_figure_until_a_unit_sent_both(cast: Cast, period: Period) -> None:
    accept_frame("320000", period, "networks", networks({}), by=cast.admin)
    assert target("GROUPS_COVERED", TODAY).actual is None


def test_nothing_accepted_is_no_figure_and_not_zero(cast: Cast) -> None:
    status = target("NET_COUNT", TODAY)
    assert (status.actual, status.share, status.remaining, status.pace_needed) == (None, None, None, None)
    assert [point.ratio for point in status.paths] == [None, None]
    assert status.paths[0].expected_today == Decimal("24813.80")
    assert target("GROUPS_COVERED", TODAY).actual is None


def test_a_register_of_nothing_is_zero_and_has_no_graded_share(cast: Cast, period: Period) -> None:
    accept_frame("320000", period, "networks", networks(), by=cast.admin)
    assert target("NET_COUNT", TODAY).actual == 0
    assert target("NET_GRADED_SHARE", TODAY).actual is None


@pytest.mark.usefixtures("cast")
def test_value_added_is_published_and_never_summed() -> None:
    status = target("VALUE_ADDED", TODAY)
    assert (status.actual, status.target.goal) == (Decimal("1.67"), Decimal("2.5"))
    assert status.share == Decimal("66.80")
    assert status.reading is not None
    assert status.reading.on == date(2025, 12, 31)
    assert status.paths[0].ratio == 1
    assert status.pace_needed is None
    assert status.judgement.overall is None, "the paths begin on that day: there is no progress to judge"
    assert "2025-12-31" in status.judgement.reason_en


@pytest.mark.usefixtures("cast")
def test_a_flow_is_judged_from_the_year_after_its_base() -> None:
    PublishedValue.objects.create(
        series=VALUE_ADDED,
        stated_date="2026",
        on=date(2026, 12, 31),
        value="1.9",
        unit="CNY trillion",
        source="MIIT",
        qualifier="exact",
    )
    judgement = target("VALUE_ADDED", date(2027, 3, 1)).judgement
    assert judgement.overall is not None
    assert judgement.overall.code == "ahead"


@pytest.mark.usefixtures("cast")
def test_platforms_are_not_collected() -> None:
    status = target("PLATFORMS", TODAY)
    assert status.target.collected is Collected.NO
    assert (status.actual, status.share) == (None, None)


@pytest.mark.usefixtures("accepted")
def test_the_published_count_stands_beside_and_changes_nothing() -> None:
    status = target("NET_COUNT", TODAY)
    assert status.published == published(NET_PUBLISHED)
    assert {value.value for value in status.published} == {20_000}
    assert {value.qualifier for value in status.published} == {"more_than"}


@pytest.mark.usefixtures("cast")
def test_all_five_targets_are_there() -> None:
    assert [status.target.code for status in targets(TODAY)] == list(TARGETS)
    assert len(TARGETS) == 5
    assert {item.due for item in TARGETS.values()} == {date(2030, 12, 31)}
    with pytest.raises(KeyError):
        target("NET_COUNTS")


@pytest.mark.parametrize(
    ("today", "period", "left"),
    [
        (date(2026, 7, 1), None, 18),  # 2026Q3 is running
        (date(2026, 9, 30), "2026Q2", 18),
        (date(2026, 10, 1), "2026Q2", 17),  # Q3 is over, though its figure is not known yet
        (date(2026, 7, 1), "2026Q3", 17),  # known ahead of its end
        (date(2030, 12, 31), "2030Q3", 1),
        (date(2031, 1, 1), "2030Q4", 0),
        (date(2032, 6, 1), "2030Q4", 0),
    ],
)
def test_quarters_left(today: date, period: str | None, left: int) -> None:
    assert quarters_left(today, date(2030, 12, 31), period) == left


def test_no_pace_is_told_when_time_is_up(cast: Cast, period: Period) -> None:
    accept_frame("320000", period, "networks", networks({}), by=cast.admin)
    status = target("NET_COUNT", date(2031, 1, 1))
    assert (status.quarters_left, status.pace_needed) == (0, None)
    assert status.paths[0].expected_today == 50_000


@given(st.dates(date(2020, 1, 1), date(2035, 12, 31)), st.dates(date(2020, 1, 1), date(2035, 12, 31)))
def test_paths_rise_from_base_to_goal_and_growth_stays_below_the_line(item: date, other: date) -> None:
    earlier, later = min(item, other), max(item, other)
    for path in (linear, compound):
        assert 20_000 <= path(NETS, earlier) <= path(NETS, later) <= 50_000
    assert compound(NETS, item) <= linear(NETS, item)


def test_paths_meet_their_ends() -> None:
    for path in (linear, compound):
        assert path(NETS, date(2025, 12, 31)) == 20_000
        assert path(NETS, date(2030, 12, 31)) == 50_000
    # after 730 of 1826 days: 20 000 × 2.5 to the power of 730 ÷ 1826
    assert compound(NETS, date(2027, 12, 31)) == Decimal("28848.21")


@pytest.mark.usefixtures("cast")
def test_a_flow_has_growth_per_year_and_no_pace_per_quarter() -> None:
    status = target("VALUE_ADDED", TODAY)
    assert status.growth_needed == Decimal("8.40")  # (2.5 ÷ 1.67) to the power of 1 ÷ 5
    assert status.pace_needed is None
    assert [point.expected_today for point in status.paths] == [Decimal("1.67")] * 2  # 2026 is not over
    a_year_later = target("VALUE_ADDED", date(2027, 1, 1)).paths
    assert [point.expected_today for point in a_year_later] == [Decimal("1.84"), Decimal("1.81")]
    assert status.outlook is not None
    # 2023 is a forecast, so that two years follow on one another
    assert [item.label for item in status.outlook.used] == ["2024", "2025"]
    assert status.outlook.projections == ()


@pytest.mark.usefixtures("cast")
def test_a_flow_is_projected_from_the_years_that_follow_on_one_another() -> None:
    old = published(VALUE_ADDED)[2]
    PublishedValue.objects.create(
        series=VALUE_ADDED,
        stated_date="2023",
        on=old.on,
        value=old.value,
        unit=old.unit,
        qualifier="exact",
        source="MIIT",
    )
    outlook = target("VALUE_ADDED", TODAY).outlook
    assert outlook is not None
    assert [item.label for item in outlook.used] == ["2021", "2022", "2023", "2024", "2025"]
    at_due = {item.name: item.at_due for item in outlook.projections}
    assert at_due["linear"].value == Decimal("2.29")  # 1.67 + 5 × (1.67 − 1.17) ÷ 4 = 2.295
    assert at_due["compound"].value == Decimal("2.61")
    assert all(item.low < item.value < item.high for item in at_due.values())


def test_years_of_a_flow_go_by_whole() -> None:
    assert flows.year_over(date(2026, 12, 30)) == 2025
    assert flows.year_over(date(2026, 12, 31)) == 2026
    span = flows.YearSpan(Decimal(1), 2025, Decimal(4), 2030)
    assert [flows.linear(span, year) for year in (2020, 2025, 2030, 2040)] == [1, 1, 4, 4]
    assert flows.compound(span, 2026) == Decimal("1.32")
    assert flows.growth_needed(Decimal(4), 2026, Decimal(4), 2030) == 0
    assert flows.growth_needed(Decimal(1), 2030, Decimal(4), 2030) is None


@pytest.mark.usefixtures("accepted")
def test_five_of_fifty_thousand_from_two_units_is_not_judged() -> None:
    status = target("NET_COUNT", TODAY)
    assert status.judgement.overall is None
    assert "Only 2 of 37" in status.judgement.reason_en
    assert status.outlook is not None
    assert (status.outlook.enough, status.outlook.projections) == (False, ())
    assert target("GROUPS_COVERED", TODAY).outlook is None
