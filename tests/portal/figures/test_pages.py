"""The public pages over HTTP: what they say with and without figures, in both languages, to everyone."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from national.charts import CHARTS
from national.disclosure.queue import judge_now
from national.dissemination.visibility import Vantage, present
from national.dissemination.waiting import waits
from national.models import ClearingRun, Figure, Plan
from submissions.models import Period
from tests.conftest import Cast
from tests.national.frames import applications, networks
from tests.national.registers import accept_frame, publish_all

PAGES = ("/", "/provinces/", "/industries/", "/ai/", "/traffic/", "/coverage/", "/roadmap/", "/method/")
EVERY_PAGE = pytest.mark.parametrize("address", PAGES)


def page(client: Client, address: str = "/", language: str = "en") -> str:
    client.cookies.load({"django_language": language})
    response = client.get(address)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def chart(text: str, code: str) -> dict[str, Any]:
    """The data that the browser draws a chart from."""
    figure = text[text.index(f'data-chart="{code}"') :]
    script = re.search(r'<script type="application/json">(.*?)</script>', figure)
    assert script is not None
    data: dict[str, Any] = json.loads(script[1])
    return data


def named_row(data: dict[str, Any], name: str) -> dict[str, Any]:
    """The row of that name, by column."""
    keys = [column["key"] for column in data["columns"]]
    return next(
        row for row in (dict(zip(keys, row, strict=True)) for row in data["rows"]) if name in row.values()
    )


@pytest.fixture(scope="module")
def accepted_once(world: Cast) -> None:
    """Two networks of Zhejiang, one of Ningbo, Zhejiang's applications."""
    period = Period.objects.get()
    accept_frame("330000", period, "networks", networks({}, {"network_code": "A-01"}), by=world.admin)
    accept_frame("330200", period, "networks", networks({"security_level": "ungraded"}), by=world.admin)
    ai = applications({"network_code": "A-01"})
    accept_frame("330000", period, "ai_applications", ai, by=world.admin)
    publish_all()


@pytest.fixture
def accepted(accepted_once: None, db: None) -> None:
    """What was accepted stands in the database; tests that want none of it stand above."""


#: pages with parts that disclosure control judges first
PARTS = ("/provinces/", "/industries/", "/coverage/", "/traffic/", "/ai/", "/roadmap/")
WAITS = "the parts are being reviewed for confidentiality and are not published yet."


def test_parts_that_wait_are_told_in_one_line(client: Client, cast: Cast, period: Period) -> None:
    accept_frame("330000", period, "networks", networks({}), by=cast.admin)
    accept_frame("330000", period, "ai_applications", applications({}), by=cast.admin)
    for address in PARTS:
        text = page(client, address)
        assert text.count(f"2026Q3: {WAITS}") == 1, address
        assert "the newest complete quarter" not in text, "there is none yet"
        for untrue in ("There are no figures yet", "There is no figure yet", "No register has been accepted"):
            assert untrue not in text, (address, untrue)
        assert "empty-groups" not in text
    assert WAITS not in page(client), "nothing of the overview has to be judged"
    assert "1,517" not in page(client, "/traffic/")
    withheld = chart(page(client, "/provinces/?measure=NET_INVESTMENT"), "provinces")
    assert withheld["facts"]["none_label"] == "Not published yet"
    judge_now()
    assert not any(WAITS in page(client, address) for address in PARTS)


