"""What a person needs who says which column of the form an unknown title means."""

from __future__ import annotations

from collections.abc import Collection

from rapidfuzz import fuzz, process

from validation.forms.form import Form
from validation.layout.columns import CLOSE
from validation.layout.titles import Titles, take_apart, title_key

__all__ = ["closest_column", "names_a_column", "title_key"]


def names_a_column(title: str, form: Form) -> bool:
    """Whether the form itself knows the title: then nothing else can be said of it. Of several levels
    (joined by " / ") the last one is enough."""
    titles = Titles(form)
    leaf = title.rsplit(" / ", 1)[-1]
    return any(titles.look_up(text) is not None for text in (title.replace(" / ", ""), leaf))


def closest_column(title: str, form: Form, taken: Collection[str]) -> str | None:
    """Key of the column whose title or alias is most like an unknown title, among those not taken; None when
    none is like it."""
    names = {
        (column.key, spelling): take_apart(spelling).name
        for column in form.columns
        if column.key not in taken
        for spelling in column.titles
    }
    leaf = take_apart(title.rsplit(" / ", 1)[-1]).name
    found = process.extractOne(leaf, names, scorer=fuzz.ratio, score_cutoff=CLOSE)
    return found[2][0] if found else None
