"""Carrying explanations over: a reason once given stays while rule, record and value are unchanged."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import polars as pl
from django.db import connection

from submissions.findings import store
from submissions.models import Finding, Submission

#: Findings are alike when rule and version, record, column and value are; without a record the message must be the
#: same too, for its numbers are then all that tells what was explained.
_ALIKE = """
    new.code = old.code AND new.rule_version = old.rule_version
    AND coalesce(new.key, '') = coalesce(old.key, '')
    AND coalesce(new."column", '') = coalesce(old."column", '')
    AND coalesce(new.value, '') = coalesce(old.value, '')
    AND (new.key IS NOT NULL OR new.params = old.params)
"""

#: what a finding is alike by
_FIELDS = ["code", "rule_version", "key", "column", "value", "params"]

_REMEMBER = """
    CREATE TEMPORARY TABLE explained ON COMMIT DROP AS
    SELECT DISTINCT code, rule_version, key, "column", value, CASE WHEN key IS NULL THEN params END AS params,
           explanation_id
    FROM submissions_finding WHERE submission_id = %s AND explanation_id IS NOT NULL
"""

# a warning that stands was not lost: without an explanation it is open because the unit wants it so
_RECALL = f"""
    INSERT INTO explained SELECT * FROM jsonb_populate_recordset(NULL::explained, %s::jsonb) old WHERE NOT EXISTS (
        SELECT 1 FROM submissions_finding new WHERE new.submission_id = %s AND {_ALIKE})
"""  # noqa: S608 made of constants

_LOST = f"""
    SELECT coalesce(jsonb_agg(to_jsonb(old)), '[]') FROM explained old WHERE NOT EXISTS (
        SELECT 1 FROM submissions_finding new WHERE new.submission_id = %s AND {_ALIKE})
"""  # noqa: S608 made of constants

_COPY_REASONS = f"""
    INSERT INTO submissions_explanation (submission_id, code, reason, text, by_id, at, carried_from_id)
    SELECT %s, code, reason, text, by_id, at, id FROM submissions_explanation
    WHERE submission_id <> %s AND id IN (
        SELECT old.explanation_id FROM explained old
        JOIN submissions_finding new ON {_ALIKE} WHERE new.submission_id = %s)
"""  # noqa: S608 made of constants

_ATTACH = f"""
    UPDATE submissions_finding new SET explanation_id = coalesce(copied.id, old.explanation_id)
    FROM explained old LEFT JOIN submissions_explanation copied
         ON copied.carried_from_id = old.explanation_id AND copied.submission_id = %s
    WHERE new.submission_id = %s AND {_ALIKE}
"""  # noqa: S608 made of constants


def remember(submission: Submission, recalled: Sequence[dict[str, Any]] = ()) -> bool:
    """Before findings are replaced, note what was explained: in this version, else in the one before; and what
    `lost` told, the newest last, of findings that may come back.

    Says whether anything was. Needs a transaction that `restore` is called in as well.
    """
    source = _source(submission)
    if source is None and not recalled:
        return False
    with connection.cursor() as cursor:
        # one transaction may settle several versions, in tests for one
        cursor.execute("DROP TABLE IF EXISTS explained")
        cursor.execute(_REMEMBER, [source])
        if recalled:
            newest = {_likeness(*(row[name] for name in _FIELDS)): row for row in recalled}
            cursor.execute(_RECALL, [json.dumps(list(newest.values())), submission.pk])
    return True


def restore(submission: Submission) -> None:
    """Explain the new findings as the remembered ones were, where nothing changed."""
    with connection.cursor() as cursor:
        cursor.execute(_COPY_REASONS, [submission.pk] * 3)
        cursor.execute(_ATTACH, [submission.pk] * 2)


def lost(submission: Submission) -> list[dict[str, Any]]:
    """Return remembered explanations that no finding is left of, to be restored should the finding come back."""
    with connection.cursor() as cursor:
        cursor.execute(_LOST, [submission.pk])
        [answer] = cursor.fetchone()
    rows: list[dict[str, Any]] = json.loads(answer) if isinstance(answer, str) else answer
    return rows


def left_open(submission: Submission, findings: pl.DataFrame) -> int:
    """Return how many warnings in `findings` (FINDING_SCHEMA) would be left to explain if they were stored now."""
    source = _source(submission)
    rows = Finding.objects.filter(submission=source, explanation__isnull=False).values_list(*_FIELDS)
    explained = {_likeness(*row) for row in rows} if source else set()
    warnings = findings.filter(pl.col("code").str.contains(r"\.W"))
    if not explained:
        return warnings.height
    new = store.with_versions(submission, warnings).select(_FIELDS).iter_rows()
    likenesses = (_likeness(*values, json.loads(params or "{}")) for *values, params in new)  # type: ignore[call-arg]
    return sum(likeness not in explained for likeness in likenesses)


def _likeness(
    code: str, version: int, key: str | None, column: str | None, value: str | None, params: object
) -> tuple[object, ...]:
    """Return a key that is equal for like findings."""
    said = json.dumps(params, sort_keys=True) if key is None else ""
    return code, version, key or "", column or "", value or "", said


def _source(submission: Submission) -> Any:
    """Return the version whose explanations hold: this one once checked, else the one before; None without any.

    Falling back to the one before after a check would bring back what the unit has taken back.
    """
    source = submission if submission.checked_at else submission.version_before()
    return source.pk if source and _has_explained(source) else None


def _has_explained(submission: Submission) -> bool:
    return Finding.objects.filter(submission=submission, explanation__isnull=False).exists()
