"""Counting rules: which rows count, as data with a version that every figure names."""

from __future__ import annotations

from dataclasses import dataclass

from validation import Period


@dataclass(frozen=True, slots=True)
class CountingRule:
    """One version of the rule. It holds from `since` until a later version's `since`."""

    version: int
    since: Period
    #: industry sections of GB/T 4754 in which a network counts
    sections: tuple[str, ...]
    #: statuses with which a network counts
    counted: tuple[str, ...]
    #: statuses of a network in the pipeline
    pipeline: tuple[str, ...]
    #: statuses of a counted network that carries traffic, and the fewest terminals it then has
    operating: tuple[str, ...]
    operating_terminals: int
    #: statuses of an AI application in production, and of one in trial
    production: tuple[str, ...]
    trial: tuple[str, ...]
    #: security levels that are no grade
    ungraded: tuple[str, ...]
    text_zh: str
    text_en: str


#: All versions, oldest first. A published version never changes: a new one is added.
COUNTING_RULES: tuple[CountingRule, ...] = (
    CountingRule(
        version=1,
        since=Period(2019, 1),
        sections=("B", "C", "D"),
        counted=("built", "operating"),
        pipeline=("planned", "under_construction"),
        operating=("operating",),
        operating_terminals=1,
        production=("in_production",),
        trial=("trial",),
        ungraded=("ungraded",),
        text_zh="建设状态为“已建成”或“运行”，且所属行业在B、C、D三个门类内的专网计入。",
        text_en="A network counts when its status is built or operating and its industry is in sections B, C or D.",
    ),
)


def rule_for(period: Period) -> CountingRule:
    """The rule that holds for `period`; raises LookupError before the first one."""
    holding = [rule for rule in COUNTING_RULES if rule.since <= period]
    if not holding:
        raise LookupError(f"no counting rule holds for {period}")
    return holding[-1]


def version(number: int) -> CountingRule:
    """The rule of this version; raises LookupError when there is none."""
    for rule in COUNTING_RULES:
        if rule.version == number:
            return rule
    raise LookupError(f"no counting rule has version {number}")
