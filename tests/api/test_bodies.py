"""Whatever a body, a query string or an address holds, the answer is what was asked for or a problem document."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

import hypothesis
import hypothesis.strategies as st
import pytest
from django.core.cache import cache
from django.db import transaction
from django.urls import reverse
from drf_spectacular.generators import SchemaGenerator
from rest_framework.test import APIClient

from api.urls import urlpatterns
from submissions.models import Period, User
from tests.conftest import Cast
from tests.factories import checked

ClientOf = Callable[[User | None], APIClient]

#: JSON nested deeper than any call asks for; Python itself cannot follow the last two
DEPTHS = (40, 500, 3_000, 100_000)
#: more than a column of the database holds
HUGE = 99_999_999_999_999_999_999

#: bodies that no call asks for
ODD_BODIES: dict[str, str | bytes] = {
    "nothing": "",
    "null": "null",
    "a number": "5",
    "more digits than Python reads": "9" * 5_000,
    "an endless number": "1e999",
    "a text": '"x"',
    "an empty list": "[]",
    "a list of null": "[null]",
    "half an object": '{"username": ',
    "no UTF-8": b"\xff\xfe\x00",
    "half a character": '{"username": "\\ud800", "password": "\\ud800", "reason": "\\ud800"}',
    "a NUL": '{"username": "\\u0000", "password": "\\u0000", "reason": "\\u0000"}',
    **{f"{depth} lists": "[" * depth + "]" * depth for depth in DEPTHS},
    **{f"{depth} objects": '{"reason":' * depth + "1" + "}" * depth for depth in DEPTHS},
}
ODD_TYPES = (
    "application/json",
    "text/plain; charset=nonsense",
    "multipart/form-data",
    "multipart/form-data; boundary=x",
    "application/x-www-form-urlencoded",
    "nonsense",
)
ODD_VALUES = (
    "", "0", "-1", "1.5", "x", "٣", "\x00", "\ud800", "9" * 30, "9" * 5_000, str(2**31), str(2**63), "1e5", "NaN",
)  # fmt: skip


def assert_foreseen(answer: Any) -> None:
    """Assert that the answer is no server fault, and that a refusal is a problem document."""
    assert answer.status_code < 500, answer.content
    if answer.status_code >= 400:
        assert answer["Content-Type"] == "application/problem+json", answer.content
        assert answer.json()["status"] == answer.status_code


def addresses(method: str, submission_id: str) -> Iterator[str]:
    """Every address of version 1 that takes `method`, its parts filled in."""
    parts = {
        "submission_id": submission_id, "name": "networks", "code": "NET_COUNT", "figure_id": 1, "number": 1,
    }  # fmt: skip
    for route in urlpatterns:
        if str(route.pattern).startswith("v1/") and hasattr(route.callback.view_class, method):
            yield reverse(
                f"api:{route.name}", kwargs={name: parts[name] for name in route.pattern.converters}
            )


def sent(client: APIClient, method: str, address: str, body: str | bytes, content_type: str) -> Any:
    """Return the answer to a raw body, with the throttles reset."""
    cache.clear()
    client.raise_request_exception = False
    return client.generic(method, address, body, content_type=content_type)


@pytest.fixture
def submission_id(cast: Cast, period: Period) -> str:
    """A submission of Jiangsu that waits for an explanation."""
    return str(checked(cast.js_preparer, period, rows=40, defects=["net.W320"]).pk)


@pytest.fixture
def callers(cast: Cast, client_of: ClientOf) -> list[APIClient]:
    """Nobody, a preparer and an administrator."""
    return [client_of(user) for user in (None, cast.js_preparer, cast.admin)]


@pytest.mark.parametrize("method", ["post", "patch"])
def test_odd_bodies(callers: list[APIClient], submission_id: str, method: str) -> None:
    for address in addresses(method, submission_id):
        for client in callers:
            for body in ODD_BODIES.values():
                assert_foreseen(sent(client, method, address, body, "application/json"))


@pytest.mark.parametrize("content_type", ODD_TYPES)
def test_odd_media_types(callers: list[APIClient], submission_id: str, content_type: str) -> None:
    for address in addresses("post", submission_id):
        for client in callers:
            for body in ("", "{}", "a=1&b", "--x\r\n\r\n\r\n--x--"):
                assert_foreseen(sent(client, "post", f"{address}?a=1", body, content_type))


NAMES = st.sampled_from(
    ["code", "reason", "reasons", "text", "row", "sheet", "column", "finding_ids", "value", "0"]
)
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=8,
)


@hypothesis.settings(max_examples=30, suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture])
@hypothesis.given(body=ANY_JSON)
def test_any_json(callers: list[APIClient], submission_id: str, body: Any) -> None:
    _, preparer, admin = callers
    calls = [(preparer, "patch", "cells"), (preparer, "post", "explanations"), (admin, "post", "return")]
    for client, method, act in calls:
        address = reverse(f"api:{act}", args=[submission_id])
        with transaction.atomic():
            assert_foreseen(sent(client, method, address, json.dumps(body), "application/json"))
            transaction.set_rollback(True)


def test_the_body_of_a_log_in_nested_too_deep_is_malformed(anyone: APIClient) -> None:
    for depth in DEPTHS:
        body = '{"username":' * depth + "1" + "}" * depth
        answer = sent(anyone, "post", reverse("api:login"), body, "application/json")
        assert (answer.status_code, answer.json()["code"]) == (400, "malformed-body")


#: number that a body names -> address and the rest of the body
NUMBERED: dict[str, tuple[str, str, Callable[[Any], Any]]] = {
    "cells": (
        "patch", "cells",
        lambda number: [{"sheet": "专网", "row": 4, "column": "site_name", "value": "x"},
                        {"sheet": "专网", "row": number, "column": "site_name", "value": "x"}],
    ),
    "return": ("post", "return", lambda number: {"reasons": [{"text": "x"}, {"text": "x", "row": number}]}),
    "explanations": (
        "post", "explanations",
        lambda number: {"code": "net.W320", "reason": "confirmed", "finding_ids": [1, number]},
    ),
}  # fmt: skip
PLACES = {"cells": "1.row", "return": "reasons.1.row", "explanations": "finding_ids.1"}


@pytest.mark.parametrize("number", ["a", 1.5, HUGE, -HUGE, 2**63, -1, 1e300, [1], {"a": 1}], ids=repr)
@pytest.mark.parametrize("name", NUMBERED)
def test_numbers_out_of_bounds_are_named_with_their_place(
    client_of: ClientOf, cast: Cast, submission_id: str, name: str, number: Any
) -> None:
    method, act, body = NUMBERED[name]
    client = client_of(cast.admin if name == "return" else cast.js_preparer)
    answer = sent(
        client,
        method,
        reverse(f"api:{act}", args=[submission_id]),
        json.dumps(body(number)),
        "application/json",
    )
    assert_foreseen(answer)
    payload = answer.json()
    assert (payload["code"], [error["field"] for error in payload["errors"]]) == (
        "invalid-fields",
        [PLACES[name]],
    )


def test_every_number_that_comes_in_has_bounds() -> None:
    """By the schema: of every body, and of every query string but for the pages, which are bounded elsewhere."""
    schema = SchemaGenerator().get_schema(request=None, public=True)
    numbers = dict(_numbers(schema))
    assert {"patch cells/ row", "post explanations/ finding_ids", "post return/ reasons row"} <= {
        name.replace("/api/v1/submissions/{submission_id}/", "") for name in numbers
    }
    unbound = [name for name, shape in numbers.items() if not {"minimum", "maximum"} <= set(shape)]
    assert unbound == []


def _numbers(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every number that an operation takes, by its method, path and names."""
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            name = f"{method} {path}"
            for parameter in operation.get("parameters", ()):
                if parameter["in"] == "query" and parameter["name"] not in ("page", "limit"):
                    yield from _inside(f"{name} {parameter['name']}", parameter["schema"], schema)
            for content in operation.get("requestBody", {}).get("content", {}).values():
                yield from _inside(name, content["schema"], schema)


