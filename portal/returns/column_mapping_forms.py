"""Forms for how the columns of a file were read, and what the unit's earlier choices are."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from portal.returns.forms import SELECT
from portal.templatetags.portal import column_label, letters, named
from submissions.checks import column_titles
from submissions.checks.column_titles import OpenTitle
from submissions.checks.sheet_selection import sheets_to_choose
from submissions.models import Submission, UnitTitle
from validation import FORMS, TOP_ROWS, Column, closest_column, title_key

#: choice of a title that is to be ignored
IGNORE = "-"

Choices = list[tuple[str, str]]


class MappingForm(forms.Form):
    """One choice per title that is not an official one: a field, ignore, or keep the present reading."""

    def __init__(self, data: QueryDict | None = None, *, submission: Submission) -> None:
        super().__init__(data)
        offered = column_titles.open_titles(submission)
        readers = {heading.column: heading.title for heading in offered if heading.column}
        self._titles = {_name(heading.title): TitleField(submission, heading, readers) for heading in offered}
        self.fields.update(self._titles)

    @property
    def unknown(self) -> list[forms.BoundField]:
        """Titles that match nothing in the form."""
        return [bound for bound in self if self._titles[bound.name].heading.how == "unknown"]

    @property
    def recognised(self) -> list[forms.BoundField]:
        """Titles read by another name, or by the unit's own choice."""
        return [bound for bound in self if self._titles[bound.name].heading.how != "unknown"]

    def meanings(self) -> dict[str, str | None]:
        """Return title to field key, or to None when ignored, for changed choices only. Needs a valid form."""
        chosen = {self._titles[name]: choice for name, choice in self.cleaned_data.items()}
        choices = {
            field.heading.title: choice
            for field, choice in chosen.items()
            if choice not in ("", field.initial)
        }
        return {title: None if choice == IGNORE else choice for title, choice in choices.items()}


class TitleField(forms.ChoiceField):
    """What one title means, with where it stands."""

    def __init__(self, submission: Submission, heading: OpenTitle, readers: dict[str, str]) -> None:
        """`readers` maps each field to the title it is read from now."""
        self.heading = heading
        unknown = heading.how == "unknown"
        super().__init__(
            label=heading.title,
            required=False,
            choices=_choices(submission, heading, readers),
            initial="" if unknown else heading.column or IGNORE,
            widget=SELECT,
            help_text=_closest(submission, heading, readers) if unknown else "",
        )

    @property
    def places(self) -> list[str]:
        """Letters of the columns with this title."""
        return list(dict.fromkeys(letters(position) for _, position in self.heading.places))


class SheetsForm(forms.Form):
    """One choice per sheet: as recognised, not read, or the row of its header."""

    def __init__(self, data: QueryDict | None = None, *, submission: Submission) -> None:
        super().__init__(data)
        rows = [(str(row), _("header in row %(row)s") % {"row": row}) for row in range(1, TOP_ROWS + 1)]
        for name, row in sheets_to_choose(submission).items():
            chosen = submission.headers.get(name, "")
            self.fields[_name(name)] = forms.ChoiceField(
                label=name,
                required=False,
                choices=[("", _recognised(submission, name, row)), (IGNORE, _("not read")), *rows],
                initial=IGNORE if chosen is None else str(chosen),
                widget=SELECT,
            )

    def headers(self) -> dict[str, int | None]:
        """Return sheet to header row, or to None for a sheet not read. Needs a valid form."""
        choices = {
            str(self.fields[name].label): choice for name, choice in self.cleaned_data.items() if choice
        }
        return {sheet: None if choice == IGNORE else int(choice) for sheet, choice in choices.items()}


def _recognised(submission: Submission, name: str, row: int | None) -> str:
    if name in submission.headers:
        return _("as recognised")
    return _("as recognised (row %(row)s)") % {"row": row} if row else _("as recognised (not read)")


@dataclass(frozen=True)
class Mapping:
    """The forms for titles and sheets, and the unit's remembered choices for this file's titles."""

    form: MappingForm
    sheets: SheetsForm
    remembered: list[UnitTitle]


def mapping(submission: Submission) -> Mapping:
    """Return how the file's titles were read and which of them can still be assigned."""
    rows = UnitTitle.objects.in_force().filter(unit=submission.unit_id, collection=submission.collection)
    if sheets := submission.report.get("sheets"):
        # a file that was not recognised may be so for what is remembered: then all of it is shown
        used = {title_key(column["title"]) for sheet in sheets for column in sheet["columns"]}
        rows = rows.filter(folded__in=used)
    forms_shown = MappingForm(submission=submission), SheetsForm(submission=submission)
    return Mapping(*forms_shown, list(rows.select_related("by")))


def _name(title: str) -> str:
    """Return a field name made from the title, so that a stale page cannot assign another title."""
    return f"title-{sha256(title_key(title).encode()).hexdigest()[:16]}"


def _choices(submission: Submission, heading: OpenTitle, readers: dict[str, str]) -> Choices:
    fixed = column_titles.fixed_beside(submission, heading)
    free = [column for column in FORMS[submission.collection].columns if column.key not in fixed]
    fields = [(column.key, _offer(column, heading, readers)) for column in free]
    unsaid = [("", _("not specified yet"))] if heading.how == "unknown" else []
    return [*unsaid, (IGNORE, _("ignore this column")), *fields]


def _offer(column: Column, heading: OpenTitle, readers: dict[str, str]) -> str:
    reader = readers.get(column.key, heading.title)
    if reader == heading.title:
        return named(column)
    return _("%(field)s – now “%(title)s”") % {"field": named(column), "title": reader}


def _closest(submission: Submission, heading: OpenTitle, readers: dict[str, str]) -> str:
    """Return a suggestion as help text; the person chooses."""
    taken = column_titles.fixed_beside(submission, heading) | set(readers)
    key = closest_column(heading.title, FORMS[submission.collection], taken)
    return _("perhaps “%(field)s”") % {"field": column_label(key, submission.collection)} if key else ""
