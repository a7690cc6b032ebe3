"""What readers of the public pages may choose: a past release; and withheld figures are shown as such."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import openpyxl
import pytest
from django.test import Client
from django.utils import timezone

from national.disclosure.queue import judge_now
from national.dissemination import releases
from national.models import PublicFigure, Release
from submissions.models import Period
from tests.conftest import Cast
from tests.national.disclosure.test_run import holdings
from tests.national.frames import applications, networks
from tests.national.registers import accept_frame, publish_all
from tests.portal.figures.test_pages import PAGES, chart, named_row, page

WITHHELD = '<abbr class="withheld" title="Withheld to protect enterprises">Q</abbr>'


@pytest.fixture
def withheld(cast: Cast, period: Period) -> None:
    """Investment of two provinces that are one enterprise each, in industries of single enterprises."""
    for unit, industry in (("320000", "361"), ("330000", "371")):
        accept_frame(unit, period, "networks", networks(*holdings((industry, 1, 4))), by=cast.admin)
    rows = networks(*holdings(("361", 8, 2), ("371", 6, 1), ("381", 6, 2)))
    accept_frame("440000", period, "networks", rows, by=cast.admin)
    judge_now()


@pytest.mark.usefixtures("withheld")
def test_a_withheld_figure_is_q_with_its_meaning_and_its_class(client: Client) -> None:
    assert PublicFigure.objects.get(indicator="NET_INVESTMENT", area="CN-32", breakdown="total").suppressed
    text = page(client, "/provinces/?measure=NET_INVESTMENT")
    data = chart(text, "provinces")
    assert named_row(data, "CN-32")["NET_INVESTMENT"] == named_row(data, "CN-32")["share"] == "Q"
    assert named_row(data, "CN-13")["NET_INVESTMENT"] is None, "nothing accepted is no withheld figure"
    line = text[text.index('<th scope="row">Jiangsu</th>') :].split("</tr>")[0]
    assert line.count(WITHHELD) == 2
    assert "because the figure would reveal single enterprises" in text
    by_province = text[text.index('id="by-province"') :]
    jiangsu = by_province[by_province.index('<th scope="row">Jiangsu') :].split("</tr>")[0]
    assert jiangsu.count(WITHHELD) == 1, "terminals; counts of a whole province are public"
    assert "不公开（保护填报单位信息）。公开该数据会暴露个别企业情况" in page(
        client, "/provinces/", language="zh-hans"
    )


@pytest.mark.usefixtures("withheld")
def test_downloads_have_the_letter_and_no_number(client: Client) -> None:
    address = "/charts/provinces.{}?period=2026Q3&measure=NET_INVESTMENT"
    rows = csv.reader(io.StringIO(client.get(address.format("csv")).content.decode("utf-8-sig")))
    assert next(row for row in rows if row[0] == "CN-32")[2:] == ["Q", "Q"]
    book = openpyxl.load_workbook(io.BytesIO(client.get(address.format("xlsx")).content))
    cells = [[cell.value for cell in row] for row in book.active.iter_rows(min_row=5)]
    assert next(row for row in cells if row[0] == "CN-32")[2:] == ["Q", "Q"]


@pytest.mark.usefixtures("withheld")
def test_pages_without_withheld_figures_do_not_explain_the_letter(client: Client) -> None:
    assert "abbr" not in page(client, "/provinces/?measure=NET_COUNT").split('id="by-province"')[0]


@pytest.fixture(scope="module")
def released_once(world: Cast) -> None:
    """A release with two networks of Zhejiang; three more and applications of Jiangsu came later."""
    period = Period.objects.get()
    accept_frame("330000", period, "networks", networks({}, {}), by=world.admin)
    publish_all()
    releases.make(by=world.admin)
    accept_frame("320000", period, "networks", networks({}, {}, {"status": "built"}), by=world.admin)
    accept_frame("320000", period, "ai_applications", applications({}), by=world.admin)
    publish_all()


@pytest.fixture
def released(released_once: None, db: None) -> None:
    """The release stands in the database; tests that want another state stand above."""


def test_a_quarter_that_came_later_gives_way_to_the_newest_of_the_release(
    client: Client, cast: Cast, period: Period, earlier_period: Period
) -> None:
    accept_frame("330000", earlier_period, "networks", networks({}), by=cast.admin)
    releases.make(by=cast.admin)
    accept_frame("330000", period, "networks", networks({}, {}), by=cast.admin)
    text = page(client, "/provinces/?period=2026Q3&release=1")
    assert named_row(chart(text, "provinces"), "CN-33")["NET_COUNT"] == 1
    assert "2026Q2: registers of 1 of 37 reporting units are accepted" in text


def test_coverage_is_that_of_the_quarter_asked_for(
    cast: Cast, earlier_period: Period, period: Period, client: Client
) -> None:
    accept_frame("320000", earlier_period, "networks", networks({}), by=cast.admin)
    assert [line.period for line in client.get("/coverage/").context["coverage"]] == [period, period]
    answer = client.get("/coverage/?period=2026Q2")
    assert [line.period for line in answer.context["coverage"]] == [earlier_period, earlier_period]


@pytest.mark.usefixtures("released")
def test_a_past_release_shows_what_it_held_and_says_so(client: Client) -> None:
    now, then = page(client), page(client, "/?release=1")
    assert "<strong>5</strong>" in now
    assert "<strong>2</strong>" in then
    assert named_row(chart(now, "provinces"), "CN-32")["NET_COUNT"] == 3
    assert named_row(chart(then, "provinces"), "CN-32")["NET_COUNT"] is None
    assert named_row(chart(then, "funnel"), "NET_COUNT")["value"] == 2
    assert named_row(chart(then, "progress-net-count"), "2026Q3")["actual"] == 2
    day = f"{timezone.localdate():%Y-%m-%d}"
    assert f"As released on {day} (release 1)" in then
    assert "As released on" not in now
    assert f"此为{day}发布的数据（第1次发布）" in page(client, "/?release=1", language="zh-hans")
    assert '<option value="1" selected>' in then
    assert 'href="/?period=2026Q3">Show the current figures' in then


@pytest.mark.usefixtures("released")
@pytest.mark.parametrize("address", PAGES)
def test_the_address_carries_the_release(client: Client, address: str) -> None:
    text = page(client, f"{address}?release=1")
    assert 'href="/provinces/?release=1"' in text
    assert ("As released on" in text) == (address != "/method/")
    if "/charts/" in text:
        assert ".csv?period=2026Q3&amp;release=1" in text or ".csv?period=2026Q3&release=1" in text


@pytest.mark.usefixtures("released")
def test_downloads_of_a_release_hold_what_it_held(client: Client) -> None:
    def jiangsu(query: str) -> list[str]:
        answer = client.get(f"/charts/provinces.csv?period=2026Q3{query}")
        rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
        return next(row for row in rows if row[0] == "CN-32")[2:]

    assert jiangsu("") == ["3", "60"]
    assert jiangsu("&release=1") == ["", ""]


@pytest.mark.usefixtures("released")
def test_a_release_that_is_not_public_cannot_be_chosen(client: Client, cast: Cast) -> None:
    releases.withdraw(release=Release.objects.get(number=1), by=cast.admin, reason_zh="错", reason_en="wrong")
    releases.make(by=cast.admin, published_at=timezone.now() + timedelta(hours=1))
    for number in ("1", "2", "9", "x", "1e3", "-1"):
        assert client.get(f"/?release={number}").status_code == 404, number
    assert "?release=" not in page(client)