def test_pages_open_on_the_newest_quarter_that_can_be_read(
    client: Client, cast: Cast, period: Period, earlier_period: Period
) -> None:
    accept_frame("330000", earlier_period, "networks", networks({}), by=cast.admin)
    publish_all()
    accept_frame("330000", period, "networks", networks({}, {"network_code": "A-01"}), by=cast.admin)
    line = "The parts of 2026Q3 are being reviewed for confidentiality; this page shows 2026Q2, the newest complete quarter."
    for address in PARTS:
        text = page(client, address)
        assert text.count(line) == 1, address
        assert '<a href="?period=2026Q3">What is published of 2026Q3</a>' in text
    assert named_row(chart(page(client, "/provinces/"), "provinces"), "CN-33")["NET_COUNT"] == 1
    assert 'href="/industries/"' in page(client, "/provinces/")
    chosen = page(client, "/provinces/?period=2026Q3&measure=AI_COUNT")
    assert chosen.count(f"2026Q3: {WAITS}") == 1
    assert 'href="?period=2026Q2&amp;measure=AI_COUNT">Show 2026Q2, the newest complete quarter' in chosen
    assert 'href="/industries/?period=2026Q3"' in chosen, "what was asked for is asked for elsewhere too"
    assert "<strong>2</strong>" in page(client), "the overview needs no judging"
    publish_all()
    assert "reviewed for confidentiality" not in "".join(page(client, address) for address in PARTS)
    assert named_row(chart(page(client, "/provinces/"), "provinces"), "CN-33")["NET_COUNT"] == 2


def test_a_change_after_it_was_judged_makes_a_quarter_wait_again(
    client: Client, cast: Cast, period: Period, earlier_period: Period
) -> None:
    for quarter in (earlier_period, period):
        accept_frame("330000", quarter, "networks", networks({}), by=cast.admin)
    publish_all()
    assert waits("2026Q3", present()) is waits("2026Q2", present()) is False
    accept_frame("330000", period, "networks", networks({}, {"network_code": "A-01"}), by=cast.admin)
    assert (waits("2026Q3", present()), waits("2026Q2", present())) == (True, False)
    judged = ClearingRun.objects.filter(period="2026Q3").latest("moment").moment
    assert waits("2026Q3", Vantage(judged)) is False, "what stood then was judged"


def test_the_sentence_about_ai_is_left_out_without_a_register_of_it(
    client: Client, cast: Cast, period: Period
) -> None:
    accept_frame("330000", period, "networks", networks({}), by=cast.admin)
    text = page(client, "/traffic/")
    assert (
        "Of 1 counted networks 100 % carry traffic. No register of AI applications has been accepted yet."
        in text
    )


@pytest.mark.django_db
@EVERY_PAGE
def test_before_the_first_acceptance_every_page_says_so(client: Client, units: int, address: str) -> None:
    text = page(client, address)
    assert text.count("<h1") == 1
    assert "<strong>0</strong>" not in text
    for word in {"/": "No register has been accepted yet", "/coverage/": "No period has opened yet"}.get(
        address, ""
    ):
        assert word in text


@pytest.mark.django_db
@EVERY_PAGE
def test_only_reading_is_allowed(client: Client, address: str) -> None:
    assert client.post(address).status_code == 405


def test_an_earlier_quarter_has_its_own_address(
    client: Client, cast: Cast, period: Period, earlier_period: Period
) -> None:
    accept_frame("330000", earlier_period, "networks", networks({}), by=cast.admin)
    accept_frame("330000", period, "networks", networks({}, {"network_code": "A-01"}), by=cast.admin)
    assert named_row(chart(page(client, "/provinces/"), "provinces"), "CN-33")["NET_COUNT"] == 2
    earlier = page(client, "/provinces/?period=2026Q2")
    assert named_row(chart(earlier, "provinces"), "CN-33")["NET_COUNT"] == 1
    assert 'href="/industries/?period=2026Q2"' in earlier
    assert "/charts/provinces.csv?period=2026Q2" in earlier


@pytest.mark.usefixtures("accepted")
def test_the_headline_with_its_date_and_coverage(client: Client) -> None:
    text = page(client)
    assert "<strong>3</strong>" in text
    assert "of 50,000 networks" in text
    assert "As at 2026-09-30 (2026Q3)" in text
    assert "2 of 37 reporting units" in text
    assert "Not all units are in yet" in text
    assert "Provisional" in text
    assert "more than 20,000" in text
    assert "Still missing" in text
    assert "49,997" in text
    assert "not enough quarters" in text
    assert "Only 2 of 37 reporting units have a figure" in text


