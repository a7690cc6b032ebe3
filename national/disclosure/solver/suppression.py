"""Secondary suppression: cells withheld at the least loss of information until the attack recovers none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import scipy.sparse as sp

from national.disclosure.solver.attack import Reach, attack, recovered, wanted
from national.disclosure.solver.linear_programmes import Programme
from national.disclosure.solver.tables import Flags, Floats, Pattern, Tables, Whole

#: rounds of attack and repair; each withholds more, so that few are ever needed
ROUNDS = 12
#: price of a change of a cell that is withheld already: nearly nothing, but the shorter way is taken
_FREE = 1e-6
#: a list that hides everything about its cells is the last resort
_SILENCE = 1e4
#: what a step of a sensitive cell may cost, whether lists may fall silent for it, and how many sweeps that is
#: tried: at first not even a country's figure is given
_TIERS = ((50.0, False, 20), (3000.0, False, 10), (30 * _SILENCE, True, 40))


#: share of sensitive cells beyond which a list is thin
_THIN = 0.5
#: cells that lack something which are sooner covered one by one
_FEW = 20


class UnprotectedError(Exception):
    """The attack still recovers cells; the tables must not be published with this pattern."""


@dataclass(frozen=True)
class Protection:
    """The pattern that the attack did not break. `eased` are sensitive cells, by number, whose protection interval
    cannot be had whatever is withheld, because totals and earlier publications leave less room."""

    pattern: Pattern
    eased: Whole
    #: of those the ones that follow to the very value from what is public whatever is withheld
    derivable: Whole


class _Room(NamedTuple):
    """Cells by number and how far each may go up and down."""

    cells: Whole
    up: Floats
    down: Floats


class _Move(NamedTuple):
    """A change of cells that keeps every margin: another table which an attacker cannot rule out."""

    cells: Whole
    change: Floats

    def of(self, cell: int) -> float:
        """How far a cell goes, whichever way."""
        return abs(float(self.change[np.searchsorted(self.cells, cell)]))


def protect(tables: Tables, start: Pattern | None = None) -> Protection:
    """Withhold the sensitive cells and what else it takes; raises UnprotectedError when that fails.

    What `start` withholds was withheld from earlier publications and stays so.
    """
    work = _Work(tables, start or Pattern.nothing(tables))
    work.silence_thin_lists()
    reach = Reach.of(tables)
    work.cover_all(reach)
    # what was withheld before stays so, whether it still serves or not
    idle = work.start.suppressed & ~tables.sensitive
    for number in range(ROUNDS):
        settled = idle | work.eased
        attack(tables, work.pattern, reach, settled)
        sensitive, others = (cells[~settled[cells]] for cells in recovered(tables, work.pattern, reach))
        if not sensitive.size and not others.size:
            eased = np.flatnonzero(work.eased)
            return Protection(work.pattern, eased, eased[reach.point(tables)[eased]])
        work.cover(sensitive, reach)
        # what is recovered to the very value hides nothing: publishing it reveals no more
        if not sensitive.size and number < ROUNDS // 2:
            work.release(others)
        elif not sensitive.size:
            work.cover(others, reach)
    raise UnprotectedError(f"{sensitive.size} sensitive and {others.size} other cells are recovered")


class _Work:
    """A pattern in the making."""

    def __init__(self, tables: Tables, start: Pattern) -> None:
        self.tables = tables
        self.start = start
        self.eased: Flags = np.zeros(tables.size, dtype=bool)
        self.pattern = Pattern(
            start.suppressed | (tables.sensitive & ~tables.fixed), start.suppressed_hidden.copy()
        )

    def release(self, cells: Whole) -> None:
        """Publish these after all."""
        self.pattern.suppressed[cells] = False

    def silence_thin_lists(self) -> None:
        """Hide lists most of whose cells are sensitive: they would say little but where something is."""
        tables, blocks = self.tables, len(self.pattern.suppressed_hidden)
        listed = (tables.block >= 0) & (tables.values > 0)
        cells = np.bincount(tables.block[listed], minlength=blocks)
        sensitive = np.bincount(tables.block[listed & tables.sensitive], minlength=blocks)
        self.pattern.suppressed_hidden[sensitive > _THIN * cells] = True

    def cover_all(self, reach: Reach) -> None:
        """Cover the sensitive cells many at a time: those that go up make room for those that go down."""
        tables, sensitive = self.tables, self.tables.sensitive & ~self.tables.fixed
        number = 0
        for gain, silence, sweeps in _TIERS:
            before = np.inf
            for _sweep in range(sweeps):
                low, high = reach.lacks_low(tables) & sensitive, reach.lacks_high(tables) & sensitive
                left = int(low.sum() + high.sum())
                if left <= _FEW or left > 0.97 * before:
                    break
                before, number = left, number + 1
                random = np.random.default_rng(number)
                # what several measures say of one place goes one way, as one bounds the other
                up = high & (_by_place(tables, random) | ~low)
                # unequal gains: of cells that cannot all get there, some do, instead of all half the way
                gains = gain * random.uniform(0.5, 1.5, tables.size)
                for within in tables.neighbourhoods(random):
                    if not (within & (low | high)).any():
                        continue
                    self._make(self._together(within, up, low & ~up, gains, silence), reach)
        self.cover(np.flatnonzero((reach.lacks_low(tables) | reach.lacks_high(tables)) & sensitive), reach)

    def _together(self, within: Flags, up: Flags, down: Flags, gains: Floats, silence: bool) -> _Move | None:
        """The cheapest move in which these cells go up and down as far as they have to, if `gains` pay for it."""
        tables, room = self.tables, self._room(silence, within)
        cells = room.cells
        values, (floor, ceiling) = tables.values[cells], wanted(tables, cells)
        up, down, price, gains = up[cells], down[cells], self._price(cells), gains[cells]
        above = np.where(up, np.minimum(room.up, np.maximum(ceiling - values, tables.least)), room.up)
        below = np.where(down, np.minimum(room.down, np.maximum(values - floor, 0.0)), room.down)
        # the other way is not closed, but costs what the asked one pays: a cell goes it where others gain more
        return _move(
            tables,
            _Room(cells, above, below),
            np.where(up, -gains, price + np.where(down, gains, 0.0)),
            np.where(down, -gains, price + np.where(up, gains, 0.0)),
        )

    def cover(self, cells: Whole, reach: Reach) -> None:
        """Suppress what gives each of these cells its protection interval, the widest first."""
        order = np.argsort(-(np.nan_to_num(self.tables.need_high[cells]) - self.tables.values[cells]))
        for cell in cells[order]:
            for amount in list(self._lacking(cell, reach)):
                self._give(cell, amount, reach)

    def _lacking(self, cell: int, reach: Reach) -> Iterator[float]:
        """By how much the cell has to be able to change, up and down, as far as it cannot yet."""
        tables = self.tables
        if not tables.sensitive[cell]:
            yield tables.least
            return
        value = tables.values[cell]
        if reach.lacks_high(tables)[cell]:
            yield max(tables.need_high[cell] - value, tables.least)
        if reach.lacks_low(tables)[cell]:
            need = np.floor(tables.need_low[cell]) if tables.whole else tables.need_low[cell]
            yield -max(value - need, 0.0)

    def _give(self, cell: int, amount: float, reach: Reach) -> None:
        """Make the cell able to change by `amount`, or as nearly as can be."""
        if amount == 0:
            return
        near, everywhere = self.tables.neighbourhood(cell), np.ones(self.tables.size, dtype=bool)
        for silence in (False, True):
            if (move := self._cheapest(cell, amount, silence, near)) is not None:
                self._make(move, reach)
                return
        farthest = self._farthest(cell, amount)
        if farthest is not None and farthest.of(cell) > abs(amount) - self.tables.tolerance:
            self._make(self._cheapest(cell, amount, True, everywhere) or farthest, reach)
            return
        self.eased[cell] = self.tables.sensitive[cell]
        self._make(farthest, reach)
        if reach.point(self.tables)[cell]:
            # no farther this way: then at least there shall be doubt
            self._make(self._farthest(cell, -np.copysign(self.tables.least, amount)), reach)

    def _make(self, move: _Move | None, reach: Reach) -> None:
        if move is not None:
            self._withhold(move)
            reach.see(move.cells, self.tables.values[move.cells] + move.change)

    def _withhold(self, move: _Move) -> None:
        tables, moved = self.tables, np.abs(move.change) > self.tables.tolerance
        cells, after = move.cells[moved], (tables.values[move.cells] + move.change)[moved]
        nonzero = cells[(tables.values[cells] != 0) & ~tables.latent[cells]]
        self.pattern.suppressed[nonzero] = True
        betrayed = (tables.values[cells] == 0) | (tables.whole & (after < 1 - tables.tolerance))
        blocks = tables.block[cells[betrayed]]
        self.pattern.suppressed_hidden[blocks[blocks >= 0]] = True

    def _cheapest(self, cell: int, amount: float, silence: bool, within: Flags) -> _Move | None:
        """The move of `cell` by `amount` that costs least in cells newly withheld; None when there is none."""
        room = self._room(silence, within)
        place = int(np.searchsorted(room.cells, cell))
        toward, back = (room.up, room.down) if amount > 0 else (room.down, room.up)
        if toward[place] < abs(amount):
            return None
        toward[place], back[place] = abs(amount), 0.0
        price = self._price(room.cells)
        return _move(self.tables, room, price, price, exactly=(place, amount))

    def _farthest(self, cell: int, amount: float) -> _Move | None:
        """The longest move of `cell` in the direction of `amount` that there is at all."""
        room = self._room(silence=True, within=np.ones(self.tables.size, dtype=bool))
        place = int(np.searchsorted(room.cells, cell))
        toward, back = (room.up, room.down) if amount > 0 else (room.down, room.up)
        toward[place], back[place] = min(toward[place], abs(amount)), 0.0
        up, down = np.full((2, len(room.cells)), _FREE)
        (up if amount > 0 else down)[place] = -1.0
        return _move(self.tables, room, up, down)

    def _room(self, silence: bool, within: Flags) -> _Room:
        """The cells that may change, in order, and by how much up and down."""
        tables, unknown = self.tables, self.pattern.unknown(self.tables)
        may = unknown | (~tables.fixed & (tables.values != 0))
        if silence:
            may |= ~tables.fixed & (tables.block >= 0)
        cells = np.flatnonzero(may & within)
        floors = self.pattern.floors(tables)[cells]
        if silence:
            floors = np.minimum(floors, 0.0)
        values = tables.values[cells]
        return _Room(
            cells, np.maximum(tables.ceilings[cells] - values, 0.0), np.maximum(values - floors, 0.0)
        )

    def _price(self, cells: Whole) -> Floats:
        tables, unknown = self.tables, self.pattern.unknown(self.tables)[cells]
        price = np.where(tables.values[cells] == 0, _SILENCE, tables.cost[cells])
        return np.where(unknown, _FREE, price)


def _by_place(tables: Tables, random: np.random.Generator) -> Flags:
    """Flags by chance, one for all cells of a place."""
    return (random.random(int(tables.place.max(initial=0)) + 2) < 0.5)[tables.place]


def _move(
    tables: Tables,
    room: _Room,
    price_up: Floats,
    price_down: Floats,
    *,
    exactly: tuple[int, float] | None = None,
) -> _Move | None:
    """The move within `room` whose price is lowest, with one cell moved by an exact amount where that is given."""
    size = len(room.cells)
    sums, _ = _tying(tables.sums, room.cells, tables.values)
    covers, left = _tying(tables.covers, room.cells, tables.values)
    lower, upper = np.zeros(2 * size), np.concatenate([room.up, room.down])
    if exactly is not None:
        place, amount = exactly
        lower[place if amount > 0 else size + place] = abs(amount)
    ties, most = sp.vstack([sums, covers], format="csr"), np.concatenate([np.zeros(sums.shape[0]), left])
    least = np.concatenate([np.zeros(sums.shape[0]), np.full(covers.shape[0], -np.inf)])
    programme = Programme(sp.hstack([ties, -ties], format="csr"), least, most)
    optimum = programme.cheapest(np.concatenate([price_up, price_down]), lower, upper)
    return None if optimum is None else _Move(room.cells, optimum[:size] - optimum[size:])


def _tying(margins: sp.csr_array, cells: Whole, values: Floats) -> tuple[sp.csr_array, Floats]:
    """The margins that tie these cells, over them alone, and how much they leave for a change."""
    rows = margins[:, cells]
    tied = np.diff(rows.indptr) > 0
    return rows[tied], -(margins[tied] @ values)
