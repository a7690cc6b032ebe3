"""Asking for figures: every filter, the defaults, and the refusal that names what is allowed."""

from __future__ import annotations

import pytest
from django.utils import translation

from national.definitions.moments import database_time
from national.dissemination.queries import BadFilterError, figures, requested_vantage
from national.models import PublicFigure
from submissions.models import Period, User
from tests.conftest import Cast, make_earlier_period
from tests.national.frames import applications, networks
from tests.national.registers import accept_frame, publish_all


def test_a_past_moment(cast: Cast, period: Period) -> None:
    accept_frame("320000", period, "networks", networks({}), by=cast.admin)
    then = database_time()
    accept_frame("320000", period, "networks", networks({}, {}), by=cast.admin)
    assert figures(indicator="NET_COUNT", area="CN").get().value == 2
    assert figures(indicator="NET_COUNT", area="CN", vantage=requested_vantage(as_of=then)).get().value == 1


@pytest.fixture(scope="module")
def accepted_once(world: Cast) -> None:
    """Jiangsu's networks for two quarters, Ningbo's for the first."""
    later, earlier = Period.objects.get(), make_earlier_period()
    accept_frame("320000", earlier, "networks", networks({}), by=world.admin)
    accept_frame("330200", earlier, "networks", networks({}), by=world.admin)
    accept_frame("320000", later, "networks", networks({}, {}, {}), by=world.admin)
    publish_all()


@pytest.fixture
def accepted(accepted_once: None, db: None) -> None:
    """What was accepted stands in the database; tests that want none of it stand above."""


@pytest.mark.usefixtures("accepted")
def test_totals_of_the_latest_period_are_the_default() -> None:
    figure = figures(indicator="NET_COUNT", area="CN").get()
    assert (figure.period, figure.breakdown, figure.value) == ("2026Q3", "total", 4)
    assert (figure.value_strict, figure.units_accepted, figure.units_carried) == (3, 1, 1)


@pytest.mark.usefixtures("accepted")
def test_latest_is_what_the_chosen_indicator_has() -> None:
    admin = User.objects.get(username="admin")
    accept_frame("330000", Period.objects.get(pk="2026Q2"), "ai_applications", applications({}), by=admin)
    assert figures(indicator="AI_COUNT", area="CN").get().period == "2026Q2"
    assert figures(indicator="NET_COUNT", area="CN").get().period == "2026Q3"


@pytest.mark.usefixtures("accepted")
def test_a_period_a_breakdown_or_all_of_them() -> None:
    assert figures(indicator="NET_COUNT", area="CN", period="2026Q2").get().value == 2
    series = figures(indicator="NET_COUNT", area="CN", period="all")
    assert list(series.values_list("period", "value")) == [("2026Q2", 2), ("2026Q3", 4)]
    split = figures(indicator="NET_COUNT", area="CN", breakdown="network_type")
    assert list(split.values_list("breakdown_value", "value")) == [("virtual", 4)]
    everything = figures(breakdown="all", period="all")
    assert everything.count() == PublicFigure.objects.in_force().count()


@pytest.mark.usefixtures("accepted")
def test_all_areas_of_an_indicator() -> None:
    areas = figures(indicator="NET_COUNT", period="2026Q2").values_list("area", flat=True)
    assert list(areas) == ["320000", "330200", "CN", "CN-32", "CN-33"]


@pytest.mark.usefixtures("accepted")
def test_a_quarter_without_figures_has_an_empty_answer() -> None:
    assert not figures(period="2030Q4").exists()
    assert not figures(indicator="AI_COUNT").exists()


@pytest.mark.usefixtures("accepted")
@pytest.mark.parametrize(
    ("filters", "name", "allowed"),
    [
        ({"indicator": "NET_COUNTS"}, "indicator", "NET_COUNT"),
        ({"area": "CN-99"}, "area", "CN-66"),
        ({"area": "cn"}, "area", "330200"),
        ({"breakdown": "colour"}, "breakdown", "network_type"),
        ({"indicator": "NET_COUNT", "breakdown": "scenario"}, "breakdown", "industry_group"),
        ({"period": "2026-Q3"}, "period", "2026Q3"),
    ],
)
def test_an_unknown_value_is_refused_with_the_allowed_ones(
    filters: dict[str, str], name: str, allowed: str
) -> None:
    with pytest.raises(BadFilterError) as refused:
        figures(**filters)  # type: ignore[arg-type]
    assert refused.value.name == name
    assert allowed in refused.value.allowed
    for language in ("en", "zh-hans"):
        with translation.override(language):
            assert f"“{filters[name]}”" in refused.value.message
            assert allowed in refused.value.message
