"""Base of public views: no authentication, and unchanged answers are neither made nor sent again."""

from __future__ import annotations

import json
from typing import Any

from django.core.cache import caches
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.utils.crypto import salted_hmac
from django.utils.http import parse_etags
from knox.auth import TokenAuthentication
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import AnonRateThrottle, UserRateThrottle
from rest_framework.views import APIView

from national.dissemination.freshness import recent_mark

#: part of every ETag; raise it when the same figures are shaped differently
SHAPE = 3
#: bytes; longer answers are made anew each time
LONGEST_KEPT = 256 * 1024
#: JSON and CSV stand at one address, and who sends a token may see more
_VARY = "Accept, Authorization"


class PublicView(APIView):
    """Open to everyone without authentication."""

    authentication_classes: tuple[Any, ...] = ()
    permission_classes = (AllowAny,)
    throttle_classes: tuple[Any, ...] = (AnonRateThrottle,)


class StampedView(PublicView):
    """A public view of figures: who has the answer already gets 304, and an answer is made once.

    Answers are kept in this process under the stamp they were made from, so that none outlives its data, nor
    the embargo under which it was made. Who sends a token is asked who it is, and nothing is kept of that.
    There is no Last-Modified: its seconds are too coarse to tell two acceptances apart.
    """

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if "HTTP_AUTHORIZATION" in request.META:
            return self._private(request, *args, **kwargs)
        etag = _etag(request, recent_mark())
        response = (
            HttpResponseNotModified() if _has(request, etag) else self._answer(request, etag, *args, **kwargs)
        )
        if response.status_code in (200, 304):
            response["ETag"] = etag
        response["Cache-Control"] = "public, no-cache"
        response["Vary"] = _VARY
        return response

    def _answer(self, request: HttpRequest, etag: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
        key = f"{request.method}:{etag}"
        response: HttpResponseBase | None = _kept(key)
        if response is None:
            response = super().dispatch(request, *args, **kwargs)
            _keep(key, response)
        return response

    def _private(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.authentication_classes = (TokenAuthentication,)
        self.throttle_classes = (UserRateThrottle,)
        response = super().dispatch(request, *args, **kwargs)
        response["Cache-Control"] = "private, no-store"
        response["Vary"] = _VARY
        return response


def is_staff(request: Request) -> bool:
    """Return whether the caller may see what is under embargo: national staff."""
    return request.user.is_authenticated and request.user.is_national


def _has(request: HttpRequest, etag: str) -> bool:
    """Whether the caller has this very answer already. Nobody has the tag of an answer that was refused, so a wrong
    call never passes for one that has not changed; for the same reason `*` is no tag here."""
    return request.method in ("GET", "HEAD") and etag in parse_etags(
        request.META.get("HTTP_IF_NONE_MATCH", "")
    )


def _etag(request: HttpRequest, mark: str) -> str:
    """Of all that an answer depends on: state of the data, address with host and query, format.

    Sealed, since the mark counts releases, those under embargo too, and so that nobody can make one up.
    """
    parts = (mark, request.build_absolute_uri(), request.META.get("HTTP_ACCEPT", ""))
    return f'W/"{SHAPE}-{salted_hmac("api.etag", json.dumps(parts)).hexdigest()[:32]}"'


def _kept(key: str) -> HttpResponse | None:
    cached = caches["answers"].get(key)
    return HttpResponse(cached[0], content_type=cached[1]) if cached else None


def _keep(key: str, response: HttpResponseBase) -> None:
    """Cache the answer, unless it is a stream or an error."""
    if isinstance(response, Response) and response.status_code == 200:
        response.add_post_render_callback(lambda made: _store(key, made))


def _store(key: str, made: Response) -> None:
    if len(made.content) <= LONGEST_KEPT:
        caches["answers"].set(key, (made.content, made["Content-Type"]))
