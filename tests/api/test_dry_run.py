"""The dry run answers as the command line does and leaves nothing behind."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import override_settings
from rest_framework.test import APIClient

from demo import workbook
from submissions.models import Event, Finding, Period, StoredFile, Submission, User
from tests import factories
from tests.api.test_errors import problem
from tests.conftest import Cast
from validation import Limits
from validation import Period as Quarter

ClientOf = Callable[[User | None], APIClient]
VALIDATE = "/api/v1/validate/"
Q3 = Quarter(2026, 3)


def named(data: bytes, name: str) -> io.BytesIO:
    file = io.BytesIO(data)
    file.name = name
    return file


def dry_run(
    client: APIClient, collection: str = "networks", *, defects: tuple[str, ...] = (), **more: object
) -> object:
    """A demo workbook of Jiangsu with ten rows."""
    demo = workbook("320000", collection, Q3, rows=10, defects=defects)
    body = {"collection": collection, "period": "2026Q3", "file": named(demo.data, demo.filename), **more}
    return client.post(VALIDATE, body, format="multipart")


def test_clean_file(cast: Cast, client_of: ClientOf) -> None:
    payload = dry_run(client_of(cast.js_preparer)).json()
    assert (payload["verdict"], payload["unit"], payload["period"]) == ("ready", "320000", "2026Q3")
    assert payload["counts"] == {"E": 0, "W": 0, "I": 0}
    assert [sheet["data_rows"] for sheet in payload["sheets"]] == [10]


def test_planted_defect_is_told_at_its_cell(cast: Cast, client_of: ClientOf) -> None:
    demo = workbook("320000", "networks", Q3, rows=10, defects=("cell.E101",))
    payload = dry_run(client_of(cast.js_preparer), defects=("cell.E101",)).json()
    assert payload["verdict"] == "invalid"
    assert [(f["row"], f["column"], f["code"]) for f in payload["findings"]] == list(demo.planted)
    assert set(payload["findings"][0]["message"]) == {"zh", "en"}


def test_nothing_is_kept(cast: Cast, client_of: ClientOf, files: Path) -> None:
    dry_run(client_of(cast.js_preparer))
    for model in (Submission, StoredFile, Finding, Event):
        assert not model.objects.exists()
    assert not files.exists()


def test_unit_comes_from_the_token(cast: Cast, client_of: ClientOf) -> None:
    assert dry_run(client_of(cast.js_preparer), unit="330000").json()["unit"] == "320000"


def test_national_staff_name_the_unit(cast: Cast, client_of: ClientOf) -> None:
    assert dry_run(client_of(cast.auditor), unit="320000").json()["verdict"] == "ready"
    for unit in ({}, {"unit": "999999"}):
        body = problem(dry_run(client_of(cast.auditor), **unit), 400, "invalid-fields")
        assert body["errors"][0]["field"] == "unit"


def test_without_token(anyone: APIClient, db: None) -> None:
    problem(dry_run(anyone), 401, "not-authenticated")


def test_applications_are_compared_with_the_networks_sent(cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.js_preparer)
    assert dry_run(client, "ai_applications").json()["not_evaluable"][0] == "ai.E370"
    networks = workbook("320000", "networks", Q3, rows=40)
    payload = dry_run(client, "ai_applications", networks=named(networks.data, networks.filename)).json()
    assert payload["not_evaluable"] == []


def test_applications_are_compared_with_the_networks_in_store(
    cast: Cast, period: Period, client_of: ClientOf
) -> None:
    factories.checked(cast.js_preparer, period, rows=40)
    assert dry_run(client_of(cast.js_preparer), "ai_applications").json()["not_evaluable"] == []


def test_previous_register_is_compared(cast: Cast, client_of: ClientOf) -> None:
    earlier = workbook("320000", "networks", Q3.shift(-1), rows=200)
    payload = dry_run(client_of(cast.js_preparer), previous=named(earlier.data, earlier.filename)).json()
    assert "hist.W401" in {rule["code"] for rule in payload["rules"]}


def test_unreadable_file_is_a_finding(cast: Cast, client_of: ClientOf) -> None:
    body = {"collection": "networks", "period": "2026Q3", "file": named(b"\x89PNG\r\n\x1a\n", "a.xlsx")}
    payload = client_of(cast.js_preparer).post(VALIDATE, body, format="multipart").json()
    assert (payload["verdict"], [f["code"] for f in payload["findings"]]) == ("invalid", ["file.E002"])


@pytest.mark.parametrize(
    ("wrong", "field"), [({"collection": "mines"}, "collection"), ({"period": "third quarter"}, "period")]
)
def test_wrong_fields(cast: Cast, client_of: ClientOf, wrong: dict[str, str], field: str) -> None:
    body = {"collection": "networks", "period": "2026Q3", "file": named(b"x", "a.csv"), **wrong}
    answer = client_of(cast.js_preparer).post(VALIDATE, body, format="multipart")
    assert [error["field"] for error in problem(answer, 400, "invalid-fields")["errors"]] == [field]


@override_settings(UPLOAD_LIMITS=Limits(file_bytes=1000))
def test_too_large(cast: Cast, client_of: ClientOf) -> None:
    problem(dry_run(client_of(cast.js_preparer)), 413, "file-too-large")
