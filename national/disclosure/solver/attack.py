"""The attack: the ranges of suppressed cells that follow from all that is public, by linear programming (HiGHS)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import scipy.sparse as sp
from scipy.sparse.csgraph import connected_components

from national.disclosure.solver.linear_programmes import Programme
from national.disclosure.solver.tables import Flags, Floats, Pattern, Tables, Whole

#: rounds in which one programme stretches many cells at once; what they leave is asked cell by cell
PROBES = 60
#: rounds that stretch cells of a few regions at a time before all of them together
NEIGHBOURLY = 3
#: rounds in a row that may bring nearly nothing
PATIENCE = 3
#: times the largest value
_BEYOND = 10.0


class AttackError(Exception):
    """Raised when the solver gives no answer, so that nothing is known about the pattern."""


@dataclass
class Reach:
    """For every cell the values that public knowledge was shown to allow: a range that only grows.

    It starts at the true values. A table that agrees with all that is public shows one more value of every
    cell, and goes on doing so when more is withheld.
    """

    low: Floats
    high: Floats

    @classmethod
    def of(cls, tables: Tables) -> Reach:
        """Nothing shown yet."""
        return cls(tables.values.copy(), tables.values.copy())

    def see(self, cells: Whole, values: Floats) -> None:
        """A table that an attacker cannot rule out."""
        self.low[cells] = np.minimum(self.low[cells], values)
        self.high[cells] = np.maximum(self.high[cells], values)

    def lacks_low(self, tables: Tables) -> Flags:
        """Cells whose range does not reach down as far as it has to; an insensitive one must be no point."""
        low, _ = self._possible(tables)
        return (low > tables.need_low + tables.tolerance) | self.point(tables)

    def lacks_high(self, tables: Tables) -> Flags:
        """Cells whose range does not reach up as far as it has to; an insensitive one must be no point."""
        _, high = self._possible(tables)
        return (high < tables.need_high - tables.tolerance) | self.point(tables)

    def point(self, tables: Tables) -> Flags:
        """Cells for which only one value is left."""
        low, high = self._possible(tables)
        return high - low < tables.least / 2

    def _possible(self, tables: Tables) -> tuple[Floats, Floats]:
        """The ranges; of things that are counted only the whole numbers inside are possible."""
        if not tables.whole:
            return self.low, self.high
        return np.ceil(self.low - tables.tolerance), np.floor(self.high + tables.tolerance)


class Recovered(NamedTuple):
    """Withheld cells that the attack recovers, by number: sensitive ones within their protection interval, others
    to the very value."""

    sensitive: Whole
    others: Whole


@dataclass(frozen=True)
class Part:
    """Unknown cells that margins tie to one another, with these margins as a linear programme."""

    cells: Whole
    a_eq: sp.csr_array
    b_eq: Floats
    a_ub: sp.csr_array
    b_ub: Floats
    bounds: Floats

    def solve(self, objective: Floats, bounds: Floats | None = None) -> Floats:
        """Return the table that minimises `objective` and agrees with all that is public, within narrower `bounds` if given."""
        lower, upper = (self.bounds if bounds is None else bounds).T
        optimum = self._programme.cheapest(objective, lower, upper)
        if optimum is None:
            raise AttackError(f"No table of {len(self.cells)} cells agrees with what is public.")
        return optimum

    @cached_property
    def _programme(self) -> Programme:
        rows = sp.vstack([self.a_eq, self.a_ub], format="csr")
        least = np.concatenate([self.b_eq, np.full(len(self.b_ub), -np.inf)])
        return Programme(rows, least, np.concatenate([self.b_eq, self.b_ub]))


def attack(
    tables: Tables, pattern: Pattern, reach: Reach | None = None, settled: Flags | None = None
) -> Reach:
    """What is possible for every cell given all that is public.

    Ranges are exact where they fall short of what they have to reach; elsewhere they are shown to reach it.
    `reach` is what was shown already, of this pattern or one that withholds less; it is widened. `settled` cells
    are not asked.
    """
    reach = reach or Reach.of(tables)
    candidates = pattern.suppressed & ~tables.fixed & ~tables.latent
    if settled is not None:
        candidates &= ~settled
    for number in range(NEIGHBOURLY):
        if not _lacks(tables, reach, candidates):
            return reach
        # with all else as it is: a part of what is possible, that is found much sooner
        for within in tables.neighbourhoods(np.random.default_rng(number)):
            for part in parts(tables, pattern, within):
                probe(tables, part, candidates, reach)
    for part in parts(tables, pattern):
        stretch(tables, part, candidates, reach)
    return reach


def _lacks(tables: Tables, reach: Reach, candidates: Flags) -> bool:
    return bool(((reach.lacks_low(tables) | reach.lacks_high(tables)) & candidates).any())


def recovered(tables: Tables, pattern: Pattern, reach: Reach | None = None) -> Recovered:
    """Return the suppressed cells that the attack recovers."""
    reach = reach or attack(tables, pattern)
    candidates = pattern.suppressed & ~tables.fixed & ~tables.latent
    lacking = (reach.lacks_low(tables) | reach.lacks_high(tables)) & candidates
    return Recovered(np.flatnonzero(lacking & tables.sensitive), np.flatnonzero(lacking & ~tables.sensitive))


def parts(tables: Tables, pattern: Pattern, within: Flags | None = None) -> Iterator[Part]:
    """The unknown cells, cut into parts that have nothing to do with one another; with `within` those of them,
    as if the others were known."""
    hidden = pattern.unknown(tables) if within is None else pattern.unknown(tables) & within
    unknown = np.flatnonzero(hidden)
    if not unknown.size:
        return
    known = np.where(hidden, 0.0, tables.values)
    floors = pattern.floors(tables)
    # where nothing is known to limit a cell, a guess beyond all there is would be no guess
    ceilings = np.minimum(tables.ceilings, _BEYOND * tables.values.max(initial=1.0))
    a_eq, b_eq = _rows(tables.sums, unknown, known)
    a_ub, b_ub = _rows(tables.covers, unknown, known)
    for columns in _tied(sp.vstack([a_eq, a_ub], format="csr")):
        cells = unknown[columns]
        eq, ub = a_eq[:, columns], a_ub[:, columns]
        tied_eq, tied_ub = np.diff(eq.indptr) > 0, np.diff(ub.indptr) > 0
        bounds = np.column_stack([floors[cells], ceilings[cells]])
        yield Part(cells, eq[tied_eq], b_eq[tied_eq], ub[tied_ub], b_ub[tied_ub], bounds)


def _tied(rows: sp.csr_array) -> list[Whole]:
    """Columns by connected part of the graph of rows and columns."""
    graph = sp.block_array([[None, rows.T], [rows, None]], format="csr")
    labels = connected_components(graph, directed=False)[1][: rows.shape[1]]
    order = np.argsort(labels, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(labels[order])) + 1)


def _rows(margins: sp.csr_array, unknown: Whole, known: Floats) -> tuple[sp.csr_array, Floats]:
    """Return the margins over the unknown cells alone, less the known ones."""
    rows, left = margins[:, unknown], -(margins @ known)
    tied = np.diff(rows.indptr) > 0
    return rows[tied], left[tied]


def probe(tables: Tables, part: Part, candidates: Flags, reach: Reach) -> None:
    """Widen the ranges of many of the part's cells at once, as long as that gets on."""
    idle, before = 0, np.inf
    for number in range(PROBES):
        low, high = _lacking(tables, part, candidates, reach)
        left = int(low.sum() + high.sum())
        idle = idle + 1 if left > 0.98 * before else 0
        if left == 0 or idle > PATIENCE:
            return
        before = left
        reach.see(part.cells, _probe(tables, part, low, high, np.random.default_rng(number)))


