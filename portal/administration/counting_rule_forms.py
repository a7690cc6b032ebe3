"""The form of a counting rule that is tried."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from national.definitions.counting_rules import COUNTING_RULES, CountingRule
from portal.form_fields import choice_field
from portal.templatetags.portal import named
from submissions.labels import period_label
from validation.codelists import options

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

#: fields of a rule that the form offers, each with the code list of its values
LISTS: dict[str, tuple[str, _StrPromise]] = {
    "sections": ("industries", _("Sections in which a network counts")),
    "counted": ("network_status", _("Statuses with which a network counts")),
    "operating": ("network_status", _("Statuses of a network that carries traffic")),
    "pipeline": ("network_status", _("Statuses of a network in the pipeline")),
    "production": ("ai_status", _("Statuses of an application in production")),
    "trial": ("ai_status", _("Statuses of an application in trial")),
    "ungraded": ("security_level", _("Security levels that do not count as graded")),
}


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
        choice_field(self, "period").choices = [(period, period_label(period)) for period in periods]
        for name, (codelist, label) in LISTS.items():
            self.fields[name] = forms.MultipleChoiceField(
                label=label,
                choices=_choices(codelist),
                widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
            )

    def rule(self) -> CountingRule:
        """Return the rule that was entered. Needs a valid form."""
        values = self.cleaned_data
        lists: dict[str, Any] = {name: tuple(values[name]) for name in LISTS}
        latest = COUNTING_RULES[-1]
        return replace(
            latest, version=latest.version + 1, operating_terminals=values["operating_terminals"], **lists
        )


def _choices(codelist: str) -> list[tuple[str, str]]:
    """Return values with their names; of industries only the sections."""
    listed = options(codelist)
    chosen = [option for option in listed if len(option.code) == 1] if codelist == "industries" else listed
    prefix = codelist == "industries"
    return [(option.code, f"{option.code} {named(option)}" if prefix else named(option)) for option in chosen]
