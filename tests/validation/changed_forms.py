"""A form of networks as a later edition might have it: a column added, one retyped, one renamed and one dropped."""

from __future__ import annotations

from dataclasses import replace

from validation import FORMS, Column, Form, Kind, Need
from validation.forms.network_rules import rules_of
from validation.rules import Rule

NETWORKS = FORMS["networks"]
ADDED = Column(
    "backup_power", "备用电源", "Backup power", Kind.TEXT, required=Need.YES, minimum=2, maximum=20
)
DROPPED = "latency_ms"
RENAMED, FORMER = "site_address", "address"
RETYPED = "terminals"


def changed_form() -> Form:
    """The form of networks with those four changes, and all rules that can be kept."""
    columns = (*(_changed(column) for column in NETWORKS.columns if column.key != DROPPED), ADDED)
    rules = tuple(rule for rule in rules_of(columns) if not _reads(rule, DROPPED))
    return replace(NETWORKS, columns=columns, rules=rules, template_version=2)


def _changed(column: Column) -> Column:
    if column.key == FORMER:
        return replace(column, key=RENAMED, label_zh="厂区地址", former_keys=(FORMER,))
    return replace(column, kind=Kind.DECIMAL) if column.key == RETYPED else column


def _reads(rule: Rule, key: str) -> bool:
    return key in rule.columns
