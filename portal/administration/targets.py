"""Administration of targets: the national administrator adds vintages of published values and plans of units."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from national.models import Plan, PublishedValue, Qualifier
from national.permissions import Action, can, require
from national.targets.assessment import PLANNED, TARGETS
from national.targets.plans import YEARS, plan_totals, set_plan
from national.targets.published_series import SERIES, add_vintage, last_day, vintages
from portal.access import StaffRequest, account_page, match_of, posted
from portal.form_actions import attempt
from portal.templatetags.portal import named
from submissions.models import Unit, User

_TEXT = forms.TextInput(attrs={"class": "form-control"})
_NUMBER = forms.NumberInput(attrs={"class": "form-control"})
_SELECT = forms.Select(attrs={"class": "form-select"})
_DATE = forms.DateInput(attrs={"class": "form-control", "type": "date"}, format="%Y-%m-%d")
_TICK = forms.CheckboxInput(attrs={"class": "form-check-input"})


class VintageForm(forms.Form):
    """A published value as the ministry announced it."""

    series = forms.ChoiceField(label=gettext_lazy("Series"), choices=lambda: series_names(), widget=_SELECT)
    stated_date = forms.CharField(
        label=gettext_lazy("Year or month it refers to"),
        help_text=gettext_lazy("As published: 2026 for a year, 2026-09 for the end of a month."),
        max_length=7,
        widget=_TEXT,
    )
    value = forms.DecimalField(
        label=gettext_lazy("Value"),
        help_text=gettext_lazy("Networks as a number, value-added in CNY trillion."),
        min_value=0,
        max_digits=16,
        decimal_places=4,
        widget=_NUMBER,
    )
    qualifier = forms.ChoiceField(
        label=gettext_lazy("Kind of value"), choices=Qualifier.choices, widget=_SELECT
    )
    source = forms.CharField(
        label=gettext_lazy("Source"),
        help_text=gettext_lazy("Who published it, when and where."),
        max_length=500,
        widget=_TEXT,
    )
    vintage = forms.DateField(
        label=gettext_lazy("Day of publication (if known)"), required=False, widget=_DATE
    )
    note = forms.CharField(
        label=gettext_lazy("Note (optional)"), required=False, max_length=500, widget=_TEXT
    )
    verified = forms.BooleanField(
        label=gettext_lazy("I have seen it in an official source"), required=False, widget=_TICK
    )

    def clean_stated_date(self) -> str:
        stated: str = self.cleaned_data["stated_date"]
        try:
            last_day(stated)
        except ValueError as error:
            raise ValidationError(_("Give a year such as 2026 or a month such as 2026-09.")) from error
        return stated


if TYPE_CHECKING:
    _ModelChoiceField = forms.ModelChoiceField[Unit]
else:
    _ModelChoiceField = forms.ModelChoiceField


class UnitField(_ModelChoiceField):
    """Reporting units by their names."""

    def label_from_instance(self, obj: Unit) -> str:
        return named(obj)


class PlanForm(forms.Form):
    """A unit's goal for the end of a year."""

    unit = UnitField(Unit.objects.all(), label=gettext_lazy("Reporting unit"), widget=_SELECT)
    year = forms.TypedChoiceField(
        label=gettext_lazy("End of the year"),
        choices=[(year, year) for year in YEARS],
        coerce=int,
        initial=YEARS[-1],
        widget=_SELECT,
    )
    goal = forms.IntegerField(
        label=gettext_lazy("Networks planned"), min_value=0, max_value=1_000_000, widget=_NUMBER
    )
    source = forms.CharField(
        label=gettext_lazy("Source"),
        help_text=gettext_lazy("The document that states the plan, with its date."),
        max_length=500,
        widget=_TEXT,
    )


@account_page
def series(request: StaffRequest) -> HttpResponse:
    """Show every vintage of the target series, and to the administrator the form for a further one."""
    form = VintageForm(posted(request), initial={"series": request.GET.get("series", "")})

    def enter(by: User, values: dict[str, Any]) -> PublishedValue:
        return add_vintage(by=by, **values)

    series_rows = [(name, label, vintages(name)) for name, label in series_names()]
    return _page(
        request,
        form,
        enter,
        _("Entered. The earlier value is kept and is no longer in force."),
        {"series": series_rows},
    )


@account_page
def plans(request: StaffRequest) -> HttpResponse:
    """Show every plan, their totals, and to the administrator the form for a further one."""
    form = PlanForm(posted(request), initial={"unit": request.GET.get("unit", "")})

    def enter(by: User, values: dict[str, Any]) -> Plan:
        return set_plan(by=by, **values)

    goal = TARGETS[PLANNED]
    listed = Plan.objects.select_related("unit", "entered_by")
    context = {
        "plans": listed.order_by("unit_id", "year", "-entered_at", "-pk"),
        "in_force": set(Plan.objects.newest().values_list("pk", flat=True)),
        "totals": plan_totals(goal.goal, goal.due.year),
        "goal": goal,
    }
    return _page(request, form, enter, _("The plan is entered."), context)


def series_names() -> list[tuple[str, str]]:
    """Return the series that targets rest on, with the name of their target."""
    by_series = {target.series: named(target) for target in TARGETS.values() if target.series}
    return [(name, by_series[name]) for name in SERIES]


def _page(
    request: StaffRequest,
    form: forms.Form,
    enter: Callable[[User, dict[str, Any]], object],
    done: str,
    context: dict[str, Any],
) -> HttpResponse:
    """Show the list with its form; valid input is stored, invalid input is shown again with its errors."""
    if not request.user.is_national:
        require(request.user, Action.SET_TARGETS)
    if form.is_bound:
        require(request.user, Action.SET_TARGETS)
        if form.is_valid():
            attempt(form, partial(enter, request.user, form.cleaned_data))
        if not form.errors:
            messages.success(request, done)
            return redirect(request.path)
    name = str(match_of(request).url_name)
    context |= {"form": form, "may": can(request.user, Action.SET_TARGETS)}
    return render(request, f"figures/admin_{name}.html", context, status=400 if form.is_bound else 200)
