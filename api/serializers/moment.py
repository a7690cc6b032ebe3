"""Moments in query strings: `as_of` as a time or a day, by Beijing time where no zone is named."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from api.serializers.bounds import LARGEST_RELEASE

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
#: an unquoted + of a query string arrives as a space
_LOST_PLUS = re.compile(r"(T[\d:.]+) (\d\d:?\d\d)")


class MomentField(serializers.DateTimeField):
    """A moment of system time; a day means its end, 24:00."""

    def __init__(self, **how: Any) -> None:
        text = _(
            "State at this moment, e.g. 2026-10-31T18:00:00+08:00. Without a zone it is Beijing "
            "time (UTC+8); a day alone means its end, 24:00. Not in the future."
        )
        super().__init__(**{"help_text": text} | how)

    def to_internal_value(self, value: Any) -> datetime:
        if isinstance(value, str) and _DAY.fullmatch(value):
            return self._end_of(value)
        if isinstance(value, str) and (parts := _LOST_PLUS.fullmatch(value[10:])):
            value = f"{value[:10]}{parts[1]}+{parts[2]}"
        moment: datetime = super().to_internal_value(value)
        return moment

    def _end_of(self, text: str) -> datetime:
        try:
            day = date.fromisoformat(text) + timedelta(days=1)
        except (ValueError, OverflowError):
            self.fail("invalid", format="YYYY-MM-DD, YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z]")
        midnight = datetime(day.year, day.month, day.day, tzinfo=timezone.get_default_timezone())
        return midnight - timedelta(microseconds=1)


class TimeQuerySerializer(serializers.Serializer[dict[str, Any]]):
    """A past moment or a release; neither means now."""

    as_of = MomentField(required=False)
    release = serializers.IntegerField(
        required=False,
        min_value=1,
        max_value=LARGEST_RELEASE,
        help_text=_("As at the moment whose figures this release holds"),
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Raise ValidationError when both are given, since they are two different questions."""
        if "as_of" in attrs and "release" in attrs:
            raise serializers.ValidationError(
                {"as_of": _("Ask for a moment or for a release, not for both.")}
            )
        return attrs
