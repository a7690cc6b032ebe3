"""Content negotiation: an unknown `?format=` is an error that lists the formats, not a missing page."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request

from api.problems import NOT_ACCEPTABLE, AnyProblemError


class Negotiation(DefaultContentNegotiation):
    """Content negotiation of Django REST framework, except that an unknown `?format=` names the known ones.

    What an address offers is described as JSON, whatever it offers itself.
    """

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        """Return the renderer of the answer and its media type; OPTIONS is always answered as JSON."""
        if request.method == "OPTIONS":
            return JSONRenderer(), JSONRenderer.media_type
        chosen: tuple[BaseRenderer, str] = super().select_renderer(request, renderers, format_suffix)
        return chosen

    def filter_renderers(self, renderers: Iterable[BaseRenderer], format: str) -> list[BaseRenderer]:
        """Return the renderers of a format. Raises AnyProblemError "not-acceptable" when there is none."""
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
