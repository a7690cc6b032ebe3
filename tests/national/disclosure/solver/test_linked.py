"""Linked measures: one indicator bounds another cell by cell, and what is withheld of one must not follow from the other."""

from __future__ import annotations

import numpy as np
import pytest

from national.disclosure.solver import (
    Built,
    Cell,
    Contributors,
    Link,
    Measure,
    Pattern,
    build,
    build_linked,
    protect,
    recovered,
)
from tests.national.disclosure.solver.random_tables import LINKS, RULES, linked, named, shape

SEEDS = range(25)


def random_linked(seed: int, *, whole: bool) -> tuple[dict[str, Measure], Built]:
    random = np.random.default_rng(2000 + seed)
    measures = linked(random, int(random.integers(40, 120)), whole=whole)
    return measures, build_linked(measures, LINKS, RULES)


def one_by_one(measures: dict[str, Measure], together: Built) -> Pattern:
    """Every measure protected as if there were no other."""
    pattern = Pattern.nothing(together.tables)
    for measure in measures.values():
        alone = build(measure.states, measure.shape, RULES)
        attack = protect(alone.tables).pattern
        for key, number in alone.numbers.items():
            if key not in together.numbers:
                continue
            linked_number = together.numbers[key]
            pattern.suppressed[linked_number] |= attack.suppressed[number]
            block, alike = alone.tables.block[number], together.tables.block[linked_number]
            if block >= 0 and alike >= 0:
                pattern.suppressed_hidden[alike] |= attack.suppressed_hidden[block]
    return pattern


@pytest.mark.parametrize(
    ("seed", "whole"), [*((seed, True) for seed in SEEDS), *((seed, False) for seed in SEEDS[:5])]
)
def test_no_withheld_cell_follows_from_a_linked_measure(seed: int, whole: bool) -> None:
    _measures, built = random_linked(seed, whole=whole)
    tables = built.tables
    protection = protect(tables)
    attack = recovered(tables, protection.pattern)
    assert tables.sensitive.sum() > 20
    assert set(attack.sensitive) <= set(protection.eased)
    assert not attack.others.size
    assert not protection.derivable.size
    assert len(protection.eased) <= 0.05 * tables.sensitive.sum()


@pytest.mark.parametrize("seed", [1, 5, 8])
def test_a_pattern_found_a_few_regions_at_a_time_holds_for_all_of_them(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As sets of a whole country are protected, which are too large to be taken at once."""
    _measures, built = random_linked(seed, whole=True)
    tables = built.tables
    with monkeypatch.context() as small:
        small.setattr("national.disclosure.solver.tables._NEIGHBOURS", tables.size // 3)
        sets = tables.neighbourhoods(np.random.default_rng(seed))
        assert len(sets) > 1
        assert np.logical_or.reduce(sets).all()
        assert all(cells[tables.region < 0].all() for cells in sets)
        protection = protect(tables)
    attack = recovered(tables, protection.pattern)
    assert set(attack.sensitive) <= set(protection.eased)
    assert not attack.others.size
    assert len(protection.eased) <= 0.05 * tables.sensitive.sum()


@pytest.mark.parametrize("seed", [0, 4, 16, 23])
def test_measures_protected_one_by_one_give_one_another_away(seed: int) -> None:
    """The weak suppression: each table is safe by itself."""
    measures, built = random_linked(seed, whole=True)
    assert recovered(built.tables, one_by_one(measures, built)).sensitive.size


def cells(measure: str, *values: int, enterprises: int) -> list[Cell]:
    """A unit with parts a and b, in a country with another one that makes all totals safe."""
    many, few = Contributors(50, 9, 9), Contributors(enterprises, values[0], 0)
    attack = [
        Cell((area, place), area, *place, value, many)
        for area, factor in (("U3", 1), ("P2", 1), ("U6", 40), ("P4", 40), ("CN", 41))
        for place, value in ((("total", ""), factor * sum(values)), (("kind", "a"), factor * values[0]))
    ]
    attack += [
        Cell((area, ("kind", "b")), area, "kind", "b", factor * values[1], many)
        for area, factor in (("U3", 1), ("P2", 1), ("U6", 40), ("P4", 40), ("CN", 41))
    ]
    own = [
        cells._replace(behind=few) if cells.area in ("U3", "P2") and cells.part == "a" else cells
        for cells in attack
    ]
    return named(measure, own)


def test_a_published_count_bounds_its_part() -> None:
    """40 of 41 networks operate, all of one enterprise: who reads 41 knows 40 to within the interval's 46."""
    whole, part = cells("all", 41, 60, enterprises=9), cells("some", 40, 30, enterprises=1)
    measures = {"all": Measure(shape(whole=True), [whole]), "some": Measure(shape(whole=True), [part], "all")}
    built = build_linked(measures, [Link("some", "all")], RULES)
    numbers = built.numbers
    sensitive = numbers["some", ("U3", ("kind", "a"))]
    alone = one_by_one(measures, built)
    assert alone.suppressed[sensitive]
    assert not alone.suppressed[numbers["all", ("U3", ("kind", "a"))]]
    assert sensitive in recovered(built.tables, alone).sensitive
    protection = protect(built.tables)
    assert protection.pattern.suppressed[numbers["all", ("U3", ("kind", "a"))]]
    assert not recovered(built.tables, protection.pattern).sensitive.size


def test_what_does_not_hold_is_not_known() -> None:
    """A part that is carried forward may be more than the newer whole."""
    whole, part = cells("all", 10, 60, enterprises=9), cells("some", 12, 30, enterprises=9)
    measures = {"all": Measure(shape(whole=True), [whole]), "some": Measure(shape(whole=True), [part])}
    linked_covers = build_linked(measures, [Link("some", "all")], RULES).tables.covers.shape[0]
    alone = build_linked(measures, (), RULES).tables.covers.shape[0]
    assert 0 < linked_covers - alone < len(part)
