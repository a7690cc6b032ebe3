"""Shapes of targets and coverage: goal, actual, pace and paths; and who has reported."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.reverse import reverse

from api.serializers.auth import UnitSerializer
from national.coverage import CollectionCoverage, UnitCoverage
from national.paths import PathPoint
from national.published import PublishedValue
from national.targets import Collected, TargetStatus
from submissions.models import Collection
from submissions.slots import SlotState


class BaseSerializer(serializers.Serializer[Any]):
    """Where the target started."""

    value = serializers.FloatField()
    on = serializers.DateField()
    qualifier = serializers.CharField(help_text=_("exact, about or more_than"))


class PathSerializer(serializers.Serializer[PathPoint]):
    """Where a path from base to goal stands: evenly (linear) or at a constant rate of growth (compound)."""

    name = serializers.CharField()
    expected_today = serializers.FloatField()
    expected_then = serializers.FloatField(allow_null=True, help_text=_("On the day of the actual value"))
    ratio = serializers.FloatField(allow_null=True, help_text=_("Actual ÷ expected_then"))


class PublishedSerializer(serializers.Serializer[PublishedValue]):
    """A value that others announced; shown beside ours and never mixed with it."""

    stated_date = serializers.CharField()
    on = serializers.DateField()
    value = serializers.FloatField()
    unit = serializers.CharField()
    qualifier = serializers.CharField(help_text=_("exact, about, more_than, derived or forecast"))
    verified = serializers.BooleanField(help_text=_("Whether the source was seen"))
    source = serializers.CharField()
    note = serializers.CharField(allow_blank=True)


class TargetSerializer(serializers.Serializer[TargetStatus]):
    """A target and where it stands today. What is not known is null."""

    code = serializers.CharField(source="target.code")
    url = serializers.SerializerMethodField()
    name_zh = serializers.CharField(source="target.name_zh")
    name_en = serializers.CharField(source="target.name_en")
    unit_zh = serializers.CharField(source="target.unit_zh")
    unit_en = serializers.CharField(source="target.unit_en")
    collected = serializers.ChoiceField(source="target.collected", choices=[kind.value for kind in Collected])
    note_zh = serializers.CharField(source="target.note_zh")
    note_en = serializers.CharField(source="target.note_en")
    goal = serializers.FloatField(source="target.goal")
    goal_qualifier = serializers.CharField(
        source="target.goal_qualifier", help_text=_("at_least, above or about")
    )
    due = serializers.DateField(source="target.due")
    base = BaseSerializer(source="target.base", allow_null=True)
    today = serializers.DateField()
    actual = serializers.FloatField(allow_null=True)
    actual_on = serializers.DateField(
        source="reading.on", default=None, help_text=_("Day the actual value speaks of")
    )
    period = serializers.CharField(source="reading.period", default=None)
    units_accepted = serializers.IntegerField(source="reading.units_accepted", default=None)
    units_expected = serializers.IntegerField(source="reading.units_expected", default=None)
    share = serializers.FloatField(allow_null=True, help_text=_("Actual in percent of the goal"))
    remaining = serializers.FloatField(allow_null=True)
    quarters_left = serializers.IntegerField()
    pace_needed = serializers.FloatField(allow_null=True, help_text=_("Per quarter from now on"))
    paths = PathSerializer(many=True)
    published = PublishedSerializer(many=True)

    @extend_schema_field(OpenApiTypes.URI)
    def get_url(self, status: TargetStatus) -> str:
        return reverse("api:target", kwargs={"code": status.target.code}, request=self.context["request"])


class CoverageQuerySerializer(serializers.Serializer[dict[str, Any]]):
    """Filters of coverage."""

    period = serializers.CharField(
        required=False, help_text=_("E.g. 2026Q3; else the newest that has opened")
    )


class UnitCoverageSerializer(serializers.Serializer[UnitCoverage]):
    """What one unit has handed in, and whether it is accepted."""

    unit = UnitSerializer()
    state = serializers.ChoiceField(choices=[state.value for state in SlotState])
    accepted = serializers.BooleanField()


class CoverageSerializer(serializers.Serializer[CollectionCoverage]):
    """Coverage of one collection of a period."""

    collection = serializers.ChoiceField(choices=Collection.choices)
    period = serializers.CharField(source="period.code")
    opens = serializers.DateField(source="period.opens")
    due = serializers.DateField(source="period.due")
    closes = serializers.DateField(source="period.closes")
    units_accepted = serializers.IntegerField()
    units_expected = serializers.IntegerField()
    states = serializers.DictField(child=serializers.IntegerField(), help_text=_("Number of units per state"))
    units = UnitCoverageSerializer(many=True)
