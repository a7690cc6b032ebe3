"""Which sheets hold the form: their header found, weighed against the other collections' headers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from validation.context import Context
from validation.forms.form import Form
from validation.layout.grid import Grid, top_of
from validation.layout.header import Header, is_strong
from validation.layout.header_rows import LEAST_TITLES, WIDE, Rows, best_rows, find_header, header_at
from validation.layout.titles import Titles
from validation.raw import RawSheet


@dataclass(frozen=True, slots=True)
class FormSheet:
    """A sheet with a header. `strong` when it is the form's beyond doubt; `titles` are the form's and the others'."""

    sheet: RawSheet
    grid: Grid
    header: Header
    strong: bool
    titles: tuple[Titles, ...]


@dataclass(frozen=True, slots=True)
class Recognised:
    """The file's sheets by what they are: the form's, hidden ones of it, and those of other collections."""

    own: tuple[FormSheet, ...]
    hidden: tuple[FormSheet, ...]
    others: tuple[tuple[RawSheet, Form], ...]
    #: names of the visible sheets that are another collection's, though the form's were found too
    foreign: frozenset[str] = frozenset()


def recognise(sheets: tuple[RawSheet, ...], form: Form, context: Context) -> Recognised:
    """Look for the form's header in every sheet, but for those that the unit has chosen. Without a sheet that is
    the form's beyond doubt, and with none of another collection, the visible sheet with the most known titles is
    taken."""
    titles = forms_titles(form, context.titles)
    recognised = _recognise(sheets, titles, context, WIDE)
    if any(sheet.strong for sheet in recognised.own) or recognised.others:
        return recognised
    return _recognise(sheets, titles, context, LEAST_TITLES)


def _recognise(
    sheets: tuple[RawSheet, ...], titles: tuple[Titles, ...], context: Context, least_words: int
) -> Recognised:
    """Headers of fewer than `least_words` titles only as the form writes them."""
    own: list[FormSheet] = []
    hidden: list[FormSheet] = []
    others: list[tuple[RawSheet, Form]] = []
    for sheet in sheets:
        grid = top_of(sheet)
        if sheet.name in context.headers and not sheet.hidden:
            own += _chosen(sheet, grid, context.headers[sheet.name], titles)
            continue
        form_sheet, other = _identify(sheet, grid, titles, least_words)
        if other is not None and not sheet.hidden:
            others.append((sheet, other))
        if form_sheet is not None:
            (hidden if sheet.hidden else own).append(form_sheet)
    strong = tuple(form_sheet for form_sheet in own if form_sheet.strong)
    weak = () if others else tuple(sorted(own, key=lambda form_sheet: -len(form_sheet.header.keys))[:1])
    return Recognised(
        strong or weak,
        tuple(form_sheet for form_sheet in hidden if form_sheet.strong),
        () if strong else tuple(others),
        frozenset(sheet.name for sheet, _ in others),
    )


def forms_titles(form: Form, remembered: Mapping[str, str | None]) -> tuple[Titles, ...]:
    """Of the form itself, then of the others."""
    from validation.forms import FORMS  # the registry imports the forms, which declare rules

    others = (Titles(other) for other in FORMS.values() if other.name != form.name)
    return (Titles(form, remembered), *others)


def _chosen(sheet: RawSheet, grid: Grid, row: int | None, titles: tuple[Titles, ...]) -> list[FormSheet]:
    """The sheet with its header in that row; none where it is to be passed by or has no such row at its top."""
    if row is None or not grid.first_row <= row <= grid.last_row:
        return []
    return [FormSheet(sheet, grid, header_at(grid, row, titles[0]), strong=True, titles=titles)]


def _identify(
    sheet: RawSheet, grid: Grid, titles: tuple[Titles, ...], least_words: int
) -> tuple[FormSheet | None, Form | None]:
    """(the sheet as the form's, None) or (None, the collection it matches better)."""
    if not grid.texts:
        return None, None
    header = find_header(grid, titles[0], least_words=least_words)
    strong = header is not None and is_strong(header.keys, titles[0].form)
    for other in titles[1:]:
        # below the form's own header another collection's begins a table of its own
        until = header.bottom if header is not None and strong else None
        rival = best_rows(grid, other, until=until, least_words=least_words)
        if rival is not None and _outdoes(rival, other.form, header, strong=strong):
            return None, other.form
    if header is None:
        return None, None
    return FormSheet(sheet, grid, header, strong, titles), None


def _outdoes(rival: Rows, form: Form, header: Header | None, *, strong: bool) -> bool:
    """Whether another collection's header is what a sheet is told by: it means more, and stands in the same rows
    unless the form's own is weak."""
    if len(rival.keys) < LEAST_TITLES or not is_strong(rival.keys, form):
        return False
    if header is None:
        return True
    apart = strong and (rival.bottom < header.top or header.bottom < rival.top)
    return len(rival.keys) > len(header.keys) and not apart
