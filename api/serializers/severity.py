"""The field that holds a severity, with its values and their names as the engine declares them."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from validation import Severity


class SeverityField(serializers.ChoiceField):
    """E, W or I."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=[(severity.value, severity.label_en) for severity in Severity], **kwargs)
