"""The page of a figure over HTTP: units for everyone, rows and files for who may see them, and that they add up."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from national.disclosure.queue import judge_now
from national.dissemination import releases
from national.models import AreaType, Clearance, Figure
from submissions.models import Period, Submission, User
from tests import factories
from tests.conftest import Cast
from tests.national.disclosure.test_run import holdings
from tests.national.frames import applications, networks
from tests.national.registers import accept_frame

ROWS = 'id="rows"'


def figure(area: str, indicator: str = "NET_COUNT", breakdown: str = "total", part: str = "") -> Figure:
    return Figure.objects.in_force().get(
        area=area, indicator=indicator, breakdown=breakdown, breakdown_value=part
    )


def page(
    figure: Figure, user: User | None = None, status: int = 200, language: str = "en", query: str = ""
) -> str:
    client = Client()
    client.cookies.load({"django_language": language})
    if user is not None:
        client.force_login(user)
    answer = client.get(f"/figures/{figure.pk}/{query}")
    assert answer.status_code == status
    return " ".join(answer.content.decode().split())


@pytest.fixture
def uploaded(cast: Cast, period: Period) -> Submission:
    """A register of Jiangsu from a real workbook; Zhejiang's beside it."""
    accept_frame("330000", period, "networks", networks({}, {"network_code": "Z-02"}), by=cast.admin)
    return factories.accepted(cast.js_preparer, cast.js_signer, cast.admin, period, rows=8)


def test_the_ministry_goes_from_a_figure_to_the_cells_of_the_stored_file(
    cast: Cast, uploaded: Submission
) -> None:
    national = figure("CN", "NET_TERMINALS")
    text = page(national, cast.admin)
    assert "Where this figure comes from" in text
    assert f'href="/figures/{figure("320000", "NET_TERMINALS").pk}/"' in text
    address = f"/review/{uploaded.pk}/"
    assert f'href="{address}"' in text
    assert f'title="SHA-256 {uploaded.file_id}"' in text
    added = re.findall(r'data-label="Contribution">([\d,.]+)<', text)
    assert sum(Decimal(amount.replace(",", "")) for amount in added) == national.value
    assert re.search(r'data-label="Cells">[A-Z]+\d+ [A-Z]+\d+', text)
    assert "Equal to the figure" in text
    client = Client()
    client.force_login(cast.admin)
    assert f'href="{address}file/"' in text
    assert client.get(f"{address}file/").status_code == 200


def test_a_unit_sees_the_rows_of_its_own_figures_alone(cast: Cast, uploaded: Submission) -> None:
    own = page(figure("320000"), cast.js_preparer)
    assert ROWS in own
    assert f'href="/portal/submissions/{uploaded.pk}/file/"' in own
    assert "Equal to the figure" in own
    for area in ("CN", "330000", "CN-33"):
        other = page(figure(area), cast.js_preparer)
        assert ROWS not in other
        assert "submissions/" not in other.split("<main")[1]


@pytest.mark.usefixtures("uploaded")
def test_everyone_sees_the_units_and_no_rows() -> None:
    text = page(figure("CN"))
    assert "Contributing units" in text
    for unit, value in (("Jiangsu", figure("320000").value), ("Zhejiang", 2)):
        line = text[text.index(f">{unit}</a></th>") :].split("</tr>")[0]
        assert f'data-label="Industrial 5G private networks">{value:.0f}<' in line
    assert ROWS not in text
    assert "SHA-256" not in text
    assert "数据来源" in page(figure("CN"), language="zh-hans")


def test_shares_and_distinct_counts_add_up_too(cast: Cast, period: Period) -> None:
    rows = networks({}, {"security_level": "ungraded"}, {"site_name": "二厂"}, {"status": "planned"})
    accept_frame("320000", period, "networks", rows, by=cast.admin)
    accept_frame("320000", period, "ai_applications", applications({}, {"status": "trial"}), by=cast.admin)
    share = page(figure("CN", "NET_GRADED_SHARE"), cast.auditor)
    assert "2 ÷ 3 rows = 66.6667 %" in share
    sites = page(figure("CN", "SITES_5G"), cast.auditor)
    assert "3 rows with 2 different keys" in sites
    both = page(figure("CN", "SITES_5G_AI"), cast.auditor)
    assert both.count('<td data-label="Register">') == 3, "rows of both registers"
    for text in (share, sites, both):
        assert "Equal to the figure" in text


def test_rows_are_paged_and_the_sum_is_of_all(cast: Cast, period: Period) -> None:
    accept_frame("320000", period, "networks", networks(*[{}] * 130), by=cast.admin)
    first, second = page(figure("CN"), cast.admin), page(figure("CN"), cast.admin, query="?page=2")
    assert "page 1 of 2" in first
    assert first.count('data-label="Contribution"') == 100
    assert second.count('data-label="Contribution"') == 30
    assert first.count("130 rows add up to 130") == second.count("130 rows add up to 130") == 1


def test_a_withheld_figure_is_q_but_for_the_ministry_and_its_unit(cast: Cast, period: Period) -> None:
    for unit, industry in (("320000", "361"), ("330000", "371"), ("440000", "361")):
        enterprises = 8 if unit == "440000" else 1
        rows = networks(*holdings((industry, enterprises, 2), ("381", 4, 2)))
        accept_frame(unit, period, "networks", rows, by=cast.admin)
    judge_now()
    withheld = figure("320000", "NET_INVESTMENT", "industry_division", "36")
    assert Clearance.objects.get(pk=withheld.pk).state == "withheld"
    for reader in (None, cast.zj_preparer):
        text = page(withheld, reader)
        assert ">Q</abbr>" in text
        assert f"{withheld.value:.2f}" not in text
        assert ROWS not in text
    for reader in (cast.admin, cast.js_preparer):
        text = page(withheld, reader)
        assert f"{withheld.value:.2f}".rstrip("0") in text
        assert "The public sees Q instead" in text
        assert "Equal to the figure" in text


def test_what_nobody_may_see_yet_is_not_there(cast: Cast, period: Period) -> None:
    accept_frame("320000", period, "networks", networks({}), by=cast.admin)
    part = figure("320000", "NET_COUNT", "industry_division", "36")
    page(part, status=404)  # not judged yet
    page(part, cast.js_preparer)
    releases.make(by=cast.admin, published_at=timezone.now() + timedelta(hours=1))
    page(figure("CN"), status=404)  # under embargo
    page(figure("CN"), cast.auditor)
    gone = Figure(pk=Figure.objects.order_by("-pk").values_list("pk", flat=True)[0] + 1)
    page(gone, cast.admin, status=404)


def test_a_figure_of_the_past_says_until_when_it_held(cast: Cast, period: Period) -> None:
    accept_frame("320000", period, "networks", networks({}), by=cast.admin)
    former = figure("CN")
    accept_frame("320000", period, "networks", networks({}, {}), by=cast.admin)
    text = page(former, cast.admin)
    assert "Until" in text
    assert "1 rows add up to 1" in text
    assert "Equal to the figure" in text
    assert "Until" not in page(figure("CN"), cast.admin)


@pytest.mark.usefixtures("uploaded")
def test_tables_lead_to_it() -> None:
    text = Client().get("/provinces/").content.decode()
    networks_of = figure("CN-33")
    assert networks_of.area_type == AreaType.PROVINCE
    assert f'<a href="/figures/{networks_of.pk}/">2</a>' in text
    assert f"/figures/{figure('CN').pk}/" in Client().get("/").content.decode()
