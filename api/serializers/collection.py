"""Shapes of the forms: columns, code lists and rules, as the engine declares them."""

from __future__ import annotations

from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from api.serializers.severity import SeverityField
from submissions.models import Collection
from validation import Form, companions
from validation.rulebook.listing import CodeRow, ColumnRow, LimitRow, RuleRow, VersionRow


class CollectionSerializer(serializers.Serializer[Form]):
    """A collection by name, with the addresses of its form and template."""

    name = serializers.CharField()
    label_zh = serializers.CharField()
    label_en = serializers.CharField()
    column_count = serializers.SerializerMethodField()
    url = serializers.HyperlinkedIdentityField(view_name="api:collection", lookup_field="name")
    template = serializers.HyperlinkedIdentityField(view_name="api:template", lookup_field="name")

    def get_column_count(self, form: Form) -> int:
        return len(form.columns)


class ColumnSerializer(serializers.Serializer[ColumnRow]):
    """One column with all its facts. Limits are numbers, dates, or character counts of texts."""

    key = serializers.CharField(help_text=_("Field key, as findings name it"))
    title = serializers.CharField(help_text=_("Title in the official workbook, with its unit"))
    label_zh = serializers.CharField()
    label_en = serializers.CharField()
    aliases = serializers.ListField(
        child=serializers.CharField(), help_text=_("Other titles that are understood")
    )
    kind = serializers.CharField()
    unit = serializers.CharField(allow_null=True)
    codelist = serializers.CharField(allow_null=True)
    required = serializers.CharField(  # type: ignore[assignment]  # DRF takes fields off the class
        help_text=_("yes, no, or cond: a rule says when")
    )
    minimum = serializers.CharField(allow_null=True)
    maximum = serializers.CharField(allow_null=True)
    role = serializers.CharField(help_text=_("How it takes part in the figures; empty when it does not"))
    how_zh = serializers.CharField(help_text=_("How to fill it in, in Chinese"))
    how_en = serializers.CharField(help_text=_("How to fill it in, in English"))
    example = serializers.CharField()


class OptionSerializer(serializers.Serializer[CodeRow]):
    """One value of a code list."""

    code = serializers.CharField()
    label_zh = serializers.CharField()
    label_en = serializers.CharField()
    aliases = serializers.ListField(child=serializers.CharField())


class CodelistSerializer(serializers.Serializer[dict[str, Any]]):
    """A code list in its official order."""

    name = serializers.CharField()
    options = OptionSerializer(many=True)


class RuleVersionSerializer(serializers.Serializer[VersionRow]):
    """The periods for which a version of a rule is in force; null is no bound."""

    version = serializers.IntegerField()
    since = serializers.CharField(allow_null=True)
    until = serializers.CharField(allow_null=True)


class RuleSerializer(serializers.Serializer[RuleRow]):
    """One rule: the condition that breaks it, its message and the fix. {names} are placeholders for values."""

    code = serializers.CharField()
    severity = SeverityField(
        help_text=_("E blocks signing, W needs a correction or an explanation, I is for information")
    )
    level = serializers.CharField(help_text=_("structure, cell, row, table, cross, history or national"))
    collections = serializers.ListField(child=serializers.CharField())
    columns = serializers.ListField(child=serializers.CharField())
    condition_zh = serializers.CharField(help_text=_("When the rule is broken, in Chinese"))
    condition_en = serializers.CharField(help_text=_("When the rule is broken, in English"))
    example_zh = serializers.CharField(help_text=_("What breaks the rule, in Chinese"))
    example_en = serializers.CharField(help_text=_("What breaks the rule, in English"))
    message_zh = serializers.CharField()
    message_en = serializers.CharField()
    fix_zh = serializers.CharField()
    fix_en = serializers.CharField()
    versions = RuleVersionSerializer(many=True)


class LimitSerializer(serializers.Serializer[LimitRow]):
    """One limit of an upload; a larger file is refused with file.E004."""

    name = serializers.CharField()
    value = serializers.IntegerField(help_text=_("Greatest number allowed, in the unit"))
    label_zh = serializers.CharField()
    label_en = serializers.CharField()
    unit_zh = serializers.CharField()
    unit_en = serializers.CharField()


class CollectionDetailSerializer(CollectionSerializer):
    """A collection with its form, code lists, rules and limits."""

    columns = ColumnSerializer(many=True)
    codelists = CodelistSerializer(many=True)
    rules = RuleSerializer(many=True)
    limits = LimitSerializer(many=True)


class TemplateQuerySerializer(serializers.Serializer[dict[str, Any]]):
    """Which template."""

    period = serializers.RegexField(
        r"^20\d\d[Qq][1-4]$",
        required=False,
        help_text=_("A quarter such as 2026Q3; else the newest one collected"),
    )
    unit = serializers.CharField(
        required=False,
        max_length=6,
        help_text=_("Staff only: filled with this unit's last accepted register"),
    )


class DryRunSerializer(serializers.Serializer[dict[str, Any]]):
    """A file to be checked and not kept."""

    collection = serializers.ChoiceField(choices=Collection.choices)
    period = serializers.RegexField(r"^20\d\d[Qq][1-4]$", help_text=_("A quarter such as 2026Q3"))
    file = serializers.FileField(allow_empty_file=True)
    unit = serializers.CharField(
        required=False,
        help_text=_("Ministry staff name the unit; for a unit's staff it is that of the token"),
    )
    previous = serializers.FileField(
        required=False, help_text=_("The register to compare with, in place of the last accepted one")
    )

    def get_fields(self) -> dict[str, Any]:
        """With a file for each collection that another form is compared with."""
        text = _("The unit's register “{form}” that rows are compared with, in place of the one sent")
        files = {
            form.name: serializers.FileField(
                required=False, help_text=format_lazy(text, form=Collection(form.name).label)
            )
            for form in companions()
        }
        return {**super().get_fields(), **files}
