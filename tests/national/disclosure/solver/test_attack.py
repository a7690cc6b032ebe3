"""The attack against 50 random table sets: it recovers nothing of what was protected, and all that was not."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from scipy.optimize import linprog

from national.disclosure.solver import (
    Built,
    Interval,
    Pattern,
    Tables,
    TablesBuilder,
    attack,
    build,
    protect,
    recovered,
)
from tests.national.disclosure.solver.random_tables import RULES, outcomes_of, remembered, rows, shape, state

#: every other set holds amounts instead of counts
SETS = [(seed, seed % 2 == 0) for seed in range(50)]
EVERY_SET = pytest.mark.parametrize(
    ("seed", "whole"), SETS, ids=[f"{seed}-{'counts' if whole else 'amounts'}" for seed, whole in SETS]
)


def random_built(seed: int, *, whole: bool) -> Built:
    random = np.random.default_rng(seed)
    return build([state(rows(random, int(random.integers(20, 200))), whole=whole)], shape(whole=whole), RULES)


def primary_only(tables: Tables) -> Pattern:
    """Just the sensitive cells, as somebody in a hurry would."""
    pattern = Pattern.nothing(tables)
    pattern.suppressed[tables.sensitive & ~tables.fixed] = True
    return pattern


@EVERY_SET
def test_no_withheld_cell_is_recovered_within_its_protection_interval(seed: int, whole: bool) -> None:
    built = random_built(seed, whole=whole)
    tables = built.tables
    protection = protect(tables)
    assert tables.sensitive.sum() > 20
    assert (protection.pattern.suppressed | tables.fixed | ~tables.sensitive).all()
    # with nothing but the pattern: what protecting has shown to itself does not count
    attack = recovered(tables, protection.pattern)
    assert set(attack.sensitive) <= set(protection.eased)
    assert not attack.others.size
    assert not protection.derivable.size
    assert len(protection.eased) <= 0.05 * tables.sensitive.sum()


@pytest.mark.parametrize(("seed", "whole"), [(3, True), (12, False), (25, True), (31, False)])
def test_another_attack_finds_the_same(seed: int, whole: bool) -> None:
    """Every sensitive cell by its own programme over all cells at once, without parts, probes and early ends."""
    tables = random_built(seed, whole=whole).tables
    protection = protect(tables)
    for pattern in (protection.pattern, primary_only(tables)):
        unknown = pattern.unknown(tables)
        known = tables.values
        floors = pattern.floors(tables)
        top = np.minimum(tables.ceilings, 10 * tables.values.max())
        bounds = np.column_stack([np.where(unknown, floors, known), np.where(unknown, top, known)])
        attack = set(recovered(tables, pattern).sensitive)
        for cell in np.flatnonzero(tables.sensitive & pattern.suppressed)[::7]:
            low, high = (extreme(tables, bounds, int(cell), sign) for sign in (1, -1))
            if tables.whole:
                low, high = np.ceil(low - 1e-6), np.floor(high + 1e-6)
            narrow = low > tables.need_low[cell] + 1e-3 or high < tables.need_high[cell] - 1e-3
            assert narrow == (cell in attack)


def extreme(tables: Tables, bounds: np.ndarray, cell: int, sign: int) -> float:
    objective = np.zeros(tables.size)
    objective[cell] = sign
    solved = linprog(
        objective,
        A_eq=tables.sums,
        b_eq=np.zeros(tables.sums.shape[0]),
        A_ub=tables.covers,
        b_ub=np.zeros(tables.covers.shape[0]),
        bounds=bounds,
    )
    assert solved.status == 0
    return float(solved.x[cell])


@pytest.mark.parametrize("seed", range(5))
def test_sensitive_cells_alone_are_too_weak(seed: int) -> None:
    tables = random_built(seed, whole=True).tables
    assert recovered(tables, primary_only(tables)).sensitive.size


@pytest.mark.parametrize("seed", [1, 7, 20])
def test_one_more_cell_in_each_list_is_too_weak(seed: int) -> None:
    """The classic mistake: rows look safe, and columns and other levels give them away."""
    built = random_built(seed, whole=False)
    tables, pattern = built.tables, primary_only(built.tables)
    for block in np.unique(tables.block[pattern.suppressed & (tables.block >= 0)]):
        rest = np.flatnonzero((tables.block == block) & ~pattern.suppressed & (tables.values > 0))
        pattern.suppressed[rest[:1]] = True
    assert recovered(tables, pattern).sensitive.size


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("whole", [True, False], ids=["counts", "amounts"])
def test_a_later_state_is_protected_together_with_what_was_published(seed: int, whole: bool) -> None:
    """A unit comes later: what the country had before and after must not tell its cells."""
    random = np.random.default_rng(1000 + seed)
    early = rows(random, 120, ["U1", "U2", "U4", "U5", "U6"])
    late = [*early, *rows(random, 30, ["U3"])]
    first = build([state(early, whole=whole, version=1)], shape(whole=whole), RULES)
    published = outcomes_of(first, protect(first.tables).pattern)
    states = [
        remembered(state(early, whole=whole, version=1), published),
        remembered(state(late, whole=whole, version=2), published),
    ]
    linked = build(states, shape(whole=whole), RULES)
    protection = protect(linked.tables, linked.start)
    assert set(recovered(linked.tables, protection.pattern).sensitive) <= set(protection.eased)
    assert not linked.tables.fixed[protection.pattern.suppressed].any()
    # the same state judged by itself shows the country's cells again, and with the former ones that is too much
    alone = build([state(late, whole=whole, version=2)], shape(whole=whole), RULES)
    weak = Pattern(linked.start.suppressed.copy(), linked.start.suppressed_hidden.copy())
    pattern = protect(alone.tables).pattern
    for key, number in alone.numbers.items():
        if (
            key in linked.numbers
            and pattern.suppressed[number]
            and not linked.tables.fixed[linked.numbers[key]]
        ):
            weak.suppressed[linked.numbers[key]] = True
    assert recovered(linked.tables, weak).sensitive.size


@pytest.mark.parametrize("whole", [True, False], ids=["counts", "amounts"])
def test_the_only_part_of_a_country_is_the_total_itself(whole: bool) -> None:
    """Of a list with one part nobody has to be told what it is: it is published and withheld with the total."""
    random = np.random.default_rng(7)
    holdings = [row._replace(kind="k1") for row in rows(random, 60)]
    built = build([state(holdings, whole=whole)], shape(whole=whole), RULES)
    protection = protect(built.tables)
    assert not protection.derivable.size
    totals = {key: number for key, number in built.numbers.items() if "total" in key}
    for key, number in totals.items():
        area, _total, _part, *rest = key
        assert built.numbers[area, "kind", "k1", *rest] == number
        assert not (whole and protection.pattern.suppressed[number])


def square(**kinds: Interval) -> tuple[Tables, dict[str, int]]:
    """A table of two rows and two columns with public margins: a b | c d."""
    builder = TablesBuilder(whole=False)
    cells = {name: builder.cell(10.0, need=kinds.get(name), block=0) for name in "abcd"}
    margins = {name: builder.cell(20.0, fixed=True) for name in ("ab", "cd", "ac", "bd")}
    for margin, number in margins.items():
        builder.sum(number, [cells[name] for name in margin])
    return builder.build(), cells


def test_a_square_needs_four() -> None:
    tables, cells = square(a=Interval(8, 12))
    protection = protect(tables)
    assert set(np.flatnonzero(protection.pattern.suppressed)) == set(cells.values())
    reach = attack(tables, protection.pattern)
    assert reach.low[cells["a"]] <= 8
    assert reach.high[cells["a"]] >= 12


def test_more_than_there_is_room_for_is_eased_and_told() -> None:
    tables, cells = square(a=Interval(0, 25))
    protection = protect(tables)
    assert set(protection.eased) == {cells["a"]}
    assert not protection.derivable.size


def test_what_is_public_already_is_told_as_derivable() -> None:
    builder = TablesBuilder(whole=True)
    total = builder.cell(7.0, fixed=True)
    parts = [builder.cell(5.0, fixed=True), builder.cell(2.0, need=Interval(1, 3))]
    builder.sum(total, parts)
    assert set(protect(builder.build()).derivable) == {parts[1]}


def test_parts_that_overlap_have_no_margin_to_subtract_from() -> None:
    builder = TablesBuilder(whole=True)
    total = builder.cell(10.0, fixed=True)
    parts = [builder.cell(9.0, ceiling=10), builder.cell(2.0, need=Interval(1, 3), ceiling=10)]
    builder.cover(total, parts)
    tables = builder.build()
    protection = protect(tables)
    assert set(np.flatnonzero(protection.pattern.suppressed)) == {parts[1]}
    assert attack(tables, protection.pattern).high[parts[1]] >= 3


def test_wrong_margins_are_refused_and_rounded_ones_are_not() -> None:
    def tables(total: float) -> Tables:
        builder = TablesBuilder(whole=False)
        margin = builder.cell(total, fixed=True)
        builder.sum(margin, [builder.cell(0.1), builder.cell(0.2)])
        return builder.build()

    assert tables(0.1 + 0.2).size == tables(0.3).size == 3
    with pytest.raises(ValueError, match="are not the sums of their parts"):
        tables(0.31)


def test_ranges_only_grow() -> None:
    tables = random_built(5, whole=True).tables
    weak = attack(tables, primary_only(tables))
    strong = attack(tables, protect(tables).pattern)
    for reach in (weak, strong):
        assert (reach.low <= tables.values).all()
        assert (reach.high >= tables.values).all()
    widths = [(reach.high - reach.low)[tables.sensitive].sum() for reach in (weak, strong)]
    assert all(narrow < wide for narrow, wide in pairwise(widths))
