"""Indicators and figures: what the accepted registers add up to, as JSON or CSV. Public."""

from __future__ import annotations

from typing import Any

from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import conditional_page
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from api.figure_rows import FIELDS, HEADER, figure_rows
from api.paging import FigurePages
from api.reading import query_of
from api.renderers import CsvRenderer, csv_response
from api.serializers.figure import FigureQuerySerializer, FigureSerializer, IndicatorsSerializer
from api.views.public import PublicView, Stamp, StampedView
from national import queries
from national.breakdowns import BREAKDOWNS
from national.counting_rules import COUNTING_RULES
from national.indicators import INDICATORS, Indicator


@method_decorator(conditional_page, "dispatch")
class IndicatorsView(PublicView):
    @extend_schema(
        summary=_("Indicators and counting rules"), responses=IndicatorsSerializer, tags=["figures"]
    )
    def get(self, request: Request) -> Response:
        told = {
            "indicators": [_indicator(indicator) for indicator in INDICATORS.values()],
            "counting_rules": COUNTING_RULES,
        }
        return Response(IndicatorsSerializer(told).data)


def _indicator(indicator: Indicator) -> dict[str, Any]:
    names = (
        "code",
        "name_zh",
        "name_en",
        "unit_zh",
        "unit_en",
        "definition_zh",
        "definition_en",
        "collections",
    )
    facts = {name: getattr(indicator, name) for name in names}
    return {**facts, "breakdowns": [BREAKDOWNS[name] for name in indicator.breakdowns]}


class FiguresView(StampedView):
    renderer_classes = (JSONRenderer, CsvRenderer)

    def stamp(self) -> Stamp:
        return Stamp(*queries.stamp())

    @extend_schema(
        summary=_("Figures"),
        description=_(
            "Of the newest period, all indicators and areas in total, unless filters say otherwise. "
            "JSON comes in pages, CSV whole."
        ),
        parameters=[FigureQuerySerializer],
        responses={
            (200, "application/json"): FigureSerializer(many=True),
            (200, "text/csv"): OpenApiTypes.STR,
        },
        tags=["figures"],
    )
    def get(self, request: Request) -> HttpResponseBase:
        query = query_of(request, FigureQuerySerializer)
        kinds = {"area_type": query.pop("area_type")} if "area_type" in query else {}
        found = queries.figures(**query).filter(**kinds).values_list(*FIELDS)
        address = request.build_absolute_uri(reverse("api:figures"))
        if request.accepted_renderer.format == CsvRenderer.format:
            rows = figure_rows(found.iterator(), address)
            return csv_response("figures.csv", HEADER, (list(row.values()) for row in rows))
        pages = FigurePages()
        page = pages.paginate_queryset(found, request, view=self)
        return pages.get_paginated_response(list(figure_rows(page, address)))
