"""Shapes of what the registers add up to: indicators, figures, and where a figure comes from."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from api.serializers.moment import TimeQuerySerializer
from national.definitions.indicator import Adds
from national.dissemination.observation_status import Status
from national.models import AreaType


class BreakdownSerializer(serializers.Serializer[Any]):
    """A dimension by which an indicator is split."""

    name = serializers.CharField()
    label_zh = serializers.CharField()
    label_en = serializers.CharField()
    codelist = serializers.CharField()
    adds_up = serializers.BooleanField(
        help_text=_("Whether the parts add up to the total; not where one record may be in several parts")
    )


class IndicatorSerializer(serializers.Serializer[Any]):
    """An indicator with its definition."""

    code = serializers.CharField()
    name_zh = serializers.CharField()
    name_en = serializers.CharField()
    unit_zh = serializers.CharField()
    unit_en = serializers.CharField()
    definition_zh = serializers.CharField()
    definition_en = serializers.CharField()
    collections = serializers.ListField(
        child=serializers.CharField(), help_text=_("Registers it is made from")
    )
    adds = serializers.ChoiceField(
        choices=[adds.value for adds in Adds], help_text=_("How units and parts become the whole")
    )
    adds_zh = serializers.CharField()
    adds_en = serializers.CharField()
    breakdowns = BreakdownSerializer(many=True)


class CountingRuleSerializer(serializers.Serializer[Any]):
    """A version of the rule that says which rows count."""

    version = serializers.IntegerField()
    since = serializers.CharField(help_text=_("First period for which it holds"))
    text_zh = serializers.CharField()
    text_en = serializers.CharField()


class IndicatorsSerializer(serializers.Serializer[dict[str, Any]]):
    """All indicators and the counting rules that figures name."""

    indicators = IndicatorSerializer(many=True)
    counting_rules = CountingRuleSerializer(many=True)


class FigureQuerySerializer(TimeQuerySerializer):
    """Filters of figures."""

    indicator = serializers.CharField(required=False, help_text=_("E.g. NET_COUNT; else all"))
    area = serializers.CharField(
        required=False,
        help_text=_("CN, a province as CN-32 (with its city with separate plan) or a unit's code"),
    )
    area_type = serializers.ChoiceField(choices=AreaType.choices, required=False)
    period = serializers.CharField(
        required=False, help_text=_("E.g. 2026Q3, or all; else the newest with figures")
    )
    breakdown = serializers.CharField(
        required=False, help_text=_("A dimension of the indicator, or all; else total")
    )


class FigureSerializer(serializers.Serializer[dict[str, Any]]):
    """One figure."""

    id = serializers.IntegerField()
    indicator = serializers.CharField()
    area = serializers.CharField()
    area_type = serializers.ChoiceField(choices=AreaType.choices)
    area_zh = serializers.CharField()
    area_en = serializers.CharField()
    period = serializers.CharField()
    breakdown = serializers.CharField()
    breakdown_value = serializers.CharField(allow_blank=True, help_text=_("Empty for the total"))
    breakdown_zh = serializers.CharField(allow_blank=True)
    breakdown_en = serializers.CharField(allow_blank=True)
    value = serializers.FloatField(
        allow_null=True,
        help_text=_("With the units that are carried forward; null when it is withheld (status Q)"),
    )
    value_strict = serializers.FloatField(
        allow_null=True, help_text=_("Of the units accepted for the period itself alone")
    )
    adds = serializers.ChoiceField(
        choices=[adds.value for adds in Adds], help_text=_("How units and parts become the whole")
    )
    numerator = serializers.FloatField(
        allow_null=True,
        help_text=_("Of means and shares: value = numerator ÷ denominator, shares in percent"),
    )
    denominator = serializers.FloatField(allow_null=True)
    unit_zh = serializers.CharField()
    unit_en = serializers.CharField()
    records = serializers.IntegerField(
        allow_null=True, help_text=_("Records behind the value; null where they would reveal a withheld one")
    )
    records_carried = serializers.IntegerField(
        allow_null=True, help_text=_("How many of them are carried forward")
    )
    units_accepted = serializers.IntegerField(help_text=_("Units whose register is accepted …"))
    units_carried = serializers.IntegerField(
        help_text=_("… and those carried forward from an earlier period …")
    )
    units_expected = serializers.IntegerField(help_text=_("… of the units that report"))
    carried_from = serializers.CharField(
        allow_blank=True, help_text=_("Of a unit's figure that is carried forward: the period it comes from")
    )
    status = serializers.ChoiceField(
        choices=Status.choices,
        help_text=_(
            "In no release, the same as in the last release, or different from it; Q: withheld, since it "
            "would reveal single enterprises"
        ),
    )
    suppressed = serializers.BooleanField(
        help_text=_("Withheld from the public; ministry staff see the value")
    )
    release = serializers.IntegerField(
        allow_null=True, help_text=_("Number of the release that holds this value")
    )
    rule_version = serializers.IntegerField(help_text=_("Counting rule, see indicators/"))
    valid_from = serializers.DateTimeField(help_text=_("When this value came into force"))
    valid_to = serializers.DateTimeField(
        allow_null=True, help_text=_("When it was replaced; null while it is in force")
    )
    lineage = serializers.URLField()


class LineageUnitSerializer(serializers.Serializer[Any]):
    """What one unit adds to a figure."""

    figure = serializers.IntegerField(help_text=_("The unit's own figure"))
    unit = serializers.CharField()
    unit_zh = serializers.CharField()
    unit_en = serializers.CharField()
    value = serializers.FloatField(allow_null=True)
    numerator = serializers.FloatField(allow_null=True)
    denominator = serializers.FloatField(allow_null=True)
    records = serializers.IntegerField(allow_null=True)
    carried_from = serializers.CharField(
        allow_blank=True, help_text=_("Period of its register where the unit is carried forward")
    )
    submission = serializers.UUIDField(required=False, help_text=_("Ministry staff only"))
    version = serializers.IntegerField(required=False, help_text=_("Ministry staff only"))
    sha256 = serializers.CharField(
        required=False, allow_null=True, help_text=_("Ministry staff only: the file's")
    )


class LineageRowSerializer(serializers.Serializer[Any]):
    """A row of a unit's file behind a figure. National staff only."""

    unit = serializers.CharField()
    collection = serializers.CharField()
    key = serializers.CharField(help_text=_("Record number"))
    sheet = serializers.CharField()
    row = serializers.IntegerField(help_text=_("The spreadsheet's own row number"))
    value = serializers.FloatField(
        allow_null=True, help_text=_("What the row adds to the value, or to the numerator")
    )
    counts_as = serializers.CharField(
        allow_null=True,
        help_text=_("Of distinct counts: what the row counts as; each different one counts once"),
    )
    cells = serializers.ListField(
        child=serializers.CharField(), help_text=_("Addresses of the cells that made it count")
    )


class LineageSerializer(serializers.Serializer[dict[str, Any]]):
    """Where a figure comes from: units for everyone; for national staff submissions, and rows of files in pages."""

    figure = FigureSerializer()
    counting_rule = CountingRuleSerializer()
    units = LineageUnitSerializer(many=True)
    rows = LineageRowSerializer(many=True, required=False, help_text=_("Ministry staff only"))
    rows_count = serializers.IntegerField(required=False, help_text=_("Rows on all pages"))
    rows_next = serializers.URLField(required=False, allow_null=True, help_text=_("The next page of rows"))
