"""The OpenAPI schema is complete, valid and in both languages; the pages around it open."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from django.core.management import call_command
from django.test import Client
from drf_spectacular.generators import SchemaGenerator
from rest_framework.test import APIClient

from api.problems import all_problems
from api.urls import urlpatterns

#: answered with no body, or with a file
BARE = {"204"}


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    return SchemaGenerator().get_schema(request=None, public=True)


def operations(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            yield f"{method} {path}", operation


def test_valid_and_without_warnings(tmp_path: Any) -> None:
    call_command("spectacular", validate=True, fail_on_warn=True, file=str(tmp_path / "schema.yml"))


def test_every_address_is_in_it(schema: dict[str, Any]) -> None:
    routes = [str(pattern.pattern) for pattern in urlpatterns if str(pattern.pattern).startswith("v1/")]
    assert len(schema["paths"]) == len(routes)


def test_every_operation_is_told_in_full(schema: dict[str, Any]) -> None:
    for name, operation in operations(schema):
        assert operation["summary"], name
        assert operation["tags"], name
        for status, answer in operation["responses"].items():
            assert status in BARE or answer["content"], f"{name} {status}"
        assert {"406", "429", "500"} <= set(operation["responses"]), name


def test_errors_are_problem_documents(schema: dict[str, Any]) -> None:
    for name, operation in operations(schema):
        for status, answer in operation["responses"].items():
            if status >= "400":
                assert list(answer["content"]) == ["application/problem+json"], f"{name} {status}"


def test_what_needs_a_token_says_so(schema: dict[str, Any]) -> None:
    by_operation = dict(operations(schema))
    assert {"401", "403", "409"} <= set(
        by_operation["post /api/v1/submissions/{submission_id}/sign/"]["responses"]
    )
    assert by_operation["get /api/v1/figures/"]["security"] == [{}]


@pytest.mark.parametrize(("language", "word"), [("en", "Explain warnings"), ("zh-hans", "说明警告")])
def test_served_in_both_languages(client: Client, language: str, word: str) -> None:
    answer = client.get(f"/api/schema/?lang={language}")
    assert answer.status_code == 200
    assert yaml.safe_load(answer.content)["paths"]
    assert word in answer.content.decode()


def test_no_inline_script_or_style_without_nonce(client: Client, db: None) -> None:
    answer = client.get("/api/docs/")
    assert answer.status_code == 200
    policy, page = answer["Content-Security-Policy"], answer.content.decode()
    assert "unsafe-inline" not in policy
    nonce = policy.split("'nonce-")[1].split("'")[0]
    assert page.count("<script>") == 0
    assert f'<script nonce="{nonce}">' in page
    assert "<style" not in page
    assert "//cdn" not in page


def test_start_page_explains_every_code(client: Client, db: None) -> None:
    for language, word in (("zh-hans", "一分钟完成首次调用"), ("en", "First call in a minute")):
        client.cookies["django_language"] = language
        page = client.get("/api/").content.decode()
        assert word in page
        assert all(f'id="{problem.code}"' in page for problem in all_problems())


def test_first_calls_of_the_start_page_work(anyone: APIClient, units: int) -> None:
    for call in ("figures/?indicator=NET_COUNT&area=CN", "targets/NET_COUNT/", "indicators/", "coverage/"):
        assert anyone.get(f"/api/v1/{call}").status_code == 200
    csv = anyone.get("/api/v1/figures/?indicator=NET_COUNT&area_type=province&format=csv")
    assert csv.status_code == 200
