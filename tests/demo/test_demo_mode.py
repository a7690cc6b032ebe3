"""Demo mode: pages, answers, pictures and workbooks say that their data are invented, and outside of it none does."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from pypdf import PdfReader
from pytest_django import Settings
from redis.exceptions import ConnectionError as RedisConnectionError
from rest_framework.test import APIClient

from submissions import demo_mode
from submissions.demo_mode import Progress
from submissions.edits.corrections import CellEdit, correct
from submissions.files import storage
from submissions.models import Period, Submission
from tests import factories
from tests.conftest import Cast
from tests.national.frames import networks
from tests.national.registers import accept_frame
from tests.portal.browsing import browser, page

STRIP = '<span lang="zh-Hans">演示数据</span> / <span lang="en">Demo data</span>'
WORDS = "演示数据 / Demo data"
COMING = Progress(period="2026Q2", number=4, quarters=5, done=31, total=74, judged=2)
JUDGED = Progress(period="", number=5, quarters=5, done=0, total=0, judged=3)


@pytest.fixture
def demo(settings: Settings) -> None:
    settings.DEMO_MODE = True


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def pages() -> list[str]:
    """Addresses of a page of each kind: of the figures, the portal, the API, and of one that is not there."""
    own = [reverse(f"national:{name}") for name in ("start", "provinces", "roadmap")]
    named = ["account_login", "rulebook:rulebook", "releases:list", "receipts:ask", "api:start", "api:docs"]
    return [*own, *map(reverse, named), "/nothing/here/"]


@pytest.mark.parametrize("address", pages())
@pytest.mark.usefixtures("db")
def test_every_kind_of_page_says_it_in_demo_mode_alone(settings: Settings, address: str) -> None:
    assert STRIP not in browser().get(address).content.decode()
    settings.DEMO_MODE = True
    for language in ("zh-hans", "en"):
        assert browser(language=language).get(address).content.decode().count(STRIP) == 1


@pytest.mark.usefixtures("demo")
def test_the_page_of_a_fault_says_it_even_without_redis(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(key: str) -> None:
        raise RedisConnectionError

    monkeypatch.setattr(cache, "get", gone)
    assert STRIP in render_to_string("500.html")


@pytest.mark.usefixtures("demo", "db")
def test_the_strip_follows_the_load_and_ends_with_it() -> None:
    demo_mode.keep_progress(COMING)
    assert 'data-from="/demo/"' in browser().get("/").content.decode()
    said = browser().get("/demo/").content.decode()
    assert "Loading 2026Q2 (quarter 4 of 5): 31 of 74 returns" in said
    assert 'value="41"' in said
    assert "2026年" in browser(language="zh-hans").get("/demo/").content.decode()
    demo_mode.keep_progress(JUDGED)
    assert "3 of 5 quarters" in browser().get("/demo/").content.decode()
    demo_mode.keep_progress(None)
    assert browser().get("/demo/").content.strip() == b""
    assert "data-from" not in browser().get("/").content.decode()


@pytest.mark.usefixtures("db")
def test_there_is_no_progress_to_ask_for_outside_demo_mode() -> None:
    demo_mode.keep_progress(COMING)
    assert demo_mode.progress() is None
    assert browser().get("/demo/").status_code == 404
    demo_mode.keep_progress(None)


@pytest.fixture
def figures(cast: Cast, period: Period) -> None:
    accept_frame("320000", period, "networks", networks({}, {"network_type": "hybrid"}), by=cast.admin)


@pytest.mark.usefixtures("figures")
@pytest.mark.parametrize("form", ["json", "csv", "parquet"])
def test_answers_of_the_api_say_it_in_a_header_and_stay_as_they_are(settings: Settings, form: str) -> None:
    address = f"/api/v1/figures/?indicator=NET_COUNT&format={form}"
    plain = APIClient().get(address)
    settings.DEMO_MODE = True
    answer = APIClient().get(address)
    assert "Gongwang-Demo" not in plain
    assert answer["Gongwang-Demo"] == "true"
    assert body(answer) == body(plain) != b""


@pytest.mark.usefixtures("demo", "db")
@pytest.mark.parametrize("address", ["/api/v1/nothing/", "/api/v1/submissions/", "/api/v1/figures/?period=x"])
def test_problems_say_it_too(address: str) -> None:
    answer = APIClient().get(address)
    assert answer.status_code >= 400
    assert answer["Gongwang-Demo"] == "true"


def test_the_schema_says_it_in_its_head(settings: Settings, db: None) -> None:
    plain = APIClient().get("/api/schema/?format=json").json()
    settings.DEMO_MODE = True
    answer = APIClient().get("/api/schema/?format=json").json()
    assert answer["info"]["title"] == f"{plain['info']['title']}（{WORDS}）"
    assert answer["info"]["description"].startswith(f"**{WORDS}**")
    assert answer["info"]["x-gongwang-demo"] is True
    assert {**answer, "info": {}} == {**plain, "info": {}}


@pytest.mark.usefixtures("demo", "figures")
def test_a_picture_says_it_before_its_source() -> None:
    assert f'data-source="{WORDS} · Source: ' in browser().get("/provinces/").content.decode()


def _spoilt(cast: Cast, period: Period) -> Submission:
    spoilt = factories.checked(cast.js_preparer, period, rows=5, defects=["cell.E103"])
    finding = spoilt.findings.get(code="cell.E103")
    correct(
        submission=spoilt, by=cast.js_preparer, edits=[CellEdit(finding.sheet, finding.row, "remark", "改")]
    )
    return spoilt


def _of_api(address: str) -> Callable[[Cast, Period], HttpResponse]:
    return lambda cast, period: APIClient().get(f"/api/v1/{address}")


def _of_portal(name: str) -> Callable[[Cast, Period], HttpResponse]:
    return lambda cast, period: browser(cast.js_preparer).get(page(f"portal:{name}", _spoilt(cast, period)))


WORKBOOKS: dict[str, Callable[[Cast, Period], HttpResponse]] = {
    "template": _of_api("collections/networks/template.xlsx?period=2026Q3"),
    "figures": _of_api("figures/?format=xlsx"),
    "chart": lambda cast, period: browser().get(reverse("national:chart-xlsx", args=["provinces"])),
    "findings": _of_portal("findings-xlsx"),
    "marked": _of_portal("marked"),
    "corrected": _of_portal("corrected"),
}


@pytest.mark.usefixtures("demo", "figures")
@pytest.mark.parametrize("kind", WORKBOOKS)
def test_workbooks_say_it_in_name_properties_and_instructions_and_in_no_other_cell(
    cast: Cast, period: Period, kind: str
) -> None:
    answer = WORKBOOKS[kind](cast, period)
    assert answer.status_code == 200
    assert "demo-" in answer["Content-Disposition"]
    book = openpyxl.load_workbook(io.BytesIO(body(answer)))
    assert WORDS in book.properties.title
    assert book.properties.keywords == WORDS
    saying = {sheet.title for sheet in book for row in sheet for cell in row if cell.value == WORDS}
    assert saying == {"说明"}


@pytest.mark.usefixtures("demo")
def test_an_original_is_given_back_untouched(cast: Cast, period: Period) -> None:
    sent = factories.received(cast.js_preparer, period, "networks", rows=3)
    Submission.objects.filter(pk=sent.pk).update(filename="江苏.xlsx")
    answer = browser(cast.js_preparer).get(page("portal:file", sent))
    assert body(answer) == storage.open_original(sent.file)
    assert "demo" not in answer["Content-Disposition"]


@pytest.mark.usefixtures("demo")
def test_a_receipt_says_it(cast: Cast, period: Period) -> None:
    signed = factories.signed(cast.js_preparer, cast.js_signer, period)
    answer = browser(cast.js_signer).get(page("portal:receipt-pdf", signed))
    assert 'filename="demo-GW-' in answer["Content-Disposition"]
    read = PdfReader(io.BytesIO(body(answer))).pages[0].extract_text().replace("\x00", "")
    assert "演示数据" in read


@pytest.mark.parametrize(("name", "given"), [("a.xlsx", "demo-a.xlsx"), ("demo-a.xlsx", "demo-a.xlsx")])
@pytest.mark.usefixtures("demo")
def test_a_name_says_it_once(name: str, given: str) -> None:
    assert demo_mode.file_named(name) == given
