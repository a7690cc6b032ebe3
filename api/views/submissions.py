"""Submissions over HTTP: upload, list, detail, and the decisions of signers and reviewers."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics
from rest_framework.request import Request
from rest_framework.response import Response

from api.parsers import UploadParser
from api.reading import body_of, query_of
from api.serializers.submission import (
    SubmissionDetailSerializer,
    SubmissionQuerySerializer,
    SubmissionSerializer,
    UploadSerializer,
)
from submissions.checks import intake
from submissions.models import Submission, User

IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description=_("The same key with the same upload returns the same submission, however often it is sent."),
)


def staff(request: Request) -> User:
    """Return the account of a request that has passed IsAuthenticated."""
    user = request.user
    if not isinstance(user, User):
        raise TypeError("an anonymous request has passed a view for staff")
    return user


def request_id(request: Request) -> str:
    """Return the request's id, to be stored with the event that it causes."""
    return str(getattr(request, "request_id", ""))


def visible(request: Request) -> QuerySet[Submission]:
    """Return the submissions the caller may see, with the relations their serializers need."""
    chosen = Submission.objects.visible_to(request.user)
    return chosen.select_related("unit", "period", "uploader", "signer", "reviewer")


class SubmissionsView(generics.ListAPIView[Submission]):
    serializer_class = SubmissionSerializer
    parser_classes = (UploadParser,)
    problems = {"POST": (404, 409, 413, 422)}

    def get_queryset(self) -> QuerySet[Submission]:
        query = query_of(self.request, SubmissionQuerySerializer)
        return visible(self.request).filter(**query).order_by("-received_at", "pk")

    @extend_schema(
        summary=_("List submissions"), parameters=[SubmissionQuerySerializer], tags=["submissions"]
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    @extend_schema(
        summary=_("Send a register or a nil return"),
        description=_("The unit is that of the token. The check runs in the background: follow `url`."),
        parameters=[IDEMPOTENCY_KEY],
        request={"multipart/form-data": UploadSerializer},
        responses={202: SubmissionDetailSerializer},
        tags=["submissions"],
    )
    def post(self, request: Request) -> Response:
        submission = _receive(request, body_of(request, UploadSerializer))
        shape = SubmissionDetailSerializer(submission, context=self.get_serializer_context())
        location = reverse("api:submission", kwargs={"submission_id": submission.pk})
        return Response(shape.data, 202, headers={"Location": request.build_absolute_uri(location)})


def _receive(request: Request, sent: dict[str, Any]) -> Submission:
    arguments = {
        "by": staff(request),
        "collection": sent["collection"],
        "period": sent["period"],
        "idempotency_key": request.headers.get("Idempotency-Key", ""),
        "request_id": request_id(request),
    }
    if sent["nil_return"]:
        return intake.receive_nil(**arguments)
    return intake.receive(**arguments, upload=sent["file"], filename=sent["file"].name)


class SubmissionView(generics.RetrieveAPIView[Submission]):
    serializer_class = SubmissionDetailSerializer
    lookup_url_kwarg = "submission_id"

    def get_queryset(self) -> QuerySet[Submission]:
        return visible(self.request).prefetch_related("return_reasons")

    @extend_schema(
        summary=_("One submission"),
        description=_("State, counts, progress, allowed actions."),
        tags=["submissions"],
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)


def find(request: Request, submission_id: UUID) -> Submission:
    """Return the submission, or raise a 404 that does not reveal whether it exists."""
    return generics.get_object_or_404(visible(request), pk=submission_id)
