"""Targets and coverage: how far it is, and how many units the figures rest on. Public."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http.response import HttpResponseBase
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import conditional_page
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from api.reading import query_of
from api.renderers import CsvRenderer, csv_response
from api.serializers.target import CoverageQuerySerializer, CoverageSerializer, TargetSerializer
from api.views.public import PublicView
from national.coverage import CollectionCoverage, coverage
from national.targets import TARGETS, target, targets

_COVERAGE = ("period", "collection", "unit", "unit_zh", "unit_en", "state", "accepted")


@method_decorator(conditional_page, "dispatch")
class TargetsView(PublicView):
    @extend_schema(summary=_("Targets"), responses=TargetSerializer(many=True), tags=["targets"])
    def get(self, request: Request) -> Response:
        return Response(TargetSerializer(targets(), many=True, context={"request": request}).data)


@method_decorator(conditional_page, "dispatch")
class TargetView(PublicView):
    @extend_schema(
        summary=_("One target: goal, actual, share, pace needed, paths, class, outlook, plans"),
        responses=TargetSerializer,
        tags=["targets"],
    )
    def get(self, request: Request, code: str) -> Response:
        if code not in TARGETS:
            raise NotFound
        return Response(TargetSerializer(target(code), context={"request": request}).data)


@method_decorator(conditional_page, "dispatch")
class CoverageView(PublicView):
    renderer_classes = (JSONRenderer, CsvRenderer)

    @extend_schema(
        summary=_("Coverage: who has reported"),
        description=_(
            "Missing, late, not yet due, nil and submitted are different things. CSV has a row per unit."
        ),
        parameters=[CoverageQuerySerializer],
        responses={
            (200, "application/json"): CoverageSerializer(many=True),
            (200, "text/csv"): OpenApiTypes.STR,
        },
        tags=["coverage"],
    )
    def get(self, request: Request) -> HttpResponseBase:
        covered = coverage(**query_of(request, CoverageQuerySerializer))
        if request.accepted_renderer.format == CsvRenderer.format:
            return csv_response("coverage.csv", _COVERAGE, _rows(covered))
        return Response(CoverageSerializer(covered, many=True).data)


def _rows(covered: list[CollectionCoverage]) -> Iterator[tuple[Any, ...]]:
    for one in covered:
        for told in one.units:
            unit = told.unit
            yield (
                one.period.code, one.collection, unit.code, unit.name_zh, unit.name_en, told.state.value,
                told.accepted,
            )  # fmt: skip
