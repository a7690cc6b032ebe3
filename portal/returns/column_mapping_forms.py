"""How a file was read, as a page shows it: its titles to tell of, and what the unit told before."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from django import forms
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
    """One choice per title that the form does not write so: a field, to pass it by, or what it is read as now."""

    def __init__(self, *args: object, submission: Submission, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        offered = column_titles.open_titles(submission)
        readers = {one.column: one.title for one in offered if one.column}
        for told in offered:
            self.fields[_name(told.title)] = TitleField(submission, told, readers)

    @property
    def unknown(self) -> list[forms.BoundField]:
        """What the form does not know at all."""
        return [bound for bound in self if bound.field.told.how == "unknown"]

    @property
    def recognised(self) -> list[forms.BoundField]:
        """What was read by another name, or as the unit said."""
        return [bound for bound in self if bound.field.told.how != "unknown"]

    def meanings(self) -> dict[str, str | None]:
        """Title to field key, or to None when it is passed by, where that is news. Needs a valid form."""
        chosen = {self.fields[name]: choice for name, choice in self.cleaned_data.items()}
        said = {
            field.told.title: choice for field, choice in chosen.items() if choice not in ("", field.initial)
        }
        return {title: None if choice == IGNORE else choice for title, choice in said.items()}


class TitleField(forms.ChoiceField):
    """What one title means, with where it stands."""

    def __init__(self, submission: Submission, told: OpenTitle, readers: dict[str, str]) -> None:
        """`readers` tells the title that each field is read from now."""
        self.told = told
        unknown = told.how == "unknown"
        super().__init__(
            label=told.title,
            required=False,
            choices=_choices(submission, told, readers),
            initial="" if unknown else told.column or IGNORE,
            widget=SELECT,
            help_text=_closest(submission, told, readers) if unknown else "",
        )

    @property
    def places(self) -> list[str]:
        """Letters of the columns with this title."""
        return list(dict.fromkeys(letters(position) for _, position in self.told.places))


class SheetsForm(forms.Form):
    """One choice per sheet: as recognised, not read, or the row of its header."""

    def __init__(self, *args: object, submission: Submission, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
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
        """Sheet to row of its header, or to None. Needs a valid form."""
        said = {str(self.fields[name].label): choice for name, choice in self.cleaned_data.items() if choice}
        return {sheet: None if choice == IGNORE else int(choice) for sheet, choice in said.items()}


def _recognised(submission: Submission, name: str, row: int | None) -> str:
    if name in submission.headers:
        return _("as recognised")
    return _("as recognised (row %(row)s)") % {"row": row} if row else _("as recognised (not read)")


@dataclass(frozen=True)
class Mapping:
    """The forms to tell what titles mean and where they stand, and what is remembered of this file's titles."""

    form: MappingForm
    sheets: SheetsForm
    told: list[UnitTitle]


def mapping(submission: Submission) -> Mapping:
    """How the file's titles were read and may still be told of."""
    rows = UnitTitle.objects.in_force().filter(unit=submission.unit_id, collection=submission.collection)
    if sheets := submission.report.get("sheets"):
        # a file that was not recognised may be so for what is remembered: then all of it is shown
        used = {title_key(column["title"]) for sheet in sheets for column in sheet["columns"]}
        rows = rows.filter(folded__in=used)
    forms_shown = MappingForm(submission=submission), SheetsForm(submission=submission)
    return Mapping(*forms_shown, list(rows.select_related("by")))


def _name(title: str) -> str:
    """By what it says: a page that was loaded before another act must not speak of another title."""
    return f"title-{sha256(title_key(title).encode()).hexdigest()[:16]}"


def _choices(submission: Submission, told: OpenTitle, readers: dict[str, str]) -> Choices:
    fixed = column_titles.fixed_beside(submission, told)
    free = [column for column in FORMS[submission.collection].columns if column.key not in fixed]
    fields = [(column.key, _offer(column, told, readers)) for column in free]
    unsaid = [("", _("not specified yet"))] if told.how == "unknown" else []
    return [*unsaid, (IGNORE, _("ignore this column")), *fields]


def _offer(column: Column, told: OpenTitle, readers: dict[str, str]) -> str:
    reader = readers.get(column.key, told.title)
    if reader == told.title:
        return named(column)
    return _("%(field)s – now “%(title)s”") % {"field": named(column), "title": reader}


def _closest(submission: Submission, told: OpenTitle, readers: dict[str, str]) -> str:
    """A guess, as help; the person chooses."""
    taken = column_titles.fixed_beside(submission, told) | set(readers)
    found = closest_column(told.title, FORMS[submission.collection], taken)
    return _("perhaps “%(field)s”") % {"field": column_label(found, submission.collection)} if found else ""
