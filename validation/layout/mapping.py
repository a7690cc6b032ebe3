"""What a person needs who says which column of the form a title means."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from rapidfuzz import fuzz, process

from validation.forms.form import Form
from validation.layout.columns import CLOSE
from validation.layout.header import meant, without_unit
from validation.layout.title_parts import take_apart, title_key
from validation.layout.titles import Titles

__all__ = ["closest_column", "meaning", "official_titles", "title_key"]


def official_titles(titles: Iterable[str], form: Form) -> set[str]:
    """Those of `titles` (of several levels, joined by " / ") that are the form's own as the form writes them:
    nothing else can be said of these."""
    spelled = Titles(form)
    return {title for title in titles if spelled.is_official(title)}


def meaning(title: str, form: Form) -> str | None:
    """Key of the column that a title is read as when the unit says nothing of it; None where it is unknown."""
    known, _ = meant(without_unit(title.split(" / ")), Titles(form))
    return known.key if known is not None else None


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
    closest = process.extractOne(leaf, names, scorer=fuzz.ratio, score_cutoff=CLOSE)
    return closest[2][0] if closest else None
