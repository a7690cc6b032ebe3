"""Counting rules for national staff: the versions there are, and another rule tried on the accepted registers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any, NamedTuple

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from national.definitions.areas import NATION, Area, areas
from national.definitions.counting_rules import COUNTING_RULES, CountingRule
from national.definitions.indicator import Indicator
from national.definitions.indicators import INDICATORS
from national.models import AreaType, Figure
from national.verification.what_if import effect
from portal.access import StaffRequest, account_page
from portal.templatetags.portal import named
from submissions.labels import period_said
from submissions.workflow.permissions import Action, require
from validation.codelists import options

#: fields of a rule that the form offers, each with the code list of its values
_LISTS = {
    "sections": ("industries", _("Sections in which a network counts")),
    "counted": ("network_status", _("Statuses with which a network counts")),
    "operating": ("network_status", _("Statuses of a network that carries traffic")),
    "pipeline": ("network_status", _("Statuses of a network in the pipeline")),
    "production": ("ai_status", _("Statuses of an application in production")),
    "trial": ("ai_status", _("Statuses of an application in trial")),
    "ungraded": ("security_level", _("Security levels that do not count as graded")),
}


class Changed(NamedTuple):
    """A figure under the rule in force and under the one tried; None where there is none."""

    area: Area
    old: Decimal | None
    new: Decimal | None

    @property
    def difference(self) -> Decimal | None:
        """New value less old value, where there are both."""
        return None if self.old is None or self.new is None else self.new - self.old


class OfIndicator(NamedTuple):
    """The effect of the tried rule on one indicator: in the country, and in its units."""

    indicator: Indicator
    national: Changed | None
    units: list[Changed]


class RuleForm(forms.Form):
    """Another counting rule, as differences from the one in force."""

    period = forms.ChoiceField(
        label=_("Quarter to count"), widget=forms.Select(attrs={"class": "form-select"})
    )
    operating_terminals = forms.IntegerField(
        label=_("Minimum number of terminals of a network that carries traffic"),
        min_value=0,
        max_value=1_000_000,
        widget=forms.NumberInput(attrs={"class": "form-control"}),
    )

    def __init__(self, *args: Any, periods: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["period"].choices = [(period, period_said(period)) for period in periods]
        for name, (codelist, label) in _LISTS.items():
            self.fields[name] = forms.MultipleChoiceField(
                label=label,
                choices=_choices(codelist),
                widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
            )

    def rule(self) -> CountingRule:
        """Return the rule that was entered. Needs a valid form."""
        values = self.cleaned_data
        lists = {name: tuple(values[name]) for name in _LISTS}
        latest = COUNTING_RULES[-1]
        return replace(
            latest, version=latest.version + 1, operating_terminals=values["operating_terminals"], **lists
        )


@require_safe
@account_page
def rules(request: StaffRequest) -> HttpResponse:
    """Show the versions and the form, and the effect of the rule in the address. Nothing is stored."""
    if not request.user.is_national:
        require(request.user, Action.SET_TARGETS)
    periods = _periods()
    submitted = "operating_terminals" in request.GET
    form = RuleForm(request.GET if submitted else None, initial=_in_force(periods), periods=periods)
    tried = submitted and form.is_valid()
    effects = list(_effect(form)) if tried else []
    context = {"form": form, "rules": COUNTING_RULES, "tried": tried, "found": effects, "periods": periods}
    return render(request, "figures/admin_rules.html", context, status=400 if form.errors else 200)


def _periods() -> list[str]:
    """Return quarters that have figures, newest first."""
    totals = Figure.objects.in_force().filter(area=NATION, indicator="NET_COUNT", breakdown="total")
    return list(totals.order_by("-period").values_list("period", flat=True))


def _in_force(periods: list[str]) -> dict[str, Any]:
    rule = COUNTING_RULES[-1]
    lists = {name: list(getattr(rule, name)) for name in (*_LISTS,)}
    return {**lists, "operating_terminals": rule.operating_terminals, "period": periods[0] if periods else ""}


def _effect(form: RuleForm) -> Iterator[OfIndicator]:
    """Yield the indicators that would change, in their order."""
    changed: dict[str, list[Changed]] = {}
    for row in effect(form.rule(), form.cleaned_data["period"]).iter_rows(named=True):
        change = Changed(areas()[row["area"]], row["old"], row["new"])
        changed.setdefault(row["indicator"], []).append(change)
    for code in INDICATORS:
        if code in changed:
            national = next((change for change in changed[code] if change.area.code == NATION), None)
            units = [change for change in changed[code] if change.area.area_type == AreaType.UNIT]
            yield OfIndicator(INDICATORS[code], national, units)


def _choices(codelist: str) -> list[tuple[str, str]]:
    """Return values with their names; of industries only the sections."""
    listed = options(codelist)
    chosen = [option for option in listed if len(option.code) == 1] if codelist == "industries" else listed
    prefix = codelist == "industries"
    return [(option.code, f"{option.code} {named(option)}" if prefix else named(option)) for option in chosen]
