"""Cells of a submission: corrected one by one or in bulk, and given back marked in the unit's own workbook."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import generics
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.reading import query_of
from api.serializers.cell import (
    CellEditSerializer,
    CorrectionSerializer,
    UncarriedCorrectionSerializer,
    WorkbookQuerySerializer,
)
from api.serializers.submission import SubmissionDetailSerializer
from api.views.submissions import find, request_id, staff
from submissions.edits.corrections import CellEdit, correct
from submissions.exports.marked_workbook import Marked, corrected, marked
from submissions.exports.tables import XLSX
from submissions.models import Submission, UncarriedCorrection

#: what `kind` asks for
MAKERS: dict[str, Callable[[Submission], Marked]] = {"marked": marked, "corrected": corrected}


class CellsView(APIView):
    """What was corrected, and by whom; PATCH corrects more."""

    problems = {"PATCH": (409,)}

    @extend_schema(
        summary=_("Corrections"),
        description=_("Every edit, oldest first: who, when, from what to what."),
        responses=CorrectionSerializer(many=True),
        tags=["submissions"],
    )
    def get(self, request: Request, submission_id: UUID) -> Response:
        submission = find(request, submission_id)
        log = submission.corrections.select_related("by", "carried_from__submission")
        return Response(CorrectionSerializer(log, many=True).data)

    @extend_schema(
        summary=_("Correct cells"),
        description=_(
            "Corrections are stored beside the upload, which stays as sent. Either all are "
            "accepted or none; whatever depends on them is checked again before the answer."
        ),
        request=CellEditSerializer(many=True),
        responses=SubmissionDetailSerializer,
        tags=["submissions"],
    )
    def patch(self, request: Request, submission_id: UUID) -> Response:
        submission = find(request, submission_id)
        sent = CellEditSerializer(data=request.data, many=True)
        sent.is_valid(raise_exception=True)
        edits = [CellEdit(**edit) for edit in sent.validated_data]
        correct(submission=submission, by=staff(request), edits=edits, request_id=request_id(request))
        now = find(request, submission_id)
        return Response(SubmissionDetailSerializer(now, context={"request": request}).data)


class UncarriedView(generics.ListAPIView[UncarriedCorrection]):
    serializer_class = UncarriedCorrectionSerializer
    problems = {"GET": (404,)}

    def get_queryset(self) -> QuerySet[UncarriedCorrection]:
        submission = find(self.request, self.kwargs["submission_id"])
        return submission.uncarried_corrections.select_related("correction__submission", "correction__by")

    @extend_schema(
        summary=_("Corrections of the previous version that were not carried over"),
        description=_("Empty when all of them were carried over."),
        tags=["submissions"],
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)


class WorkbookView(APIView):
    problems = {"GET": (400, 404, 409)}

    @extend_schema(
        summary=_("The unit's workbook with its findings marked"),
        description=_(
            "Cells with findings are coloured and carry a note; a sheet lists all findings. Large files contain "
            "the flagged rows only. With `kind=corrected`: the workbook with the corrections in its cells."
        ),
        parameters=[WorkbookQuerySerializer],
        responses={(200, XLSX): OpenApiResponse(OpenApiTypes.BINARY)},
        tags=["submissions"],
    )
    def get(self, request: Request, submission_id: UUID) -> HttpResponse:
        make = MAKERS[query_of(request, WorkbookQuerySerializer)["kind"]]
        workbook = make(find(request, submission_id))
        disposition = content_disposition_header(True, workbook.filename)
        return HttpResponse(workbook.data, content_type=XLSX, headers={"Content-Disposition": disposition})
