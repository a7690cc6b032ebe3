"""Forms of the team's pages."""

from __future__ import annotations

from django import forms
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.utils.translation import gettext_lazy as _

from portal.returns.forms import RADIO
from submissions.models import UNIT_ROLES, Role

TEXT = forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"})
DAY = forms.DateInput(attrs={"class": "form-control", "type": "date"}, format="%Y-%m-%d")


class RoleForm(forms.Form):
    """What a colleague may do: prepare, or also sign."""

    role = forms.TypedChoiceField(
        label=_("Role"),
        choices=[(role.value, role.label) for role in UNIT_ROLES],
        coerce=Role,
        widget=RADIO,
        error_messages={"required": _("Choose a role.")},
    )


class InviteForm(RoleForm):
    """Who is invited. The unit is that of whoever invites."""

    display_name = forms.CharField(
        label=_("Full name"),
        max_length=40,
        widget=TEXT,
        error_messages={"required": _("Give the person's name.")},
    )
    username = forms.CharField(
        label=_("User name"),
        max_length=150,
        widget=forms.TextInput(
            attrs={"class": "form-control", "autocomplete": "off", "autocapitalize": "none"}
        ),
        validators=[UnicodeUsernameValidator()],
        help_text=_("For logging in: letters, digits and . _ -, for example js_wang"),
        error_messages={"required": _("Give a user name.")},
    )
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"class": "form-control", "autocomplete": "off"}),
        help_text=_(
            "The link to set a password and all notices are sent there; a lost password is reset through it."
        ),
        error_messages={"required": _("Give an e-mail address that only this person uses.")},
    )
    field_order = ("display_name", "username", "email", "role")


class DelegationForm(forms.Form):
    """From which day to which day a preparer signs."""

    starts = forms.DateField(
        label=_("First day"), widget=DAY, error_messages={"required": _("Give the first day.")}
    )
    ends = forms.DateField(
        label=_("Last day"), widget=DAY, error_messages={"required": _("Give the last day.")}
    )
