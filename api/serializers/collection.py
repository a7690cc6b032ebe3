"""Shapes of the forms: columns, code lists and rules, as the engine declares them."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from submissions.models import Collection
from validation import Column, Form, RuleText


class CollectionSerializer(serializers.Serializer[Form]):
    """A collection by name, with the addresses of its form and template."""

    name = serializers.CharField()
    label_zh = serializers.CharField()
    label_en = serializers.CharField()
    columns = serializers.IntegerField(source="columns.__len__", help_text="Number of columns")
    url = serializers.HyperlinkedIdentityField(view_name="api:collection", lookup_field="name")
    template = serializers.HyperlinkedIdentityField(view_name="api:template", lookup_field="name")


class ColumnSerializer(serializers.Serializer[Column]):
    """One column with all its facts. Limits are numbers, dates, or character counts of texts."""

    key = serializers.CharField(help_text="Field key, as findings name it")
    label_zh = serializers.CharField(help_text="Official title")
    label_en = serializers.CharField()
    aliases = serializers.ListField(
        child=serializers.CharField(), help_text="Other titles that are understood"
    )
    kind = serializers.CharField()
    unit = serializers.CharField(allow_null=True)
    codelist = serializers.CharField(allow_null=True)
    required = serializers.CharField(help_text="yes, no, or cond: a rule says when")
    minimum = serializers.CharField(allow_null=True)
    maximum = serializers.CharField(allow_null=True)
    role = serializers.CharField(help_text="How it takes part in the figures; empty when it does not")
    note_zh = serializers.CharField()
    note_en = serializers.CharField()


class OptionSerializer(serializers.Serializer[Any]):
    """One value of a code list."""

    code = serializers.CharField()
    label_zh = serializers.CharField()
    label_en = serializers.CharField()
    aliases = serializers.ListField(child=serializers.CharField())


class CodelistSerializer(serializers.Serializer[dict[str, Any]]):
    """A code list in its official order."""

    name = serializers.CharField()
    options = OptionSerializer(many=True)


class RuleSerializer(serializers.Serializer[RuleText]):
    """One rule: when it is broken, what is then said, and what to do. {names} stand for the case's values."""

    code = serializers.CharField()
    severity = serializers.CharField(help_text="E blocks, W wants a fix or an explanation, I informs")
    level = serializers.CharField(help_text="structure, cell, row, table, cross, history or national")
    columns = serializers.ListField(child=serializers.CharField())
    condition = serializers.CharField(help_text="When the rule is broken")
    message_zh = serializers.CharField()
    message_en = serializers.CharField()
    fix_zh = serializers.CharField()
    fix_en = serializers.CharField()


class CollectionDetailSerializer(CollectionSerializer):
    """A collection with its form, code lists and rules."""

    columns = ColumnSerializer(many=True)
    codelists = CodelistSerializer(many=True)
    rules = RuleSerializer(many=True)


class TemplateQuerySerializer(serializers.Serializer[dict[str, Any]]):
    """Which template."""

    period = serializers.RegexField(
        r"^20\d\d[Qq][1-4]$",
        required=False,
        help_text="A quarter such as 2026Q3; else the newest one collected",
    )
    unit = serializers.CharField(
        required=False, max_length=6, help_text="Staff only: filled with this unit's last accepted register"
    )


class DryRunSerializer(serializers.Serializer[dict[str, Any]]):
    """A file to be checked and not kept."""

    collection = serializers.ChoiceField(choices=Collection.choices)
    period = serializers.RegexField(r"^20\d\d[Qq][1-4]$", help_text="A quarter such as 2026Q3")
    file = serializers.FileField(allow_empty_file=True)
    unit = serializers.CharField(
        required=False, help_text="National staff name the unit; for a unit's staff it is that of the token"
    )
    previous = serializers.FileField(
        required=False, help_text="The register to compare with, in place of the last accepted one"
    )
    networks = serializers.FileField(
        required=False, help_text="The network form that AI applications refer to, in place of the one sent"
    )
