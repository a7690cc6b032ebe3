"""Filters of the lists: query strings that narrow findings and submissions, and say nothing when they are wrong."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import django_filters as filters
import polars as pl
from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from submissions import sifting
from submissions.models import Collection, Period, State, Submission, Unit, User
from submissions.models.submission import SubmissionQuerySet
from submissions.portal.looks import SEVERITIES
from submissions.sifting import City, Like, Sieve
from submissions.templatetags.portal import column_label, named

SELECT = forms.Select(attrs={"class": "form-select"})
SEARCH = forms.TextInput(attrs={"class": "form-control", "type": "search", "autocomplete": "off"})
SUGGESTED = forms.TextInput(
    attrs={"class": "form-control", "type": "search", "autocomplete": "off", "list": "enterprises"}
)

#: Rows with findings as a grid, all rows as a grid, the findings one by one.
VIEWS = ("grid", "rows", "list")
_SIEVED = ("severity", "code", "column", "city", "enterprise", "answered", "q")


class FindingForm(forms.Form):
    """How the findings are narrowed and shown. A wrong choice narrows nothing."""

    severity = forms.ChoiceField(label=_("Severity"), required=False, widget=SELECT)
    code = forms.ChoiceField(label=_("Rule"), required=False, widget=SELECT)
    column = forms.ChoiceField(label=_("Column"), required=False, widget=SELECT)
    city = forms.ChoiceField(label=_("City"), required=False, widget=SELECT)
    enterprise = forms.CharField(label=_("Enterprise"), required=False, max_length=100, widget=SUGGESTED)
    answered = forms.ChoiceField(label=_("Explanation"), required=False, widget=SELECT)
    q = forms.CharField(label=_("Text"), required=False, max_length=200, widget=SEARCH)
    sort = forms.ChoiceField(label=_("Order"), required=False, widget=SELECT)
    value = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)
    view = forms.ChoiceField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, data: QueryDict, *, collection: str, likes: Sequence[Like], cities: Sequence[City]
    ) -> None:
        """`likes` and `cities` are what there is to choose from."""
        super().__init__(data, label_suffix="")
        columns = {like.column for like in likes if like.column}
        named = sorted(
            ((key, column_label(key, collection)) for key in columns), key=lambda choice: choice[1]
        )
        offered = {
            "severity": [(letter, look.label) for letter, look in SEVERITIES.items()],
            "code": [(code, code) for code in sorted({like.code for like in likes})],
            "column": named,
            "city": [(city.code, f"{city.name or _('place unknown')} ({city.rows:,})") for city in cities],
            "answered": [("no", _("still open")), ("yes", _("explained"))],
        }
        for name, choices in offered.items():
            self.fields[name].choices = [("", _("all")), *choices]
        self.fields["sort"].choices = [("", _("what blocks first")), ("row", _("as in the file"))]
        self.fields["view"].choices = [(view, view) for view in VIEWS]
        self.is_valid()

    def sieve(self) -> Sieve:
        """What is let through."""
        chosen = {name: self.cleaned_data.get(name) or "" for name in _SIEVED}
        value = self.cleaned_data.get("value", "") if "value" in self.data else None
        return Sieve(**chosen, value=value)

    @property
    def order(self) -> str:
        return self.cleaned_data.get("sort") or "blocks"

    @property
    def shown_as(self) -> str:
        """One of VIEWS."""
        return self.cleaned_data.get("view") or VIEWS[0]


class Narrowed(NamedTuple):
    """The filters of an address, every finding that their user may read, and those let through."""

    form: FindingForm
    every: pl.DataFrame
    found: pl.DataFrame


def narrowed(asked: QueryDict, submission: Submission, user: User) -> Narrowed:
    """The findings of `submission` that an address asks for (findings_store.TABLE_SCHEMA)."""
    every = sifting.sifted(submission, user, Sieve())
    likes, cities = sifting.likes(every), sifting.cities(submission, every)
    form = FindingForm(asked, collection=submission.collection, likes=likes, cities=cities)
    return Narrowed(form, every, sifting.sifted(submission, user, form.sieve()))


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
