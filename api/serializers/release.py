"""Schemas of releases: what was frozen and when, and what changed since the previous release and why."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.reverse import reverse

from national.dissemination.revisions import Changed
from national.models import AreaType, Cause, Release


class ReleaseSerializer(serializers.ModelSerializer[Release]):
    """A numbered, frozen set of figures. A withdrawn one stays, with the reason."""

    url = serializers.SerializerMethodField()
    figures_url = serializers.SerializerMethodField(help_text=_("The figures in it"))
    previous = serializers.IntegerField(
        source="previous_id", allow_null=True, help_text=_("Release that its changes are compared with")
    )
    embargoed = serializers.SerializerMethodField(
        help_text=_("Whether it is still under embargo; only ministry staff see such a release")
    )

    class Meta:
        model = Release
        fields: tuple[str, ...] = (
            "number", "url", "period", "moment", "published_at", "embargoed", "note_zh", "note_en", "previous",
            "figures", "changes", "withdrawn_at", "withdrawn_zh", "withdrawn_en", "figures_url",
        )  # fmt: skip
        extra_kwargs = {
            "number": {"help_text": _("1, 2, 3 …")},
            "period": {"help_text": _("Newest period with figures")},
            "moment": {"help_text": _("The figures are those in force at this moment")},
            "published_at": {"help_text": _("When it became public; the end of the embargo if it had one")},
            "figures": {"help_text": _("Number of figures in it")},
            "changes": {"help_text": _("Number of figures that differ from the previous release")},
            "withdrawn_at": {"help_text": _("Null unless it was withdrawn")},
        }

    @extend_schema_field(OpenApiTypes.URI)
    def get_url(self, release: Release) -> str:
        return reverse("api:release", kwargs={"number": release.number}, request=self.context["request"])

    @extend_schema_field(OpenApiTypes.URI)
    def get_figures_url(self, release: Release) -> str:
        return f"{reverse('api:figures', request=self.context['request'])}?release={release.number}"

    def get_embargoed(self, release: Release) -> bool:
        return release.is_embargoed


class ChangesQuerySerializer(serializers.Serializer[dict[str, Any]]):
    """Filters of a release's changes."""

    indicator = serializers.CharField(required=False, help_text=_("E.g. NET_COUNT; else all"))
    area = serializers.CharField(
        required=False, help_text=_("CN, a province or a unit; else CN unless area_type is given")
    )
    area_type = serializers.ChoiceField(choices=AreaType.choices, required=False)
    period = serializers.CharField(required=False, help_text=_("E.g. 2026Q3; else all"))
    breakdown = serializers.CharField(
        required=False,
        help_text=_(
            "A dimension of the indicator, or all; else total. Below the national level: ministry staff only"
        ),
    )


class PartSerializer(serializers.Serializer[Any]):
    """What one cause made of a figure."""

    cause = serializers.ChoiceField(choices=Cause.choices)
    unit = serializers.CharField(
        allow_blank=True, help_text=_("Unit of the register; empty where units are not distinguished")
    )
    unit_zh = serializers.CharField(allow_blank=True)
    unit_en = serializers.CharField(allow_blank=True)
    collection = serializers.CharField(allow_blank=True)
    period = serializers.CharField(allow_blank=True, help_text=_("Period of the register"))
    late = serializers.BooleanField(help_text=_("Accepted after the period's due date"))
    carried = serializers.BooleanField(
        help_text=_("The unit did nothing and was carried forward from an earlier period")
    )
    difference = serializers.FloatField()
    reasons = serializers.ListField(
        child=serializers.CharField(), help_text=_("In words, for ministry staff only")
    )


class ChangedSerializer(serializers.Serializer[Changed]):
    """A figure that differs from the previous release. The differences of its parts add up to its own, exactly."""

    indicator = serializers.CharField()
    area = serializers.CharField()
    area_zh = serializers.CharField()
    area_en = serializers.CharField()
    period = serializers.CharField()
    breakdown = serializers.CharField()
    breakdown_value = serializers.CharField(allow_blank=True)
    old = serializers.FloatField(allow_null=True, help_text=_("Null where there was no figure"))
    new = serializers.FloatField(allow_null=True, help_text=_("Null where there is none any more"))
    difference = serializers.FloatField()
    units_old = serializers.IntegerField(help_text=_("Units behind it, those carried forward too"))
    units_new = serializers.IntegerField()
    parts = PartSerializer(many=True)


class ChangePageSerializer(serializers.Serializer[Any]):
    """A page of changes."""

    count = serializers.IntegerField()
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = ChangedSerializer(many=True)


class ReleaseInFullSerializer(ReleaseSerializer):
    """A release with what changed since the one before."""

    changed = serializers.SerializerMethodField()

    class Meta(ReleaseSerializer.Meta):
        fields = (*ReleaseSerializer.Meta.fields, "changed")

    @extend_schema_field(ChangePageSerializer)
    def get_changed(self, release: Release) -> Any:
        return self.context["changed"]
