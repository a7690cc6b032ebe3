"""Shared by the commands over stored submissions: options that choose some, and how one is reported."""

from __future__ import annotations

import argparse
from typing import Any

from submissions.checks.recheck import stored
from submissions.models import Submission
from submissions.models.submission import SubmissionQuerySet
from validation import FORMS, reporting_units


def add_choice(parser: argparse.ArgumentParser) -> None:
    """Add the options that choose submissions, and --json."""
    parser.add_argument("--collection", choices=list(FORMS))
    parser.add_argument("--period", help="2026Q3")
    parser.add_argument("--unit", choices=list(reporting_units()), metavar="UNIT")
    parser.add_argument("--all", action="store_true", help="every checked version, not the newest alone")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def chosen(options: dict[str, Any]) -> SubmissionQuerySet:
    """Return the submissions that the options choose."""
    narrowed = {name: options[name] for name in ("collection", "period", "unit")}
    return stored(every=options["all"], **narrowed)


def identified(submission: Submission) -> dict[str, Any]:
    """Return what identifies one submission, for programs."""
    return {
        "submission": str(submission.pk),
        "unit": submission.unit_id,
        "collection": submission.collection,
        "period": submission.period_id,
        "version": submission.version,
        "state": submission.state,
    }
