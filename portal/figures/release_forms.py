"""Forms of the release pages: filters of changes, time of publication, and reasons of a withdrawal."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from national.definitions.areas import areas
from national.definitions.indicators import INDICATORS
from national.dissemination.releases import NOTE_CHARACTERS
from national.models import AreaType
from portal.form_fields import choice_field
from portal.templatetags.portal import named

_SELECT = forms.Select(attrs={"class": "form-select"})
_HOUR = forms.DateTimeInput(
    attrs={"type": "datetime-local", "class": "form-control"}, format="%Y-%m-%dT%H:%M"
)

NOW, LATER = "now", "later"


def _text(label: Any, *, required: bool) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 3, "class": "form-control"})
    return forms.CharField(label=label, required=required, max_length=NOTE_CHARACTERS, widget=widget)


class ChangesForm(forms.Form):
    """Which changes of a release are shown; units' own totals are for everyone, as the country's are."""

    indicator = forms.ChoiceField(label=_("Indicator"), required=False, widget=_SELECT)
    area = forms.ChoiceField(label=_("Area"), required=False, widget=_SELECT)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        listed = areas().values()
        summed = [(area.code, named(area)) for area in listed if area.area_type != AreaType.UNIT]
        units = [(area.code, named(area)) for area in listed if area.area_type == AreaType.UNIT]
        choice_field(self, "indicator").choices = [
            ("", _("All indicators")),
            *((code, named(indicator)) for code, indicator in INDICATORS.items()),
        ]
        choice_field(self, "area").choices = [
            (_("Country and provinces"), summed),
            (_("Reporting units"), units),
        ]

    def filters(self) -> dict[str, str]:
        """Return the chosen filters; none when the address names something that does not exist."""
        return {name: value for name, value in self.cleaned_data.items() if value} if self.is_valid() else {}


class HourForm(forms.Form):
    """The time of publication, in Beijing time."""

    hour = forms.DateTimeField(
        label=_("Released at (Beijing time)"),
        widget=_HOUR,
        error_messages={"required": _("Give the day and time of release.")},
    )


class ReleaseForm(HourForm):
    """`mark` identifies the state of the figures that the preview showed."""

    when = forms.ChoiceField(
        label=_("Publication"),
        choices=[(NOW, _("at once")), (LATER, _("under embargo until"))],
        initial=NOW,
        widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
    )
    note_zh = _text(_("Note in Chinese"), required=False)
    note_en = _text(_("Note in English"), required=False)
    confirm = forms.BooleanField(error_messages={"required": _("Tick the box to confirm.")})
    mark = forms.CharField(widget=forms.HiddenInput, max_length=100)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["hour"].required = self.data.get("when") == LATER

    @property
    def published_at(self) -> datetime | None:
        """Return the future time of publication; None to publish at once."""
        hour: datetime | None = self.cleaned_data["hour"]
        return hour if self.cleaned_data["when"] == LATER else None


class WithdrawReleaseForm(forms.Form):
    """The reason of a withdrawal in both languages, which everyone can read."""

    reason_zh = _text(_("Reason in Chinese"), required=True)
    reason_en = _text(_("Reason in English"), required=True)
    confirm = forms.BooleanField(error_messages={"required": _("Tick the box to confirm.")})
