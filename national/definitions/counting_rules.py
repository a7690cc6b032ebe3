"""Counting rules: which rows count, as data with a version that every figure names."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from validation import Period
from validation.codelists import options
from validation.codelists.industries import divisions

#: All versions, oldest first. A version that was in force never changes: a new one is added.
FILE = Path(__file__).with_name("counting_rules.json")


class BadRuleError(Exception):
    """Raised when something is no counting rule; the message says what is wrong with it."""


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


#: the code list that the values of a field are of
_CODES = {
    "counted": "network_status",
    "pipeline": "network_status",
    "operating": "network_status",
    "production": "ai_status",
    "trial": "ai_status",
    "ungraded": "security_level",
}


def read_rule(data: Any) -> CountingRule:
    """One rule from an object of JSON; raises BadRuleError."""
    names = [field.name for field in fields(CountingRule)]
    if not isinstance(data, dict) or sorted(data) != sorted(names):
        raise BadRuleError(f"A counting rule is an object with the keys {', '.join(names)}.")
    wrong = list(_wrong(data))
    if wrong:
        raise BadRuleError(" ".join(wrong))
    lists = {name: tuple(value) for name, value in data.items() if isinstance(value, list)}
    return CountingRule(**(data | lists | {"since": Period.parse(data["since"])}))


def _wrong(data: Mapping[str, Any]) -> Iterator[str]:
    for name in ("version", "operating_terminals"):
        if type(data[name]) is not int or data[name] < 0:
            yield f"“{name}” is a whole number."
    for name in ("since", "text_zh", "text_en"):
        if not isinstance(data[name], str) or not data[name]:
            yield f"“{name}” is a text."
    for name in ("sections", *_CODES):
        yield from _wrong_codes(name, data[name])
    try:
        Period.parse(str(data["since"]))
    except ValueError:
        yield "“since” is a quarter such as 2026Q3."


def _wrong_codes(name: str, value: Any) -> Iterator[str]:
    allowed = (
        {option.code for option in options(_CODES[name])} if name in _CODES else set(divisions().values())
    )
    if not isinstance(value, list) or not set(map(str, value)) <= allowed:
        yield f"“{name}” is a list of {', '.join(sorted(allowed))}."


def read_rules(path: Path) -> tuple[CountingRule, ...]:
    """All versions of a file; raises BadRuleError unless they are numbered from 1 and in time order."""
    rules = tuple(read_rule(data) for data in json.loads(path.read_text()))
    in_order = sorted(rules, key=lambda rule: (rule.since, rule.version))
    if [rule.version for rule in in_order] != list(range(1, len(rules) + 1)):
        raise BadRuleError("Versions are numbered from 1 on, and none holds before an earlier one.")
    return tuple(in_order)


COUNTING_RULES = read_rules(FILE)


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
