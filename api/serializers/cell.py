"""Shapes of cell corrections."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from api.serializers.bounds import LARGEST_ROW
from submissions.models import Correction, UncarriedCorrection


class CellEditSerializer(serializers.Serializer[dict[str, Any]]):
    """One cell and the text it shall hold."""

    sheet = serializers.CharField()
    row = serializers.IntegerField(
        min_value=1, max_value=LARGEST_ROW, help_text=_("The spreadsheet's own row number")
    )
    column = serializers.CharField(help_text=_("Field key"))
    value = serializers.CharField(
        required=False, allow_null=True, allow_blank=True, default=None, trim_whitespace=False
    )
    expected = serializers.CharField(
        required=False,
        allow_null=True,
        allow_blank=True,
        default=None,
        trim_whitespace=False,
        help_text=_("The text you saw; if the cell has another text by now, the edit is refused"),
    )
    restore = serializers.BooleanField(
        required=False, default=False, help_text=_("Restore the original cell")
    )


class CorrectionSerializer(serializers.ModelSerializer[Correction]):
    """One edit as it is kept."""

    by = serializers.CharField(help_text=_("Name of the person who corrected"))
    carried_from_version = serializers.IntegerField(
        source="carried_from.submission.version",
        allow_null=True,
        default=None,
        help_text=_("The version it was first made on; null where it was made on this one"),
    )

    class Meta:
        model = Correction
        fields = (
            "id", "sheet", "row", "column", "cell", "old", "new", "restores", "by", "at", "carried_from_version",
        )  # fmt: skip


class UncarriedCorrectionSerializer(serializers.ModelSerializer[UncarriedCorrection]):
    """A correction of the previous version that was not carried over, with the value the new file has there."""

    version = serializers.IntegerField(
        source="correction.submission.version", help_text=_("The version it was made on")
    )
    sheet = serializers.CharField(source="correction.sheet", help_text=_("In that version's file"))
    row = serializers.IntegerField(source="correction.row", help_text=_("In that version's file"))
    column = serializers.CharField(source="correction.column", help_text=_("Field key"))
    old = serializers.CharField(source="correction.old", allow_null=True)
    new = serializers.CharField(source="correction.new", allow_null=True)
    by = serializers.CharField(source="correction.by", help_text=_("Name of the person who corrected"))
    key = serializers.CharField(help_text=_("Number of the record; empty where it had none"))
    cell = serializers.CharField(
        help_text=_("Address of the record's cell in the new file; empty when it has none")
    )
    present = serializers.CharField(allow_null=True, help_text=_("Value in the new file"))
    explanation = serializers.CharField(source="get_reason_display", help_text=_("The reason in words"))

    class Meta:
        model = UncarriedCorrection
        fields = (
            "version", "sheet", "row", "column", "old", "new", "by", "key", "cell", "present", "reason",
            "explanation",
        )  # fmt: skip


class WorkbookQuerySerializer(serializers.Serializer[dict[str, Any]]):
    """Which workbook is asked for."""

    kind = serializers.ChoiceField(
        choices=["marked", "corrected"],
        default="marked",
        help_text=_("With the findings marked, or with the corrections in their cells"),
    )
