"""Withheld values never leave the server for the public: every format and page is searched for them."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from decimal import Decimal

import polars as pl
import pytest
from django.conf import settings
from django.test import Client
from rest_framework.test import APIClient

from national.disclosure.queue import judge_now
from national.dissemination import releases
from national.models import ClearanceState, Figure, PublicFigure
from submissions.models import Period, User
from tests.conftest import Cast
from tests.national.frames import networks
from tests.national.registers import accept_frame, publish_all

ClientOf = Callable[[User | None], APIClient]
FIGURES = "/api/v1/figures/"
#: investments that occur nowhere else, each of a single enterprise in its unit and industry
SECRETS = {"320000": Decimal("8123457.25"), "330000": Decimal("9234567.75")}
EVERYTHING = f"{FIGURES}?breakdown=all&period=all"


@pytest.fixture(scope="module")
def cleared_once(world: Cast) -> None:
    """Three units; in two of them one enterprise alone holds industry 361. Judged and released."""
    period = Period.objects.get()
    for unit in ("320000", "330000", "440000"):
        rows = [
            {"industry_code": industry, "enterprise_uscc": f"{unit}-{industry}-{number}"}
            for industry in ("371", "381", "391")
            for number in range(7)
        ]
        if unit in SECRETS:
            rows.append({"industry_code": "361", "investment_10k_cny": SECRETS[unit]})
        accept_frame(unit, period, "networks", networks(*rows), by=world.admin)
    judge_now()
    releases.make(by=world.admin)


@pytest.fixture
def cleared(cleared_once: None, db: None) -> None:
    """What was cleared stands in the database; tests that want another state stand above."""


def secrets() -> set[str]:
    """Texts that may appear nowhere: the investments and every withheld value, whole and in tenths."""
    withheld = Figure.objects.filter(
        indicator="NET_INVESTMENT",
        clearance__state__in=(ClearanceState.SUPPRESSED, ClearanceState.SUPPRESSED_HIDDEN),
    )
    values = {*withheld.values_list("value", flat=True), *SECRETS.values()}
    assert len(values) > 2
    return {f"{value:.1f}".rstrip("0").rstrip(".") for value in values if value > 10_000}


def texts(anyone: APIClient, client: Client) -> Iterator[tuple[str, str]]:
    """Everything the public can read: addresses and contents as text."""
    for kind in ("json&limit=10000", "csv", "xlsx", "parquet"):
        yield kind, text_of(anyone.get(f"{EVERYTHING}&format={kind}"), kind)
        yield f"release {kind}", text_of(anyone.get(f"{EVERYTHING}&release=1&format={kind}"), kind)
        yield f"changes {kind}", text_of(anyone.get(f"/api/v1/releases/1/?format={kind}"), kind)
    for figure in PublicFigure.objects.filter(indicator="NET_INVESTMENT"):
        yield f"lineage {figure}", text_of(anyone.get(f"{FIGURES}{figure.pk}/lineage/"), "json")
    for page in ("/", "/provinces/", "/industries/", "/traffic/", "/releases/1/"):
        yield page, text_of(client.get(page), "html")


def text_of(answer: object, kind: str) -> str:
    assert answer.status_code == 200, answer
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if kind == "parquet":
        return pl.read_parquet(io.BytesIO(body)).write_csv()
    if kind == "xlsx":
        with zipfile.ZipFile(io.BytesIO(body)) as book:
            return " ".join(book.read(name).decode() for name in book.namelist())
    return body.decode()


def test_the_parameters_are_told_nowhere(anyone: APIClient, client: Client, db: None) -> None:
    names = ("DISCLOSURE_MIN_ENTERPRISES", "DISCLOSURE_PERCENT")
    assert all(hasattr(settings, name) for name in names)
    texts = [json.dumps(anyone.get("/api/v1/indicators/").json()), client.get("/method/").content.decode()]
    assert not [name for name in names for text in texts if name in text]


def test_what_a_release_withholds_has_not_gone_in_its_changes(
    cast: Cast, period: Period, anyone: APIClient
) -> None:
    """Shown in the release before and withheld now: neither a figure that went nor a fall by all of it."""
    for unit in ("320000", "330000", "440000"):
        accept_frame(unit, period, "networks", networks({}), by=cast.admin)
    publish_all()
    releases.make(by=cast.admin)
    for unit in ("320000", "440000"):
        accept_frame(unit, period, "networks", networks({}, {}), by=cast.admin)
    judge_now()
    releases.make(by=cast.admin)
    query = "?indicator=NET_INVESTMENT&area=440000"
    (figure,) = anyone.get(f"{FIGURES}{query}").json()["results"]
    assert figure["status"] == "Q"
    changed = [anyone.get(f"/api/v1/releases/{number}/{query}").json()["changed"] for number in (1, 2)]
    assert [changes["count"] for changes in changed] == [1, 0]


@pytest.mark.usefixtures("cleared")
def test_no_public_answer_holds_a_withheld_value(anyone: APIClient, client: Client) -> None:
    searched, hidden = 0, secrets()
    for address, text in texts(anyone, client):
        searched += 1
        plain = text.replace(",", "")
        assert not [secret for secret in hidden if secret in plain], address
    assert searched > 20


@pytest.mark.usefixtures("cleared")
def test_a_withheld_figure_shows_status_q_and_its_class(anyone: APIClient) -> None:
    query = "?indicator=NET_INVESTMENT&area=320000&breakdown=industry_division"
    rows = {row["breakdown_value"]: row for row in anyone.get(FIGURES + query).json()["results"]}
    withheld = [row for row in rows.values() if row["suppressed"]]
    assert withheld
    for row in withheld:
        assert (row["status"], row["value"], row["value_strict"], row["records"]) == ("Q", None, None, None)
        assert row["breakdown_zh"]
        assert row["breakdown_en"]


@pytest.mark.usefixtures("cleared")
def test_national_staff_see_the_value_and_that_it_is_withheld(cast: Cast, client_of: ClientOf) -> None:
    query = "?indicator=NET_INVESTMENT&area=320000&breakdown=industry_division"
    for user, sees in ((cast.auditor, True), (cast.js_preparer, False), (None, False)):
        rows = client_of(user).get(FIGURES + query).json()["results"]
        values = {row["breakdown_value"]: (row["value"], row["suppressed"]) for row in rows}
        assert (values.get("36") == (float(SECRETS["320000"]), True)) is sees


@pytest.mark.usefixtures("cleared")
def test_lineage_of_a_figure_that_is_not_public_is_not_found(anyone: APIClient) -> None:
    silent = Figure.objects.filter(clearance__state=ClearanceState.SUPPRESSED_HIDDEN).first()
    assert silent is not None
    assert anyone.get(f"{FIGURES}{silent.pk}/lineage/").status_code == 404
