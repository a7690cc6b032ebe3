"""Presenting stored findings, groups and reports in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import validation
from submissions.findings import store
from submissions.findings.filtering import FindingGroup
from submissions.findings.store import Group
from submissions.labels import language
from submissions.models import Finding, ReturnReason, Submission, User
from validation import FORMS


@dataclass(frozen=True)
class FindingShown:
    """A stored finding with its sentences; `returned` are the ministry's reasons at its place."""

    finding: Finding
    worded: validation.Finding
    message: str
    fix: str
    returned: list[ReturnReason] = field(default_factory=list)


@dataclass(frozen=True)
class GroupShown:
    """A group with its first finding as the example; `returned` are the ministry's reasons for its rule."""

    group: Group
    example: FindingShown
    returned: list[ReturnReason] = field(default_factory=list)


@dataclass(frozen=True)
class FindingGroupShown:
    """Findings of one rule at one column, with the first of them as the example."""

    like: FindingGroup
    example: FindingShown


@dataclass(frozen=True)
class Total:
    """Sum of one column that adds up."""

    key: str
    value: str


def present(findings: Iterable[Finding], reasons: Iterable[ReturnReason] = ()) -> list[FindingShown]:
    """Return findings with their texts and reasons, in the order given."""
    given = list(reasons)
    return [_present(finding, [reason for reason in given if _at(reason, finding)]) for finding in findings]


def groups(submission: Submission, user: User, reasons: Iterable[ReturnReason] = ()) -> list[GroupShown]:
    """Groups of what `user` may read, by rule and column with exact counts, errors first."""
    grouped = store.groups(submission, user)
    firsts = submission.findings.filter(ordinal__in=[group.first for group in grouped])
    # corrected cells and compared records may share the ordinal of what stands before them
    examples = {_group_of(example.finding): example for example in present(firsts)}
    given = list(reasons)
    return [
        GroupShown(
            group,
            examples[group.code, group.column, group.first],
            [r for r in given if _on_rule(r, group.code)],
        )
        for group in grouped
    ]


def likes(submission: Submission, like_groups: Sequence[FindingGroup]) -> list[FindingGroupShown]:
    """Return groups of equal findings with their examples, in the order given."""
    firsts = Finding.objects.filter(submission=submission).in_bulk([like.first for like in like_groups])
    return [
        FindingGroupShown(like, _present(firsts[like.first], []))
        for like in like_groups
        if like.first in firsts
    ]


def _group_of(finding: Finding) -> tuple[str, str | None, int]:
    return finding.code, finding.column, finding.ordinal


def totals(submission: Submission) -> list[Total]:
    """Totals in the form's order; none for a nil return or an unread file."""
    summed = submission.report.get("totals", {})
    columns = FORMS[submission.collection].columns
    return [Total(column.key, summed[column.key]) for column in columns if column.key in summed]


def _present(finding: Finding, returned: list[ReturnReason]) -> FindingShown:
    worded = finding.worded()
    return FindingShown(finding, worded, worded.message(language()), worded.fix(language()), returned)


def _on_rule(reason: ReturnReason, code: str) -> bool:
    """Return whether the reason concerns the rule as such."""
    return reason.code == code and reason.row is None


def _at(reason: ReturnReason, finding: Finding) -> bool:
    """Return whether the reason concerns the finding's rule, row or cell; a general one concerns no finding."""
    if not (reason.code or reason.row or reason.column):
        return False
    place = {"code": reason.code, "sheet": reason.sheet, "row": reason.row, "column": reason.column}
    return all(not value or getattr(finding, name) == value for name, value in place.items())
