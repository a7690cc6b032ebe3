"""Findings of one submission: filtered and paged one by one, or counted by like kind."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import generics
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.reading import query_of
from api.serializers.finding import FindingQuerySerializer, FindingSerializer, GroupSerializer
from api.views.submissions import find, staff
from submissions.findings.store import groups
from submissions.models import Finding


class FindingsView(generics.ListAPIView[Finding]):
    serializer_class = FindingSerializer
    queryset = Finding.objects.none()

    def get_queryset(self) -> QuerySet[Finding]:
        submission = find(self.request, self.kwargs["submission_id"])
        query = query_of(self.request, FindingQuerySerializer)
        text = query.pop("q", "")
        sought = Q(value__icontains=text) | Q(key__icontains=text) if text else Q()
        findings = Finding.objects.visible_to(staff(self.request)).filter(
            sought, submission=submission, **query
        )
        return findings.select_related("explanation__by").order_by("ordinal")

    @extend_schema(
        summary=_("List of findings"),
        description=_("In reading order; `count` is exact however many there are."),
        parameters=[FindingQuerySerializer],
        tags=["submissions"],
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)


class GroupsView(APIView):
    @extend_schema(
        summary=_("Findings counted per rule and column"),
        responses=GroupSerializer(many=True),
        tags=["submissions"],
    )
    def get(self, request: Request, submission_id: UUID) -> Response:
        counted = groups(find(request, submission_id), staff(request))
        return Response(GroupSerializer(counted, many=True).data)
