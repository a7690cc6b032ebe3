"""Original findings: what reading a cell found before it was corrected, kept to come back with the original."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import polars as pl

from submissions.findings import store
from submissions.models import Correction, Submission
from validation import FORMS, Form, Severity, renamed, severity_of, unread_in


def keep(submission: Submission, corrections: Sequence[Correction], edited: pl.DataFrame) -> None:
    """Store with each correction what reading its cell found before; for the first one that is the original."""
    rows = {c.row for c in corrections}
    form = FORMS[submission.collection]
    findings = store.as_rows(submission.findings.filter(row__in=rows, code__startswith="cell."))
    keep_of_reading(corrections, _renamed(findings, form), edited, form)


def keep_of_reading(
    corrections: Sequence[Correction], findings: Iterable[dict[str, Any]], cells: pl.DataFrame, form: Form
) -> None:
    """Store with each correction those of `findings` (rows of FINDING_SCHEMA) that reading its cell made.

    At a cell that could not be read no rule says anything: what stands there is of reading, whatever its code.
    """
    unread, ruled = unread_in(cells, form), codes_not_of_reading(form)
    said = defaultdict(list)
    for row in findings:
        at = row["sheet"], row["row"], row["column"]
        if row["code"] not in ruled or (at in unread and severity_of(row["code"]) is Severity.ERROR):
            said[at].append(row)
    for c in corrections:
        c.replaced_findings = said[c.sheet, c.row, c.column]


def restored(submission: Submission, corrections: Sequence[Correction]) -> list[dict[str, Any]]:
    """Return what reading the originals found, for cells that hold their originals again."""
    restoring = {(c.sheet, c.row, c.column) for c in corrections if c.restores}
    log = submission.corrections.filter(row__in={row for _, row, _ in restoring}).order_by("-id")
    form = FORMS[submission.collection]
    keys = renamed(form)
    # oldest last, so that the first correction of each cell is what stays in the table
    first = {(c.sheet, c.row, keys.get(c.column, c.column)): c.replaced_findings for c in log}
    return _renamed([row for at in sorted(restoring) for row in first[at]], form)


def _renamed(findings: Iterable[dict[str, Any]], form: Form) -> list[dict[str, Any]]:
    """Rows of FINDING_SCHEMA by the present keys of their columns."""
    keys = renamed(form)
    return [{**row, "column": keys.get(row["column"], row["column"])} for row in findings]


def codes_not_of_reading(form: Form) -> set[str]:
    """Return the codes of rules and layout; all other findings at a cell come from reading it."""
    codes = {rule.code for rule in form.rules} | {rule.code for rule in form.register_rules}
    return codes | {"cell.W120"}
