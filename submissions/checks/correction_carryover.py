"""Carrying corrections over: a unit's corrections are applied to its new file where nothing there changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple
from uuid import UUID, uuid4

import polars as pl

from submissions.checks.row_pairing import Files, Place, clear_places, key_texts, name_columns, paired
from submissions.files import storage
from submissions.files.edits_in_force import rows_at
from submissions.findings import original_findings
from submissions.models import Correction, Submission, UncarriedCorrection, UncarriedReason
from submissions.models.correction import CorrectionQuerySet
from validation import FORMS, Edit, Form, Result, address, present_key

Row = Mapping[str, Any]


class Carried(NamedTuple):
    """What becomes of the `pending` corrections (ids) of the version before, none of it stored yet: `made` are
    corrections of the new version, `left` are those without a place in it. What its file holds already is in neither."""

    pending: frozenset[int]
    made: list[Correction]
    left: list[UncarriedCorrection]

    @property
    def edits(self) -> tuple[Edit, ...]:
        """Return the corrections made, as the engine takes them."""
        return tuple(Edit(c.sheet, c.row, c.column, c.new) for c in self.made)


def pending(submission: Submission) -> CorrectionQuerySet:
    """Return corrections in force of the version before that `submission` has not taken over."""
    before = submission.version_before()
    if before is None:
        return Correction.objects.none()
    taken = submission.corrections.filter(carried_from__isnull=False).values("carried_from")
    return before.corrections.in_force().exclude(pk__in=taken)


def unhandled(submission: Submission) -> CorrectionQuerySet:
    """Return those of `pending` that no check of `submission` has decided about."""
    return pending(submission).exclude(pk__in=submission.uncarried_corrections.values("correction"))


def carry(submission: Submission, result: Result) -> Carried:
    """Decide for each pending correction what becomes of it in the file that `result` was read from.

    It is made again where the same record still holds the old value. Nothing is stored.
    """
    corrections = list(pending(submission).select_related("submission", "by"))
    if result.cells is None or not corrections:
        return Carried(frozenset(), [], [])
    form = FORMS[submission.collection]
    for correction in corrections:  # renamed since, or kept under the key that the form has no more
        correction.column = present_key(form, correction.column) or correction.column
    both = _both(submission, corrections, result, result.cells)
    outcomes = [both.outcome(correction) for correction in corrections]
    made = [outcome for outcome in outcomes if isinstance(outcome, Correction)]
    left = [outcome for outcome in outcomes if isinstance(outcome, UncarriedCorrection)]
    _keep_findings(made, result, result.cells, FORMS[submission.collection])
    return Carried(frozenset(correction.pk for correction in corrections), made, left)


def store(submission: Submission, carried: Carried) -> None:
    """Store what `carry` decided. The caller holds the unit's verdicts, so that nobody corrects meanwhile."""
    late = pending(submission).exclude(pk__in=carried.pending)
    meanwhile = [
        UncarriedCorrection(
            submission=submission, correction=correction, reason=UncarriedReason.MADE_MEANWHILE
        )
        for correction in late
    ]
    submission.uncarried_corrections.all().delete()
    Correction.objects.bulk_create(carried.made)
    UncarriedCorrection.objects.bulk_create([*carried.left, *meanwhile])


