"""Re-checking: the present rules over stored submissions, from the kept tables; tried first, then put in force."""

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
from submissions.models import State, Submission, User
from submissions.models.submission import SubmissionQuerySet
from submissions.workflow.locks import lock_verdicts
from validation import FORMS, Edit, Severity, check_kept, severity_of

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
        """Signed, decided and given up submissions are told of and left as they are."""
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
    """Submissions that a check kept a table of: the newest checked version of each slot, or `every` one."""
    chosen = {"collection": collection, "period": period, "unit": unit}
    narrowed = {name: value for name, value in chosen.items() if value}
    checked = Submission.objects.filter(checked_at__isnull=False, set_aside=False, **narrowed).exclude(
        frame_path=""
    )
    slot = ("period_id", "collection", "unit_id")
    ordered = checked.exclude(state__in=_TO_COME).order_by(*slot, "-version")
    return ordered if every else ordered.distinct(*slot)


def try_rules(submission: Submission) -> Trial:
    """Run the present rules over a stored submission, compared with the registers of its own check.

    Changes nothing.
    """
    form = FORMS[submission.collection]
    cells = storage.cells_of(submission)
    assert cells is not None  # noqa: S101 `stored` gives those with a table
    context = context_as_checked(submission)
    present = store.frame_of(submission)
    found, not_evaluable = check_kept(cells, sheets_of(submission), context.edits, present, form, context)
    after = _by_code(found)
    errors = sum(count for code, count in after.items() if severity_of(code) is Severity.ERROR)
    return Trial(
        submission,
        context.edits,
        found,
        not_evaluable,
        was=results.verdict(submission.errors, submission.open_warnings),
        now=results.verdict(errors, explanation_carryover.left_open(submission, found)),
        before=_by_code(present),
        after=after,
        differs=_differs(submission, present, found)
        or list(not_evaluable) != submission.report.get("not_evaluable"),
    )


def recheck_stored(*, submission: Submission, by: User | None = None) -> Outcome:
    """Put the present rules in force for a stored submission that is neither signed nor given up.

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
        by=by,
        reason="rules changed",
        checked_at=timezone.now(),
        report={**held.report, "not_evaluable": list(trial.not_evaluable)},
    )
    results.recheck_dependents(held.unit_id, held.period_id)
    return True


def _stamp(submission: Submission) -> tuple[str, str]:
    """Changes when another check or an act of the unit has changed what there is to re-check."""
    return submission.state, submission.frame_path


def _by_code(findings: pl.DataFrame) -> Counter[str]:
    return Counter(dict(findings.group_by("code").len().iter_rows()))


def _differs(submission: Submission, present: pl.DataFrame, found: pl.DataFrame) -> bool:
    """Whether findings or the versions of their rules are others, in whatever order they are stored."""
    versions = dict(store.with_versions(submission, found).select("code", "rule_version").iter_rows())
    kept = submission.findings.of_unit().order_by().values_list("code", "rule_version").distinct()
    return set(kept) != set(versions.items()) or _told(present) != _told(found)


def _told(findings: pl.DataFrame) -> Counter[tuple[object, ...]]:
    """Findings without their order; the database keeps params in an order and a spacing of its own."""
    others = [name for name in findings.columns if name != "params"]
    rows = findings.select(*others, "params").iter_rows()
    return Counter((*told, json.dumps(json.loads(params or "{}"), sort_keys=True)) for *told, params in rows)
