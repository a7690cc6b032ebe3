"""`python -m benchmarks.disclosure`: disclosure control at the country's size, of indicators alone and of linked ones.

An invented country of the real shape: 37 units in 32 provinces, the 207 groups of industry, few large enterprises
and many small ones; no server is needed. Timed are building the tables, protecting them, and the attack on the finished pattern by
itself; by processor time, which does not depend on what else the machine does. The linked ones are judged once more in a
next quarter, into which every third unit is carried with what was decided of it.
"""

from __future__ import annotations

import argparse
import os
import time
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Mapping
from typing import NamedTuple, TypeVar

import django
import numpy as np

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
django.setup()

from national.definitions.areas import areas  # noqa: E402 models want Django to be set up
from national.definitions.indicators import INDICATORS  # noqa: E402
from national.disclosure.solver import (  # noqa: E402
    Built,
    Cell,
    Contributors,
    Interval,
    Measure,
    Outcome,
    Protection,
    Rules,
    attack,
    build_linked,
    protect,
    recovered,
)
from national.disclosure.structure import LINKS, shape_of  # noqa: E402
from validation import reporting_units  # noqa: E402
from validation.codelists.industries import divisions, groups  # noqa: E402

T = TypeVar("T")
#: of their own, and not those of any installation
RULES = Rules(enterprises=3, percent=10)
#: counts that another one bounds, and how much of it they are
_PARTS = {"NET_OPERATING": 0.8, "NET_WITH_AI": 0.3}
_KINDS, _SHARES = ("virtual", "hybrid", "independent"), (0.7, 0.25, 0.05)


class _Row(NamedTuple):
    unit: str
    enterprise: str
    group: str
    kind: str
    amount: float
    #: by chance from 0 to 1: those below a measure's share are in it
    chance: float


def main() -> None:
    """Print sizes and times for a count, a sum, and a count with those that it bounds in two quarters."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=20_000, help="networks in the country")
    rows = parser.parse_args().rows
    for indicators in (("NET_COUNT",), ("NET_INVESTMENT",)):
        _measure(indicators, rows)
    outcomes = _measure(("NET_COUNT", *_PARTS), rows)
    _measure(("NET_COUNT", *_PARTS), rows, outcomes)


def _measure(
    indicators: tuple[str, ...], rows: int, carried: Mapping[Hashable, Outcome] | None = None
) -> dict[Hashable, Outcome]:
    """Protect a quarter, the next one where something is carried into it; gives what was decided of its cells."""
    measures = {
        code: _measure_of(code, rows, "NET_COUNT" if code in _PARTS else "", carried) for code in indicators
    }
    built, building = _timed(lambda: build_linked(measures, LINKS, RULES))
    protection, protecting = _timed(lambda: protect(built.tables, built.start))
    # what was withheld before and what cannot be had is not asked
    settled = built.start.suppressed | np.isin(np.arange(built.tables.size), protection.eased)
    reach, attacking = _timed(lambda: attack(built.tables, protection.pattern, settled=settled))
    assert all(settled[cells].all() for cells in recovered(built.tables, protection.pattern, reach))
    print(
        f"{', '.join(indicators)}{', a third carried' if carried else ''}: {sum(len(measure.states[0]) for measure in measures.values())} figures, "
        f"{int(built.tables.sensitive.sum())} sensitive cells, {int(protection.pattern.suppressed.sum())} withheld, "
        f"{len(protection.eased)} eased; built in {building:.1f} s, protected in {protecting:.1f} s, attacked in {attacking:.1f} s"
    )
    return {key: _outcome(built, protection, key) for key in built.numbers}


def _outcome(built: Built, protection: Protection, key: Hashable) -> Outcome:
    number, tables = built.numbers[key], built.tables
    withheld = bool(protection.pattern.suppressed[number])
    need = Interval(float(tables.need_low[number]), float(tables.need_high[number]))
    return Outcome(
        not withheld,
        withheld,
        built.suppressed_hidden(protection.pattern, key),
        need if tables.sensitive[number] else None,
    )


def _measure_of(
    indicator: str, rows: int, bounded_by: str, carried: Mapping[Hashable, Outcome] | None
) -> Measure:
    shape = shape_of(INDICATORS[indicator])
    cells = _cells(rows, whole=shape.whole, kept=_PARTS.get(indicator, 1.0), later=carried is not None)
    keyed = [cell._replace(key=(indicator, cell.key)) for cell in cells]
    if carried is not None:
        kept = _carried_units()
        keyed = [
            cell._replace(outcome=carried.get(cell.key)) if cell.area in kept else cell for cell in keyed
        ]
    return Measure(shape, [keyed], bounded_by)


def _carried_units() -> set[str]:
    return set(list(reporting_units())[::3])


def _timed(act: Callable[[], T]) -> tuple[T, float]:
    begun = time.process_time()
    done = act()
    return done, time.process_time() - begun


def _cells(rows: int, *, whole: bool, kept: float, later: bool) -> list[Cell]:
    """Figures of the share of rows that is kept; the rows are the same for every share.

    In the later quarter those of carried units are what they were.
    """
    held: dict[tuple[str, str, str], dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for unit, enterprise, group, kind, amount, chance in _quarter(rows, later):
        if chance >= kept:
            continue
        amount = 1.0 if whole else round(amount, 2)
        for area in (place for place in areas().values() if unit in place.units):
            for breakdown, part in _places(group, kind, area.area_type):
                held[area.code, breakdown, part][enterprise] += amount
    return [_cell(place, by_enterprise) for place, by_enterprise in held.items()]


def _quarter(rows: int, later: bool) -> list[_Row]:
    first = list(_rows(np.random.default_rng(1), rows))
    if not later:
        return first
    carried, next_ones = _carried_units(), _rows(np.random.default_rng(2), rows)
    return [row for row in first if row.unit in carried] + [
        row for row in next_ones if row.unit not in carried
    ]


def _rows(random: np.random.Generator, rows: int) -> Iterator[_Row]:
    units, listed = list(reporting_units()), random.permutation(list(groups()))
    of_unit, of_group = _skewed(len(units), 0.7), _skewed(len(listed), 0.8)
    for _ in range(rows):
        unit = units[random.choice(len(units), p=of_unit)]
        enterprise = f"{unit}-{random.integers(0, rows // len(units) // 2 + 1)}"
        group, kind = str(random.choice(listed, p=of_group)), str(random.choice(_KINDS, p=_SHARES))
        yield _Row(unit, enterprise, group, kind, float(random.lognormal(4, 1.2)), random.random())


def _skewed(count: int, power: float) -> np.ndarray:
    weights = 1 / np.arange(1, count + 1) ** power
    return weights / weights.sum()


def _places(group: str, kind: str, level: str) -> Iterator[tuple[str, str]]:
    yield "total", ""
    yield "industry_section", divisions()[group[:2]]
    yield "industry_division", group[:2]
    yield "network_type", kind
    if level == "national":
        yield "industry_group", group


def _cell(place: tuple[str, str, str], by_enterprise: dict[str, float]) -> Cell:
    largest = sorted(by_enterprise.values(), reverse=True)
    second = largest[1] if len(largest) > 1 else 0.0
    return Cell(place, *place, sum(largest), Contributors(len(largest), largest[0], second))


if __name__ == "__main__":
    main()
