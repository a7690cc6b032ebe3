"""Corrections: cells edited on top of the upload; what depends on them is checked again at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID, uuid4

import polars as pl
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from submissions import dispatch
from submissions.checks import report_json, results
from submissions.checks.context import context_for
from submissions.files import edits_in_force, storage
from submissions.findings import explanation_carryover, original_findings, store
from submissions.models import Act, Correction, Finding, State, Submission, User
from submissions.models.finding import FindingQuerySet
from submissions.workflow import permissions
from submissions.workflow.locks import lock_verdicts
from submissions.workflow.permissions import Action
from submissions.workflow.refusals import Refusal, RefusalError
from submissions.workflow.transitions import move
from validation import (
    FORMS,
    Edit,
    Form,
    Recheck,
    Role,
    address,
    position_of,
    present_key,
    recheck,
    renamed,
    unclassified,
)

#: Cells of one request; more is a new upload.
CELLS_AT_ONCE = 2_000
#: Cells of one bulk fix, which are all alike.
ALIKE_AT_ONCE = 20_000


class CellEdit(NamedTuple):
    """One cell and the text it shall hold. `expected`, when given, is the text its editor saw: an edit over
    somebody else's newer one is refused. `restore` brings the original back."""

    sheet: str
    row: int
    column: str
    value: str | None = None
    expected: str | None = None
    restore: bool = False


@transaction.atomic
def correct(
    *,
    submission: Submission,
    by: User,
    edits: Sequence[CellEdit],
    most: int = CELLS_AT_ONCE,
    request_id: str = "",
) -> list[Correction]:
    """Apply `edits` on top of the upload and re-check what depends on them, all or none of them.

    Where a total row has to agree with an edited column the whole file is queued for a check instead.
    An edit that leaves its cell as it stands, as a second click makes it, is none; without any nothing happens.
    Raises RefusalError: "place-unknown" for a cell that is no data cell, "cell-changed", "too-many-cells".
    """
    held = _locked(submission, by)
    if not 0 < len(edits) <= most:
        raise RefusalError(Refusal.TOO_MANY_CELLS, limit=most)
    corrections = _laid_over(held, by, edits, request_id)
    submission.refresh_from_db()
    return corrections


class Trial(NamedTuple):
    """What correcting would do: `cells` changed, and the counts of findings before and after, by severity and by
    code. `whole` when the whole file would be checked again, so that the counts after are not known yet."""

    cells: int
    before: dict[str, int]
    after: dict[str, int]
    whole: bool


def try_edits(
    *, submission: Submission, by: User, edits: Sequence[CellEdit], most: int = CELLS_AT_ONCE
) -> Trial:
    """Correct, count and roll back: the preview is computed by the same code as the correction."""
    tried = Submission.objects.get(pk=submission.pk)
    before = store.counts_by_code(tried)
    with transaction.atomic():
        corrections = correct(submission=tried, by=by, edits=edits, most=most)
        after = store.counts_by_code(tried)
        whole = tried.state == State.RECEIVED
        transaction.set_rollback(True)
    return Trial(len(corrections), before, after, whole)


class Undone(NamedTuple):
    """Result of `undo`: the `corrections` that took the act back, and how many cells `left` were changed since."""

    corrections: list[Correction]
    left: int


@transaction.atomic
def undo(
    *,
    submission: Submission,
    by: User,
    act: UUID | None = None,
    correction: int | None = None,
    request_id: str = "",
) -> Undone:
    """Give the cells of one act, or of one correction, the text they had before it. Undone twice, the second
    time changes nothing.

    Raises RefusalError "nothing-to-undo" where the submission has no such act or correction.
    """
    held = _locked(submission, by)
    named = {"act": act} if act else {"pk": correction}
    made = list(held.corrections.filter(**named))
    if not made:
        raise RefusalError(Refusal.NOTHING_TO_UNDO)
    newest = held.corrections.newest().filter(row__in={c.row for c in made})
    form = FORMS[held.collection]
    standing = {_place(c, form): c.new for c in sorted(newest, key=lambda c: c.pk)}
    present = [c for c in made if present_key(form, c.column) is not None]
    meant = [c for c in present if standing[_place(c, form)] == c.new]
    edits = [CellEdit(*_place(c, form), value=c.old) for c in meant]
    corrections = _laid_over(held, by, edits, request_id) if edits else []
    submission.refresh_from_db()
    return Undone(corrections, len(made) - len(meant))


