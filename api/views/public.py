"""What public views share: nobody is asked who they are, and what has not changed is neither made nor sent again."""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256
from typing import Any
from zlib import crc32

from django.core.cache import caches
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.crypto import salted_hmac
from knox.auth import TokenAuthentication
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import AnonRateThrottle, UserRateThrottle
from rest_framework.views import APIView

from national.stamping import recent_mark

#: part of every ETag; raise it when the same figures are shaped differently
SHAPE = 2
#: bytes; longer answers are made anew each time
LONGEST_KEPT = 256 * 1024
#: JSON and CSV stand at one address, and who sends a token may see more
_VARY = "Accept, Authorization"


class PublicView(APIView):
    """Open to everyone; who asks does not matter, so nobody is asked."""

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
        response = _not_modified(request, etag) or self._answer(request, etag, *args, **kwargs)
        if response.status_code in (200, 304):
            response["ETag"] = etag
        response["Cache-Control"] = "public, no-cache"
        response["Vary"] = _VARY
        return response

    def _answer(self, request: HttpRequest, etag: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
        key = _key(request, etag)
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
    """Whether the caller may see what is under embargo: national staff."""
    return request.user.is_authenticated and request.user.is_national


def _not_modified(request: HttpRequest, etag: str) -> HttpResponse | None:
    """The answer to who has this state already. One exact tag, which is what clients send, needs no parsing."""
    if request.META.get("HTTP_IF_NONE_MATCH") == etag and request.method in ("GET", "HEAD"):
        return HttpResponseNotModified()
    return get_conditional_response(request, etag=etag)


def _etag(request: HttpRequest, mark: str) -> str:
    return f'W/"{SHAPE}-{_sealed(mark)}-{crc32(_accept(request).encode()):x}"'


@lru_cache(maxsize=8)
def _sealed(mark: str) -> str:
    """The mark as nobody can read it: it counts releases, those under embargo too."""
    return salted_hmac("api.etag", mark).hexdigest()[:20]


def _accept(request: HttpRequest) -> str:
    return request.META.get("HTTP_ACCEPT", "")


def _key(request: HttpRequest, etag: str) -> str:
    """All that an answer depends on: state of the data, address with host, format, method."""
    told = (etag, request.method, request.build_absolute_uri(), _accept(request))
    return sha256("\n".join(map(str, told)).encode()).hexdigest()


def _kept(key: str) -> HttpResponse | None:
    kept = caches["answers"].get(key)
    return HttpResponse(kept[0], content_type=kept[1]) if kept else None


def _keep(key: str, response: HttpResponseBase) -> None:
    """Streams and errors are not kept."""
    if isinstance(response, Response) and response.status_code == 200:
        response.add_post_render_callback(lambda made: _store(key, made))


def _store(key: str, made: Response) -> None:
    if len(made.content) <= LONGEST_KEPT:
        caches["answers"].set(key, (made.content, made["Content-Type"]))
