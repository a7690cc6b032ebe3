"""Shapes of cell corrections."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from api.serializers.bounds import LARGEST_ROW
from submissions.models import Correction


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
        required=False, default=False, help_text=_("Bring the original cell back")
    )


class CorrectionSerializer(serializers.ModelSerializer[Correction]):
    """One edit as it is kept."""

    by = serializers.CharField(help_text=_("Name of who corrected"))

    class Meta:
        model = Correction
        fields = ("id", "sheet", "row", "column", "cell", "old", "new", "restores", "by", "at")
