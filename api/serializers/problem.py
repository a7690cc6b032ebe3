"""The shape of a problem document, RFC 9457 with both languages, a stable code and the request's id."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers


class FieldErrorSerializer(serializers.Serializer[dict[str, str]]):
    """One field that is missing or wrong."""

    field = serializers.CharField(help_text=_("Dotted path, e.g. reasons.0.text"))
    code = serializers.CharField()
    detail = serializers.CharField()


class ProblemSerializer(serializers.Serializer[dict[str, object]]):
    """An error. Programs go by `code`, people by `detail`."""

    type = serializers.URLField(help_text=_("Where the code is explained"))
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField(help_text=_("In the language of Accept-Language"))
    detail_zh = serializers.CharField()
    detail_en = serializers.CharField()
    code = serializers.CharField(help_text=_("Stable code, e.g. period-closed"))
    request_id = serializers.CharField(help_text=_("Quote it when you report a fault"))
    errors = FieldErrorSerializer(many=True)  # type: ignore[assignment]  # DRF takes fields off the class
    submission = serializers.URLField(
        required=False, help_text=_("The submission that already answers this request")
    )
