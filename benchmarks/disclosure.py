"""`python -m benchmarks.disclosure`: disclosure control at the country's size, of indicators alone and of linked ones.

An invented country of the real shape: 37 units in 32 provinces, the 207 groups of industry, few large enterprises
and many small ones; no server is needed. Timed are building the tables, protecting them, and the attack on the finished pattern by
itself; by processor time, which does not depend on what else the machine does.
"""

from __future__ import annotations

import argparse
import os
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import TypeVar

import django
import numpy as np

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
django.setup()

from national.areas import areas  # noqa: E402 models want Django to be set up
from national.clearing_shape import LINKS, shape_of  # noqa: E402
from national.disclosure import Cell, Contributors, Measure, Rules, build_linked, protect, recovered  # noqa: E402
from national.indicators import INDICATORS  # noqa: E402
from validation import reporting_units  # noqa: E402
from validation.codelists.industries import divisions, groups  # noqa: E402

T = TypeVar("T")
#: of their own, and not those of any installation
RULES = Rules(enterprises=3, percent=10)
#: counts that another one bounds, and how much of it they are
_PARTS = {"NET_OPERATING": 0.8, "NET_WITH_AI": 0.3}
_KINDS, _SHARES = ("virtual", "hybrid", "independent"), (0.7, 0.25, 0.05)


def main() -> None:
    """Print sizes and times for a count, a sum, and a count with those that it bounds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=20_000, help="networks in the country")
    rows = parser.parse_args().rows
    for indicators in (("NET_COUNT",), ("NET_INVESTMENT",), ("NET_COUNT", *_PARTS)):
        _measure(indicators, rows)


def _measure(indicators: tuple[str, ...], rows: int) -> None:
    measures = {code: _measure_of(code, rows, "NET_COUNT" if code in _PARTS else "") for code in indicators}
    built, building = _timed(lambda: build_linked(measures, LINKS, RULES))
    found, protecting = _timed(lambda: protect(built.tables))
    left, attacking = _timed(lambda: recovered(built.tables, found.pattern))
    assert not len(left.sensitive)
    assert not len(left.others)
    print(
        f"{', '.join(indicators)}: {sum(len(one.states[0]) for one in measures.values())} figures, {int(built.tables.sensitive.sum())} sensitive cells, "
        f"{int(found.pattern.withheld.sum())} withheld; built in {building:.1f} s, protected in {protecting:.1f} s, "
        f"attacked in {attacking:.1f} s"
    )


def _measure_of(indicator: str, rows: int, bounded_by: str) -> Measure:
    shape = shape_of(INDICATORS[indicator])
    cells = _cells(rows, whole=shape.whole, kept=_PARTS.get(indicator, 1.0))
    return Measure(shape, [[cell._replace(key=(indicator, cell.key)) for cell in cells]], bounded_by)


def _timed(act: Callable[[], T]) -> tuple[T, float]:
    begun = time.process_time()
    done = act()
    return done, time.process_time() - begun


def _cells(rows: int, *, whole: bool, kept: float) -> list[Cell]:
    """Figures of the share of rows that is kept; the rows are the same for every share."""
    random, chance = np.random.default_rng(1), np.random.default_rng(2)
    held: dict[tuple[str, str, str], dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for unit, enterprise, group, kind in _rows(random, rows):
        if chance.random() >= kept:
            continue
        amount = 1.0 if whole else round(float(random.lognormal(4, 1.2)), 2)
        for area in (one for one in areas().values() if unit in one.units):
            for breakdown, part in _places(group, kind, area.area_type):
                held[area.code, breakdown, part][enterprise] += amount
    return [_cell(place, by_enterprise) for place, by_enterprise in held.items()]


def _rows(random: np.random.Generator, rows: int) -> Iterator[tuple[str, str, str, str]]:
    units, listed = list(reporting_units()), random.permutation(list(groups()))
    of_unit, of_group = _skewed(len(units), 0.7), _skewed(len(listed), 0.8)
    for _ in range(rows):
        unit = units[random.choice(len(units), p=of_unit)]
        enterprise = f"{unit}-{random.integers(0, rows // len(units) // 2 + 1)}"
        group, kind = str(random.choice(listed, p=of_group)), str(random.choice(_KINDS, p=_SHARES))
        yield unit, enterprise, group, kind


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