def _probe(tables: Tables, part: Part, low: Flags, high: Flags, random: np.random.Generator) -> Floats:
    """A possible table in which as many cells as can be are where they have to be able to be.

    Cells that lack something pull up or down, by chance where both, but no farther than they need.
    """
    cells, values = part.cells, tables.values[part.cells]
    floor, ceiling = wanted(tables, cells)
    up = high & ((random.random(len(cells)) < 0.5) | ~low)
    down = low & ~up
    bounds = part.bounds.copy()
    bounds[up, 1] = np.minimum(bounds[up, 1], ceiling[up])
    bounds[down, 0] = np.maximum(bounds[down, 0], floor[down])
    reward = 1 / np.maximum(np.where(up, ceiling - values, values - floor), tables.least)
    # unequal rewards: of cells that cannot all get there, some do
    reward *= random.uniform(0.5, 1.5, len(cells))
    return part.solve(np.where(up, -reward, np.where(down, reward, 0.0)), bounds)


def wanted(tables: Tables, cells: Whole) -> tuple[Floats, Floats]:
    """How far down and up the ranges of these cells have to reach; those of insensitive ones to the next value."""
    values = tables.values[cells]
    low = np.where(tables.sensitive[cells], tables.need_low[cells], np.maximum(values - tables.least, 0.0))
    high = np.where(tables.sensitive[cells], tables.need_high[cells], values + tables.least)
    return (np.floor(low) if tables.whole else low), (np.ceil(high) if tables.whole else high)


def stretch(tables: Tables, part: Part, candidates: Flags, reach: Reach) -> None:
    """Widen the ranges of the part's cells until they suffice or are exact."""
    probe(tables, part, candidates, reach)
    low, high = _lacking(tables, part, candidates, reach)
    for place in np.flatnonzero(low | high):
        one_by_one(tables, part, place, reach)


def one_by_one(tables: Tables, part: Part, place: int, reach: Reach) -> None:
    """Make the range of one cell exact where it still lacks something."""
    cell = part.cells[place]
    for sign, lacks in ((1.0, reach.lacks_low), (-1.0, reach.lacks_high)):
        if lacks(tables)[cell]:
            objective = np.zeros(len(part.cells))
            objective[place] = sign
            reach.see(part.cells, part.solve(objective))


def _lacking(tables: Tables, part: Part, candidates: Flags, reach: Reach) -> tuple[Flags, Flags]:
    cells = part.cells
    return (reach.lacks_low(tables) & candidates)[cells], (reach.lacks_high(tables) & candidates)[cells]
