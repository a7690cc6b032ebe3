"""Comparing a signed register with those of other units, for reviewers; no signature waits for it."""

from __future__ import annotations

import logging
from functools import partial
from uuid import UUID

import polars as pl
from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from submissions.checks.context import previous_register
from submissions.files import edits_in_force, storage
from submissions.files.frame_cache import recent_frames
from submissions.findings import store
from submissions.models import Finding, Register, State, Submission
from validation import FORMS, GROWTH_SCHEMA, Context, check_nationally, form_version, national_codes

logger = logging.getLogger(__name__)

_SIGNED = [State.SIGNED, State.ACCEPTED]


def compare(*, submission_id: UUID) -> None:
    """Compare a signed submission with other units and store the findings; called by the worker.

    Does nothing when there is none to make, so it may be called twice. A fault is raised, and the sweep has
    it tried again until the attempts are used up.
    """
    submission = _taken(submission_id)
    if submission is None:
        return
    findings = _findings(submission)
    with transaction.atomic():
        held = Submission.objects.select_for_update().get(pk=submission_id)
        mine = Finding.objects.filter(submission=held, code__in=national_codes())
        store.replace(held, mine, findings, [])
        Submission.objects.filter(pk=submission_id).update(compared_at=timezone.now(), comparison_due=None)


def _taken(submission_id: UUID) -> Submission | None:
    """Return the row with one attempt more; None when there is nothing to compare any more."""
    due = Submission.objects.filter(pk=submission_id, comparison_due__isnull=False)
    takeable = due.filter(state__in=_SIGNED, comparison_attempts__lt=settings.MAX_ATTEMPTS)
    if takeable.update(comparison_attempts=F("comparison_attempts") + 1) == 1:
        return Submission.objects.get(pk=submission_id)
    if due.filter(state__in=_SIGNED).update(comparison_due=None):
        logger.error("comparison of %s is given up", submission_id)
    # returned or withdrawn before its turn came: nothing is owed any more
    due.update(comparison_due=None)
    return None


def _findings(submission: Submission) -> pl.DataFrame:
    """Return the findings of the national rules (FINDING_SCHEMA)."""
    present, before = _present(submission), last_registers(submission)
    edits = edits_in_force.edits_of(submission)
    context = Context(
        unit=submission.unit_id,
        period=submission.period.quarter,
        others=_others(submission, {**before, **present}),
        growth=growth(submission, present, before),
        edits=edits,
    )
    form = FORMS[submission.collection]
    cells = storage.cells_of(submission)
    return check_nationally(cells, edits_in_force.sheets_of(submission), edits, form, context)


def _present(submission: Submission) -> dict[str, Submission]:
    """Return, by unit, the other units' newest signed or accepted version of the period."""
    slot = {"collection": submission.collection, "period": submission.period_id, "state__in": _SIGNED}
    rows = Submission.objects.filter(**slot).exclude(unit=submission.unit_id)
    return {row.unit_id: row for row in rows.order_by("unit_id", "-version").distinct("unit_id")}


def last_registers(submission: Submission) -> dict[str, Submission]:
    """Return, by unit, the other units' last accepted register of an earlier period."""
    held = Register.objects.in_force().filter(collection=submission.collection)
    others = held.exclude(unit=submission.unit_id).newest_before(submission.period_id)
    return {row.unit_id: row.submission for row in others.select_related("submission")}


def _others(submission: Submission, registers: dict[str, Submission]) -> pl.DataFrame:
    """Return unit, key and the compared columns of `registers`, one row per record."""
    form = FORMS[submission.collection]
    key, columns = form.key.key, form.compared
    schema = {"unit": pl.String, "key": pl.String, **dict.fromkeys(columns, pl.String)}
    parts = [
        _columns_of(register, [key, *columns]).select(
            pl.lit(unit).alias("unit"), pl.col(key).alias("key"), *columns
        )
        for unit, register in registers.items()
    ]
    return pl.concat([pl.DataFrame(schema=schema), *parts])


def _columns_of(register: Submission, columns: list[str]) -> pl.DataFrame:
    """Return the compared columns of a register from the cache: what is signed is never corrected any more."""
    version = form_version(FORMS[register.collection])
    name = ("compared", register.frame_path or str(register.pk), version)
    return recent_frames.get(name, partial(storage.columns_of, register, columns))


def growth(
    submission: Submission, present: dict[str, Submission], before: dict[str, Submission]
) -> pl.DataFrame:
    """Return rows before and now of every unit that has both, its own included (GROWTH_SCHEMA)."""
    rows = [(unit, before[unit].data_rows, now.data_rows) for unit, now in present.items() if unit in before]
    own = previous_register(submission)
    if own is not None:
        rows.append((submission.unit_id, own.data_rows, submission.data_rows))
    return pl.DataFrame(rows, schema=GROWTH_SCHEMA, orient="row")
