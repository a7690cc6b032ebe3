"""Column titles: what a unit says its own titles mean, remembered for its later uploads of the form."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from django.db import transaction
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import get_language

from submissions import dispatch
from submissions.models import Act, State, Submission, UnitTitle, User
from submissions.models.unit_title import UnitTitleQuerySet
from submissions.workflow import permissions
from submissions.workflow.locks import lock
from submissions.workflow.permissions import Action
from submissions.workflow.refusals import Refusal, RefusalError
from submissions.workflow.transitions import move
from validation import FORMS, Column, address, meaning, official_titles, present_key, title_key


def remembered(unit: str, collection: str) -> dict[str, str | None]:
    """Return the unit's titles with the field each means, None to ignore it, as `Context.titles` takes them.

    A title of a column that the form has no more is open again.
    """
    form = FORMS[collection]
    rows = UnitTitle.objects.in_force().filter(unit=unit, collection=collection)
    keys = {
        folded: column and present_key(form, column)
        for folded, column in rows.values_list("folded", "column")
    }
    return {folded: key or None for folded, key in keys.items() if key is not None}


class OpenTitle(NamedTuple):
    """A title that is not written as the form has it, so that the unit may say what it means. `column` is the
    field it is read as and `how` it was recognised, "unknown" where any sheet passed it by unasked."""

    title: str
    column: str | None
    how: str
    #: where it stands: sheet and 0-based column
    places: tuple[tuple[str, int], ...]


def open_titles(submission: Submission) -> list[OpenTitle]:
    """Return the titles of the file whose meaning the unit may give, in the order of its columns."""
    columns = [(sheet["name"], column) for sheet in _sheets(submission) for column in sheet["columns"]]
    official = official_titles({column["title"] for _, column in columns}, FORMS[submission.collection])
    spelled = defaultdict(list)
    for sheet, column in columns:
        if column["how"] != "ignored" and column["title"] not in official:
            spelled[title_key(column["title"])].append((sheet, column))
    return [_open_title(columns_of_title) for columns_of_title in spelled.values()]


def _open_title(columns: Sequence[tuple[str, dict[str, Any]]]) -> OpenTitle:
    """Return one title, however its columns spell it."""
    # what was passed by in one sheet is to be asked for, though it was recognised in another
    _, read = min(columns, key=lambda column: column[1]["how"] != "unknown")
    return OpenTitle(
        columns[0][1]["title"],
        read["key"],
        read["how"],
        tuple((sheet, column["position"]) for sheet, column in columns),
    )


def _sheets(submission: Submission) -> Any:
    return submission.report.get("sheets", ())


def fixed_beside(submission: Submission, title: OpenTitle) -> set[str]:
    """Return the fields that sheets with this title read from columns titled as in the form."""
    open_columns = {place for title_of_file in open_titles(submission) for place in title_of_file.places}
    names = {sheet for sheet, _ in title.places}
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
    """Remember what titles of the file mean (a field key, or None to ignore the column), and check the file again.

    A former meaning of a title ends. Raises RefusalError: TITLE_KNOWN for a title whose meaning is not open,
    FIELD_TAKEN when a field would have two columns, TITLE_CORRECTED when corrected cells would lose their
    column or land in another one, PLACE_UNKNOWN for a field that the form does not have.
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
    check_again(submission, by, Act.TITLES_MAPPED, request_id, titles=dict(meanings))


@transaction.atomic
def forget(*, title: UnitTitle, submission: Submission, by: User, request_id: str = "") -> None:
    """End what was remembered of a title, and check `submission`, which was read with it, again.

    Of a title that is forgotten already nothing is changed. Raises RefusalError "title-corrected" where the
    field that the title then means again has corrected cells in another column.
    """
    permissions.require(by, Action.CORRECT, submission)
    if (title.unit_id, title.collection) != (submission.unit_id, submission.collection):
        raise RefusalError(Refusal.NOT_FOUND)
    _require_corrections_in_place(submission, {title.folded: _without(title)})
    if _end(UnitTitle.objects.in_force().filter(pk=title.pk), by):
        check_again(submission, by, Act.TITLE_FORGOTTEN, request_id, title=title.title)


def _without(title: UnitTitle) -> str | None:
    """Return the field that a title means once it is forgotten; without one, the field that corrections wait for."""
    return meaning(title.title, FORMS[title.collection]) or title.column or None


def _in_force(submission: Submission) -> UnitTitleQuerySet:
    return UnitTitle.objects.in_force().filter(unit=submission.unit_id, collection=submission.collection)


def _end(titles: UnitTitleQuerySet, by: User) -> int:
    return titles.update(forgotten_by=by, forgotten_at=timezone.now())


def _require_sound(submission: Submission, meanings: Mapping[str, str | None]) -> None:
    form = FORMS[submission.collection]
    known = {title.title for title in open_titles(submission)}
    unknown = [title for title in meanings if title not in known]
    if unknown or not meanings:
        raise RefusalError(Refusal.TITLE_KNOWN, title=unknown[0] if unknown else "–")
    for column in meanings.values():
        if column is not None and column not in form.by_key:
            raise RefusalError(Refusal.PLACE_UNKNOWN, rule="–", column=column)
    fields = {title_key(title): column for title, column in meanings.items()}
    _require_free(submission, fields)
    _require_corrections_in_place(submission, fields)


def _require_free(submission: Submission, fields: Mapping[str, str | None]) -> None:
    """Raise RefusalError when a field would be read from two columns of a sheet."""
    for sheet in _sheets(submission):
        chosen = [fields.get(title_key(column["title"])) for column in sheet["columns"]]
        kept = [column["key"] for column in sheet["columns"] if title_key(column["title"]) not in fields]
        twice = Counter(filter(None, chosen + kept))
        for key in filter(None, chosen):
            if twice[key] > 1:
                raise RefusalError(
                    Refusal.FIELD_TAKEN, field=_label(FORMS[submission.collection].by_key[key])
                )


def _require_corrections_in_place(submission: Submission, fields: Mapping[str, str | None]) -> None:
    """Raise RefusalError when a corrected cell would lose its column or land in another one."""
    meant = {
        (sheet["name"], column["position"]): (column["key"], fields[title_key(column["title"])])
        for sheet in _sheets(submission)
        for column in sheet["columns"]
        if title_key(column["title"]) in fields
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
            raise RefusalError(Refusal.TITLE_CORRECTED, field=_label(field), cell=cell)


def _label_now(column: Column) -> str:
    return column.label_zh if (get_language() or "zh").startswith("zh") else column.label_en


#: the column's label in the language in which the refusal is told, which is chosen at the edge
_label = lazy(_label_now, str)


def check_again(submission: Submission, by: User, act: Act, request_id: str, **detail: Any) -> None:
    """Queue the file for a check, because of `act` with its `detail`."""
    move(
        submission=submission,
        to=State.RECEIVED,
        act=act,
        by=by,
        detail=detail,
        request_id=request_id,
        attempts=0,
        queued_at=timezone.now(),
    )
    dispatch.enqueue_on_commit(submission.pk)
