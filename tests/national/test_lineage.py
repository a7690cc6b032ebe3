"""From a figure to units and rows: what is behind it adds up to it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from national.lineage import rows_of, unit_figures_of
from national.models import AreaType, Figure
from submissions.models import Period
from tests.conftest import Cast
from tests.national.frames import applications, networks
from tests.national.registers import accept_frame


@pytest.fixture
def accepted(cast: Cast, period: Period) -> None:
    """Jiangsu's and Ningbo's registers."""
    rows = networks(
        {"network_code": "A-01", "operators": ["mobile", "telecom"]},
        {"network_code": "B-01", "operators": [], "ownership": "private"},
        {"network_code": "C-01", "status": "planned"},
    )
    on_5g = applications({"network_code": "A-01"}, {"network_code": "C-01"}, {})
    accept_frame("320000", period, "networks", rows, by=cast.admin)
    accept_frame("320000", period, "ai_applications", on_5g, by=cast.admin)
    accept_frame("330200", period, "networks", networks({}), by=cast.admin)


def figure(area: str, indicator: str, breakdown: str = "total", part: str = "") -> Figure:
    return Figure.objects.in_force().get(
        area=area, indicator=indicator, breakdown=breakdown, breakdown_value=part
    )


@pytest.mark.usefixtures("accepted")
def test_unit_figures_of_a_sum() -> None:
    def units(area: str) -> list[tuple[str, Decimal]]:
        return list(unit_figures_of(figure(area, "NET_COUNT")).values_list("area", "value"))

    assert units("CN") == [("320000", 2), ("330200", 1)]
    assert units("CN-33") == [("330200", 1)]
    assert units("320000") == [("320000", 2)]


@pytest.mark.usefixtures("accepted")
def test_rows_of_a_part() -> None:
    rows = rows_of(figure("320000", "NET_COUNT", "operator", "mobile"))
    assert rows.rows() == [("A-01", "专网", 2, Decimal(1))]
    rows = rows_of(figure("320000", "NET_COUNT", "operator", "not_stated"))
    assert rows["key"].to_list() == ["B-01"]
    assert rows_of(figure("320000", "NET_INVESTMENT"))["value"].to_list() == [Decimal("100.25")] * 2
    assert rows_of(figure("320000", "AI_ON_5G"))["row"].to_list() == [2]


@pytest.mark.usefixtures("accepted")
def test_units_and_rows_of_every_figure_add_up_to_it() -> None:
    for one in Figure.objects.in_force():
        behind = unit_figures_of(one).values_list("value", flat=True)
        assert sum(behind) == one.value
        if one.area_type == AreaType.UNIT:
            rows = rows_of(one)
            assert (rows["value"].sum(), len(rows)) == (one.value, one.records)


def test_an_old_figure_keeps_what_was_behind_it(cast: Cast, period: Period) -> None:
    both = applications({"network_code": "A-01"}, {"network_code": "B-01"})
    accept_frame("320000", period, "networks", networks({"network_code": "A-01"}), by=cast.admin)
    accept_frame("320000", period, "ai_applications", both, by=cast.admin)
    old = figure("320000", "AI_ON_5G")
    old_national = figure("CN", "AI_ON_5G")
    accept_frame("320000", period, "networks", networks({"network_code": "C-01"}), by=cast.admin)
    assert figure("CN", "AI_ON_5G").value == 0
    assert rows_of(old)["key"].to_list() == ["APP-0001"]
    assert [unit.value for unit in unit_figures_of(old_national)] == [1]


@pytest.mark.usefixtures("accepted")
def test_a_sum_has_no_rows_of_its_own() -> None:
    with pytest.raises(ValueError, match="no rows of its own"):
        rows_of(figure("CN", "NET_COUNT"))
