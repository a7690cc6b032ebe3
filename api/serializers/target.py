"""Schemas of targets and coverage: goal, actual value, pace, paths, and which units have reported."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.reverse import reverse

from api.serializers.auth import UnitSerializer
from api.serializers.moment import TimeQuerySerializer
from national.dissemination.coverage import CollectionCoverage, UnitCoverage
from national.models import PublishedValue
from national.targets.assessment import Collected, Kind, TargetStatus
from national.targets.drift import FEWEST, LEVEL
from national.targets.forecast import Ahead, Forecast, Projection
from national.targets.observations import Observation
from national.targets.paths import PathPoint
from national.targets.plans import PlanTotal
from national.targets.ratings import CLASSES, Judgement, TargetClass
from submissions.models import Collection
from submissions.notifications.obligations import SlotState


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
    """A value published by others; it is listed beside ours and never mixed with it."""

    stated_date = serializers.CharField()
    on = serializers.DateField()
    value = serializers.FloatField()
    unit = serializers.CharField()
    qualifier = serializers.CharField(help_text=_("exact, about, more_than, derived or forecast"))
    forecast = serializers.BooleanField(source="is_forecast")
    vintage = serializers.DateField(allow_null=True, help_text=_("Day of the announcement, where known"))
    entered_at = serializers.DateTimeField(help_text=_("Since when this vintage is known here"))
    verified = serializers.BooleanField(help_text=_("Whether an official source states it"))
    source = serializers.CharField()  # type: ignore[assignment]  # DRF takes fields off the class
    note = serializers.CharField(allow_blank=True)


class TargetClassSerializer(serializers.Serializer[TargetClass]):
    """A class and the ratio of figure to path from which it holds."""

    code = serializers.CharField()
    from_ratio = serializers.FloatField()
    name_zh = serializers.CharField()
    name_en = serializers.CharField()


class JudgementSerializer(serializers.Serializer[Judgement]):
    """The class with its reason, the class by each path, and the thresholds of all classes."""

    code = serializers.CharField(
        source="overall.code", default=None, help_text=_("ahead, on_track, behind, far_behind; null if none")
    )
    name_zh = serializers.CharField(source="overall.name_zh", default=None)
    name_en = serializers.CharField(source="overall.name_en", default=None)
    by_path = serializers.SerializerMethodField()
    reason_zh = serializers.CharField()
    reason_en = serializers.CharField()
    classes = serializers.SerializerMethodField()

    def get_by_path(self, judgement: Judgement) -> dict[str, str]:
        return {path: rating.code for path, rating in judgement.by_path}

    @extend_schema_field(TargetClassSerializer(many=True))
    def get_classes(self, judgement: Judgement) -> Any:
        return serializers.ListSerializer(CLASSES, child=TargetClassSerializer()).data


class ReadingSerializer(serializers.Serializer[Observation]):
    """One observed value of a target."""

    label = serializers.CharField(help_text=_("The quarter or year"))  # type: ignore[assignment]  # DRF takes fields off the class
    on = serializers.DateField()
    value = serializers.FloatField()
    value_strict = serializers.FloatField(allow_null=True, help_text=_("Without what is carried forward"))
    units_accepted = serializers.IntegerField(allow_null=True)
    units_carried = serializers.IntegerField(allow_null=True)
    units_expected = serializers.IntegerField(allow_null=True)


class AheadSerializer(serializers.Serializer[Ahead]):
    """A projected value with its interval."""

    label = serializers.CharField(help_text=_("The quarter or year"))  # type: ignore[assignment]  # DRF takes fields off the class
    on = serializers.DateField()
    value = serializers.FloatField()
    low = serializers.FloatField()
    high = serializers.FloatField()


class ProjectionSerializer(serializers.Serializer[Projection]):
    """Where past growth leads: by the same amount (linear) or the same rate (compound)."""

    name = serializers.CharField()
    at_due = AheadSerializer()
    ahead = AheadSerializer(many=True)


class OutlookSerializer(serializers.Serializer[Forecast]):
    """The trend and where it leads. With too few observations `enough` is false and nothing is projected."""

    method = serializers.SerializerMethodField()
    level = serializers.SerializerMethodField(help_text=_("Confidence level of the interval"))
    observations_needed = serializers.SerializerMethodField()
    observations_used = serializers.SerializerMethodField(help_text=_("Quarters or years"))
    enough = serializers.BooleanField()
    pace = serializers.FloatField(allow_null=True, help_text=_("Mean change per quarter or year"))
    projections = ProjectionSerializer(many=True)

    def get_method(self, outlook: Forecast) -> str:
        return "random-walk-with-drift"

    def get_level(self, outlook: Forecast) -> float:
        return LEVEL

    def get_observations_needed(self, outlook: Forecast) -> int:
        return FEWEST

    def get_observations_used(self, outlook: Forecast) -> list[str]:
        return [reading.label for reading in outlook.used]


class PlanTotalSerializer(serializers.Serializer[PlanTotal]):
    """What the units' plans for the end of a year add up to."""

    year = serializers.IntegerField()
    total = serializers.IntegerField()
    units_planned = serializers.IntegerField()
    units_expected = serializers.IntegerField()
    national_goal = serializers.FloatField(allow_null=True)
    difference = serializers.FloatField(allow_null=True, help_text=_("Sum of the plans less the goal"))
    goals = serializers.DictField(child=serializers.IntegerField(), help_text=_("Goal by reporting unit"))


