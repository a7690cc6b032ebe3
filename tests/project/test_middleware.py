"""Request ids, languages and the headers of every answer."""

from __future__ import annotations

import logging

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.utils import translation

from project.middleware import LanguageMiddleware, RequestIdFilter, RequestIdMiddleware


def _language(request: HttpRequest) -> HttpResponse:
    return HttpResponse(translation.get_language())


def _logged_id(request: HttpRequest) -> HttpResponse:
    record = logging.LogRecord("name", logging.INFO, "path", 1, "message", None, None)
    RequestIdFilter().filter(record)
    return HttpResponse(record.request_id)  # type: ignore[attr-defined]


def test_a_request_gets_an_id_that_its_log_lines_carry() -> None:
    first = RequestIdMiddleware(_logged_id)(RequestFactory().get("/"))
    second = RequestIdMiddleware(_logged_id)(RequestFactory().get("/"))
    assert first.content.decode() == first["X-Request-ID"] != second["X-Request-ID"]


@pytest.mark.parametrize(
    ("sent_id", "kept"),
    [
        ("trace-0001", True),
        ("short", False),
        ("x" * 65, False),
        ("line\nbreak-1", False),
        ("<script>1", False),
    ],
)
def test_a_callers_id_is_kept_only_when_it_is_harmless(sent_id: str, kept: bool) -> None:
    request = RequestFactory().get("/", headers={"X-Request-ID": sent_id})
    answered = RequestIdMiddleware(_logged_id)(request)["X-Request-ID"]
    assert (answered == sent_id) is kept


@pytest.mark.parametrize(
    ("path", "cookie", "accepted", "language"),
    [
        ("/", None, "en-GB,en", "zh-hans"),
        ("/", "en", "zh-CN", "en"),
        ("/", "xx", "en", "zh-hans"),
        ("/api/v1/figures/", None, "en-GB,en", "en"),
        ("/api/v1/figures/", None, "", "zh-hans"),
    ],
)
def test_pages_are_chinese_until_english_is_chosen_and_the_api_follows_the_caller(
    path: str, cookie: str | None, accepted: str, language: str
) -> None:
    request = RequestFactory().get(path, headers={"Accept-Language": accepted})
    if cookie:
        request.COOKIES["django_language"] = cookie
    response = LanguageMiddleware(_language)(request)
    assert response.content.decode() == response["Content-Language"] == language


@pytest.mark.django_db
def test_health_and_the_content_security_policy(client: Client) -> None:
    response = client.get("/healthz")
    policy = response["Content-Security-Policy"]
    assert (response.status_code, response.json()) == (200, {"status": "ok"})
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


@pytest.mark.django_db
def test_nobody_signs_up(client: Client) -> None:
    response = client.post("/accounts/signup/", {"username": "x", "password1": "a-long-password-1"})
    assert response.status_code == 200
    assert "account/signup_closed.html" in [template.name for template in response.templates]
