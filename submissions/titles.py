"""Titles: what a unit says its own column titles mean, remembered for its later uploads of the form."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import get_language

from submissions import permissions, queue
from submissions.locks import lock
from submissions.models import State, Submission, UnitTitle, User
from submissions.permissions import Action
from submissions.refusals import RefusalError
from submissions.transitions import move
from validation import FORMS, Column, names_a_column, title_key


def remembered(unit: str, collection: str) -> dict[str, str | None]:
    """What the engine takes as `Context.titles`."""
    rows = UnitTitle.objects.in_force().filter(unit=unit, collection=collection)
    return {folded: column or None for folded, column in rows.values_list("folded", "column")}


def unknown_titles(submission: Submission) -> list[str]:
    """Titles of the file that the unit may tell the meaning of, in the order of its columns."""
    form = FORMS[submission.collection]
    found = [
        column["title"]
        for sheet in submission.report.get("sheets", ())
        for column in sheet["columns"]
        if column["how"] == "unknown" and not names_a_column(column["title"], form)
    ]
    return list(dict.fromkeys(found))


def taken_beside(submission: Submission, title: str) -> set[str]:
    """Field keys that the sheets with `title` read from other columns already."""
    sheets = [sheet["columns"] for sheet in submission.report.get("sheets", ())]
    beside = [columns for columns in sheets if any(column["title"] == title for column in columns)]
    return {column["key"] for columns in beside for column in columns if column["key"]}


@transaction.atomic
def remember(
    *, submission: Submission, by: User, meanings: Mapping[str, str | None], request_id: str = ""
) -> None:
    """Say what unknown titles of the file mean (a field key, or None to pass the column by), and check it again.

    Raises RefusalError: "title-known" for a title that is not open to be told of, "field-taken" where a
    field has its column already, "place-unknown" for a field the form does not have.
    """
    permissions.require(by, Action.CORRECT, submission)
    lock("titles", submission.unit_id, submission.collection)
    _require_sound(submission, meanings)
    for title, column in meanings.items():
        UnitTitle.objects.create(
            unit_id=submission.unit_id,
            collection=submission.collection,
            title=title,
            folded=title_key(title),
            column=column or "",
            by=by,
        )
    said = ", ".join(f"{title} → {column or '∅'}" for title, column in meanings.items())
    _check_again(submission, by, f"titles: {said}", request_id)


@transaction.atomic
def forget(*, title: UnitTitle, submission: Submission, by: User, request_id: str = "") -> None:
    """End what was remembered of a title, and check `submission`, which was read with it, again.

    Of a title that is forgotten already nothing is changed.
    """
    permissions.require(by, Action.CORRECT, submission)
    if (title.unit_id, title.collection) != (submission.unit_id, submission.collection):
        raise RefusalError("not-found")
    ended = UnitTitle.objects.in_force().filter(pk=title.pk)
    if ended.update(forgotten_by=by, forgotten_at=timezone.now()) == 1:
        _check_again(submission, by, f"title forgotten: {title.title}", request_id)


def _require_sound(submission: Submission, meanings: Mapping[str, str | None]) -> None:
    if not meanings:
        raise RefusalError("title-known", title="–")
    form = FORMS[submission.collection]
    open_titles = unknown_titles(submission)
    known = remembered(submission.unit_id, submission.collection)
    given: set[str] = set()
    for title, column in meanings.items():
        if title not in open_titles or title_key(title) in known:
            raise RefusalError("title-known", title=title)
        if column is not None and column not in form.by_key:
            raise RefusalError("place-unknown", rule="–", column=column)
        if column is not None and column in taken_beside(submission, title) | given:
            raise RefusalError("field-taken", field=_label(form.by_key[column]))
        given |= {column} if column else set()


def _label_now(column: Column) -> str:
    return column.label_zh if (get_language() or "zh").startswith("zh") else column.label_en


#: the column's label in the language in which the refusal is told, which is chosen at the edge
_label = lazy(_label_now, str)


def _check_again(submission: Submission, by: User, reason: str, request_id: str) -> None:
    move(
        submission=submission,
        to=State.RECEIVED,
        by=by,
        reason=reason,
        request_id=request_id,
        attempts=0,
        queued_at=timezone.now(),
    )
    queue.tell_after_commit(submission.pk)
