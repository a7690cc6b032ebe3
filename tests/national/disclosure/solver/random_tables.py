"""Random table sets: enterprises with holdings over areas and industries, published the way figures are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import numpy as np

from national.disclosure.solver import (
    Area,
    Built,
    Cell,
    Contributors,
    Interval,
    Link,
    Measure,
    Outcome,
    Pattern,
    Rules,
    Shape,
)

RULES = Rules(enterprises=3, percent=15)
AREAS = {
    "CN": Area("national", ("P1", "P2", "P3", "P4")),
    "P1": Area("province", ("U1", "U2")),
    "P2": Area("province", ("U3",)),
    "P3": Area("province", ("U4", "U5")),
    "P4": Area("province", ("U6",)),
    **{f"U{number}": Area("unit", ()) for number in range(1, 7)},
}
#: which areas a unit adds to
_ABOVE = {
    unit: [unit, province, "CN"]
    for province, area in AREAS.items()
    if area.level == "province"
    for unit in area.members
}
NOT_STATED, OUTSIDE = "not_stated", "outside"


class Row(NamedTuple):
    """One holding: a network or an application."""

    unit: str
    enterprise: str
    group: str | None
    division: str
    kind: str
    operators: tuple[str, ...]
    amount: float


def rows(random: np.random.Generator, count: int, units: Iterable[str] = tuple(_ABOVE)) -> list[Row]:
    """Skewed as industry is: few large enterprises, many small ones, many empty cells."""
    places = list(units)
    enterprises = [f"E{number}" for number in range(max(count // 2, 2))]
    weights = 1 / np.arange(1, len(enterprises) + 1)
    outcomes = []
    for _ in range(count):
        division = str(random.choice(["B1", "C1", "C2", "C3", "X1"], p=[0.1, 0.35, 0.25, 0.2, 0.1]))
        group = None if division == "X1" or random.random() < 0.1 else f"{division}{random.integers(1, 4)}"
        chosen = random.choice(["a", "b", "c"], size=random.integers(1, 3), replace=False)
        outcomes.append(
            Row(
                unit=str(random.choice(places)),
                enterprise=str(random.choice(enterprises, p=weights / weights.sum())),
                group=group,
                division=division,
                kind=str(random.choice(["k1", "k2", "k3"], p=[0.7, 0.25, 0.05])),
                operators=tuple(sorted(map(str, chosen))),
                amount=round(float(random.lognormal(4, 1.5)), 4),
            )
        )
    return outcomes


def shape(*, whole: bool) -> Shape:
    """Two linked tables and one whose parts overlap."""
    return Shape(
        areas=AREAS,
        finer={"section": "division", "division": "group"},
        parent=_parent,
        remainder=_remainder,
        overlapping=frozenset({"operator"}),
        whole=whole,
        headline=frozenset({"national", "province", "unit"} if whole else {"national"}),
    )


def _parent(finer: str, part: str) -> str | None:
    if part in (NOT_STATED, OUTSIDE):
        return None
    return part[0] if finer == "division" else part[:2]


def _remainder(finer: str, coarse: str) -> str:
    if finer == "division":
        return ""
    return OUTSIDE if coarse.startswith("X") else NOT_STATED


def state(holdings: Iterable[Row], *, whole: bool, version: Any = 0) -> list[Cell]:
    """All figures that these holdings add up to. Units' cells have the same key in every version that has them alike."""
    held: dict[tuple[str, str, str], dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for row in holdings:
        for area in _ABOVE[row.unit]:
            for breakdown, part in _places(row):
                held[area, breakdown, part][row.enterprise].append(1.0 if whole else row.amount)
    return [_cell(place, by_enterprise, version) for place, by_enterprise in held.items()]


def _places(row: Row) -> list[tuple[str, str]]:
    unsplit = OUTSIDE if row.division.startswith("X") else NOT_STATED
    return [
        ("total", ""),
        ("section", row.division[0]),
        ("division", row.division),
        ("group", row.group or unsplit),
        ("kind", row.kind),
        *(("operator", operator) for operator in row.operators),
    ]


def _cell(place: tuple[str, str, str], by_enterprise: dict[str, list[float]], version: Any) -> Cell:
    sums = sorted((sum(amounts) for amounts in by_enterprise.values()), reverse=True)
    value = sum(sums)
    own = (*place, round(value, 4)) if AREAS[place[0]].level == "unit" else (*place, version)
    behind = Contributors(len(sums), sums[0], sums[1] if len(sums) > 1 else 0.0)
    return Cell(own, *place, value, behind)


#: what is known of the measures of `linked`
LINKS = (Link("some", "all"), Link("again", "all", same=True))


def linked(random: np.random.Generator, count: int, *, whole: bool) -> dict[str, Measure]:
    """All holdings, about two in three of them, and now and then all of them counted once more."""
    every = rows(random, count)
    chosen = {
        "all": every,
        "some": [row for row in every if random.random() < 0.65],
        "again": every if random.random() < 0.2 else [],
    }
    return {
        name: Measure(shape(whole=whole), [named(name, state(held, whole=whole))], "all" if whole else "")
        for name, held in chosen.items()
        if held
    }


def named(measure: str, cells: list[Cell]) -> list[Cell]:
    """The cells of a measure, told from those of others by their keys; of breakdowns those that make a small set."""
    kept = ("total", "section", "division", "kind")
    return [cell._replace(key=(measure, cell.key)) for cell in cells if cell.breakdown in kept]


def remembered(cells: list[Cell], outcomes: Mapping[Any, Outcome]) -> list[Cell]:
    """The cells with what was decided of them before."""
    return [cell._replace(outcome=outcomes.get(cell.key)) for cell in cells]


def outcomes_of(built: Built, pattern: Pattern) -> dict[Any, Outcome]:
    """What a state remembers of its cells once it is published."""
    tables = built.tables
    outcomes: dict[Any, Outcome] = {}
    for key, number in built.numbers.items():
        withheld = bool(pattern.suppressed[number])
        need = (
            Interval(tables.need_low[number], tables.need_high[number]) if tables.sensitive[number] else None
        )
        silent = withheld and built.suppressed_hidden(pattern, key)
        outcomes[key] = Outcome(not withheld, withheld, silent, need if withheld else None)
    return outcomes
