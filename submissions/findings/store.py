"""Findings in the database: stored with COPY, counted exactly, grouped by what they have in common."""

from __future__ import annotations

import json
from functools import partial
from typing import Any, NamedTuple

import polars as pl
from django.db.models import Count, Max, Min

from submissions.files.frame_cache import recent_frames
from submissions.files.pg_copy import copy_frame, read_frame
from submissions.models import Finding, Submission, User
from submissions.models.finding import FindingQuerySet
from validation import FINDING_SCHEMA, FORMS, Period, Severity, national_codes

#: order in which severities are shown
_RANK = {severity.value: rank for rank, severity in enumerate(Severity)}


#: Up to here each place is asked for by itself: the rows of one corrected cell.
FEW_PLACES = 4

#: Columns of `table`. `explanation_id` is null where nothing is explained.
TABLE_SCHEMA: dict[str, Any] = {
    "id": pl.Int64,
    "ordinal": pl.Int64,
    "severity": pl.String,
    "code": pl.String,
    "sheet": pl.String,
    "row": pl.Int32,
    "column": pl.String,
    "cell": pl.String,
    "value": pl.String,
    "key": pl.String,
    "explanation_id": pl.Int64,
}


class Group(NamedTuple):
    """Findings of one code at one column; `open` counts the warnings that still need an explanation."""

    code: str
    severity: str
    column: str | None
    count: int  # type: ignore[assignment]  # the field hides tuple.count
    open: int
    first: int  # ordinal of the first one


def store(submission: Submission, findings: pl.DataFrame) -> None:
    """Replace the stored findings by a frame (FINDING_SCHEMA, reading order). Needs a transaction."""
    Finding.objects.filter(submission=submission)._raw_delete("default")
    copy_frame(Finding, _rows(submission, findings))


def replace(
    submission: Submission, gone: FindingQuerySet, findings: pl.DataFrame, restored: list[dict[str, Any]]
) -> None:
    """Replace `gone` by `findings` and `restored` (rows of FINDING_SCHEMA), each behind what stands
    at or above its row, so that reading order stays. Needs a transaction."""
    gone._raw_delete("default")
    new = pl.concat([findings, pl.DataFrame(restored, schema=FINDING_SCHEMA)])
    copy_frame(Finding, _rows(submission, new).with_columns(ordinal=_ordinals(submission, new)))


def _ordinals(submission: Submission, findings: pl.DataFrame) -> pl.Series:
    """Return, per finding, the ordinal of the last stored one at or above its row; 0 when there is none."""
    places = set(findings.select("sheet", "row").iter_rows())
    if len(places) <= FEW_PLACES:
        last_at = {place: _last_ordinal(submission, *place) for place in places}
        return pl.Series(
            [last_at[place] for place in findings.select("sheet", "row").iter_rows()], dtype=pl.Int64
        )
    last = Finding.objects.filter(submission=submission, row__lte=findings["row"].max() or 0)
    rows = last.order_by().values_list("sheet", "row").annotate(ordinal=Max("ordinal"))
    schema = {"sheet": pl.String, "row": pl.Int32, "ordinal": pl.Int64}
    stored = pl.DataFrame(list(rows), schema=schema, orient="row").sort("row")
    wanted = findings.select("sheet", pl.col("row").fill_null(0)).with_row_index("at").sort("row")
    placed = wanted.join_asof(stored, on="row", by="sheet", strategy="backward", check_sortedness=False)
    return placed.sort("at")["ordinal"].fill_null(0)


def _last_ordinal(submission: Submission, sheet: str | None, row: int | None) -> int:
    above = Finding.objects.filter(submission=submission, sheet=sheet, row__lte=row or 0)
    return above.aggregate(last=Max("ordinal"))["last"] or 0


def table(submission: Submission, user: User | None) -> pl.DataFrame:
    """Return the findings that `user` may read, None for any unit's staff, in reading order, as TABLE_SCHEMA; cached
    until they change."""
    kind = "all findings" if user is not None and user.is_national else "findings"
    name = (kind, submission.pk, *stamp(submission))
    return recent_frames.get(name, partial(_read_table, submission, user))


