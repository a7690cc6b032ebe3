"""The schema of a dry run's answer: the object that the command line prints with --json."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from api.serializers.finding import TextSerializer
from api.serializers.severity import SeverityField


class SkippedSerializer(serializers.Serializer[dict[str, Any]]):
    """A row that is not data."""

    row = serializers.IntegerField()
    kind = serializers.CharField(help_text=_("blank, title, header, total, note, single, sample, …"))


class SheetSerializer(serializers.Serializer[dict[str, Any]]):
    """A sheet that was read."""

    name = serializers.CharField()
    header_row = serializers.IntegerField()
    data_rows = serializers.IntegerField()
    skipped = SkippedSerializer(many=True)
    gaps = serializers.ListField(
        child=serializers.ListField(child=serializers.IntegerField(), min_length=2, max_length=2),
        required=False,
        help_text=_("Stretches of more than 200 blank rows, first and last row of each"),
    )


class RuleCountSerializer(serializers.Serializer[dict[str, Any]]):
    """Findings of one rule."""

    code = serializers.CharField()
    count = serializers.IntegerField()


class SeveritiesSerializer(serializers.Serializer[dict[str, int]]):
    """Findings by severity."""

    E = serializers.IntegerField()
    W = serializers.IntegerField()
    I = serializers.IntegerField()  # noqa: E741 the letter of the severity


class DryRunFindingSerializer(serializers.Serializer[dict[str, Any]]):
    """One broken rule at one place."""

    sheet = serializers.CharField(allow_null=True)
    row = serializers.IntegerField(allow_null=True, help_text=_("The spreadsheet's own row number"))
    column = serializers.CharField(
        allow_null=True, help_text=_("Field key, or the title of an unknown column")
    )
    cell = serializers.CharField(allow_null=True, help_text=_("Address such as F12"))
    code = serializers.CharField()
    severity = SeverityField()
    value = serializers.CharField(allow_null=True)
    message = TextSerializer()
    fix = serializers.CharField()
    fix_zh = serializers.CharField()


class DryRunResultSerializer(serializers.Serializer[dict[str, Any]]):
    """What the check of an upload of this file would report."""

    verdict = serializers.ChoiceField(choices=["invalid", "unexplained", "ready"])
    collection = serializers.CharField()
    unit = serializers.CharField()
    period = serializers.CharField()
    sheets = SheetSerializer(many=True)
    counts = SeveritiesSerializer()
    rules = RuleCountSerializer(many=True)
    findings = DryRunFindingSerializer(many=True)
    not_evaluable = serializers.ListField(child=serializers.CharField())
