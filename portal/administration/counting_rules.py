"""Counting rules for national staff: the versions there are, and another rule tried on the accepted registers."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, NamedTuple

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from national.definitions.areas import NATION, Area, areas
from national.definitions.counting_rules import COUNTING_RULES
from national.definitions.indicator import Indicator
from national.definitions.indicators import INDICATORS
from national.models import AreaType, Figure
from national.permissions import Action, require
from national.verification.what_if import effect
from portal.access import StaffRequest, account_page
from portal.administration.counting_rule_forms import LISTS, RuleForm


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
    lists = {name: list(getattr(rule, name)) for name in LISTS}
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
