"""The way of a collection that no part of the project knows, over HTTP; run by `test_energy.py` where it is installed."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from knox.models import AuthToken
from rest_framework.test import APIClient

from national.disclosure.queue import judge_now
from submissions.checks import intake
from submissions.models import Period, User
from tests.conftest import Cast
from tests.packs import energy
from tests.portal.browsing import browser

SUBMISSIONS = "/api/v1/submissions/"


def client_of(user: User) -> APIClient:
    token = AuthToken.objects.create(user)[1]
    return APIClient(headers={"Accept-Language": "en", "Authorization": f"Token {token}"})


def send(client: APIClient, period: Period, *rows: dict[str, object]) -> dict[str, object]:
    """Send a sheet of the form, have it checked, and read what became of it."""
    upload = SimpleUploadedFile("用电.xlsx", energy.sheet(*rows))
    fields = {"collection": "energy", "period": period.code, "file": upload}
    answer = client.post(SUBMISSIONS, fields, format="multipart")
    assert answer.status_code == 202, answer.content
    intake.check(submission_id=answer.json()["id"])
    return client.get(f"{SUBMISSIONS}{answer.json()['id']}/").json()


def test_from_the_upload_to_the_figure(cast: Cast, period: Period) -> None:
    preparer, signer, ministry = map(client_of, (cast.js_preparer, cast.js_signer, cast.admin))
    spoilt = send(preparer, period, {"meter_code": "JS-1-1"}, {"meter_code": "JS-1-1"}, {"energy_mwh": -1})
    assert spoilt["state"] == "invalid", spoilt
    listed = preparer.get(f"{SUBMISSIONS}{spoilt['id']}/findings/").json()["results"]
    assert sorted(finding["code"] for finding in listed) == ["cell.E107", "nrg.E601", "nrg.E601"]
    mended = send(preparer, period, {}, {"energy_mwh": 749.5}, {"energy_mwh": 0})
    assert (mended["state"], mended["version"]) == ("unexplained", 2)
    address = f"{SUBMISSIONS}{mended['id']}/"
    explained = preparer.post(
        f"{address}explanations/", {"code": "nrg.W602", "reason": "confirmed"}, format="json"
    )
    assert explained.status_code == 201, explained.content
    signed = signer.post(f"{address}sign/", {"confirm": True}, format="json")
    assert signed.status_code == 200, signed.content
    assert "-320000-NRG-0002-" in signed.json()["receipt"]["number"]
    assert ministry.post(f"{address}accept/", {}, format="json").status_code == 200
    assert figure(ministry, "320000") == figure(ministry, "CN") == 2000
    judge_now()
    assert figure(APIClient(), "320000") is None, "one enterprise's alone is nobody else's"


def figure(client: APIClient, area: str) -> float | None:
    query = f"indicator=NRG_USED&area={area}&period=2026Q3"
    (row,) = client.get(f"/api/v1/figures/?{query}").json()["results"]
    return row["value"]


def test_pages_know_it(cast: Cast, period: Period) -> None:
    submission = send(client_of(cast.js_preparer), period, {}, {"energy_mwh": 0})
    pages, here = browser(cast.js_preparer), [submission["id"]]
    for address in (
        reverse("portal:home"),
        reverse("portal:submission", args=here),
        reverse("portal:findings", args=here),
        reverse("portal:upload", args=["energy", period.code]),
        "/rulebook/energy/",
    ):
        answer = pages.get(address)
        assert answer.status_code == 200, address
        assert "Electricity of factories" in answer.content.decode(), address


def test_the_schema_lists_the_collections_that_are_installed() -> None:
    schema = APIClient().get("/api/schema/?format=json").json()
    assert schema["components"]["schemas"]["CollectionEnum"]["enum"] == [
        "networks",
        "ai_applications",
        "energy",
    ]
    names = [row["name"] for row in APIClient().get("/api/v1/collections/").json()]
    assert names == ["networks", "ai_applications", "energy"]
