"""The public start page: what it says with and without figures, in both languages, to everyone."""

from __future__ import annotations

import pytest
from django.test import Client

from submissions.models import Period
from tests.conftest import Cast
from tests.national.frames import applications, networks
from tests.national.registers import accept_frame


def page(client: Client, language: str = "en") -> str:
    client.cookies.load({"django_language": language})
    response = client.get("/")
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


@pytest.fixture
def accepted(cast: Cast, period: Period) -> None:
    """Two networks of Zhejiang, one of Ningbo, Zhejiang's applications."""
    accept_frame("330000", period, "networks", networks({}, {"network_code": "A-01"}), by=cast.admin)
    accept_frame("330200", period, "networks", networks({"security_level": "ungraded"}), by=cast.admin)
    ai = applications({"network_code": "A-01"})
    accept_frame("330000", period, "ai_applications", ai, by=cast.admin)


@pytest.mark.usefixtures("accepted")
def test_the_headline_with_its_date_and_coverage(client: Client) -> None:
    text = page(client)
    assert "<strong>3</strong>" in text
    assert "of 50,000 networks" in text
    assert "State of affairs on 2026-09-30 (2026Q3)" in text
    assert "2 of 37 reporting units" in text
    assert "Not all units are in yet" in text
    assert "Provisional" in text
    assert "more than 20,000" in text
    assert "Still missing" in text
    assert "49,997" in text


@pytest.mark.usefixtures("accepted")
def test_provinces_with_a_dash_where_nothing_was_accepted(client: Client) -> None:
    text = page(client)
    row = text[text.index('<th scope="row">Zhejiang') :]
    assert row.startswith(
        '<th scope="row">Zhejiang Province</th> <td class="num">2 / 2</td> <td class="num">3</td>'
    )
    hebei = text[text.index('<th scope="row">Hebei') :]
    assert hebei.startswith(
        '<th scope="row">Hebei Province</th> <td class="num">0 / 1</td> <td class="num">–</td>'
    )


@pytest.mark.usefixtures("accepted")
def test_every_line_of_the_roadmap_has_a_figure_or_says_not_collected(client: Client) -> None:
    text = page(client)
    roadmap = text[text.index('id="roadmap"') : text.index('id="method"')]
    rows = roadmap.split('<th scope="row">')[1:]
    assert len(rows) == 10
    without = [row.split("<")[0] for row in rows if "Not collected" in row]
    assert without == [
        "Integrated platforms of international standing",
        "Resources: research and development",
        "Resources: standards",
    ]
    assert "66.67 %" in rows[3]  # graded networks, beside the word proxy
    assert "Proxy" in rows[3]
    assert "above 2.5 CNY trillion" in rows[1]


def test_before_the_first_acceptance_it_says_so(client: Client, cast: Cast) -> None:
    text = page(client)
    assert "No register has been accepted yet" in text
    assert "<strong>0</strong>" not in text
    assert "No period has opened yet" in text


@pytest.mark.usefixtures("accepted")
def test_chinese_comes_first(client: Client) -> None:
    text = " ".join(client.get("/").content.decode().split())
    assert "工业5G专网：到2030年底建成50,000个" in text
    assert "浙江省" in text
    assert "未采集" in text
    assert "Not collected" not in text
    assert "超过20,000个" in text


@pytest.mark.usefixtures("accepted")
def test_everyone_sees_the_same_page(client: Client, cast: Cast) -> None:
    anonymous = page(client)
    start = anonymous.index("<h1")
    for user in (cast.js_preparer, cast.auditor):
        client.force_login(user)
        text = page(client)
        assert text[text.index("<h1") :].split("<footer")[0] == anonymous[start:].split("<footer")[0]


@pytest.mark.django_db
def test_only_reading_is_allowed(client: Client) -> None:
    assert client.post("/").status_code == 405


@pytest.mark.usefixtures("accepted")
def test_nothing_inline_that_the_content_policy_forbids(client: Client) -> None:
    text = page(client)
    assert "<style" not in text
    assert " style=" not in text
    assert " onclick=" not in text
