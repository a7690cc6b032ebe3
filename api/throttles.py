"""Throttles: how often one address or one account may make costly calls; the rates are in the settings."""

from __future__ import annotations

from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle, UserRateThrottle
from rest_framework.views import APIView


class LoginThrottle(SimpleRateThrottle):
    """Attempts to log in, counted per address whoever is named."""

    scope = "login"

    def get_cache_key(self, request: Request, view: APIView) -> str:
        return self.cache_format % {"scope": self.scope, "ident": self.get_ident(request)}


class WorkThrottle(UserRateThrottle):
    """Calls that check a whole file while the caller waits."""

    scope = "work"