@dataclass(frozen=True)
class _Both:
    """The corrected rows of the old file, as read and as corrected, beside the same records of the new file."""

    submission: Submission
    places: Mapping[Place, Place]  # of the old file -> of the new one
    clear: frozenset[Place]  # places of the old file whose record can be told from all others
    keys: Mapping[Place, str]
    read: Mapping[Place, Row]
    corrected: Mapping[Place, Row]
    new: Mapping[Place, Row]
    positions: Mapping[tuple[str, str], int]  # sheet and field key -> 0-based column of the new file
    own: frozenset[tuple[str, int, str]]  # cells that were corrected in the new version already
    act: UUID

    def outcome(self, correction: Correction) -> Correction | UncarriedCorrection | None:
        """Return the correction made again, or why it is not made; None when the new file has its value already."""
        old = correction.sheet, correction.row
        place = self.places.get(old)
        if place is None:
            gone = UncarriedReason.RECORD_GONE if old in self.clear else UncarriedReason.RECORD_UNCLEAR
            return self._left(correction, gone)
        position = self.positions.get((place[0], correction.column))
        if position is None:
            return self._left(correction, UncarriedReason.COLUMN_GONE)
        cell, row = address(place[1], position), self.new[place]
        text = row[f"_text_{correction.column}"]
        if text == correction.new:
            return None
        if (*place, correction.column) not in self.own:
            if self._is_unchanged(correction, row):
                return self._made(correction, place, cell, text)
            if _same_value(correction.column, row, self.corrected[old]):
                return None
        return self._left(correction, UncarriedReason.VALUE_CHANGED, text, cell)

    def _is_unchanged(self, correction: Correction, row: Row) -> bool:
        """Return whether the cell holds the same value in both files, in whatever spelling."""
        read, text = self.read[correction.sheet, correction.row], f"_text_{correction.column}"
        return bool(row[text] == read[text]) or _same_value(correction.column, row, read)

    def _made(self, correction: Correction, place: Place, cell: str, text: str | None) -> Correction:
        return Correction(
            submission=self.submission,
            sheet=place[0],
            row=place[1],
            column=correction.column,
            cell=cell,
            old=text,
            new=correction.new,
            act=self.act,
            carried_from=correction,
            by=correction.by,
        )

    def _left(
        self, correction: Correction, reason: UncarriedReason, present: str | None = None, cell: str = ""
    ) -> UncarriedCorrection:
        key = self.keys.get((correction.sheet, correction.row), "")
        return UncarriedCorrection(
            submission=self.submission,
            correction=correction,
            reason=reason,
            key=key,
            present=present,
            cell=cell,
        )


def _both(
    submission: Submission, corrections: Sequence[Correction], result: Result, cells: pl.DataFrame
) -> _Both:
    form, before = FORMS[submission.collection], corrections[0].submission
    old = {(correction.sheet, correction.row) for correction in corrections}
    rows = {row for _, row in old}
    read, corrected = storage.rows_of(before, rows), storage.corrected_rows_of(before, rows)
    assert read is not None  # noqa: S101 `version_before` has a table
    assert corrected is not None  # noqa: S101
    files = Files(
        read=storage.kept_columns(before, name_columns(form)),
        corrected=storage.cell_columns(before, name_columns(form)),  # type: ignore[arg-type]  # it has a table
        new=cells,
        all_read=partial(storage.cells_of, before),  # type: ignore[arg-type]
        form=form,
    )
    places = paired(old, files)
    return _Both(
        submission,
        places,
        clear_places(old, files),
        key_texts(rows_at(corrected, old), form),
        _by_place(rows_at(read, old)),
        _by_place(rows_at(corrected, old)),
        _by_place(rows_at(cells, places.values())),
        {(s.name, c.key): c.position for s in result.report.sheets for c in s.columns if c.key is not None},
        frozenset(submission.corrections.values_list("sheet", "row", "column")),
        uuid4(),
    )


def _by_place(cells: pl.DataFrame) -> dict[Place, Row]:
    return {(row["_sheet"], row["_row"]): row for row in cells.iter_rows(named=True)}


def _same_value(column: str, row: Row, other: Row) -> bool:
    return row[column] is not None and row[column] == other[column]


def _keep_findings(made: Sequence[Correction], result: Result, cells: pl.DataFrame, form: Form) -> None:
    """Keep the findings of reading the cells, which come back when a correction is undone."""
    edited = rows_at(cells, ((c.sheet, c.row) for c in made))
    at_rows = pl.col("row").is_in([c.row for c in made]) & pl.col("code").str.starts_with("cell.")
    findings = result.findings.filter(at_rows).iter_rows(named=True)
    original_findings.keep_of_reading(made, findings, edited, form)