@pytest.mark.usefixtures("accepted")
def test_the_chart_has_both_paths_and_no_projection_from_one_quarter(client: Client) -> None:
    data = chart(page(client), "progress-net-count")
    assert (data["draw"], data["facts"]["goal"], data["facts"]["partial"]) == ("paths", 50_000, ["2026Q3"])
    assert [row[0] for row in data["rows"]][:2] == ["2025Q4", "2026Q1"]
    assert named_row(data, "2026Q3")["actual"] == 3
    assert named_row(data, "2025Q4")["linear"] == named_row(data, "2025Q4")["published"] == 20_000
    due = named_row(data, "2030Q4")
    assert (due["linear"], due["compound"], due["projected"], due["low"]) == (50_000, 50_000, None, None)
    assert "Not enough quarters for a projection: it needs 4 complete ones in a row and has 0." in page(
        client
    )


@pytest.mark.usefixtures("accepted")
def test_provinces_with_a_dash_where_nothing_was_accepted(client: Client) -> None:
    text = page(client, "/provinces/")
    table = re.sub(r"</?a\b[^>]*>", "", text[text.index('id="by-province"') :])
    zhejiang = table[table.index('<th scope="row">Zhejiang') :]
    assert zhejiang.startswith(
        '<th scope="row">Zhejiang</th> <td class="num">2 / 2</td> <td class="num">0</td> <td class="num">3</td>'
    )
    hebei = table[table.index('<th scope="row">Hebei') :]
    assert hebei.startswith(
        '<th scope="row">Hebei</th> <td class="num">0 / 1</td> <td class="num">0</td> <td class="num">—</td>'
    )


@pytest.mark.usefixtures("accepted")
def test_the_map_shows_what_was_asked_for(client: Client) -> None:
    data = chart(page(client, "/provinces/?measure=AI_COUNT"), "provinces")
    assert data["title"] == "AI applications in production by province, 2026Q3"
    assert named_row(data, "CN-33")["AI_COUNT"] == 1
    assert named_row(data, "CN-13")["AI_COUNT"] is None
    assert (
        len(data["rows"]) == len(data["facts"]["tiles"]) == 35
    )  # 31 provinces, the Corps, and three outside
    places = [tuple(tile[:2]) for tile in data["facts"]["tiles"].values()]
    assert len(set(places)) == len(places)


@pytest.mark.usefixtures("accepted")
def test_taiwan_hong_kong_and_macao_are_told_in_page_table_and_data(client: Client) -> None:
    reasons = {"CN-71": "台湾省资料暂缺", "CN-81": "不在本项填报范围内", "CN-82": "不在本项填报范围内"}
    names = {"CN-71": "台湾省", "CN-81": "香港特别行政区", "CN-82": "澳门特别行政区"}
    text = page(client, "/provinces/", "zh-hans")
    data = chart(text, "provinces")
    assert {row[0]: row[2] for row in data["rows"][-3:]} == reasons
    assert data["facts"]["tiles"]["CN-71"][2:] == ["台湾", "台湾", "资料暂缺"]
    assert data["facts"]["source_note"] == "全国数据未包括香港特别行政区、澳门特别行政区；台湾省资料暂缺。"
    assert data["facts"]["source_note"] in text
    table = text[text.index('id="by-province"') :]
    for area, name in names.items():
        assert f'<th scope="row">{name}</th><td class="reason" colspan="8">{reasons[area]}</td>' in table
    lines = list(csv.reader(io.StringIO(client.get("/charts/provinces.csv").content.decode("utf-8-sig"))))
    assert [line[:3] for line in lines[-3:]] == [[area, names[area], reasons[area]] for area in names]
    book = openpyxl.load_workbook(io.BytesIO(client.get("/charts/provinces.xlsx").content)).active
    assert [[cell.value for cell in row[:3]] for row in list(book.iter_rows())[-3:]] == [
        [area, names[area], reasons[area]] for area in names
    ]
    english = page(client, "/provinces/")
    assert "data of Taiwan Province not available at present" in english
    assert english.count("Hong Kong SAR") >= 2


