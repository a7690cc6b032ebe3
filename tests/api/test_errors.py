"""Every error is a problem document with a stable code, whatever raised it."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import translation
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.test import APIClient, APIRequestFactory

from api.errors import ProblemRenderer, problem_handler
from api.problems import BY_EXCEPTION, TITLES, all_problems
from project.refusal_status import STATUS
from project.settings import BASE_DIR
from submissions.models import User
from tests.conftest import Cast

ClientOf = Callable[[User | None], APIClient]
KEYS = {"type", "title", "status", "detail", "detail_zh", "detail_en", "code", "request_id", "errors"}


def problem(response: object, status: int, code: str) -> dict[str, object]:
    """Return the problem document after checking its shape."""
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
    payload = problem(anyone.get("/api/v1/collections/?format=pdf"), 406, "not-acceptable")
    assert [(error["field"], "json" in error["detail"]) for error in payload["errors"]] == [("format", True)]


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


class Unread(io.RawIOBase):
    """A body that fails the test when it is read."""

    def read(self, *_size: int) -> bytes:
        raise AssertionError("read although too long")


@pytest.mark.parametrize(
    ("address", "media_type", "bound"),
    [
        ("auth/login/", "application/json", 2_621_440),
        ("submissions/", "multipart/form-data; boundary=x", 101 * 1024 * 1024),
        ("validate/", "multipart/form-data; boundary=x", 301 * 1024 * 1024),
    ],
)
def test_a_body_over_the_bound_is_refused_by_its_announced_length_before_it_is_read(
    client_of: ClientOf, cast: Cast, address: str, media_type: str, bound: int
) -> None:
    client = client_of(cast.js_preparer)

    def announce(length: int) -> Any:
        extra = {"CONTENT_LENGTH": str(length), "wsgi.input": Unread()}
        return client.generic("POST", f"/api/v1/{address}", content_type=media_type, **extra)

    problem(announce(bound + 1), 413, "file-too-large")
    with pytest.raises(AssertionError, match="read although too long"):
        announce(bound)


def test_each_part_of_the_api_can_be_imported_first() -> None:
    """Django REST framework imports those that its settings name, whenever it needs them first."""
    code = f"""
import os, django
from importlib import import_module
django.setup()
for name in {[path.stem for path in (BASE_DIR / "api").glob("*.py") if path.stem != "urls"]}:
    if os.fork() == 0:
        import_module(f"api.{{name}}")
        from rest_framework.test import APIRequestFactory
        from rest_framework.request import Request
        Request(APIRequestFactory().get("/"))
        os._exit(0)
    assert os.wait()[1] == 0, name
