"""From a figure to units and rows: what is behind it adds up to it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from national.dissemination.lineage import rows_of, unit_figures_of, value_of
from national.models import Figure
from submissions.models import Period
from tests import factories
from tests.conftest import Cast
from tests.national.frames import applications, networks
from tests.national.registers import accept_frame
from validation import address


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
    assert rows.select("key", "sheet", "row", "value").rows() == [("A-01", "专网", 2, Decimal(1))]
    rows = rows_of(figure("320000", "NET_COUNT", "operator", "not_stated"))
    assert rows["key"].to_list() == ["B-01"]
    assert rows_of(figure("320000", "NET_INVESTMENT"))["value"].to_list() == [Decimal("100.25")] * 2
    assert rows_of(figure("320000", "AI_ON_5G"))["row"].to_list() == [2]


@pytest.mark.usefixtures("accepted")
def test_rows_of_every_figure_make_its_value() -> None:
    for figure in Figure.objects.in_force():
        rows = rows_of(figure)
        assert (value_of(figure.indicator, rows), len(rows)) == (figure.value, figure.records)
        assert set(rows["unit"]) <= set(unit_figures_of(figure).values_list("area", flat=True))


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


def test_rows_behind_distinct_counts_of_two_registers_come_from_both(accepted: None) -> None:
    rows = rows_of(figure("320000", "SITES_5G_AI"))
    assert set(rows["collection"]) == {"networks", "ai_applications"}
    assert rows["counts_as"].n_unique() == 1 == figure("320000", "SITES_5G_AI").value
    assert rows["value"].null_count() == len(rows)


def test_a_carried_figure_has_the_rows_of_its_own_period(
    cast: Cast, earlier_period: Period, period: Period
) -> None:
    former = accept_frame(
        "320000", earlier_period, "networks", networks({"network_code": "A-01"}), by=cast.admin
    )
    accept_frame("330000", period, "networks", networks({"network_code": "B-01"}), by=cast.admin)
    national = Figure.objects.in_force().get(
        area="CN", period="2026Q3", indicator="NET_COUNT", breakdown="total"
    )
    behind = unit_figures_of(national)
    assert list(behind.values_list("area", "carried_from", "submission")) == [
        ("320000", "2026Q2", former.pk),
        ("330000", "", behind[1].submission_id),
    ]
    assert rows_of(national).select("unit", "key").rows() == [("320000", "A-01"), ("330000", "B-01")]
    # a revision of the earlier register is not behind the figure that stood before it
    accept_frame("320000", earlier_period, "networks", networks({"network_code": "C-01"}), by=cast.admin)
    assert rows_of(national)["key"].to_list() == ["A-01", "B-01"]


def test_cells_are_those_that_made_a_row_count(cast: Cast, period: Period) -> None:
    """On a real workbook: its cells hold what the figure was made of."""
    submission = factories.accepted(cast.js_preparer, cast.js_signer, cast.admin, period, rows=8)
    columns = {
        column["key"]: column["position"]
        for column in submission.report["sheets"][0]["columns"]
        if column["key"]
    }
    row = rows_of(figure("320000", "NET_TERMINALS", "operator", "mobile")).row(0, named=True)
    looked_at = ["status", "industry_code", "terminals", "operators"]
    assert set(row["cells"]) == {address(row["row"], columns[key]) for key in looked_at}