def stamp(submission: Submission) -> tuple[object, ...]:
    """Return a stamp that changes with findings and explanations: each such act writes an event or is a comparison.

    Events are counted, for of two at once the one with the lower number may be the later to be committed.
    """
    return submission.events.count(), submission.compared_at


def _read_table(submission: Submission, user: User | None) -> pl.DataFrame:
    readable = Finding.objects.of_unit() if user is None else Finding.objects.visible_to(user)
    return _copied(readable.filter(submission=submission), TABLE_SCHEMA)


def _copied(findings: FindingQuerySet, schema: dict[str, Any]) -> pl.DataFrame:
    """Return findings in reading order as a frame of `schema`, whose columns are those of the table."""
    rows = findings.order_by("ordinal", "id").values_list(*schema)
    return read_frame(*rows.query.sql_with_params(), schema)


def as_rows(findings: FindingQuerySet) -> list[dict[str, Any]]:
    """Return stored findings as rows of FINDING_SCHEMA."""
    rows = findings.values(*FINDING_SCHEMA)
    return [{**row, "params": json.dumps(row["params"], ensure_ascii=False)} for row in rows]


def frame_of(submission: Submission) -> pl.DataFrame:
    """Return the unit's stored findings as a findings frame, in reading order."""
    return _copied(Finding.objects.of_unit().filter(submission=submission), FINDING_SCHEMA)


def counts(submission: Submission) -> dict[str, int]:
    """Return findings per severity, always E, W and I, and as `open` the warnings without an explanation."""
    rows = Finding.objects.of_unit().filter(submission=submission).order_by().values("severity")
    by_severity = {
        row["severity"]: row for row in rows.annotate(all=Count("id"), explained=Count("explanation"))
    }
    numbers = {letter: by_severity[letter]["all"] if letter in by_severity else 0 for letter in _RANK}
    explained = by_severity["W"]["explained"] if "W" in by_severity else 0
    return {**numbers, "open": numbers["W"] - explained}


def counts_by_code(submission: Submission) -> dict[str, int]:
    """Return the unit's findings per code."""
    rows = Finding.objects.of_unit().filter(submission=submission).order_by().values_list("code")
    return dict(rows.annotate(Count("id")))


def groups(submission: Submission, user: User) -> list[Group]:
    """Return exact counts per code and column of what `user` may read: errors first, then the most frequent."""
    rows = (
        Finding.objects.visible_to(user)
        .filter(submission=submission)
        .order_by()
        .values("code", "severity", "column")
        .annotate(count=Count("id"), explained=Count("explanation"), first=Min("ordinal"))
    )
    return sorted(map(_group, rows), key=lambda group: (_RANK[group.severity], -group.count, group.first))


def with_versions(submission: Submission, findings: pl.DataFrame) -> pl.DataFrame:
    """Add `rule_version`: that of the rule in force for the submission's period."""
    versions = FORMS[submission.collection].rule_versions(Period.parse(submission.period_id))
    version = pl.col("code").replace_strict(versions, default=1, return_dtype=pl.Int16)
    return findings.with_columns(rule_version=version)


def _rows(submission: Submission, findings: pl.DataFrame) -> pl.DataFrame:
    """Return the frame with the table's columns."""
    return with_versions(submission, findings).select(
        pl.lit(str(submission.pk)).alias("submission_id"),
        pl.int_range(1, pl.len() + 1).alias("ordinal"),
        pl.col("code").str.extract(r"\.([EWI])").alias("severity"),
        pl.col("code", "sheet", "row", "column", "cell", "value"),
        pl.col("params").fill_null("{}"),
        pl.col("key", "rule_version"),
    )


def _group(row: Any) -> Group:
    explained = row.pop("explained")
    to_explain = row["severity"] == Severity.WARNING and row["code"] not in national_codes()
    still_open = row["count"] - explained if to_explain else 0
    return Group(open=still_open, **row)
