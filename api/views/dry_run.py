"""The dry run: checks a file as an upload would be, answers at once and stores nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import polars as pl
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import ValidationError
from rest_framework.views import APIView

import validation
from api.parsers import MB, ComparisonParser
from api.reading import body_of
from api.serializers.collection import DryRunSerializer
from api.serializers.dry_run import DryRunResultSerializer
from api.throttles import WorkThrottle
from api.views.submissions import staff
from submissions.checks.context import context_for
from submissions.models import Period, Submission, Unit, User
from submissions.workflow.refusals import Refusal, RefusalError
from validation import Context
from validation.context import no_progress


class DryRunView(APIView):
    parser_classes = (ComparisonParser,)
    throttle_classes = (WorkThrottle,)
    problems = {"POST": (413,)}

    @extend_schema(
        summary=_("Check a file without sending it"),
        description=_(
            "The engine, findings and JSON of the command line. Compared with the unit's last accepted "
            "register and network form, unless other files are sent for them."
        ),
        request={"multipart/form-data": DryRunSerializer},
        responses=DryRunResultSerializer,
        tags=["validate"],
    )
    def post(self, request: Request) -> Response:
        sent = body_of(request, DryRunSerializer)
        unit, period = _unit_of(staff(request), sent), sent["period"].upper()
        result = validation.validate(
            _bytes(sent["file"]),
            validation.FORMS[sent["collection"]],
            _context(unit, period, sent),
            filename=sent["file"].name,
        )
        return Response(result.to_json(collection=sent["collection"], unit=unit, period=period))


def _unit_of(user: User, sent: dict[str, Any]) -> str:
    """Return the account's unit; national staff have none and must name one."""
    if user.is_of_unit:
        return str(user.unit_id)
    if not user.is_national:
        raise PermissionDenied
    unit: str = sent.get("unit", "")
    if not Unit.objects.filter(pk=unit).exists():
        message = _("Ministry staff name the reporting unit by its six-digit code.")
        raise ValidationError({"unit": [message]}, code="unit-unknown")
    return unit


def _context(unit: str, period: str, sent: dict[str, Any]) -> Context:
    """Return what an upload to this slot would be compared with; files sent along replace it."""
    would_be = Submission(unit_id=unit, collection=sent["collection"], period=Period(code=period))
    context, _basis = context_for(would_be, no_progress)
    before = replace(context, period=context.period.shift(-1), previous=None, companion=None)
    if "previous" in sent:
        context = replace(context, previous=_frame(sent["previous"], sent["collection"], before))
    companion = validation.FORMS[sent["collection"]].companion
    if companion is not None and companion.collection in sent:
        same_day = replace(context, previous=None, companion=None)
        frame = _frame(sent[companion.collection], companion.collection, same_day)
        context = replace(context, companion=frame)
    return context


def _frame(upload: UploadedFile[bytes], collection: str, context: Context) -> pl.DataFrame | None:
    """Return the typed rows of a file that only serves for comparison; its own findings are ignored."""
    form = validation.FORMS[collection]
    return validation.validate(_bytes(upload), form, context, filename=upload.name or "").frame


def _bytes(upload: UploadedFile[bytes]) -> bytes:
    limit = settings.UPLOAD_LIMITS.file_bytes
    if (upload.size or 0) > limit:
        raise RefusalError(Refusal.FILE_TOO_LARGE, limit=limit // MB)
    data: bytes = upload.read()
    return data
