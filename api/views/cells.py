"""Cells of a submission: corrected one by one or in bulk, and given back marked in the unit's own workbook."""

from __future__ import annotations

from urllib.parse import quote
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.serializers.cell import CellEditSerializer, CorrectionSerializer
from api.serializers.submission import SubmissionDetailSerializer
from api.views.submissions import find, request_id, staff
from submissions.correcting import CellEdit, correct
from submissions.marking import XLSX, marked


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
        log = submission.corrections.select_related("by")
        return Response(CorrectionSerializer(log, many=True).data)

    @extend_schema(
        summary=_("Correct cells"),
        description=_(
            "Corrections are laid over the upload, which stays as sent. Either all are accepted or none; "
            "what depends on them is checked again before the answer."
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


class WorkbookView(APIView):
    problems = {"GET": (404, 409)}

    @extend_schema(
        summary=_("The unit's workbook with its findings marked"),
        description=_(
            "Cells with findings are coloured and carry a note; a sheet lists all findings. Large files contain the flagged rows only."
        ),
        responses={(200, XLSX): OpenApiResponse(OpenApiTypes.BINARY)},
        tags=["submissions"],
    )
    def get(self, request: Request, submission_id: UUID) -> HttpResponse:
        workbook = marked(find(request, submission_id))
        disposition = f"attachment; filename*=UTF-8''{quote(workbook.filename)}"
        return HttpResponse(workbook.data, content_type=XLSX, headers={"Content-Disposition": disposition})
