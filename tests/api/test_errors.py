"""Every error is a problem document with a stable code, whatever raised it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.exceptions import RequestDataTooBig
from django.test import override_settings
from rest_framework.request import Request
from rest_framework.test import APIClient, APIRequestFactory

from api.parsers import BoundedJSONParser
from api.problems import BY_EXCEPTION, TITLES, all_problems
from submissions.models import User
from submissions.refusals import REFUSALS
from tests.conftest import Cast

ClientOf = Callable[[User | None], APIClient]
KEYS = {"type", "title", "status", "detail", "detail_zh", "detail_en", "code", "request_id", "errors"}


def problem(response: object, status: int, code: str) -> dict[str, object]:
    """The document, once its shape is found right."""
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    body = response.json()
    assert set(body) >= KEYS
    assert (body["status"], body["code"]) == (status, code)
    assert body["type"] == f"http://testserver/api/#{code}"
    assert body["request_id"] == response["X-Request-ID"]
    return body


def test_unknown_address(anyone: APIClient) -> None:
    problem(anyone.get("/api/v1/no/such/thing/"), 404, "not-found")
    problem(anyone.post("/api/v1/no/such/thing/", {}), 404, "not-found")


def test_without_token(anyone: APIClient, db: None) -> None:
    response = anyone.get("/api/v1/submissions/")
    problem(response, 401, "not-authenticated")
    assert response["WWW-Authenticate"] == "Token"


@pytest.mark.parametrize("header", ["Token", "Token a b", "Token gw_nonsense"])
def test_wrong_token(anyone: APIClient, db: None, header: str) -> None:
    response = anyone.get("/api/v1/submissions/", headers={"Authorization": header})
    problem(response, 401, "authentication-failed")
    assert response["WWW-Authenticate"] == "Token"


def test_language_of_the_request(anyone: APIClient) -> None:
    english = problem(anyone.get("/api/v1/nothing/"), 404, "not-found")
    assert english["title"] == "Not found"
    assert english["detail"] == english["detail_en"] != english["detail_zh"]
    chinese = problem(anyone.get("/api/v1/nothing/", headers={"Accept-Language": "zh-CN"}), 404, "not-found")
    assert chinese["detail"] == chinese["detail_zh"]
    assert chinese["title"] == "没有找到"


def test_method_not_allowed(anyone: APIClient) -> None:
    response = anyone.delete("/api/v1/collections/")
    problem(response, 405, "method-not-allowed")
    assert "GET" in response["Allow"]


def test_format_not_available(anyone: APIClient) -> None:
    problem(anyone.get("/api/v1/collections/", headers={"Accept": "application/pdf"}), 406, "not-acceptable")
    told = problem(anyone.get("/api/v1/collections/?format=pdf"), 406, "not-acceptable")
    assert [(one["field"], "json" in one["detail"]) for one in told["errors"]] == [("format", True)]


def test_media_type_not_supported(cast: Cast, client_of: ClientOf) -> None:
    response = client_of(cast.js_preparer).post(
        "/api/v1/submissions/", {"collection": "networks"}, format="json"
    )
    problem(response, 415, "unsupported-media-type")


def test_body_that_is_not_json(anyone: APIClient) -> None:
    response = anyone.post("/api/v1/auth/login/", "{", content_type="application/json")
    problem(response, 400, "malformed-body")


def test_fields_are_named(anyone: APIClient) -> None:
    body = problem(anyone.post("/api/v1/auth/login/", {"username": "x"}), 400, "invalid-fields")
    assert body["errors"] == [{"field": "password", "code": "required", "detail": "This field is required."}]


@override_settings(DATA_UPLOAD_MAX_MEMORY_SIZE=10)
def test_body_too_large(anyone: APIClient) -> None:
    response = anyone.post("/api/v1/auth/login/", {"username": "someone", "password": "something"})
    problem(response, 413, "file-too-large")


@override_settings(DATA_UPLOAD_MAX_MEMORY_SIZE=10)
def test_json_is_refused_by_its_announced_length_before_it_is_read() -> None:
    sent = APIRequestFactory().post("/", {"name": "longer than ten"}, format="json")
    with pytest.raises(RequestDataTooBig):
        _ = Request(sent, parsers=[BoundedJSONParser()]).data


def test_too_many_requests(anyone: APIClient, db: None) -> None:
    wrong = {"username": "nobody", "password": "wrong"}
    answers = [anyone.post("/api/v1/auth/login/", wrong | {"username": f"n{i}"}) for i in range(31)]
    assert answers[0].status_code == 401
    problem(answers[-1], 429, "too-many-requests")
    assert int(answers[-1]["Retry-After"]) > 0


def test_a_fault_is_loud_and_tells_nothing(
    anyone: APIClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(name: str) -> object:
        raise ZeroDivisionError("a secret")

    monkeypatch.setattr("api.views.collections.form_named", fail)
    anyone.raise_request_exception = False
    response = anyone.get("/api/v1/collections/networks/")
    problem(response, 500, "internal-error")
    assert "secret" not in response.content.decode()
    assert "ZeroDivisionError: a secret" in caplog.text


def test_every_problem_has_a_title_and_one_meaning() -> None:
    assert {kind.status for kind in all_problems()} <= set(TITLES)
    assert set(REFUSALS) <= {kind.code for kind in all_problems()}
    statuses: dict[str, set[int]] = {}
    for _kind, known in BY_EXCEPTION:
        statuses.setdefault(known.code, set()).add(known.status)
    assert all(len(found) == 1 for found in statuses.values())


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("figures/?limit=many", "limit"),
        ("figures/?limit=0", "limit"),
        ("figures/?page=-1", "page"),
        ("figures/?page=next", "page"),
        ("releases/?period=2026Q3", "period"),
        ("indicators/?indicator=NET_COUNT", "indicator"),
    ],
)
def test_what_an_address_does_not_understand_is_not_passed_over(
    anyone: APIClient, query: str, field: str
) -> None:
    told = problem(anyone.get(f"/api/v1/{query}"), 400, "unknown-filter")
    assert [one["field"] for one in told["errors"]] == [field]
    assert "Allowed: " in told["errors"][0]["detail"]
