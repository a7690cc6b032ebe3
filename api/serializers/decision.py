"""Schemas of decisions on a submission: explanations, withdrawals and returns."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from api.serializers.bounds import LARGEST_ID
from api.serializers.submission import ReasonSerializer
from submissions.models import Explanation, ExplanationReason


class ExplanationRequestSerializer(serializers.Serializer[dict[str, Any]]):
    """A reason for the warnings of one code: all of them, those of one column or value, or those listed."""

    code = serializers.CharField(max_length=12, help_text=_("Code of the warning, e.g. net.W320"))
    reason = serializers.ChoiceField(choices=ExplanationReason.choices)
    text = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")
    column = serializers.CharField(required=False, allow_null=True, default=None)
    value = serializers.CharField(required=False, allow_null=True, default=None)
    finding_ids = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=LARGEST_ID),
        required=False,
        allow_null=True,
        default=None,
        max_length=10_000,
    )


class ExplanationSerializer(serializers.ModelSerializer[Explanation]):
    """An explanation as it is kept."""

    by = serializers.CharField(help_text=_("Name of the person who explained"))

    class Meta:
        model = Explanation
        fields = ("id", "code", "reason", "text", "by", "at")


class SignSerializer(serializers.Serializer[dict[str, str]]):
    """What the signer has seen and confirms; all of it may be left out."""

    seen_sha256 = serializers.CharField(
        required=False,
        allow_blank=True,
        default="",
        max_length=64,
        help_text=_("Hash that the signer was shown; if it has changed, the signature is refused"),
    )
    drop_reason = serializers.CharField(
        required=False,
        allow_blank=True,
        default="",
        max_length=1000,
        help_text=_("Required when records or a main figure fall by more than 30 per cent"),
    )


class WithdrawSerializer(serializers.Serializer[dict[str, str]]):
    """Why a submission is taken back."""

    reason = serializers.CharField(required=False, allow_blank=True, default="", max_length=1000)


class ReturnSerializer(serializers.Serializer[dict[str, Any]]):
    """Why a submission goes back: at least one reason."""

    reasons = ReasonSerializer(many=True, allow_empty=False)


class ReasonedSerializer(serializers.Serializer[dict[str, str]]):
    """Why an accepted register is taken out of force, or put into it again."""

    reason = serializers.CharField(max_length=1000)
