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
from national.permissions import Action, require
from national.verification.what_if import effect
from portal.access import StaffRequest, account_page
from portal.templatetags.portal import named
from submissions.labels import period_label
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
        """New less old, where there are both."""
        return None if self.old is None or self.new is None else self.new - self.old


class OfIndicator(NamedTuple):
    """What the tried rule changes of one indicator: in the country, and in its units."""

    indicator: Indicator
    national: Changed | None
    units: list[Changed]


class RuleForm(forms.Form):
    """Another rule, told by what differs from the one in force; the texts of a version are written with it."""

    period = forms.ChoiceField(
        label=_("Quarter to count"), widget=forms.Select(attrs={"class": "form-select"})
    )
    operating_terminals = forms.IntegerField(
        label=_("Fewest terminals of a network that carries traffic"),
        min_value=0,
        max_value=1_000_000,
        widget=forms.NumberInput(attrs={"class": "form-control"}),
    )

    def __init__(self, *args: Any, periods: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["period"].choices = [(period, period_label(period)) for period in periods]
        for name, (codelist, label) in _LISTS.items():
            self.fields[name] = forms.MultipleChoiceField(
                label=label,
                choices=_choices(codelist),
                widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
            )

    def rule(self) -> CountingRule:
        """The rule as told. Needs a valid form."""
        told = self.cleaned_data
        lists = {name: tuple(told[name]) for name in _LISTS}
        latest = COUNTING_RULES[-1]
        return replace(
            latest, version=latest.version + 1, operating_terminals=told["operating_terminals"], **lists
        )


@require_safe
@account_page
def rules(request: StaffRequest) -> HttpResponse:
    """Versions, and the form; with a rule in the address what it would change. Nothing is stored."""
    if not request.user.is_national:
        require(request.user, Action.SET_TARGETS)
    periods = _periods()
    asked = "operating_terminals" in request.GET
    form = RuleForm(request.GET if asked else None, initial=_in_force(periods), periods=periods)
    tried = asked and form.is_valid()
    found = list(_effect(form)) if tried else []
    context = {"form": form, "rules": COUNTING_RULES, "tried": tried, "found": found, "periods": periods}
    return render(request, "figures/admin_rules.html", context, status=400 if form.errors else 200)


def _periods() -> list[str]:
    """Quarters that have figures, the newest first."""
    held = Figure.objects.in_force().filter(area=NATION, indicator="NET_COUNT", breakdown="total")
    return list(held.order_by("-period").values_list("period", flat=True))


def _in_force(periods: list[str]) -> dict[str, Any]:
    rule = COUNTING_RULES[-1]
    told = {name: list(getattr(rule, name)) for name in (*_LISTS,)}
    return {**told, "operating_terminals": rule.operating_terminals, "period": periods[0] if periods else ""}


def _effect(form: RuleForm) -> Iterator[OfIndicator]:
    """Indicators that would change, in their order."""
    changed: dict[str, list[Changed]] = {}
    for row in effect(form.rule(), form.cleaned_data["period"]).iter_rows(named=True):
        told = Changed(areas()[row["area"]], row["old"], row["new"])
        changed.setdefault(row["indicator"], []).append(told)
    for code in INDICATORS:
        if code in changed:
            national = next((one for one in changed[code] if one.area.code == NATION), None)
            units = [one for one in changed[code] if one.area.area_type == AreaType.UNIT]
            yield OfIndicator(INDICATORS[code], national, units)


def _choices(codelist: str) -> list[tuple[str, str]]:
    """Values with their names; of industries the sections."""
    listed = options(codelist)
    chosen = [one for one in listed if len(one.code) == 1] if codelist == "industries" else listed
    prefix = codelist == "industries"
    return [(one.code, f"{one.code} {named(one)}" if prefix else named(one)) for one in chosen]
