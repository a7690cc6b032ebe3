"""Reading requests: bodies and query strings are parsed by a serializer and refused when they do not fit."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request

from api.problems import UNKNOWN_FILTER, AnyProblemError

#: Names every call understands: the format override and paging.
COMMON = frozenset({"format", "page", "limit"})


class NoFilters(serializers.Serializer[dict[str, Any]]):
    """The query string of calls that take no filter."""


def query_of(request: Request, shape: type[serializers.Serializer[Any]]) -> dict[str, Any]:
    """The query string as `shape` types it; a misspelt filter never widens an answer silently.

    Raises AnyProblemError "unknown-filter" that names what is allowed, or ValidationError.
    """
    query = shape(data=request.query_params)
    fields: list[str] = list(query.fields.keys())
    allowed = [*fields, *sorted(COMMON)]
    unknown = [name for name in request.query_params if name not in allowed]
    if unknown:
        raise AnyProblemError(UNKNOWN_FILTER, [_wrong(name, allowed) for name in unknown])
    # an empty filter must not pass for none where its field would let it
    empty = [name for name in fields if request.query_params.get(name) == ""]
    if empty:
        blank = serializers.CharField.default_error_messages["blank"]
        raise serializers.ValidationError({name: [blank] for name in empty}, code="blank")
    query.is_valid(raise_exception=True)
    return dict(query.validated_data)


def body_of(request: Request, shape: type[serializers.Serializer[Any]]) -> dict[str, Any]:
    """Return the body as `shape` types it. Raises ValidationError."""
    body = shape(data=request.data)
    body.is_valid(raise_exception=True)
    return dict(body.validated_data)


def _wrong(name: str, allowed: list[str]) -> dict[str, str]:
    detail = _("There is no filter “%(name)s”. Allowed: %(allowed)s.")
    return {
        "field": name,
        "code": "unknown",
        "detail": detail % {"name": name, "allowed": ", ".join(allowed)},
    }
