"""Shapes of findings: one by one with messages in both languages, and counted by like kind."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from api.serializers.decision import ExplanationSerializer
from api.serializers.severity import SeverityField
from submissions.models import Finding
from validation import Finding as EngineFinding


class TextSerializer(serializers.Serializer[dict[str, str]]):
    """A sentence in both languages."""

    zh = serializers.CharField()
    en = serializers.CharField()


class FindingSerializer(serializers.Serializer[Finding]):
    """One broken rule at one place; the keys of the dry run's findings, and the explanation given."""

    id = serializers.IntegerField()
    sheet = serializers.CharField(allow_null=True)
    row = serializers.IntegerField(allow_null=True, help_text=_("The spreadsheet's own row number"))
    column = serializers.CharField(
        allow_null=True, help_text=_("Field key, or the title of an unknown column")
    )
    cell = serializers.CharField(allow_null=True, help_text=_("Address such as F12"))
    code = serializers.CharField()
    severity = SeverityField()
    value = serializers.CharField(allow_null=True, help_text=_("Text of the cell as it stands in the file"))
    message = TextSerializer()
    fix = serializers.CharField(help_text=_("What to do, in English; empty when nothing is to be done"))
    fix_zh = serializers.CharField(help_text=_("What to do, in Chinese"))
    explanation = ExplanationSerializer(allow_null=True)

    def to_representation(self, finding: Finding) -> dict[str, Any]:
        worded = EngineFinding(code=finding.code, value=finding.value, params=finding.params)
        explanation = finding.explanation
        return {
            "id": finding.pk,
            "sheet": finding.sheet,
            "row": finding.row,
            "column": finding.column,
            "cell": finding.cell,
            "code": finding.code,
            "severity": finding.severity,
            "value": finding.value,
            "message": {"zh": worded.message("zh"), "en": worded.message("en")},
            "fix": worded.fix("en"),
            "fix_zh": worded.fix("zh"),
            "explanation": explanation and ExplanationSerializer(explanation).data,
        }


class FindingQuerySerializer(serializers.Serializer[dict[str, Any]]):
    """Filters of findings."""

    severity = SeverityField(required=False)
    code = serializers.CharField(required=False)
    column = serializers.CharField(required=False)
    sheet = serializers.CharField(required=False)
    q = serializers.CharField(
        required=False, help_text=_("Part of the cell's text, or of the record's number")
    )


class GroupSerializer(serializers.Serializer[Any]):
    """Findings of one code and column, counted exactly."""

    code = serializers.CharField()
    severity = SeverityField()
    column = serializers.CharField(allow_null=True)
    count = serializers.IntegerField()
    open = serializers.IntegerField(help_text=_("Warnings of the group that still need an explanation"))
