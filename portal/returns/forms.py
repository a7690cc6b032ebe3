"""Forms of the pages: what a person types or ticks before a verb is called."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast
from uuid import uuid4

from django import forms
from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from portal.badges import CHANGES
from portal.form_fields import choice_field
from submissions import labels
from submissions.exports.changes_table import Narrowing
from submissions.models import ExplanationReason, Submission
from submissions.signoff.register_diff import KINDS, Changes
from submissions.signoff.return_drafts import MOST_REASONS
from submissions.signoff.review import ReasonGiven

LONG_TEXT = forms.Textarea(attrs={"rows": 3, "class": "form-control"})


NUMBER = forms.NumberInput(attrs={"class": "form-control"})
SELECT = forms.Select(attrs={"class": "form-select"})
SEARCH = forms.TextInput(attrs={"class": "form-control", "type": "search", "autocomplete": "off"})
RADIO = forms.RadioSelect(attrs={"class": "form-check-input"})


class UploadForm(forms.Form):
    """`idempotency_key` is made with the page, so that a second click sends the same upload again."""

    file = forms.FileField(
        label=_("Workbook"), allow_empty_file=True, error_messages={"required": _("Choose a file first.")}
    )
    idempotency_key = forms.CharField(widget=forms.HiddenInput, max_length=200, initial=lambda: uuid4().hex)


class ConfirmForm(forms.Form):
    """A box that must be ticked."""

    confirm = forms.BooleanField(error_messages={"required": _("Tick the box to confirm.")})


class SignForm(ConfirmForm):
    """`sha256` is what the page showed; a far fall wants a second tick and a reason."""

    sha256 = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    drop_confirm = forms.BooleanField(
        required=False, error_messages={"required": _("Confirm that the register is complete.")}
    )
    drop_reason = forms.CharField(
        label=_("Reason for the fall"),
        required=False,
        max_length=1000,
        widget=LONG_TEXT,
        error_messages={"required": _("Give the reason for the fall.")},
    )

    def __init__(self, *args: Any, falls: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["drop_confirm"].required = self.fields["drop_reason"].required = falls


class WithdrawForm(forms.Form):
    reason = forms.CharField(label=_("Reason (optional)"), required=False, max_length=1000, widget=LONG_TEXT)


class ReasonedForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=1000,
        widget=LONG_TEXT,
        error_messages={"required": _("Give a reason in words.")},
    )


class AnswerForm(forms.Form):
    """What the unit says to one reason of a return."""

    text = forms.CharField(
        label=_("Our answer"),
        max_length=1000,
        widget=LONG_TEXT,
        error_messages={"required": _("Write an answer.")},
    )


class ExplainForm(forms.Form):
    """`scope` is one of the scopes that the page offers, see `explain_scopes`."""

    scope = forms.ChoiceField(widget=RADIO)
    reason = forms.ChoiceField(
        label=_("Reason"),
        choices=ExplanationReason.choices,
        widget=RADIO,
        error_messages={"required": _("Choose a reason.")},
    )
    text = forms.CharField(
        label=_("In your words (needed for “Other reason”)"),
        required=False,
        max_length=500,
        widget=LONG_TEXT,
    )


class AskedWarningForm(forms.Form):
    """Which warning an address speaks of: one by its id, those of an explanation, or of a rule at a column."""

    finding = forms.IntegerField(required=False, min_value=1)
    explanation = forms.IntegerField(required=False, min_value=1)
    code = forms.CharField(required=False, max_length=12)
    column = forms.CharField(required=False)


class ChangesForm(forms.Form):
    """Which lines of a comparison are listed. What is not offered narrows nothing."""

    kind = forms.ChoiceField(label=_("Kind of change"), required=False, widget=SELECT)
    column = forms.ChoiceField(label=_("Column"), required=False, widget=SELECT)
    q = forms.CharField(label=_("Record number or name"), required=False, max_length=100, widget=SEARCH)

    def __init__(self, data: QueryDict, *, changes: Changes, submission: Submission) -> None:
        super().__init__(data)
        kinds = [(kind, CHANGES[kind].label) for kind in KINDS]
        columns = [
            (key, f"{labels.column_label(submission.collection, key)} ({count:,})")
            for key, count in changes.by_column.items()
        ]
        choice_field(self, "kind").choices = [("", _("all")), *kinds]
        choice_field(self, "column").choices = [("", _("all")), *columns]

    def narrowing(self, base: Submission) -> Narrowing:
        """Return the narrowing of the comparison with `base`, in the language in use."""
        self.is_valid()
        given = {name: value for name, value in self.cleaned_data.items() if value}
        return Narrowing(base=str(base.pk), language=get_language() or "zh-hans", **given)


class ReasonForm(forms.Form):
    """One reason of a return. Without rule, row and column it concerns the whole submission."""

    draft = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("What is wrong and what is to be done"),
        max_length=1000,
        widget=LONG_TEXT,
        error_messages={"required": _("Say what is wrong and what is to be done.")},
    )
    code = forms.ChoiceField(label=_("Rule"), required=False, widget=SELECT)
    sheet = forms.ChoiceField(label=_("Sheet"), required=False, widget=SELECT)
    row = forms.IntegerField(label=_("Row"), required=False, min_value=1, max_value=1_048_576, widget=NUMBER)
    column = forms.ChoiceField(label=_("Column"), required=False, widget=SELECT)

    def __init__(self, *args: Any, choices: dict[str, list[tuple[str, str]]], **kwargs: Any) -> None:
        """`choices` are those of code, sheet and column; each may also be left empty."""
        super().__init__(*args, **kwargs)
        for name, offered in choices.items():
            choice_field(self, name).choices = [("", _("any")), *offered]

    def given(self) -> ReasonGiven:
        """Return the reason for the verb. Needs a valid form."""
        values = {name: value for name, value in self.cleaned_data.items() if name != "draft"}
        return ReasonGiven(**values)


if TYPE_CHECKING:
    _BaseFormSet = forms.BaseFormSet[ReasonForm]
else:
    _BaseFormSet = forms.BaseFormSet


class BaseReasons(_BaseFormSet):
    """Reasons of a return: the first is required, further empty ones are ignored."""

    def initial_form_count(self) -> int:
        """Forms that may not be left empty: none beyond the first, wherever the others came from."""
        return 0 if self.is_bound else super().initial_form_count()

    def given(self) -> list[ReasonGiven]:
        return [form.given() for form in self.forms if form.has_changed()]


ReasonFormSet = cast(
    "type[BaseReasons]",
    forms.formset_factory(
        ReasonForm,
        formset=BaseReasons,
        extra=0,
        min_num=1,
        validate_min=True,
        max_num=MOST_REASONS,
        absolute_max=MOST_REASONS,
    ),
)


class CollectForm(forms.Form):
    """The finding, or the rule, that becomes a reason; `from` is the page to return to."""

    finding = forms.IntegerField(required=False, min_value=1)
    code = forms.CharField(required=False, max_length=12)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["from"] = forms.CharField(required=False, max_length=2000)


class CellForm(forms.Form):
    """One cell's edit as the grid's script sends it; texts stay as typed."""

    sheet = forms.CharField(strip=False)
    row = forms.IntegerField(min_value=1, max_value=1_048_576)
    column = forms.CharField(max_length=60)
    value = forms.CharField(required=False, strip=False)
    expected = forms.CharField(required=False, strip=False)
    restore = forms.BooleanField(required=False)


class UndoForm(forms.Form):
    """What to undo: an act with all its cells, or one correction."""

    act = forms.UUIDField(required=False)
    correction = forms.IntegerField(required=False, min_value=1)


class LikeForm(forms.Form):
    """Which group of equal findings an address names."""

    code = forms.CharField(max_length=12)
    column = forms.CharField(max_length=60)
    value = forms.CharField(required=False, strip=False)


class BulkForm(LikeForm):
    """The new value of their cells; `count` is how many cells the preview showed."""

    code = forms.CharField(max_length=12, widget=forms.HiddenInput)
    column = forms.CharField(max_length=60, widget=forms.HiddenInput)
    value = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)
    count = forms.IntegerField(required=False, widget=forms.HiddenInput)
    new = forms.CharField(
        label=_("New value"),
        required=False,
        strip=False,
        max_length=1000,
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off", "list": "choices"}),
    )


class ShareForm(forms.Form):
    """What is shared, with whom and for how long."""

    city = forms.ChoiceField(label=_("Only one city"), required=False, widget=SELECT)
    enterprise = forms.CharField(
        label=_("Only one enterprise (credit code, or its name as in the file)"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off", "list": "enterprises"}),
    )
    note = forms.CharField(
        label=_("For whom (optional, visible to your unit only)"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"class": "form-control"}),
    )
    days = forms.TypedChoiceField(label=_("Valid for"), coerce=int, initial=7, widget=SELECT)

    def __init__(
        self, *args: Any, cities: list[tuple[str, str]], days: list[tuple[int, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        choice_field(self, "city").choices = [("", _("all")), *cities]
        choice_field(self, "days").choices = days
