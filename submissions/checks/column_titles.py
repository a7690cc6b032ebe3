"""Titles: what a unit says its own column titles mean, remembered for its later uploads of the form."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from django.db import transaction
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import get_language

from submissions import dispatch
from submissions.models import State, Submission, UnitTitle, User
from submissions.models.unit_title import UnitTitleQuerySet
from submissions.workflow import permissions
from submissions.workflow.locks import lock
from submissions.workflow.permissions import Action
from submissions.workflow.refusals import RefusalError
from submissions.workflow.transitions import move
from validation import FORMS, Column, address, meaning, official_titles, present_key, title_key


def remembered(unit: str, collection: str) -> dict[str, str | None]:
    """What the engine takes as `Context.titles`. A title of a column that the form has no more is open again."""
    form = FORMS[collection]
    rows = UnitTitle.objects.in_force().filter(unit=unit, collection=collection)
    keys = {
        folded: column and present_key(form, column)
        for folded, column in rows.values_list("folded", "column")
    }
    return {folded: key or None for folded, key in keys.items() if key is not None}


class Tellable(NamedTuple):
    """A title that is not written as the form has it, so that the unit may say what it means. `column` is the
    field it is read as and `how` it was recognised, "unknown" where any sheet passed it by unasked."""

    title: str
    column: str | None
    how: str
    #: where it stands: sheet and 0-based column
    places: tuple[tuple[str, int], ...]


def tellable(submission: Submission) -> list[Tellable]:
    """Titles of the file that the unit may tell the meaning of, in the order of its columns."""
    columns = [(sheet["name"], column) for sheet in _sheets(submission) for column in sheet["columns"]]
    official = official_titles({column["title"] for _, column in columns}, FORMS[submission.collection])
    spelled = defaultdict(list)
    for sheet, column in columns:
        if column["how"] != "ignored" and column["title"] not in official:
            spelled[title_key(column["title"])].append((sheet, column))
    return [_tellable(found) for found in spelled.values()]


def _tellable(found: Sequence[tuple[str, dict[str, Any]]]) -> Tellable:
    """One title, however its columns spell it."""
    # what was passed by in one sheet is to be asked for, though it was recognised in another
    _, told = min(found, key=lambda one: one[1]["how"] != "unknown")
    return Tellable(
        found[0][1]["title"],
        told["key"],
        told["how"],
        tuple((sheet, column["position"]) for sheet, column in found),
    )


def _sheets(submission: Submission) -> Any:
    return submission.report.get("sheets", ())


def fixed_beside(submission: Submission, told: Tellable) -> set[str]:
    """Field keys that the sheets with a title read from columns titled as the form has it."""
    open_columns = {place for one in tellable(submission) for place in one.places}
    names = {sheet for sheet, _ in told.places}
    return {
        column["key"]
        for sheet in _sheets(submission)
        for column in sheet["columns"]
        if sheet["name"] in names
        and column["key"]
        and (sheet["name"], column["position"]) not in open_columns
    }


@transaction.atomic
def remember(
    *, submission: Submission, by: User, meanings: Mapping[str, str | None], request_id: str = ""
) -> None:
    """Say what titles of the file mean (a field key, or None to pass the column by), and check it again.

    What was said of a title before ends. Raises RefusalError: "title-known" for a title that is not open to be
    told of, "field-taken" where a field would have two columns, "title-corrected" where corrected cells would
    lose their column or lie in another one, "place-unknown" for a field the form does not have.
    """
    permissions.require(by, Action.CORRECT, submission)
    lock("titles", submission.unit_id, submission.collection)
    _require_sound(submission, meanings)
    for title, column in meanings.items():
        _end(_in_force(submission).filter(folded=title_key(title)), by)
        UnitTitle.objects.create(
            unit_id=submission.unit_id,
            collection=submission.collection,
            title=title,
            folded=title_key(title),
            column=column or "",
            by=by,
        )
    said = ", ".join(f"{title} → {column or '∅'}" for title, column in meanings.items())
    check_again(submission, by, f"titles: {said}", request_id)


@transaction.atomic
def forget(*, title: UnitTitle, submission: Submission, by: User, request_id: str = "") -> None:
    """End what was remembered of a title, and check `submission`, which was read with it, again.

    Of a title that is forgotten already nothing is changed. Raises RefusalError "title-corrected" where the
    field that the title then means again has corrected cells in another column.
    """
    permissions.require(by, Action.CORRECT, submission)
    if (title.unit_id, title.collection) != (submission.unit_id, submission.collection):
        raise RefusalError("not-found")
    _require_corrections_in_place(submission, {title.folded: _without(title)})
    if _end(UnitTitle.objects.in_force().filter(pk=title.pk), by):
        check_again(submission, by, f"title forgotten: {title.title}", request_id)


def _without(title: UnitTitle) -> str | None:
    """The field that a title means once it is forgotten. Where that is none its corrections wait for it."""
    return meaning(title.title, FORMS[title.collection]) or title.column or None


def _in_force(submission: Submission) -> UnitTitleQuerySet:
    return UnitTitle.objects.in_force().filter(unit=submission.unit_id, collection=submission.collection)


def _end(titles: UnitTitleQuerySet, by: User) -> int:
    return titles.update(forgotten_by=by, forgotten_at=timezone.now())


def _require_sound(submission: Submission, meanings: Mapping[str, str | None]) -> None:
    form = FORMS[submission.collection]
    open_titles = {one.title for one in tellable(submission)}
    unknown = [title for title in meanings if title not in open_titles]
    if unknown or not meanings:
        raise RefusalError("title-known", title=unknown[0] if unknown else "–")
    for column in meanings.values():
        if column is not None and column not in form.by_key:
            raise RefusalError("place-unknown", rule="–", column=column)
    told = {title_key(title): column for title, column in meanings.items()}
    _require_free(submission, told)
    _require_corrections_in_place(submission, told)


def _require_free(submission: Submission, told: Mapping[str, str | None]) -> None:
    """No field may have two columns of a sheet, as these would be read."""
    for sheet in _sheets(submission):
        said = [told.get(title_key(column["title"])) for column in sheet["columns"]]
        kept = [column["key"] for column in sheet["columns"] if title_key(column["title"]) not in told]
        twice = Counter(filter(None, said + kept))
        for key in filter(None, said):
            if twice[key] > 1:
                raise RefusalError("field-taken", field=_label(FORMS[submission.collection].by_key[key]))


def _require_corrections_in_place(submission: Submission, told: Mapping[str, str | None]) -> None:
    """A correction is of the cell it was made in: it may neither lose its column nor lie on another one's."""
    meant = {
        (sheet["name"], column["position"]): (column["key"], told[title_key(column["title"])])
        for sheet in _sheets(submission)
        for column in sheet["columns"]
        if title_key(column["title"]) in told
    }
    left = {(sheet, key) for (sheet, _), (key, new) in meant.items() if key not in (None, new)}
    gained = defaultdict(set)  # a sheet with several tables may have the title in several columns
    for (sheet, position), (_, new) in meant.items():
        if new:
            gained[sheet, new].add(position)
    made = submission.corrections.in_force().filter(column__in={key for _, key in (*left, *gained)})
    for sheet, row, key, cell in made.values_list("sheet", "row", "column", "cell").iterator():
        places = gained.get((sheet, key), set())
        moved = bool(places) and cell not in {address(row, position) for position in places}
        if moved or (sheet, key) in left:
            field = FORMS[submission.collection].by_key[key]
            raise RefusalError("title-corrected", field=_label(field), cell=cell)


def _label_now(column: Column) -> str:
    return column.label_zh if (get_language() or "zh").startswith("zh") else column.label_en


#: the column's label in the language in which the refusal is told, which is chosen at the edge
_label = lazy(_label_now, str)


def check_again(submission: Submission, by: User, reason: str, request_id: str) -> None:
    """Queue the file for a check, which reads it as is said now."""
    move(
        submission=submission,
        to=State.RECEIVED,
        by=by,
        reason=reason,
        request_id=request_id,
        attempts=0,
        queued_at=timezone.now(),
    )
    dispatch.tell_after_commit(submission.pk)
