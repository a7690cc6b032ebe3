"""What public views share: nobody is asked who they are, and an unchanged answer is not sent again."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple
from zlib import crc32

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers
from django.utils.http import http_date
from rest_framework.permissions import AllowAny
from rest_framework.views import APIView

#: part of every ETag; raise it when the same figures are shaped differently
SHAPE = 1


class PublicView(APIView):
    """Open to everyone; who asks does not matter, so nobody is asked."""

    authentication_classes: tuple[Any, ...] = ()
    permission_classes = (AllowAny,)


class Stamp(NamedTuple):
    """What tells one state of the data from another, and since when it has been so."""

    mark: str
    since: datetime | None


class StampedView(PublicView):
    """A public view whose data has a stamp: who has seen it already gets 304 before any work is done."""

    def stamp(self) -> Stamp:
        """The state of the data behind the view."""
        raise NotImplementedError

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        headers, modified = _validators(request, self.stamp())
        response = get_conditional_response(request, etag=headers["ETag"], last_modified=modified)
        if response is None:
            response = super().dispatch(request, *args, **kwargs)
        if response.status_code in (200, 304):
            for name, value in headers.items():
                response[name] = value
        patch_vary_headers(response, ["Accept"])
        patch_cache_control(response, public=True, no_cache=True)
        return response


def _validators(request: HttpRequest, stamp: Stamp) -> tuple[dict[str, str], int | None]:
    """ETag and Last-Modified, and the latter in seconds."""
    # JSON and CSV of the same figures are two representations at one address
    form = crc32(request.headers.get("Accept", "").encode())
    etag = {"ETag": f'W/"{SHAPE}-{stamp.mark}-{form:x}"'}
    if stamp.since is None:
        return etag, None
    modified = int(stamp.since.timestamp())
    return {**etag, "Last-Modified": http_date(modified)}, modified
