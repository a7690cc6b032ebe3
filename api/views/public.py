"""What public views share: nobody is asked who they are, and what has not changed is neither made nor sent again."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from typing import Any, NamedTuple
from zlib import crc32

from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers
from django.utils.http import http_date
from rest_framework.permissions import AllowAny
from rest_framework.response import Response
from rest_framework.throttling import AnonRateThrottle
from rest_framework.views import APIView

#: part of every ETag; raise it when the same figures are shaped differently
SHAPE = 1
#: bytes; longer answers are made anew each time
LONGEST_KEPT = 256 * 1024


class PublicView(APIView):
    """Open to everyone; who asks does not matter, so nobody is asked."""

    authentication_classes: tuple[Any, ...] = ()
    permission_classes = (AllowAny,)
    throttle_classes = (AnonRateThrottle,)


class Stamp(NamedTuple):
    """What tells one state of the data from another, and since when it has been so."""

    mark: str
    since: datetime | None


class StampedView(PublicView):
    """A public view whose data has a stamp: who has the answer already gets 304, and an answer is made once.

    Answers are kept in this process under the stamp they were made from, so that none outlives its data.
    """

    def stamp(self) -> Stamp:
        """The state of the data behind the view."""
        raise NotImplementedError

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        headers, modified = _validators(request, self.stamp())
        key = _key(request, headers["ETag"])
        response = get_conditional_response(request, etag=headers["ETag"], last_modified=modified) or _kept(
            key
        )
        if response is None:
            response = super().dispatch(request, *args, **kwargs)
            _keep(key, response)
        if response.status_code in (200, 304):
            for name, value in headers.items():
                response[name] = value
        patch_vary_headers(response, ["Accept"])
        patch_cache_control(response, public=True, no_cache=True)
        return response


def _validators(request: HttpRequest, stamp: Stamp) -> tuple[dict[str, str], int | None]:
    """ETag and Last-Modified, and the latter in seconds."""
    # JSON and CSV of the same figures are two representations at one address
    form = crc32(_accept(request).encode())
    etag = {"ETag": f'W/"{SHAPE}-{stamp.mark}-{form:x}"'}
    if stamp.since is None:
        return etag, None
    modified = int(stamp.since.timestamp())
    return {**etag, "Last-Modified": http_date(modified)}, modified


def _accept(request: HttpRequest) -> str:
    return request.headers.get("Accept", "")


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
