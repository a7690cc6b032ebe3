"""Primary rules: which cells reveal too much about one enterprise, and how wide the interval of a guess has to stay."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from national.disclosure.solver.tables import Interval


@dataclass(frozen=True, slots=True)
class Rules:
    """Secret parameters: the fewest enterprises a cell rests on, and the p of the p % rule."""

    enterprises: int
    percent: float

    def __repr__(self) -> str:
        return "Rules(secret)"  # so that no log and no error report tells them


class Contributors(NamedTuple):
    """Who stands behind a cell, holdings of one enterprise taken together."""

    enterprises: int
    largest: float
    second: float


def need_of_count(value: float, behind: Contributors, rules: Rules) -> Interval | None:
    """The protection interval of a number of things; None when enough enterprises stand behind it.

    It reaches up to where the cell would have been safe, so that nobody can tell that it is not, and for
    large holdings p % to either side.
    """
    if value <= 0 or behind.enterprises >= rules.enterprises:
        return None
    share = rules.percent / 100
    return Interval(max(value * (1 - share), 1.0), max(value * (1 + share), float(rules.enterprises)))


def need_of_amount(value: float, behind: Contributors, rules: Rules) -> Interval | None:
    """The protection interval of a sum; None when the cell is safe.

    Unsafe is a cell of too few enterprises, and one from which the second largest can tell the largest within
    p %: what remains of the cell without both is less than p % of the largest.
    """
    if behind.enterprises == 0:
        return None
    share = rules.percent / 100
    lacking = share * behind.largest - (value - behind.largest - behind.second)
    if behind.enterprises < rules.enterprises:
        lacking = max(lacking, share * value, 1.0)
    return Interval(max(value - lacking, 0.0), value + lacking) if lacking > 0 else None
