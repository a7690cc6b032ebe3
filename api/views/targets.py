"""Targets and coverage: how far it is, and how many units the figures rest on. Public."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import polars as pl
from django.http.response import HttpResponseBase
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import conditional_page
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import ListSerializer

from api import tables
from api.reading import query_of
from api.serializers.moment import TimeQuerySerializer
from api.serializers.target import CoverageQuerySerializer, CoverageSerializer, TargetSerializer
from api.views.public import PublicView
from national.dissemination.coverage import CollectionCoverage, coverage
from national.dissemination.queries import requested_moment
from national.targets.assessment import TARGETS, target, targets

_TARGETS: dict[str, pl.DataType] = {
    "code": pl.String(),
    "name_zh": pl.String(),
    "name_en": pl.String(),
    "unit_zh": pl.String(),
    "unit_en": pl.String(),
    "collected": pl.String(),
    "goal": pl.Float64(),
    "goal_qualifier": pl.String(),
    "due": pl.String(),
    "today": pl.String(),
    "actual": pl.Float64(),
    "actual_strict": pl.Float64(),
    "actual_on": pl.String(),
    "period": pl.String(),
    "units_accepted": pl.Int64(),
    "units_carried": pl.Int64(),
    "units_expected": pl.Int64(),
    "share": pl.Float64(),
    "remaining": pl.Float64(),
    "quarters_left": pl.Int64(),
    "pace_needed": pl.Float64(),
}
#: further columns: of the base, and for each path what it expects today and how the actual value stands to it
_BASE: dict[str, pl.DataType] = {
    "base_value": pl.Float64(),
    "base_on": pl.String(),
    "base_qualifier": pl.String(),
}
_PATHS: dict[str, pl.DataType] = {
    "linear_expected_today": pl.Float64(),
    "linear_ratio": pl.Float64(),
    "compound_expected_today": pl.Float64(),
    "compound_ratio": pl.Float64(),
}
_COVERAGE: dict[str, pl.DataType] = {
    "period": pl.String(),
    "collection": pl.String(),
    "unit": pl.String(),
    "unit_zh": pl.String(),
    "unit_en": pl.String(),
    "state": pl.String(),
    "accepted": pl.Boolean(),
    "carried_from": pl.String(),
}


@method_decorator(conditional_page, "dispatch")
class TargetsView(PublicView):
    renderer_classes = tables.RENDERERS

    @extend_schema(
        summary=_("Targets"),
        parameters=[TimeQuerySerializer],
        responses=tables.documented(TargetSerializer(many=True)),
        tags=["targets"],
    )
    def get(self, request: Request) -> HttpResponseBase:
        statuses = targets(as_of=_moment(request))
        payload = ListSerializer(statuses, child=TargetSerializer(), context={"request": request}).data
        if tables.wants_table(request):
            return _table(request, "targets", payload)
        return Response(payload)


def _table(request: Request, name: str, payload: Iterable[dict[str, Any]]) -> HttpResponseBase:
    """A row per target."""
    rows = map(_target_row, payload)
    return tables.table_response(request, tables.Table(name, _TARGETS | _BASE | _PATHS, rows))


def _target_row(target: dict[str, Any]) -> list[Any]:
    base, paths = target["base"] or {}, {path["name"]: path for path in target["paths"]}
    row = [
        *(target[name] for name in _TARGETS),
        *(base.get(name.removeprefix("base_")) for name in _BASE),
        *(paths.get(name.partition("_")[0], {}).get(name.partition("_")[2]) for name in _PATHS),
    ]
    return [int(value) if isinstance(value, float) and value.is_integer() else value for value in row]


@method_decorator(conditional_page, "dispatch")
class TargetView(PublicView):
    renderer_classes = tables.RENDERERS

    @extend_schema(
        summary=_("One target: goal, actual, share, pace needed, paths, class, outlook, plans"),
        parameters=[TimeQuerySerializer],
        responses=tables.documented(TargetSerializer),
        tags=["targets"],
    )
    def get(self, request: Request, code: str) -> HttpResponseBase:
        if code not in TARGETS:
            raise NotFound
        status = target(code, as_of=_moment(request))
        payload = TargetSerializer(status, context={"request": request}).data
        if tables.wants_table(request):
            return _table(request, f"target-{code}", [payload])
        return Response(payload)


def _moment(request: Request) -> Any:
    return requested_moment(**query_of(request, TimeQuerySerializer))


@method_decorator(conditional_page, "dispatch")
class CoverageView(PublicView):
    renderer_classes = tables.RENDERERS

    @extend_schema(
        summary=_("Coverage: who has reported"),
        description=_(
            "Missing, late, not yet due, nil and submitted are different things. CSV, XLSX and Parquet have a "
            "row per unit."
        ),
        parameters=[CoverageQuerySerializer],
        responses=tables.documented(CoverageSerializer(many=True)),
        tags=["coverage"],
    )
    def get(self, request: Request) -> HttpResponseBase:
        query = query_of(request, CoverageQuerySerializer)
        period = query.pop("period", "")
        covered = coverage(period, as_of=requested_moment(**query))
        if tables.wants_table(request):
            return tables.table_response(request, tables.Table("coverage", _COVERAGE, _rows(covered)))
        return Response(ListSerializer(covered, child=CoverageSerializer()).data)


def _rows(covered: list[CollectionCoverage]) -> Iterator[tuple[Any, ...]]:
    for collection in covered:
        for slot in collection.units:
            unit = slot.unit
            yield (
                collection.period.code, collection.collection, unit.code, unit.name_zh, unit.name_en, slot.state.value,
                slot.accepted, slot.carried_from,
            )  # fmt: skip
