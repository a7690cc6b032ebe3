"""Releases: frozen sets of figures, and what changed between them and why. Public from their release time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from api import tables
from api.figure_rows import plain
from api.paging import Pages
from api.reading import NoFilters, query_of
from api.serializers.release import ChangesQuerySerializer, ReleaseInFullSerializer, ReleaseSerializer
from api.views.public import StampedView, is_staff
from national.definitions.areas import areas
from national.dissemination.queries import change_filters
from national.dissemination.revisions import Changed, ChangeList, Part, since_previous
from national.dissemination.visibility import visible
from national.models import Release

_RELEASES: dict[str, pl.DataType] = {
    "number": pl.Int64(),
    "period": pl.String(),
    "moment": pl.String(),
    "published_at": pl.String(),
    "embargoed": pl.Boolean(),
    "note_zh": pl.String(),
    "note_en": pl.String(),
    "previous": pl.Int64(),
    "figures": pl.Int64(),
    "changes": pl.Int64(),
    "withdrawn_at": pl.String(),
    "withdrawn_zh": pl.String(),
    "withdrawn_en": pl.String(),
}
#: one row per part of a changed figure
_CHANGES: dict[str, pl.DataType] = {
    "release": pl.Int64(),
    "indicator": pl.String(),
    "area": pl.String(),
    "area_zh": pl.String(),
    "area_en": pl.String(),
    "period": pl.String(),
    "breakdown": pl.String(),
    "breakdown_value": pl.String(),
    "old": pl.Float64(),
    "new": pl.Float64(),
    "difference": pl.Float64(),
    "units_old": pl.Int64(),
    "units_new": pl.Int64(),
    "cause": pl.String(),
    "unit": pl.String(),
    "unit_zh": pl.String(),
    "unit_en": pl.String(),
    "collection": pl.String(),
    "register_period": pl.String(),
    "late": pl.Boolean(),
    "carried": pl.Boolean(),
    "part": pl.Float64(),
}


class ReleasesView(StampedView):
    renderer_classes = tables.RENDERERS

    @extend_schema(
        summary=_("Releases"),
        description=_("Newest first. Ministry staff with a token also see those still under embargo."),
        responses=tables.documented(ReleaseSerializer(many=True)),
        tags=["releases"],
    )
    def get(self, request: Request) -> HttpResponseBase:
        query_of(request, NoFilters)
        releases = visible(staff=is_staff(request))
        payload = ReleaseSerializer(releases, many=True, context={"request": request}).data
        if tables.wants_table(request):
            rows = ([release[name] for name in _RELEASES] for release in payload)
            return tables.table_response(request, tables.Table("releases", _RELEASES, rows))
        return Response(payload)


class ReleaseView(StampedView):
    renderer_classes = tables.RENDERERS

    @extend_schema(
        summary=_("One release: what changed since the previous one, and why"),
        description=_(
            "Every figure that differs, with its old and new value and the part of each cause "
            "(new data, revision, exclusion, counting rule) and unit; the parts add up exactly. "
            "JSON comes in pages; CSV, XLSX and Parquet have a row for each part."
        ),
        parameters=[ChangesQuerySerializer],
        responses=tables.documented(ReleaseInFullSerializer),
        tags=["releases"],
    )
    def get(self, request: Request, number: int) -> HttpResponseBase:
        staff = is_staff(request)
        release = visible(staff=staff).filter(number=number).first()
        if release is None:
            raise NotFound
        filters = change_filters(**query_of(request, ChangesQuerySerializer), staff=staff)
        changes = ChangeList(since_previous(release), filters, staff=staff)
        if tables.wants_table(request):
            table = tables.Table(f"release-{number}", _CHANGES, _rows(release, changes))
            return tables.table_response(request, table)
        return Response(_in_full(request, release, changes, self))


def _in_full(request: Request, release: Release, changes: ChangeList, view: ReleaseView) -> dict[str, Any]:
    pages = Pages()
    page = pages.paginate_queryset(changes, request, view=view)
    changed = pages.get_paginated_response([_change_payload(change) for change in page or ()]).data
    return ReleaseInFullSerializer(release, context={"request": request, "changed": changed}).data


def _change_payload(changed: Changed) -> dict[str, Any]:
    area = areas()[changed.key.area]
    return {
        **changed.key._asdict(),
        "area_zh": area.name_zh,
        "area_en": area.name_en,
        "old": plain(changed.old),
        "new": plain(changed.new),
        "difference": plain(changed.difference),
        "units_old": sum(changed.old_units),
        "units_new": sum(changed.new_units),
        "parts": [_told_part(part) for part in changed.parts],
    }


def _told_part(part: Part) -> dict[str, Any]:
    unit = areas().get(part.unit)
    return {
        "cause": part.cause.value,
        "unit": part.unit,
        "unit_zh": unit.name_zh if unit else "",
        "unit_en": unit.name_en if unit else "",
        "collection": part.collection,
        "period": part.period,
        "late": part.late,
        "carried": part.carried,
        "difference": plain(part.difference),
        "reasons": list(part.reasons),
    }


def _rows(release: Release, changes: ChangeList) -> Iterator[list[Any]]:
    for changed in changes:
        payload = _change_payload(changed)
        for part in payload.pop("parts"):
            row = {
                **payload,
                "release": release.number,
                **{
                    name: part[name]
                    for name in ("cause", "unit", "unit_zh", "unit_en", "collection", "late", "carried")
                },
                "register_period": part["period"],
                "part": part["difference"],
            }
            yield [row[name] for name in _CHANGES]
