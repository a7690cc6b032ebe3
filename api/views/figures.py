"""Indicators and figures: what the accepted registers add up to, in every format. Public."""

from __future__ import annotations

from typing import Any

import polars as pl
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import conditional_page
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api import tables
from api.figure_rows import FIELDS, SCHEMA, figure_objects, figure_rows
from api.paging import FigurePages
from api.reading import NoFilters, query_of
from api.serializers.figure import FigureQuerySerializer, FigureSerializer, IndicatorsSerializer
from api.views.public import PublicView, StampedView, is_staff
from national.definitions.breakdowns import BREAKDOWNS
from national.definitions.counting_rules import COUNTING_RULES
from national.definitions.indicator import ADDS_TEXTS, Indicator
from national.definitions.indicators import INDICATORS
from national.dissemination import queries
from national.dissemination.observation_status import with_status
from national.dissemination.visibility import Vantage

#: one row per indicator; breakdowns by name, separated by spaces
_INDICATORS: dict[str, pl.DataType] = {
    "code": pl.String(),
    "name_zh": pl.String(),
    "name_en": pl.String(),
    "unit_zh": pl.String(),
    "unit_en": pl.String(),
    "definition_zh": pl.String(),
    "definition_en": pl.String(),
    "collections": pl.String(),
    "adds": pl.String(),
    "breakdowns": pl.String(),
}


@method_decorator(conditional_page, "dispatch")
class IndicatorsView(PublicView):
    renderer_classes = tables.RENDERERS

    @extend_schema(
        summary=_("Indicators and counting rules"),
        responses=tables.documented(IndicatorsSerializer),
        tags=["figures"],
    )
    def get(self, request: Request) -> HttpResponseBase:
        query_of(request, NoFilters)
        if tables.wants_table(request):
            rows = ([_as_text(indicator, name) for name in _INDICATORS] for indicator in INDICATORS.values())
            return tables.table_response(request, tables.Table("indicators", _INDICATORS, rows))
        payload = {
            "indicators": [_indicator(indicator) for indicator in INDICATORS.values()],
            "counting_rules": COUNTING_RULES,
        }
        return Response(IndicatorsSerializer(payload).data)


def _as_text(indicator: Indicator, name: str) -> str:
    value = getattr(indicator, name)
    return value if isinstance(value, str) else " ".join(value)


def _indicator(indicator: Indicator) -> dict[str, Any]:
    names = [name for name in _INDICATORS if name != "breakdowns"]
    facts = {name: getattr(indicator, name) for name in names}
    adds_zh, adds_en = ADDS_TEXTS[indicator.adds]
    breakdowns = [_breakdown(indicator, name) for name in indicator.breakdowns]
    return {**facts, "adds_zh": adds_zh, "adds_en": adds_en, "breakdowns": breakdowns}


def _breakdown(indicator: Indicator, name: str) -> dict[str, Any]:
    split = BREAKDOWNS[name]
    facts = {key: getattr(split, key) for key in ("name", "label_zh", "label_en")}
    return {**facts, "codelist": indicator.codelist(name), "adds_up": indicator.parts_add_up(name)}


class FiguresView(StampedView):
    renderer_classes = tables.RENDERERS

    @extend_schema(
        summary=_("Figures"),
        description=_(
            "Of the newest period, totals of all indicators and areas, unless filters say otherwise; as "
            "they are now, as they were at a moment (as_of), or as in a release. JSON comes in pages; CSV, "
            "XLSX and Parquet come whole, with the same columns. A release under embargo is shown to "
            "ministry staff only until it is published."
        ),
        parameters=[FigureQuerySerializer],
        responses=tables.documented(FigureSerializer(many=True)),
        tags=["figures"],
    )
    def get(self, request: Request) -> HttpResponseBase:
        query = query_of(request, FigureQuerySerializer)
        vantage = sight_of(request, query)
        kinds = {"area_type": query.pop("area_type")} if "area_type" in query else {}
        figures = queries.figures(**query, vantage=vantage).filter(**kinds)
        rows = with_status(figures, vantage).values_list(*FIELDS)
        address = request.build_absolute_uri(reverse("api:figures"))
        if tables.wants_table(request):
            table = tables.Table("figures", SCHEMA, figure_rows(rows.iterator(), address))
            return tables.table_response(request, table)
        pages = FigurePages()
        page = pages.paginate_queryset(rows, request, view=self)
        return pages.get_paginated_response(figure_objects(page or (), address))


def sight_of(request: Request, query: dict[str, Any]) -> Vantage:
    """Return the vantage for `as_of` and `release` of a query, and remove both from it."""
    return queries.requested_vantage(
        as_of=query.pop("as_of", None), release=query.pop("release", None), staff=is_staff(request)
    )
