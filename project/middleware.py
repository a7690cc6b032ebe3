"""What every request gets: an id that its log lines and answers carry, and a language."""

from __future__ import annotations

import logging
import re
import uuid
from collections.abc import Callable
from contextvars import ContextVar

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

GetResponse = Callable[[HttpRequest], HttpResponse]

#: id of the request (or task) whose work this thread does
request_id: ContextVar[str] = ContextVar("request_id", default="-")
# A caller's own id is kept only when it cannot forge log lines or headers.
ACCEPTED_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")


class RequestIdFilter(logging.Filter):
    """Put `request_id` on each log record."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = request_id.get()
        return True


class RequestIdMiddleware:
    """Set `request.request_id` from X-Request-ID or anew, and answer with it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        sent_id = request.headers.get("X-Request-ID", "")
        request.request_id = sent_id if ACCEPTED_ID.fullmatch(sent_id) else uuid.uuid4().hex  # type: ignore[attr-defined]
        token = request_id.set(request.request_id)  # type: ignore[attr-defined]
        try:
            response = self.get_response(request)
        finally:
            request_id.reset(token)
        response["X-Request-ID"] = request.request_id  # type: ignore[attr-defined]
        return response


class DemoMiddleware:
    """In demo mode every answer says in its head that its data are invented; elsewhere there is no such part."""

    def __init__(self, get_response: GetResponse) -> None:
        if not settings.DEMO_MODE:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response["Gongwang-Demo"] = "true"
        return response


class LanguageMiddleware:
    """Pages speak Chinese until the visitor chooses English; API answers follow Accept-Language."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = _language(request)
        request.LANGUAGE_CODE = language
        with translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ["Accept-Language"] if _is_api(request) else ["Cookie"])
        return response


def _is_api(request: HttpRequest) -> bool:
    return request.path.startswith("/api/v")


def _language(request: HttpRequest) -> str:
    if _is_api(request):
        return translation.get_language_from_request(request)
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    return chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
