"""How a file was read, as a page shows it: its unknown titles to tell of, and what the unit told before."""

from __future__ import annotations

from dataclasses import dataclass

from django import forms
from django.utils.translation import gettext as _

from submissions import titles
from submissions.models import Submission, UnitTitle
from submissions.portal.forms import SELECT
from submissions.templatetags.portal import column_label, named
from validation import FORMS, closest_column, title_key

#: choice of a title that is to be ignored
IGNORE = "-"

Choices = list[tuple[str, str]]


class MappingForm(forms.Form):
    """One choice per unknown title: a field of the form, to pass it by, or nothing for now."""

    def __init__(self, *args: object, submission: Submission, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        for number, title in enumerate(titles.unknown_titles(submission)):
            # named by place: a title is the file's own text
            self.fields[f"column-{number}"] = forms.ChoiceField(
                label=title,
                required=False,
                choices=_choices(submission, title),
                widget=SELECT,
                help_text=_closest(submission, title),
            )

    def meanings(self) -> dict[str, str | None]:
        """Title to field key, or to None when it is passed by. Needs a valid form."""
        said = {str(self.fields[name].label): choice for name, choice in self.cleaned_data.items() if choice}
        return {title: None if choice == IGNORE else choice for title, choice in said.items()}


@dataclass(frozen=True)
class Mapping:
    """The form to tell of unknown titles, and the remembered titles that this file was read with."""

    form: MappingForm
    told: list[UnitTitle]


def mapping(submission: Submission) -> Mapping:
    """How the file's titles were read and may still be told of."""
    used = {
        title_key(column["title"])
        for sheet in submission.report.get("sheets", ())
        for column in sheet["columns"]
        if column["how"] == "remembered"
    }
    rows = UnitTitle.objects.in_force().filter(unit=submission.unit_id, collection=submission.collection)
    told = list(rows.filter(folded__in=used).select_related("by")) if used else []
    return Mapping(MappingForm(submission=submission), told)


def _choices(submission: Submission, title: str) -> Choices:
    taken = titles.taken_beside(submission, title)
    free = [column for column in FORMS[submission.collection].columns if column.key not in taken]
    fields = [(column.key, named(column)) for column in free]
    return [("", _("not said yet")), (IGNORE, _("ignore this column")), *fields]


def _closest(submission: Submission, title: str) -> str:
    """A guess, as help; the person chooses."""
    found = closest_column(title, FORMS[submission.collection], titles.taken_beside(submission, title))
    return _("perhaps “%(field)s”") % {"field": column_label(found, submission.collection)} if found else ""