@pytest.mark.usefixtures("accepted")
def test_the_road_to_traffic_by_unit_and_industry(client: Client) -> None:
    text = page(client, "/traffic/")
    steps = {row[0]: row[2:] for row in chart(text, "funnel")["rows"]}
    assert steps == {"NET_COUNT": [3, 100], "NET_OPERATING": [3, 100], "NET_WITH_AI": [1, 33.3]}
    zhejiang = named_row(chart(text, "traffic-units"), "330000")
    assert (zhejiang["NET_COUNT"], zhejiang["ai_share"], zhejiang["per_network"]) == (2, 50, 0.5)
    assert named_row(chart(text, "traffic-units"), "130000")["operating_share"] is None
    assert "a ratio per network" in text
    matrix = chart(text, "matrix")
    assert (len(matrix["rows"]), len(matrix["columns"])) == (41, 2 + 37)
    filled = [value for row in matrix["rows"] for value in row[2:] if value]
    assert sum(filled) == 3
    assert named_row(matrix, "06")["330000"] == 0  # its register counts, and has none of that industry
    assert named_row(matrix, "06")["130000"] is None


@pytest.mark.usefixtures("accepted")
def test_empty_groups_are_listed_by_section_and_division(client: Client) -> None:
    text = page(client, "/coverage/")
    data = chart(text, "groups")
    assert sum(row[3] for row in data["rows"]) == 207
    covered = sum(row[4] for row in data["rows"])
    assert (
        covered
        == Figure.objects.in_force().get(indicator="GROUPS_COVERED", area="CN", breakdown="total").value
    )
    assert f"cover {covered} of 207 groups; {207 - covered} are not covered." in text
    listed = text[text.index('id="empty-groups"') :]
    assert listed.count("<span>") == 207 - covered
    assert "Section B Mining" in listed
    assert "<span>120 Mining of Other Ores</span>" in listed


@pytest.mark.usefixtures("accepted")
def test_every_line_of_the_roadmap_has_a_figure_or_says_not_collected(client: Client) -> None:
    text = page(client, "/roadmap/")
    rows = text[text.index("<tbody>") : text.index("</tbody>")].split('<th scope="row">')[1:]
    assert len(rows) == 10
    without = [row.split("<")[0] for row in rows if "Not collected" in row]
    assert without == [
        "Integrated platforms of international standing",
        "Resources: research and development",
        "Resources: standards",
    ]
    assert "66.67 %" in rows[3]  # graded networks, beside the word proxy
    assert "Not judged" in rows[1]  # its newest figure is the base itself
    assert "Proxy" in rows[3]
    assert "above 2.5 CNY trillion" in rows[1]
    data = chart(text, "progress-value-added")
    assert [row[0] for row in data["rows"]] == [str(year) for year in range(2021, 2031)]
    assert named_row(data, "2025")["actual"] == 1.67
    assert named_row(data, "2023")["actual"] is None  # a forecast
    assert named_row(data, "2030")["projected"] is None
    assert "Not enough years for a projection: it needs 4 in a row and has 2." in text


@pytest.mark.usefixtures("accepted")
def test_plans_say_by_how_much_they_miss(client: Client) -> None:
    assert "sum-of-plans" not in page(client, "/provinces/")
    for unit, goal in (("330000", 4_000), ("330200", 1_000), ("320000", 7_000)):
        Plan.objects.create(unit_id=unit, year=2030, goal=goal, source="plan")
    text = page(client, "/provinces/")
    assert "3 of 37 units have a plan for the end of 2030" in text
    assert "38,000 short of the goal" in text
    assert named_row(chart(text, "plans"), "330200") == {
        "unit": "330200", "name": "Ningbo", "NET_COUNT": 1, "goal": 1_000, "share": 0.1,
    }  # fmt: skip
    assert "38,000 short of the goal" in page(client)