def _inside(name: str, shape: dict[str, Any], schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    if "$ref" in shape:
        shape = schema["components"]["schemas"][shape["$ref"].rpartition("/")[2]]
    if shape.get("type") in ("integer", "number"):
        yield name, shape
    for part in (shape.get("items"), *shape.get("allOf", ())):
        if part:
            yield from _inside(name, part, schema)
    for key, part in shape.get("properties", {}).items():
        yield from _inside(f"{name} {key}", part, schema)


#: address -> the filters that it takes
FILTERED = {
    "submissions/": ["unit", "collection", "period", "state", "page", "limit", "format"],
    "submissions/{id}/findings/": ["severity", "code", "column", "sheet", "q", "page", "limit"],
    "figures/": [
        "indicator",
        "area",
        "area_type",
        "period",
        "breakdown",
        "as_of",
        "release",
        "page",
        "limit",
    ],
    "releases/": ["page", "format"],
    "targets/": ["as_of", "release"],
    "coverage/": ["period", "as_of"],
    "collections/networks/template.xlsx": ["period", "unit"],
}


@pytest.mark.parametrize("address", FILTERED)
def test_odd_values_in_query_strings(callers: list[APIClient], submission_id: str, address: str) -> None:
    nobody, preparer, _ = callers
    client = nobody if address == "figures/" else preparer
    for name in FILTERED[address]:
        for value in ODD_VALUES:
            query = f"{name}={quote(value, errors='surrogatepass')}"
            path = f"/api/v1/{address.format(id=submission_id)}?{query}"
            assert_foreseen(sent(client, "get", path, "", ""))


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address",
    [
        f"figures/{HUGE}/lineage/",
        f"figures/{'9' * 3_000}/lineage/",
        f"releases/{HUGE}/",
        "targets/%00/",
        "collections/%ED%A0%80/",
        "submissions/%00/",
        "%00",
    ],
)
def test_odd_addresses(anyone: APIClient, address: str) -> None:
    answer = sent(anyone, "get", f"/api/v1/{address}", "", "")
    assert_foreseen(answer)
    assert answer.status_code == 404
