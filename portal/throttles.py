"""How often one address may open a page that anyone can open."""

from __future__ import annotations

from django.http import HttpRequest
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView


class PageThrottle(SimpleRateThrottle):
    """Counts the requests of an address; `scope` names the rate in the settings."""

    def get_cache_key(self, request: Request, view: APIView) -> str:
        return self.cache_format % {"scope": self.scope, "ident": self.get_ident(request)}

    def admits(self, request: HttpRequest) -> bool:
        """Return whether the request is within the rate, and count it."""
        return self.allow_request(Request(request), APIView())

    def address(self, request: HttpRequest) -> str:
        """Return the address that the request comes from."""
        return self.get_ident(Request(request))
