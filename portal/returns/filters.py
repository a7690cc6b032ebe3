"""Filters of the lists: query strings that narrow findings and submissions, and say nothing when they are wrong."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import django_filters as filters
import polars as pl
from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from portal.badges import SEVERITIES
from portal.templatetags.portal import column_label, named
from submissions.findings import filtering
from submissions.findings.filtering import City, FindingFilter, FindingGroup
from submissions.findings.sorting import CELL, LIST_ORDERS, ROW_ORDERS, Order
from submissions.labels import period_label
from submissions.models import Collection, Period, State, Submission, Unit, User
from submissions.models.submission import SubmissionQuerySet
from validation import FORMS

SELECT = forms.Select(attrs={"class": "form-select"})
SEARCH = forms.TextInput(attrs={"class": "form-control", "type": "search", "autocomplete": "off"})
SUGGESTED = forms.TextInput(
    attrs={"class": "form-control", "type": "search", "autocomplete": "off", "list": "enterprises"}
)

#: Rows with findings as a grid, all rows as a grid, the findings one by one.
VIEWS = ("grid", "rows", "list")
#: what the orders are called
ORDERS = {
    "blocks": _("blocking findings first"),
    "row": _("as in the file"),
    "column": _("by column"),
    "value": _("by value"),
    "code": _("by rule"),
}
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
        self, data: QueryDict, *, collection: str, likes: Sequence[FindingGroup], cities: Sequence[City]
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
        self.fields["view"].choices = [(view, view) for view in VIEWS]
        keys = [f"{CELL}{column.key}" for column in FORMS[collection].columns]
        orders = [str(Order(by, down)) for by in (*LIST_ORDERS, *keys) for down in (False, True)]
        self.fields["sort"].choices = [(order, order) for order in orders]
        self.is_valid()
        self.fields["sort"].widget.choices = self._orders_offered(collection)

    def sieve(self) -> FindingFilter:
        """What is let through."""
        chosen = {name: self.cleaned_data.get(name) or "" for name in _SIEVED}
        value = self.cleaned_data.get("value", "") if "value" in self.data else None
        return FindingFilter(**chosen, value=value)

    @property
    def order(self) -> Order:
        """What is asked for; without it, or where it is none of the view shown, the first one of the view."""
        asked = Order.read(self.cleaned_data.get("sort") or "")
        plain = self._plain_orders()
        of_cells = asked.by.startswith(CELL) and self.shown_as != "list"
        return asked if asked.by in plain or of_cells else Order(plain[0])

    def _plain_orders(self) -> tuple[str, ...]:
        """By what each view can be sorted, beside its own cells; all rows come as in the file unless asked for."""
        return {"list": LIST_ORDERS, "rows": ROW_ORDERS[::-1]}.get(self.shown_as, ROW_ORDERS)

    @property
    def order_label(self) -> str:
        """What the order in force is called."""
        return str(dict(self.fields["sort"].widget.choices)[str(self.order)])

    def _orders_offered(self, collection: str) -> list[tuple[str, object]]:
        """For the list, whose heads are not there on a narrow screen, each by its head; and the one in force."""
        offered: list[tuple[str, object]] = [(by, ORDERS[by]) for by in self._plain_orders()]
        now = self.order
        if str(now) not in dict(offered):
            key = now.by.removeprefix(CELL)
            name = ORDERS[now.by] if now.by in ORDERS else column_label(key, collection)
            way = _("%(name)s, descending") if now.down else _("%(name)s, ascending")
            offered.append((str(now), way % {"name": name}))
        return offered

    @property
    def shown_as(self) -> str:
        """One of VIEWS."""
        return self.cleaned_data.get("view") or VIEWS[0]


def sieve_in(asked: QueryDict) -> FindingFilter:
    """What an address asks for of single findings, as it stands there: for rows whose page was narrowed already."""
    names = ("severity", "code", "column", "answered", "q")
    return FindingFilter(**{name: asked.get(name, "") for name in names}, value=asked.get("value"))


class Narrowed(NamedTuple):
    """The filters of an address, every finding that their user may read, and those let through."""

    form: FindingForm
    every: pl.DataFrame
    found: pl.DataFrame


def narrowed(asked: QueryDict, submission: Submission, user: User) -> Narrowed:
    """The findings of `submission` that an address asks for (findings_store.TABLE_SCHEMA)."""
    every = filtering.filtered(submission, user, FindingFilter())
    likes, cities = filtering.groups(every), filtering.cities(submission, every)
    form = FindingForm(asked, collection=submission.collection, likes=likes, cities=cities)
    return Narrowed(form, every, filtering.filtered(submission, user, form.sieve()))


class SubmissionFilter(filters.FilterSet):
    """By state, unit, period and collection, sorted as asked."""

    state = filters.ChoiceFilter(label=_("State"), choices=State.choices, empty_label=_("all"), widget=SELECT)
    unit = filters.ChoiceFilter(label=_("Reporting unit"), empty_label=_("all"), widget=SELECT)
    period = filters.ChoiceFilter(label=_("Period"), empty_label=_("all"), widget=SELECT)
    collection = filters.ChoiceFilter(
        label=_("Form"), choices=Collection.choices, empty_label=_("all"), widget=SELECT
    )
    sort = filters.OrderingFilter(
        label=_("Order"),
        fields=[
            ("received_at", "received"),
            ("unit_id", "unit"),
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
        self.filters["period"].extra["choices"] = [(code, period_label(code)) for code in codes]

    @property
    def qs(self) -> SubmissionQuerySet:
        return super().qs.select_related("unit", "period", "uploader", "signer")