def _place(correction: Correction, form: Form) -> tuple[str, int, str]:
    """Return sheet, row and the field's present key; its former one where the form has it no more."""
    return correction.sheet, correction.row, present_key(form, correction.column) or correction.column


def _locked(submission: Submission, by: User) -> Submission:
    """Return the row, locked until the transaction's end, if `by` may correct it."""
    permissions.require(by, Action.CORRECT, submission)
    lock_verdicts(submission.unit_id, submission.period_id)
    held = Submission.objects.select_for_update().get(pk=submission.pk)
    permissions.require(by, Action.CORRECT, held)
    return held


def _lost_since(submission: Submission, corrections: Sequence[Correction]) -> list[dict[str, Any]]:
    """Return explanations that were lost when the cells last left the texts they now get again."""
    log = submission.corrections.filter(row__in={c.row for c in corrections}).order_by("id")
    left = log.values_list("sheet", "row", "column", "old", "act")
    acts = {tuple(place): act for *place, act in left.iterator()}  # the newest of each stays
    meant = {acts.get((c.sheet, c.row, c.column, c.new)) for c in corrections} - {None}
    losses = submission.corrections.filter(act__in=meant).order_by("id")
    return [row for lost in losses.values_list("lost_explanations", flat=True) for row in lost]


def _laid_over(held: Submission, by: User, edits: Sequence[CellEdit], request_id: str) -> list[Correction]:
    cells = storage.cells_of(held)
    if cells is None:
        raise RefusalError(Refusal.PLACE_UNKNOWN, rule="–", column=edits[0].column)
    rows = edits_in_force.rows_at(cells, (edit[:2] for edit in edits))
    corrections = _recorded(held, by, edits, rows)
    if not corrections:
        return []
    standing = storage.corrected_cells(held)
    restored, recalled = original_findings.restored(held, corrections), _lost_since(held, corrections)
    original_findings.keep(held, corrections, rows)
    Correction.objects.bulk_create(corrections)
    if _needs_whole_check(held, corrections):
        _queue_check(held, by, len(corrections), request_id)
    else:
        change = _rechecked(held, cells, standing, corrections)  # type: ignore[arg-type]
        _store_recheck(held, by, change, corrections, restored, recalled, request_id)
    results.recheck_dependents(held.unit_id, held.period_id)
    return corrections


def _recorded(
    submission: Submission, by: User, edits: Sequence[CellEdit], edited: pl.DataFrame
) -> list[Correction]:
    """Return the edits that change anything as rows of the log, each against its cell's text now."""
    act = uuid4()
    tables = edits_in_force.sheets_of(submission)
    present = {edit[:3]: edit.value for edit in edits_in_force.edits_of(submission)}
    rows = _texts(edited)
    corrections = []
    for edit in {edit[:3]: edit for edit in edits}.values():
        at = edit.sheet, edit.row, edit.column
        position = position_of(tables, edit.sheet, edit.row, edit.column)
        if position is None or (edit.sheet, edit.row) not in rows:
            raise RefusalError(Refusal.PLACE_UNKNOWN, rule="–", column=edit.column)
        original = rows[edit.sheet, edit.row][edit.column]
        old = present.get(at, original)
        new = original if edit.restore else unclassified(edit.value) or None
        _admit(edit, old, new)
        if old == new:
            continue
        corrections.append(
            Correction(
                submission=submission,
                sheet=edit.sheet,
                row=edit.row,
                column=edit.column,
                cell=address(edit.row, position),
                old=old,
                new=new,
                act=act,
                restores=new == original,
                by=by,
            )
        )
    return corrections


def _admit(edit: CellEdit, old: str | None, new: str | None) -> None:
    if edit.expected is not None and edit.expected != (old or ""):
        raise RefusalError(Refusal.CELL_CHANGED, value=old or "")
    limit = settings.UPLOAD_LIMITS.cell_characters
    if new is not None and len(new) > limit:
        raise RefusalError(Refusal.TEXT_TOO_LONG, limit=limit)


