"""The collections as the engine declares them: forms, code lists, rules, and their official workbooks. Public."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Any

import polars as pl
from django.conf import settings
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import conditional_page
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import NotAuthenticated, NotFound, PermissionDenied
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import ListSerializer
from rest_framework.views import APIView

from api.reading import query_of
from api.renderers import XlsxRenderer
from api.serializers.collection import (
    CollectionDetailSerializer,
    CollectionSerializer,
    TemplateQuerySerializer,
)
from api.views.public import PublicView
from submissions import demo_mode
from submissions.exports.tables import XLSX
from submissions.files import storage
from submissions.models import Period, Register, Unit
from submissions.workflow.refusals import Refusal, RefusalError
from validation import FORMS, Form, reporting_units
from validation import Period as Quarter
from validation.hints import Text
from validation.rulebook.listing import code_rows, codelists_of, column_rows, limit_rows, rule_rows
from validation.rulebook.table_schema import table_schema
from validation.workbooks.template import template


def form_named(name: str) -> Form:
    """The form of a collection, or a 404."""
    try:
        return FORMS[name]
    except KeyError as unknown:
        raise NotFound from unknown


@cache
def _facts(name: str) -> dict[str, Any]:
    """Columns, code lists and rules; they change with the code only."""
    form = FORMS[name]
    return {
        "columns": column_rows(form),
        "codelists": [{"name": codelist, "options": code_rows(codelist)} for codelist in codelists_of(form)],
        "rules": rule_rows(form),
    }


@method_decorator(conditional_page, "dispatch")
class CollectionsView(PublicView):
    @extend_schema(summary=_("Collections"), responses=CollectionSerializer(many=True), tags=["collections"])
    def get(self, request: Request) -> Response:
        shape = ListSerializer(
            list(FORMS.values()), child=CollectionSerializer(), context={"request": request}
        )
        return Response(shape.data)


@method_decorator(conditional_page, "dispatch")
class CollectionView(PublicView):
    @extend_schema(
        summary=_("One collection: form, code lists, rules"),
        responses=CollectionDetailSerializer,
        tags=["collections"],
    )
    def get(self, request: Request, name: str) -> Response:
        head = CollectionSerializer(form_named(name), context={"request": request}).data
        return Response({**head, **_facts(name), "limits": limit_rows(settings.UPLOAD_LIMITS)})


@method_decorator(conditional_page, "dispatch")
class TableSchemaView(PublicView):
    @extend_schema(
        summary=_("The form as Frictionless Table Schema"),
        responses=OpenApiTypes.OBJECT,
        tags=["collections"],
    )
    def get(self, request: Request, name: str) -> Response:
        return Response(table_schema(form_named(name)))


class TemplateView(APIView):
    permission_classes = (AllowAny,)
    renderer_classes = (XlsxRenderer,)
    problems = {"GET": (401, 403, 404)}

    def get_authenticators(self) -> list[BaseAuthentication]:
        """Authenticate nobody for a blank template: it is the same for everyone."""
        is_blank = self.request is not None and "unit" not in self.request.GET
        return [] if is_blank else super().get_authenticators()

    @extend_schema(
        summary=_("Official workbook"),
        description=_(
            "Blank for everyone. With `unit`, for staff: filled with that unit's last accepted register."
        ),
        parameters=[TemplateQuerySerializer],
        responses={(200, XLSX): OpenApiTypes.BINARY},
        tags=["collections"],
    )
    def get(self, request: Request, name: str) -> Response:
        form = form_named(name)
        query = query_of(request, TemplateQuerySerializer)
        period = _collected(query["period"].upper()) if "period" in query else _newest_period()
        unit = query.get("unit")
        workbook = (
            _prefilled(request, form, period, unit) if unit else _blank(name, period, demo_mode.notice())
        )
        filename = demo_mode.file_named(_filename(form, period, unit))
        disposition = content_disposition_header(True, filename)
        return Response(workbook, headers={"Content-Disposition": disposition})


def _collected(code: str) -> Quarter:
    """Return the quarter of a period that is or was open for collection; others have no workbook."""
    period = Period.objects.filter(pk=code).first()
    if period is None:
        raise RefusalError(Refusal.PERIOD_UNKNOWN, period=code)
    return period.quarter


def _filename(form: Form, period: Quarter, unit: str | None) -> str:
    """E.g. 工业5G专网-2026年三季度-江苏省-预填.xlsx."""
    kind = ("空白表",) if unit is None else (reporting_units()[unit].name_zh, "预填表")
    return "-".join((form.label_zh, period.label_zh, *kind)) + ".xlsx"


@lru_cache(maxsize=16)
def _blank(name: str, period: Quarter, notice: Text | None) -> bytes:
    return template(FORMS[name], period, notice=notice)


def _prefilled(request: Request, form: Form, period: Quarter, unit: str) -> bytes:
    if not request.user.is_authenticated:
        raise NotAuthenticated
    user = request.user
    if not (user.is_national or (user.is_of_unit and user.unit_id == unit)):
        raise PermissionDenied
    if not Unit.objects.filter(pk=unit).exists():
        raise NotFound
    records = _last_accepted(unit, form, period)
    return template(form, period, unit=unit, records=records, notice=demo_mode.notice())


def _last_accepted(unit: str, form: Form, period: Quarter) -> pl.DataFrame | None:
    """Return the last register in force, up to `period`."""
    own = Register.objects.in_force().filter(unit=unit, collection=form.name)
    register = own.newest_until(str(period)).select_related("submission").first()
    return storage.frame_of(register.submission) if register else None


def _newest_period() -> Quarter:
    """The newest period that has opened, else the present quarter."""
    today = timezone.localdate()
    opened = Period.objects.filter(opens__lte=today).first()
    return opened.quarter if opened else Quarter.of(today)
