"""Pages for people: a first call in a minute, the Swagger page, and the answer at unknown addresses."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.views.generic import TemplateView
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularSwaggerView
from rest_framework.exceptions import NotFound
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.problems import all_problems


class StartView(TemplateView):
    template_name = "api/start.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        base = self.request.build_absolute_uri(reverse("api:start"))
        return super().get_context_data(base=base, problems=all_problems(), **kwargs)


class SwaggerView(SpectacularSwaggerView):
    url_name = "api:schema"
    template_name = "api/swagger.html"
    permission_classes = (AllowAny,)


class NothingHereView(APIView):
    """Answers unknown addresses under v1 with a problem document instead of a page."""

    permission_classes = (AllowAny,)
    authentication_classes = ()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        raise NotFound

    @extend_schema(exclude=True)
    def get(self, request: Request) -> Response:
        raise NotFound
