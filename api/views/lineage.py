"""Where a figure comes from: its units for everyone; submissions and rows of files for national staff."""

from __future__ import annotations

from typing import Any

import polars as pl
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.figure_rows import FIELDS, figure_objects, plain
from api.paging import FigurePages
from api.serializers.figure import CountingRuleSerializer, LineageSerializer
from api.views.public import is_staff
from national.definitions.areas import areas
from national.dissemination import lineage, queries
from national.dissemination.observation_status import with_status
from national.dissemination.visibility import present
from national.models import Figure


class LineageView(APIView):
    permission_classes = (AllowAny,)

    @extend_schema(
        summary=_("Where a figure comes from"),
        description=_(
            "Everyone sees the units and what each adds. National staff also see the submissions, and in pages "
            "the rows of the files with the cells that made them count. The rows' values add up to the figure; "
            "of means and shares to the numerator, over as many rows as the denominator says; of distinct "
            "counts the different `counts_as` are as many as the figure."
        ),
        responses=LineageSerializer,
        tags=["figures"],
    )
    def get(self, request: Request, figure_id: int) -> Response:
        national = is_staff(request)
        vantage = present(staff=national)
        figures = with_status(queries.readable(staff=national).known(vantage.moment), vantage)
        figure = get_object_or_404(figures.select_related("submission"), pk=figure_id)
        address = request.build_absolute_uri(reverse("api:figures"))
        payload: dict[str, Any] = {
            "figure": figure_objects([tuple(getattr(figure, name) for name in FIELDS)], address)[0],
            "counting_rule": CountingRuleSerializer(lineage.rule_of(figure)).data,
            "units": [_unit(unit, national) for unit in lineage.unit_figures_of(figure, staff=national)],
        }
        if national:
            payload |= self._rows(request, figure)
        return Response(payload)

    def _rows(self, request: Request, figure: Figure) -> dict[str, Any]:
        """One page of the rows behind the figure."""
        rows = lineage.rows_of(figure).with_columns(pl.col("value").cast(pl.Float64))
        pages = FigurePages()
        page = pages.paginate_queryset(rows.to_dicts(), request, view=self)
        return {"rows": page, "rows_count": len(rows), "rows_next": pages.get_next_link()}


def _unit(figure: Figure, national: bool) -> dict[str, Any]:
    unit = areas()[figure.area]
    payload = {
        "figure": figure.pk,
        "unit": unit.code,
        "unit_zh": unit.name_zh,
        "unit_en": unit.name_en,
        "value": plain(figure.value),
        "numerator": plain(figure.numerator),
        "denominator": plain(figure.denominator),
        "records": figure.records,
        "carried_from": figure.carried_from,
    }
    return payload | _source(figure) if national else payload


def _source(figure: Figure) -> dict[str, Any]:
    submission = figure.submission
    if submission is None:
        return {"submission": None, "version": None, "sha256": None}
    return {"submission": submission.pk, "version": submission.version, "sha256": submission.file_id}
