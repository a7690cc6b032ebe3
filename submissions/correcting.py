"""Correcting: cells edited on top of the upload; what depends on them is checked again and answered at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import polars as pl
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from submissions import carrying, findings_store, overlays, permissions, queue, report_json, settling, storage
from submissions.check_context import context_for
from submissions.locks import lock_verdicts
from submissions.models import Correction, Finding, State, Submission, User
from submissions.models.finding import FindingQuerySet
from submissions.permissions import Action
from submissions.refusals import RefusalError
from submissions.transitions import move
from validation import FORMS, Form, Recheck, Role, address, recheck, unread_in

#: Cells of one request; more is a new upload.
CELLS_AT_ONCE = 2_000


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
    *, submission: Submission, by: User, edits: Sequence[CellEdit], request_id: str = ""
) -> list[Correction]:
    """Lay `edits` over the upload and re-check what depends on them, all or none of them.

    Where a total row has to agree with an edited column the whole file is queued for a check instead.
    Raises RefusalError: "place-unknown" for a cell that is no data cell, "cell-changed", "too-many-cells".
    """
    permissions.require(by, Action.CORRECT, submission)
    lock_verdicts(submission.unit_id, submission.period_id)
    held = Submission.objects.select_for_update().get(pk=submission.pk)
    permissions.require(by, Action.CORRECT, held)
    if not 0 < len(edits) <= CELLS_AT_ONCE:
        raise RefusalError("too-many-cells", limit=CELLS_AT_ONCE)
    cells = storage.cells_of(held)
    if cells is None:
        raise RefusalError("place-unknown", rule="–", column=edits[0].column)
    rows = _edited_rows(cells, edits)
    corrections = _recorded(held, by, edits, rows)
    restored = _restored_findings(held, corrections)
    _keep_original_findings(held, corrections, rows)
    Correction.objects.bulk_create(corrections)
    if _needs_whole_check(held, corrections):
        _queue_check(held, by, request_id)
    else:
        _recheck(held, by, cells, corrections, restored, request_id)
    settling.recheck_applications(held.unit_id, held.period_id)
    submission.refresh_from_db()
    return corrections


def _recorded(
    submission: Submission, by: User, edits: Sequence[CellEdit], edited: pl.DataFrame
) -> list[Correction]:
    """The edits as rows of the log, each against the text that stands in its cell now."""
    positions = {
        sheet.name: {column.key: column.position for column in sheet.columns if column.key}
        for sheet in overlays.sheets_of(submission)
    }
    present = {edit[:3]: edit.value for edit in overlays.edits_of(submission)}
    rows = _texts(edited)
    corrections = []
    for edit in {edit[:3]: edit for edit in edits}.values():
        at = edit.sheet, edit.row, edit.column
        if edit.column not in positions.get(edit.sheet, {}) or (edit.sheet, edit.row) not in rows:
            raise RefusalError("place-unknown", rule="–", column=edit.column)
        original = rows[edit.sheet, edit.row][edit.column]
        old = present.get(at, original)
        new = original if edit.restore else edit.value or None
        _admit(edit, old, new)
        corrections.append(
            Correction(
                submission=submission,
                sheet=edit.sheet,
                row=edit.row,
                column=edit.column,
                cell=address(edit.row, positions[edit.sheet][edit.column]),
                old=old,
                new=new,
                restores=edit.restore,
                by=by,
            )
        )
    return corrections


def _admit(edit: CellEdit, old: str | None, new: str | None) -> None:
    if edit.expected is not None and edit.expected != (old or ""):
        raise RefusalError("cell-changed", value=old or "")
    limit = settings.UPLOAD_LIMITS.cell_characters
    if new is not None and len(new) > limit:
        raise RefusalError("text-too-long", limit=limit)


def _edited_rows(cells: pl.DataFrame, edits: Sequence[CellEdit]) -> pl.DataFrame:
    """The kept cells of the rows that are edited."""
    wanted = pl.DataFrame(
        sorted({(edit.sheet, edit.row) for edit in edits}),
        schema={"_sheet": pl.String, "_row": pl.Int32},
        orient="row",
    )
    return cells.join(wanted, on=["_sheet", "_row"], how="semi")


def _texts(edited: pl.DataFrame) -> dict[tuple[str, int], dict[str, Any]]:
    """Original texts of the edited rows, by (sheet, row) and field key."""
    texts = [name for name in edited.columns if name.startswith("_text_")]
    return {
        (row["_sheet"], row["_row"]): {name.removeprefix("_text_"): row[name] for name in texts}
        for row in edited.select("_sheet", "_row", *texts).iter_rows(named=True)
    }


def _needs_whole_check(submission: Submission, corrections: Sequence[Correction]) -> bool:
    """Total rows are no part of the kept table, so sums are compared in a check of the file."""
    form = FORMS[submission.collection]
    has_totals = any(
        skipped["kind"] == "total" for sheet in submission.report["sheets"] for skipped in sheet["skipped"]
    )
    return has_totals and any(form.by_key[c.column].role is Role.SUM for c in corrections)


def _queue_check(submission: Submission, by: User, request_id: str) -> None:
    move(
        submission=submission,
        to=State.RECEIVED,
        by=by,
        reason="cells corrected",
        request_id=request_id,
        attempts=0,
        queued_at=timezone.now(),
    )
    queue.tell_after_commit(submission.pk)


def _recheck(
    submission: Submission,
    by: User,
    cells: pl.DataFrame,
    corrections: Sequence[Correction],
    restored: list[dict[str, Any]],
    request_id: str,
) -> None:
    form = FORMS[submission.collection]
    touched = {(c.sheet, c.row, c.column) for c in corrections}
    context, _ = context_for(submission)
    change = recheck(cells, overlays.sheets_of(submission), context.edits, touched, form, context)
    explained = carrying.remember(submission)
    findings_store.replace(submission, _going(submission, touched, change, form), change.findings, restored)
    if explained:
        carrying.restore(submission)
    settling.restate(
        submission=submission,
        by=by,
        reason=f"{len(corrections)} cells corrected",
        request_id=request_id,
        report={**submission.report, "totals": report_json.totals(change.cells, form)},
    )


def _going(
    submission: Submission, touched: set[tuple[str, int, str]], change: Recheck, form: Form
) -> FindingQuerySet:
    """Stored findings whose place the new ones take."""
    meant = Q(code__in=change.whole_codes)
    for sheet, row, column in touched:
        read = [key for *at, key in change.unread if at == [sheet, row]]
        of_rules = ~Q(code__startswith="cell.", column__in=read)
        meant |= Q(sheet=sheet, row=row, code__in=change.row_codes) & of_rules
        meant |= Q(sheet=sheet, row=row, column=column) & _of_reading(form)
    return Finding.objects.filter(meant, submission=submission)


def _of_reading(form: Form) -> Q:
    """Findings of reading a cell: no rule made them, nor the layout."""
    others = {rule.code for rule in (*form.rules, *form.register_rules)} | {"cell.W120"}
    return Q(code__startswith="cell.") & ~Q(code__in=others)


def _keep_original_findings(
    submission: Submission, corrections: Sequence[Correction], edited: pl.DataFrame
) -> None:
    """Each correction keeps what reading the cell said before; of the first one that is the original.

    At a cell that could not be read no rule says anything: what stands there is of reading, whatever its code.
    """
    form = FORMS[submission.collection]
    unread = unread_in(edited, form)
    for c in corrections:
        at = c.sheet, c.row, c.column
        of_reading = Q(code__startswith="cell.E") if at in unread else _of_reading(form)
        here = submission.findings.filter(of_reading, sheet=c.sheet, row=c.row, column=c.column)
        c.replaced_findings = findings_store.as_rows(here)


def _restored_findings(submission: Submission, corrections: Sequence[Correction]) -> list[dict[str, Any]]:
    """What reading the originals said, for cells that are as the file has them again."""
    restored: list[dict[str, Any]] = []
    for c in corrections:
        if c.restores:
            first = submission.corrections.filter(sheet=c.sheet, row=c.row, column=c.column).first()
            restored += first.replaced_findings if first else []
    return restored
