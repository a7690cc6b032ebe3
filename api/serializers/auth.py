"""Schemas of logging in: the credentials sent, and the token returned with its account."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from submissions.models import User


class UnitSerializer(serializers.Serializer[object]):
    """A reporting unit."""

    code = serializers.CharField(help_text=_("Six digits, e.g. 320000"))
    name_zh = serializers.CharField()
    name_en = serializers.CharField()


class LoginSerializer(serializers.Serializer[dict[str, str]]):
    """Name and password, and the code of the second factor where the account has one."""

    username = serializers.CharField()
    password = serializers.CharField(trim_whitespace=False)
    code = serializers.CharField(
        required=False, help_text=_("Code of the second factor, if the account has one")
    )


class AccountSerializer(serializers.ModelSerializer[User]):
    """An account: its role, and its unit when it is staff of one."""

    unit = UnitSerializer(allow_null=True)

    class Meta:
        model = User
        fields = ("username", "display_name", "role", "unit")


class TokenSerializer(serializers.Serializer[dict[str, object]]):
    """A token. It is shown this once; only its hash is kept."""

    token = serializers.CharField(help_text=_("Send it as Authorization: Token …"))
    expiry = serializers.DateTimeField()
    user = AccountSerializer()