"""
    command = [sys.executable, "-c", code]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "project.settings"}
    done = subprocess.run(command, cwd=BASE_DIR, env=environment, capture_output=True, check=False, text=True)
    assert done.returncode == 0, done.stderr


class Inner(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    words = serializers.ListField(child=serializers.CharField(max_length=1), required=False)


class Outer(serializers.Serializer[Any]):
    inner = Inner(required=False)
    many = Inner(many=True, required=False, allow_empty=False)
    numbers = serializers.ListField(child=serializers.IntegerField(), required=False)
    table = serializers.ListField(
        child=serializers.ListField(child=serializers.IntegerField()), required=False
    )
    named = serializers.DictField(child=serializers.IntegerField(), required=False)
    message = serializers.IntegerField(required=False)
    code = serializers.IntegerField(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs.get("message") == attrs.get("code") == 1:
            raise serializers.ValidationError("Not both.", code="both")
        return attrs


FINE, WRONG, LONG = {"number": 1}, {"number": "a"}, {"number": 1, "words": ["a", "bc"]}


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({"inner": WRONG}, ["inner.number"]),
        ({"inner": 1}, ["inner.non_field_errors"]),
        ({"inner": LONG}, ["inner.words.1"]),
        ({"many": [WRONG]}, ["many.0.number"]),
        ({"many": [FINE, WRONG]}, ["many.1.number"]),
        ({"many": [WRONG, FINE, WRONG, 1]}, ["many.0.number", "many.2.number", "many.3.non_field_errors"]),
        ({"many": [FINE, FINE, LONG]}, ["many.2.words.1"]),
        ({"many": []}, ["many.non_field_errors"]),
        ({"many": {}}, ["many.non_field_errors"]),
        ({"numbers": ["a"]}, ["numbers.0"]),
        ({"numbers": [1, "a", 1, "b"]}, ["numbers.1", "numbers.3"]),
        ({"numbers": 1}, ["numbers"]),
        ({"table": [[1], ["a", 1, "b"], "x"]}, ["table.1.0", "table.1.2", "table.2"]),
        ({"named": {"x": 1, "y": "a", "0": "b"}}, ["named.y", "named.0"]),
        ({"message": "a", "code": "b"}, ["message", "code"]),
        ({"message": 1, "code": 1}, ["non_field_errors"]),
        ([], ["non_field_errors"]),
        (None, ["non_field_errors"]),
    ],
    ids=str,
)
def test_fields_of_a_body_are_named_with_their_place(body: Any, fields: list[str]) -> None:
    assert [
        error["field"] for error in _errors(lambda: Outer(data=body).is_valid(raise_exception=True))
    ] == fields


@pytest.mark.parametrize("many", [[WRONG, FINE], [FINE, WRONG], [FINE, FINE, WRONG]], ids=str)
def test_items_of_a_body_that_is_a_list_are_named_by_their_number(many: list[Any]) -> None:
    errors = _errors(lambda: Inner(data=many, many=True).is_valid(raise_exception=True))
    assert errors == [
        {"field": f"{many.index(WRONG)}.number", "code": "invalid", "detail": "A valid integer is required."}
    ]


@pytest.mark.parametrize(
    ("detail", "fields"),
    [
        ("one", [""]),
        (["one", "two"], ["", ""]),
        (("one", "two"), ["", ""]),
        ({"x": "one"}, ["x"]),
        ({"x": ["one", "two"]}, ["x", "x"]),
        ({0: ["one"], 1: {"y": ["two"]}}, ["0", "1.y"]),
        ([{}, {"x": ["one"]}, {}], ["1.x"]),
        ([["one"], [], ["two", {"x": "three"}]], ["0", "2", "2.1.x"]),
        ({"message": "one", "code": "two"}, ["message", "code"]),
        ({"x": {"message": ["one"], "code": {0: ["two"]}}}, ["x.message", "x.code.0"]),
        ({}, []),
        ([], []),
    ],
    ids=str,
)
def test_whatever_shape_a_refusal_has_its_fields_are_listed(detail: Any, fields: list[str]) -> None:
    def refuse() -> None:
        raise serializers.ValidationError(detail, code="c")

    errors = _errors(refuse)
    assert [(error["field"], error["code"]) for error in errors] == [(field, "c") for field in fields]
    assert [error["detail"] for error in errors] == ["one", "two", "three"][: len(fields)]


def _errors(act: Callable[[], object]) -> list[dict[str, str]]:
    """The errors of the problem document that the handler makes of what `act` raises, as they are sent."""
    with pytest.raises(serializers.ValidationError) as caught, translation.override("en"):
        act()
    answer = problem_handler(caught.value, {"request": Request(APIRequestFactory().post("/"))})
    sent = json.loads(ProblemRenderer().render(answer.data))
    assert (answer.status_code, sent["code"]) == (400, "invalid-fields")
    errors: list[dict[str, str]] = sent["errors"]
    return errors


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
    assert set(STATUS) <= {kind.code for kind in all_problems()}
    statuses: dict[str, set[int]] = {}
    for _kind, known in BY_EXCEPTION:
        statuses.setdefault(known.code, set()).add(known.status)
    assert all(len(values) == 1 for values in statuses.values())


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
    payload = problem(anyone.get(f"/api/v1/{query}"), 400, "unknown-filter")
    assert [error["field"] for error in payload["errors"]] == [field]
    assert "Allowed: " in payload["errors"][0]["detail"]
