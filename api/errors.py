"""Turns refusals and errors into problem documents (RFC 9457), translated here and nowhere else."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from math import ceil
from typing import Any

from django.core.signals import got_request_exception
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise, lazy
from knox.settings import knox_settings
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import set_rollback

from api.problems import BY_EXCEPTION, INTERNAL, TITLES, UNKNOWN_FILTER, AnyProblemError, Problem
from national.dissemination.queries import BadFilterError
from project.refusal_status import status_of
from submissions.workflow.refusals import RefusalError

logger = logging.getLogger("api.errors")


class ProblemRenderer(JSONRenderer):
    """JSON under the media type of problem documents, whatever format the call asked for."""

    media_type = "application/problem+json"
    format = "problem"


def problem_handler(error: Exception, context: Mapping[str, Any]) -> Response:
    """Django REST framework's exception handler: a problem document for every error."""
    problem = problem_of(error)
    request: Request = context["request"]
    if problem is INTERNAL:
        _tell_loudly(error, request)
    set_rollback()
    # A CSV or spreadsheet renderer was perhaps chosen already; an error is always a problem document.
    request.accepted_renderer = ProblemRenderer()
    request.accepted_media_type = ProblemRenderer.media_type
    body = document(problem, request, _fields(error)) | _already_there(error, request)
    return Response(body, problem.status, headers=_headers(error, problem.status))


def problem_of(error: Exception) -> Problem:
    """Return the problem an exception stands for; INTERNAL for an exception that was not foreseen."""
    if isinstance(error, RefusalError):
        return Problem(error.code, status_of(error), lazy(lambda: error.message, str)())
    if isinstance(error, BadFilterError):
        return UNKNOWN_FILTER._replace(detail=lazy(lambda: error.message, str)())
    if isinstance(error, AnyProblemError):
        return error.problem
    return next((problem for kind, problem in BY_EXCEPTION if isinstance(error, kind)), INTERNAL)


def document(problem: Problem, request: Request, errors: list[dict[str, str]]) -> dict[str, Any]:
    """Return the body: `detail` in the language of the request, and in both languages beside it."""
    detail_zh, detail_en = _in("zh-hans", problem.detail), _in("en", problem.detail)
    return {
        "type": request.build_absolute_uri(f"/api/#{problem.code}"),
        "title": str(TITLES.get(problem.status, TITLES[400])),
        "status": problem.status,
        "detail": detail_en if translation.get_language() == "en" else detail_zh,
        "detail_zh": detail_zh,
        "detail_en": detail_en,
        "code": problem.code,
        "request_id": getattr(request, "request_id", ""),
        "errors": errors,
    }


def _already_there(error: Exception, request: Request) -> dict[str, str]:
    """Return the submission that already answers the request, e.g. when a file was sent before."""
    submission = getattr(error, "submission", None)
    if submission is None:
        return {}
    address = reverse("api:submission", kwargs={"submission_id": submission.pk})
    return {"submission": request.build_absolute_uri(address)}


def _in(language: str, text: Promise | str) -> str:
    with translation.override(language):
        return str(text)


def _tell_loudly(error: Exception, request: Request) -> None:
    """Log an unhandled exception with its traceback and send Django's signal, as Django itself does."""
    logger.error("unhandled error at %s %s", request.method, request.path, exc_info=error)
    got_request_exception.send(sender=problem_handler, request=request._request)


def _headers(error: Exception, status: int) -> dict[str, str]:
    headers = {}
    if status == 401:
        headers["WWW-Authenticate"] = knox_settings.AUTH_HEADER_PREFIX
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = str(ceil(wait))
    return headers


def _fields(error: Exception) -> list[dict[str, str]]:
    if isinstance(error, ValidationError):
        return list(_flat(error.detail))
    if isinstance(error, BadFilterError):
        return [{"field": error.name, "code": "unknown", "detail": error.message}]
    return getattr(error, "errors", [])


def _flat(detail: Any, *path: object) -> Iterator[dict[str, str]]:
    """Return nested details of serializers as one list with dotted paths such as ``reasons.0.text``."""
    if isinstance(detail, ErrorDetail):
        yield {"field": ".".join(map(str, path)), "code": str(detail.code), "detail": str(detail)}
        return
    for keys, part in _parts(detail):
        yield from _flat(part, *path, *keys)


def _parts(detail: dict[Any, Any] | list[Any]) -> Iterator[tuple[tuple[object, ...], Any]]:
    """Yield key and value: keys are field names or item numbers; messages of one field have an empty key."""
    if isinstance(detail, dict):
        yield from (((key,), part) for key, part in detail.items())
        return
    for index, part in enumerate(detail):
        yield (() if isinstance(part, ErrorDetail) else (index,)), part