def _texts(edited: pl.DataFrame) -> dict[tuple[str, int], dict[str, Any]]:
    """Return original texts of the edited rows, by (sheet, row) and field key."""
    texts = [name for name in edited.columns if name.startswith("_text_")]
    return {
        (row["_sheet"], row["_row"]): {name.removeprefix("_text_"): row[name] for name in texts}
        for row in edited.select("_sheet", "_row", *texts).iter_rows(named=True)
    }


def _needs_whole_check(submission: Submission, corrections: Sequence[Correction]) -> bool:
    """Return whether sums must be compared with total rows, which only a check of the whole file can do."""
    form = FORMS[submission.collection]
    has_totals = any(
        skipped["kind"] == "total" for sheet in submission.report["sheets"] for skipped in sheet["skipped"]
    )
    return has_totals and any(form.by_key[c.column].role is Role.SUM for c in corrections)


def _queue_check(submission: Submission, by: User, cells: int, request_id: str) -> None:
    move(
        submission=submission,
        to=State.RECEIVED,
        act=Act.CELLS_CORRECTED,
        by=by,
        detail={"cells": cells},
        request_id=request_id,
        attempts=0,
        queued_at=timezone.now(),
    )
    dispatch.enqueue_on_commit(submission.pk)


def _rechecked(
    submission: Submission, cells: pl.DataFrame, standing: pl.DataFrame, corrections: Sequence[Correction]
) -> Recheck:
    """`cells` are those of the file, `standing` those with the corrections that were in force before these."""
    touched = {(c.sheet, c.row, c.column) for c in corrections}
    context, _ = context_for(submission)
    if any(c.restores for c in corrections):
        # what the file has in a cell is more than its text
        base, edits = cells, context.edits
    else:
        base, edits = standing, tuple(Edit(c.sheet, c.row, c.column, c.new) for c in corrections)
    form = FORMS[submission.collection]
    change = recheck(base, edits_in_force.sheets_of(submission), edits, touched, form, context)
    storage.keep_corrected(submission, change.cells)
    return change


def _store_recheck(
    submission: Submission,
    by: User,
    change: Recheck,
    corrections: Sequence[Correction],
    restored: list[dict[str, Any]],
    recalled: Sequence[dict[str, Any]],
    request_id: str,
) -> None:
    form = FORMS[submission.collection]
    touched = {(c.sheet, c.row, c.column) for c in corrections}
    explained = explanation_carryover.remember(submission, recalled)
    store.replace(submission, _going(submission, touched, change, form), change.findings, restored)
    if explained:
        explanation_carryover.restore(submission)
        lost = explanation_carryover.lost(submission)
        Correction.objects.filter(pk=corrections[0].pk).update(lost_explanations=lost)
    results.restate(
        submission=submission,
        act=Act.CELLS_CORRECTED,
        by=by,
        detail={"cells": len(corrections)},
        request_id=request_id,
        report={**submission.report, "totals": report_json.totals(change.cells, form)},
    )


def _going(
    submission: Submission, touched: set[tuple[str, int, str]], change: Recheck, form: Form
) -> FindingQuerySet:
    """Return stored findings that the new ones replace."""
    rows = {(sheet, row) for sheet, row, _ in touched}
    reading = original_findings.codes_not_of_reading(form)

    keys = renamed(form)

    def goes(sheet: str, row: int, column: str, code: str) -> bool:
        column = keys.get(column, column)
        if (sheet, row, column) in touched and code.startswith("cell.") and code not in reading:
            return True
        of_reading = code.startswith("cell.") and (sheet, row, column) in change.unread
        return (sheet, row) in rows and code in change.row_codes and not of_reading

    here = Finding.objects.filter(submission=submission, row__in={row for _, row in rows})
    stored = here.values_list("pk", "sheet", "row", "column", "code")
    going = [pk for pk, *at in stored.iterator() if goes(*at)]  # type: ignore[arg-type]
    return Finding.objects.filter(Q(code__in=change.whole_codes) | Q(pk__in=going), submission=submission)
