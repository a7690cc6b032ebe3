"""Filters of the lists: query strings that narrow findings and submissions, and say nothing when they are wrong."""

from __future__ import annotations

import django_filters as filters
from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from submissions.models import Collection, Finding, Period, State, Submission, Unit
from submissions.models.finding import FindingQuerySet
from submissions.models.submission import SubmissionQuerySet
from submissions.portal.looks import SEVERITIES
from submissions.templatetags.portal import column_label, named
from validation import catalogue

SELECT = forms.Select(attrs={"class": "form-select"})
SEARCH = forms.TextInput(attrs={"class": "form-control", "type": "search", "autocomplete": "off"})


class FindingFilter(filters.FilterSet):
    """By severity, rule, column, whether a warning is answered, and text."""

    severity = filters.ChoiceFilter(
        label=_("Severity"),
        choices=[(letter, look.label) for letter, look in SEVERITIES.items()],
        empty_label=_("all"),
        widget=SELECT,
    )
    code = filters.ChoiceFilter(label=_("Rule"), empty_label=_("all"), widget=SELECT)
    column = filters.ChoiceFilter(label=_("Column"), empty_label=_("all"), widget=SELECT)
    answered = filters.ChoiceFilter(
        label=_("Explanation"),
        choices=[("no", _("still open")), ("yes", _("explained"))],
        empty_label=_("all"),
        method="by_answer",
        widget=SELECT,
    )
    q = filters.CharFilter(label=_("Text"), method="by_text", widget=SEARCH)

    class Meta:
        model = Finding
        fields: list[str] = []

    def __init__(self, *args: object, submission: Submission, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        found = self.queryset.order_by()
        codes = found.values_list("code", flat=True).distinct()
        columns = found.exclude(column=None).values_list("column", flat=True).distinct()
        self.filters["code"].extra["choices"] = [(code, code) for code in sorted(codes)]
        self.filters["column"].extra["choices"] = sorted(
            ((column, column_label(column, submission.collection)) for column in columns),
            key=lambda choice: choice[1],
        )

    def by_answer(self, findings: FindingQuerySet, name: str, value: str) -> FindingQuerySet:
        if value == "no":
            return findings.open_warnings()
        return findings.filter(explanation__isnull=False)

    def by_text(self, findings: FindingQuerySet, name: str, value: str) -> FindingQuerySet:
        """In the value, the record key, the cell, the sheet, or the rule's own words."""
        said = [rule.code for rule in catalogue().values() if value in rule.message_zh + rule.message_en]
        places = Q(value__icontains=value) | Q(key__icontains=value) | Q(sheet__icontains=value)
        return findings.filter(places | Q(cell__iexact=value) | Q(code__in=said) | Q(code__iexact=value))


class SubmissionFilter(filters.FilterSet):
    """By state, unit, period and collection, sorted as asked."""

    state = filters.ChoiceFilter(label=_("State"), choices=State.choices, empty_label=_("all"), widget=SELECT)
    unit = filters.ChoiceFilter(label=_("Unit"), empty_label=_("all"), widget=SELECT)
    period = filters.ChoiceFilter(label=_("Period"), empty_label=_("all"), widget=SELECT)
    collection = filters.ChoiceFilter(
        label=_("Form"), choices=Collection.choices, empty_label=_("all"), widget=SELECT
    )
    sort = filters.OrderingFilter(
        label=_("Order"),
        fields=[
            ("received_at", "received"),
            ("unit", "unit"),
            ("data_rows", "rows"),
            ("signed_at", "signed"),
        ],
        empty_label=None,
    )

    class Meta:
        model = Submission
        fields: list[str] = []

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        units = [(unit.code, f"{unit.code} {named(unit)}") for unit in Unit.objects.all()]
        self.filters["unit"].extra["choices"] = units
        codes = Period.objects.values_list("code", flat=True)
        self.filters["period"].extra["choices"] = [(code, code) for code in codes]

    @property
    def qs(self) -> SubmissionQuerySet:
        return super().qs.select_related("unit", "period", "uploader", "signer")
