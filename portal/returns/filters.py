"""Filters of the lists of findings and submissions; a wrong filter value is ignored."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import django_filters as filters
import polars as pl
from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from portal.badges import SEVERITIES
from portal.form_fields import choice_field
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
        """`likes` and `cities` are the choices offered."""
        super().__init__(data, label_suffix="")
        columns = {like.column for like in likes if like.column}
        groups = sorted(
            ((key, column_label(key, collection)) for key in columns), key=lambda choice: choice[1]
        )
        offered: dict[str, Sequence[tuple[str, object]]] = {
            "severity": [(letter, look.label) for letter, look in SEVERITIES.items()],
            "code": [(code, code) for code in sorted({like.code for like in likes})],
            "column": groups,
            "city": [(city.code, f"{city.name or _('unknown place')} ({city.rows:,})") for city in cities],
            "answered": [("no", _("still open")), ("yes", _("explained"))],
        }
        for name, choices in offered.items():
            choice_field(self, name).choices = [("", _("all")), *choices]
        choice_field(self, "view").choices = [(view, view) for view in VIEWS]
        keys = [f"{CELL}{column.key}" for column in FORMS[collection].columns]
        orders = [str(Order(by, down)) for by in (*LIST_ORDERS, *keys) for down in (False, True)]
        choice_field(self, "sort").choices = [(order, order) for order in orders]
        self.is_valid()
        self.fields["sort"].widget.choices = self._orders_offered(collection)

    def sieve(self) -> FindingFilter:
        """Return the filter of the chosen values."""
        value = self.cleaned_data.get("value", "") if "value" in self.data else None
        return FindingFilter(
            severity=self._chosen("severity"),
            code=self._chosen("code"),
            column=self._chosen("column"),
            value=value,
            city=self._chosen("city"),
            enterprise=self._chosen("enterprise"),
            answered=self._chosen("answered"),
            q=self._chosen("q"),
        )

    def _chosen(self, name: str) -> str:
        return self.cleaned_data.get(name) or ""

    @property
    def order(self) -> Order:
        """Return the chosen order; when there is none or it does not fit the view, the view's first one."""
        order = Order.read(self.cleaned_data.get("sort") or "")
        plain = self._plain_orders()
        of_cells = order.by.startswith(CELL) and self.shown_as != "list"
        return order if order.by in plain or of_cells else Order(plain[0])

    def _plain_orders(self) -> tuple[str, ...]:
        """Return the orders of each view besides those by cell."""
        return {"list": LIST_ORDERS, "rows": ROW_ORDERS[::-1]}.get(self.shown_as, ROW_ORDERS)

    @property
    def order_label(self) -> str:
        """Return the label of the present order."""
        return str(dict(self.fields["sort"].widget.choices)[str(self.order)])

    def _orders_offered(self, collection: str) -> list[tuple[str, object]]:
        """Return the orders offered where a narrow screen has no table heads, with the present one."""
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


def sieve_in(query: QueryDict) -> FindingFilter:
    """Return the filter that an address names, unvalidated: for rows of a page that was filtered already."""
    return FindingFilter(
        severity=query.get("severity", ""),
        code=query.get("code", ""),
        column=query.get("column", ""),
        value=query.get("value"),
        answered=query.get("answered", ""),
        q=query.get("q", ""),
    )


class Narrowed(NamedTuple):
    """The filters of an address, every finding the user may read, and those that pass."""

    form: FindingForm
    every: pl.DataFrame
    findings: pl.DataFrame


def narrowed(query: QueryDict, submission: Submission, user: User) -> Narrowed:
    """Return the findings of `submission` that an address selects (findings_store.TABLE_SCHEMA)."""
    every = filtering.filtered(submission, user, FindingFilter())
    likes, cities = filtering.groups(every), filtering.cities(submission, every)
    form = FindingForm(query, collection=submission.collection, likes=likes, cities=cities)
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

    def __init__(self, data: QueryDict | dict[str, Any], queryset: SubmissionQuerySet) -> None:
        super().__init__(data, queryset)
        units = [(unit.code, f"{unit.code} {named(unit)}") for unit in Unit.objects.all()]
        self.filters["unit"].extra["choices"] = units
        codes = Period.objects.values_list("code", flat=True)
        self.filters["period"].extra["choices"] = [(code, period_label(code)) for code in codes]

    @property
    def qs(self) -> QuerySet[Submission]:
        return super().qs.select_related("unit", "period", "uploader", "signer")