class TargetSerializer(serializers.Serializer[TargetStatus]):
    """A target and where it stands today. What is not known is null."""

    code = serializers.CharField(source="target.code")
    url = serializers.SerializerMethodField()
    name_zh = serializers.CharField(source="target.name_zh")
    name_en = serializers.CharField(source="target.name_en")
    unit_zh = serializers.CharField(source="target.unit_zh")
    unit_en = serializers.CharField(source="target.unit_en")
    collected = serializers.ChoiceField(source="target.collected", choices=[kind.value for kind in Collected])
    kind = serializers.ChoiceField(source="target.kind", choices=[kind.value for kind in Kind])
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
        source="reading.on", default=None, help_text=_("Day the actual value refers to")
    )
    period = serializers.CharField(source="reading.period", default=None)
    units_accepted = serializers.IntegerField(source="reading.units_accepted", default=None)
    units_expected = serializers.IntegerField(source="reading.units_expected", default=None)
    units_carried = serializers.IntegerField(source="reading.units_carried", default=None)
    actual_strict = serializers.FloatField(
        source="reading.value_strict", default=None, help_text=_("Without what is carried forward")
    )
    share = serializers.FloatField(allow_null=True, help_text=_("Actual in percent of the goal"))
    remaining = serializers.FloatField(allow_null=True)
    quarters_left = serializers.IntegerField()
    pace_needed = serializers.FloatField(
        allow_null=True, help_text=_("Per quarter from now on; null for flows")
    )
    growth_needed = serializers.FloatField(
        allow_null=True, help_text=_("Percent per year from now on; null but for flows")
    )
    judgement = JudgementSerializer()
    observed = ReadingSerializer(source="readings", many=True)
    outlook = OutlookSerializer(allow_null=True)
    plans = PlanTotalSerializer(many=True)
    paths = PathSerializer(many=True)
    published = PublishedSerializer(many=True)

    @extend_schema_field(OpenApiTypes.URI)
    def get_url(self, status: TargetStatus) -> str:
        return reverse("api:target", kwargs={"code": status.target.code}, request=self.context["request"])


class CoverageQuerySerializer(TimeQuerySerializer):
    """Filters of coverage."""

    period = serializers.CharField(
        required=False, help_text=_("E.g. 2026Q3; else the newest that has opened")
    )


class UnitCoverageSerializer(serializers.Serializer[UnitCoverage]):
    """What one unit has handed in, and whether it is accepted."""

    unit = UnitSerializer()
    state = serializers.ChoiceField(choices=[state.value for state in SlotState])
    accepted = serializers.BooleanField()
    carried_from = serializers.CharField(
        allow_blank=True, help_text=_("Earlier period whose register stands in for the unit in the figures")
    )


class CoverageSerializer(serializers.Serializer[CollectionCoverage]):
    """Coverage of one collection of a period."""

    collection = serializers.ChoiceField(choices=Collection.choices)
    period = serializers.CharField(source="period.code")
    opens = serializers.DateField(source="period.opens")
    due = serializers.DateField(source="period.due")
    closes = serializers.DateField(source="period.closes")
    units_accepted = serializers.IntegerField()
    units_carried = serializers.IntegerField(help_text=_("Carried forward from an earlier period"))
    units_expected = serializers.IntegerField()
    states = serializers.DictField(child=serializers.IntegerField(), help_text=_("Number of units per state"))
    units = UnitCoverageSerializer(many=True)
