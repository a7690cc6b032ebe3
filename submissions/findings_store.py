"""Findings in the database: stored with COPY, counted exactly, grouped by what they have in common."""

from __future__ import annotations

from typing import NamedTuple

import polars as pl
from django.db.models import Count, Min

from submissions.copying import copy_frame
from submissions.models import Finding, Submission

#: order in which severities are shown
_RANK = {"E": 0, "W": 1, "I": 2}


class Group(NamedTuple):
    """Findings of one code at one column; `open` counts the warnings that still want an explanation."""

    code: str
    severity: str
    column: str | None
    count: int
    open: int
    first: int  # ordinal of the first one


def store(submission: Submission, findings: pl.DataFrame) -> None:
    """Put a findings frame (FINDING_SCHEMA, reading order) in place of what is stored. Needs a transaction."""
    Finding.objects.filter(submission=submission)._raw_delete("default")
    copy_frame(Finding, _rows(submission, findings))


def groups(submission: Submission) -> list[Group]:
    """Exact counts per code and column: errors first, then the most frequent."""
    rows = (
        Finding.objects.filter(submission=submission)
        .order_by()
        .values("code", "severity", "column")
        .annotate(count=Count("id"), explained=Count("explanation"), first=Min("ordinal"))
    )
    return sorted(map(_group, rows), key=lambda group: (_RANK[group.severity], -group.count, group.first))


def _rows(submission: Submission, findings: pl.DataFrame) -> pl.DataFrame:
    """The frame as the table's columns."""
    return findings.select(
        pl.lit(str(submission.pk)).alias("submission_id"),
        pl.int_range(1, pl.len() + 1).alias("ordinal"),
        pl.col("code").str.extract(r"\.([EWI])").alias("severity"),
        pl.col("code", "sheet", "row", "column", "cell", "value"),
        pl.col("params").fill_null("{}"),
        pl.col("key"),
    )


def _group(row: dict[str, object]) -> Group:
    explained = row.pop("explained")
    still_open = row["count"] - explained if row["severity"] == "W" else 0
    return Group(open=still_open, **row)
