"""Negotiation: which format an answer has; one that an address does not offer is no missing page."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request

from api.problems import NOT_ACCEPTABLE, AnyProblemError


class Negotiation(DefaultContentNegotiation):
    """That of Django REST framework, but for `?format=`: an unknown one is told which there are.

    What an address offers is described as JSON, whatever it offers itself.
    """

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        """The renderer of the answer and its media type."""
        if request.method == "OPTIONS":
            return JSONRenderer(), JSONRenderer.media_type
        chosen: tuple[BaseRenderer, str] = super().select_renderer(request, renderers, format_suffix)
        return chosen

    def filter_renderers(self, renderers: Iterable[BaseRenderer], format: str) -> list[BaseRenderer]:
        """Renderers of the format; raises AnyProblemError "not-acceptable"."""
        offered = list(renderers)
        try:
            matching: list[BaseRenderer] = super().filter_renderers(offered, format)
        except Http404 as unknown:
            sentence = _("“%(value)s” is not a value of %(name)s. Allowed: %(allowed)s.")
            allowed = ", ".join(renderer.format for renderer in offered)
            detail = sentence % {"value": format, "name": "format", "allowed": allowed}
            errors = [{"field": "format", "code": "unknown", "detail": detail}]
            raise AnyProblemError(NOT_ACCEPTABLE, errors) from unknown
        return matching