@pytest.mark.usefixtures("accepted")
@EVERY_PAGE
def test_chinese_comes_first(client: Client, address: str) -> None:
    text = " ".join(client.get(address).content.decode().split())
    assert '<html lang="zh-hans"' in text
    visible = re.sub(r"<script.*?</script>|<[^>]*>|&[a-z]+;", " ", text)
    allowed = {"API", "CSV", "XLSX", "SVG", "PNG", "AI", "English", "RedCap", "GPU", "PLC", "Gongwang"}
    english = set(re.findall(r"\b[A-Z][a-z]{3,}\b", visible)) - allowed
    sources = {"People", "Daily", "MIIT", "CAII"}
    assert not english - sources, english


@pytest.mark.usefixtures("accepted")
def test_the_headline_in_chinese(client: Client) -> None:
    text = " ".join(client.get("/").content.decode().split())
    assert "到2030年底建成50,000张工业5G专网" in text
    assert "超过20,000张" in text
    assert "未采集" in " ".join(client.get("/roadmap/").content.decode().split())


@pytest.mark.usefixtures("accepted")
@EVERY_PAGE
def test_everyone_sees_the_same_page(client: Client, cast: Cast, address: str) -> None:
    anonymous = page(client, address)
    start = anonymous.index("<h1")
    for user in (cast.js_preparer, cast.auditor):
        client.force_login(user)
        text = page(client, address)
        assert text[text.index("<h1") :].split("<footer")[0] == anonymous[start:].split("<footer")[0]


@pytest.mark.usefixtures("accepted")
@EVERY_PAGE
def test_nothing_inline_that_the_content_policy_forbids(client: Client, address: str) -> None:
    text = page(client, address)
    assert "<style" not in text
    assert " style=" not in text
    assert " onclick=" not in text
    assert re.findall(r"<script(?! type=\"application/json\")(?![^>]* src=)[^>]*>", text) == []


@pytest.mark.usefixtures("accepted")
@EVERY_PAGE
def test_every_chart_has_its_table_and_downloads(client: Client, address: str) -> None:
    text = page(client, address)
    figures = re.findall(r"<figure .*?</figure>", text)
    assert len(figures) == text.count("<figure ")
    for figure in figures:
        assert "being reviewed" not in figure
        code = re.findall(r'data-chart="([a-z-]+)"', figure)[0]
        assert code in CHARTS
        assert figure.count("<table") == 1
        assert f'href="/charts/{code}.csv?period=2026Q3' in figure or address == "/roadmap/"


@pytest.mark.usefixtures("accepted")
@pytest.mark.parametrize("code", sorted(CHARTS))
def test_downloads_say_what_the_chart_draws(client: Client, code: str) -> None:
    client.cookies.load({"django_language": "en"})
    answer = client.get(reverse("national:chart-csv", args=[code]), {"period": "2026Q3"})
    assert answer.headers["Content-Disposition"] == f'attachment; filename="gongwang-{code}-2026Q3.csv"'
    header, *lines = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"/charts/{code}.xlsx?period=2026Q3").content))
    sheet = [[cell.value for cell in row] for row in book.active.iter_rows(min_row=4)]
    assert sheet[0][: len(header)] == header
    assert len(sheet) - 1 == len(lines)
    assert not [cell for row in lines for cell in row if re.fullmatch(r"-?\d+\.\d*0", cell)]
    for text, row in zip(lines, sheet[1:], strict=True):
        assert [str(float(v)) if isinstance(v, int | float) else v or "" for v in row[: len(text)]] == [
            str(float(cell)) if isinstance(value, int | float) else cell.removeprefix("'")
            for cell, value in zip(text, row, strict=False)
        ]


@pytest.mark.usefixtures("accepted")
@pytest.mark.parametrize(
    "address",
    [
        "/?period=2026Q2",
        "/provinces/?period=x",
        "/provinces/?measure=HAPPINESS",
        "/charts/nothing.csv",
        "/charts/nothing.xlsx",
    ],
)
def test_what_is_not_there_is_not_found(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404
