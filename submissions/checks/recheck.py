"""Re-checking: today's rules applied to stored submissions; tried first, then put in force."""

from __future__ import annotations

import json
from collections import Counter
from enum import StrEnum
from typing import NamedTuple

import polars as pl
from django.db import transaction
from django.utils import timezone

from submissions.checks import results
from submissions.checks.context import context_as_checked
from submissions.files import storage
from submissions.files.edits_in_force import edits_of, sheets_of
from submissions.findings import explanation_carryover, store
from submissions.models import Act, State, Submission, User
from submissions.models.submission import SubmissionQuerySet
from submissions.workflow.locks import lock_verdicts
from validation import FORMS, Edit, Severity, check_kept, renamed, severity_of

#: a check of these is still to come, with the present rules
_TO_COME = [State.RECEIVED, State.CHECKING, State.FAILED]


class Trial(NamedTuple):
    """What the present rules say of a stored submission. `was` and `now` are verdicts; `before` and `after`
    count findings by code; `differs` is false when nothing at all would change."""

    submission: Submission
    edits: tuple[Edit, ...]
    findings: pl.DataFrame
    not_evaluable: tuple[str, ...]
    was: State
    now: State
    before: Counter[str]
    after: Counter[str]
    differs: bool

    @property
    def keeps_state(self) -> bool:
        """Return whether the submission is signed, decided or given up, so that it is only reported."""
        return self.submission.state not in results.VERDICTS


class Outcome(StrEnum):
    """What became of re-checking one submission."""

    UNCHANGED = "unchanged"
    SWAPPED = "swapped"  # the new findings stand
    REPORTED = "reported"  # they differ, and the submission is past changing
    MOVED_ON = "moved_on"  # somebody changed it meanwhile


def stored(
    *, collection: str | None = None, period: str | None = None, unit: str | None = None, every: bool = False
) -> SubmissionQuerySet:
    """Return submissions whose check kept a table: the newest checked version of each slot, or `every` version."""
    chosen = {"collection": collection, "period": period, "unit": unit}
    narrowed = {name: value for name, value in chosen.items() if value}
    checked = Submission.objects.filter(checked_at__isnull=False, set_aside=False, **narrowed).exclude(
        frame_path=""
    )
    slot = ("period_id", "collection", "unit_id")
    ordered = checked.exclude(state__in=_TO_COME).order_by(*slot, "-version")
    return ordered if every else ordered.distinct(*slot)


def try_rules(submission: Submission) -> Trial:
    """Apply today's rules to a stored submission, compared with the registers of its own check. Stores nothing.

    Changes nothing.
    """
    form = FORMS[submission.collection]
    cells = storage.cells_of(submission)
    assert cells is not None  # noqa: S101 `stored` gives those with a table
    context = context_as_checked(submission)
    present = store.frame_of(submission).with_columns(pl.col("column").replace(renamed(form)))
    findings, not_evaluable = check_kept(cells, sheets_of(submission), context.edits, present, form, context)
    after = _by_code(findings)
    errors = sum(count for code, count in after.items() if severity_of(code) is Severity.ERROR)
    return Trial(
        submission,
        context.edits,
        findings,
        not_evaluable,
        was=results.verdict(submission.errors, submission.open_warnings),
        now=results.verdict(errors, explanation_carryover.left_open(submission, findings)),
        before=_by_code(present),
        after=after,
        differs=_differs(submission, present, findings)
        or list(not_evaluable) != submission.report.get("not_evaluable"),
    )


def recheck_stored(*, submission: Submission, by: User | None = None) -> Outcome:
    """Put today's rules in force for a stored submission that is neither signed nor given up.

    The new findings are made beside the stored ones and take their place in one transaction; interrupted
    anywhere, the last good result stands.
    """
    trial = try_rules(submission)
    if not trial.differs:
        return Outcome.UNCHANGED
    if trial.keeps_state:
        return Outcome.REPORTED
    return Outcome.SWAPPED if _swap(trial, by) else Outcome.MOVED_ON


@transaction.atomic
def _swap(trial: Trial, by: User | None) -> bool:
    lock_verdicts(trial.submission.unit_id, trial.submission.period_id)
    held = Submission.objects.select_for_update().get(pk=trial.submission.pk)
    if _stamp(held) != _stamp(trial.submission) or trial.edits != edits_of(held):
        return False
    explained = explanation_carryover.remember(held)
    store.store(held, trial.findings)
    if explained:
        explanation_carryover.restore(held)
    results.restate(
        submission=held,
        act=Act.RULES_CHANGED,
        by=by,
        checked_at=timezone.now(),
        report={**held.report, "not_evaluable": list(trial.not_evaluable)},
    )
    results.recheck_dependents(held.unit_id, held.period_id)
    return True


def _stamp(submission: Submission) -> tuple[str, str]:
    """Return a stamp that changes when another check or act changes what there is to re-check."""
    return submission.state, submission.frame_path


def _by_code(findings: pl.DataFrame) -> Counter[str]:
    return Counter(dict(findings.group_by("code").len().iter_rows()))


def _differs(submission: Submission, present: pl.DataFrame, findings: pl.DataFrame) -> bool:
    """Return whether findings or the versions of their rules differ, in whatever order they are stored."""
    versions = dict(store.with_versions(submission, findings).select("code", "rule_version").iter_rows())
    kept = submission.findings.of_unit().order_by().values_list("code", "rule_version").distinct()
    return set(kept) != set(versions.items()) or _unordered(present) != _unordered(findings)


def _unordered(findings: pl.DataFrame) -> Counter[tuple[object, ...]]:
    """Count findings regardless of order; the database keeps params in an order and a spacing of its own."""
    others = [name for name in findings.columns if name != "params"]
    rows = findings.select(*others, "params").iter_rows()
    return Counter(
        (*values, json.dumps(json.loads(params or "{}"), sort_keys=True)) for *values, params in rows
    )
