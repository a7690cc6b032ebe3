"""Tables as disclosure control sees them: cells with protection intervals, and all that ties cells to one another."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Whole = npt.NDArray[np.int64]

#: cells of a neighbourhood, about: more withhold less, fewer are sooner done
_NEIGHBOURS = 4000


class Interval(NamedTuple):
    """The interval that an attacker must at least hold possible for a cell."""

    low: float
    high: float


@dataclass(frozen=True)
class Tables:
    """Linked tables of one measure or several, one entry per cell in every array.

    `sums` has one row per margin, 1 at the margin and -1 at each of its parts: `sums @ values` is 0. `covers` is
    alike for parts that overlap and so together reach at least the margin. `need_low` and `need_high` bound
    the protection interval of a sensitive cell and are NaN elsewhere. `fixed` cells are public whatever becomes
    of the others: headline totals and what was published before. `latent` cells are never published. `ceilings`
    are upper bounds that everyone knows. `block` numbers the lists that are published together: of a list that is
    not silent, everyone sees which of its cells are not zero. `whole` says that the measures count things.

    `region` numbers the members of the country that cells lie in, -1 for the country itself: cells of different
    regions are tied to one another by the country's alone. `place` numbers what cells speak of: those of several
    measures and states have the same.
    """

    values: Floats
    need_low: Floats
    need_high: Floats
    fixed: Flags
    latent: Flags
    cost: Floats
    ceilings: Floats
    block: Whole
    region: Whole
    place: Whole
    sums: sp.csr_array
    covers: sp.csr_array
    whole: bool

    @property
    def size(self) -> int:
        """Number of cells."""
        return len(self.values)

    def neighbourhoods(self, random: np.random.Generator) -> list[Flags]:
        """All cells, cut by chance into sets of a few regions each; the country's cells are in every one.

        What is possible in one with all else as it is, is possible; a few small programmes are solved much sooner
        than one of everything, and regions make room for one another in ever new sets.
        """
        regions = random.permutation(int(self.region.max(initial=-1)) + 1)
        number = min(-(-self.size // _NEIGHBOURS), len(regions))
        if number <= 1:
            return [np.ones(self.size, dtype=bool)]
        return [
            (self.region < 0) | np.isin(self.region, chosen) for chosen in np.array_split(regions, number)
        ]

    def neighbourhood(self, cell: int) -> Flags:
        """A neighbourhood that the cell is in."""
        return next(
            neighbourhood
            for neighbourhood in self.neighbourhoods(np.random.default_rng(cell))
            if neighbourhood[cell]
        )

    @property
    def sensitive(self) -> Flags:
        """Flags of the cells whose value reveals too much about one enterprise."""
        return ~np.isnan(self.need_low)

    @property
    def tolerance(self) -> float:
        """Differences below this are noise of the arithmetic, not knowledge."""
        return 1e-6 * max(1.0, float(np.abs(self.values).max(initial=0.0)) * 1e-3)

    @property
    def least(self) -> float:
        """The smallest difference that counts as one."""
        return 1.0 if self.whole else self.tolerance * 10


@dataclass(frozen=True)
class Pattern:
    """What is not published: `suppressed` cells, and `suppressed_hidden` blocks (by number), which hide even which cells they
    withhold, so that any cell missing from them may be zero or not."""

    suppressed: Flags
    suppressed_hidden: Flags

    @classmethod
    def nothing(cls, tables: Tables) -> Pattern:
        """Return the pattern that suppresses nothing."""
        blocks = int(tables.block.max(initial=-1)) + 1
        return cls(np.zeros(tables.size, dtype=bool), np.zeros(blocks, dtype=bool))

    def unknown(self, tables: Tables) -> Flags:
        """Flags of the cells whose value an attacker has to guess: latent and suppressed ones, and zeros of hidden blocks."""
        hidden = self._silent(tables)
        return tables.latent | (~tables.fixed & (self.suppressed | (hidden & (tables.values == 0))))

    def floors(self, tables: Tables) -> Floats:
        """Lower bounds everyone knows: a counted cell that is shown as withheld is at least one, and only measures
        that go below zero somewhere may do so."""
        loud = (tables.block >= 0) & ~self._silent(tables) & (tables.values > 0)
        lowest = min(10 * float(tables.values.min(initial=0.0)), 0.0)
        return np.where(loud & tables.whole, 1.0, lowest)

    def _silent(self, tables: Tables) -> Flags:
        return (tables.block >= 0) & np.append(self.suppressed_hidden, False)[tables.block]


@dataclass
class TablesBuilder:
    """Collects cells and margins one by one; `build` makes the arrays."""

    whole: bool
    _values: list[float] = field(default_factory=list)
    _needs: list[tuple[float, float]] = field(default_factory=list)
    _fixed: list[bool] = field(default_factory=list)
    _latent: list[bool] = field(default_factory=list)
    _cost: list[float] = field(default_factory=list)
    _ceilings: list[float] = field(default_factory=list)
    _block: list[int] = field(default_factory=list)
    _region: list[int] = field(default_factory=list)
    _place: list[int] = field(default_factory=list)
    _sums: list[tuple[int, list[int]]] = field(default_factory=list)
    _covers: list[tuple[int, list[int]]] = field(default_factory=list)

    def cell(
        self,
        value: float,
        *,
        need: Interval | None = None,
        fixed: bool = False,
        latent: bool = False,
        cost: float = 1.0,
        ceiling: float = np.inf,
        block: int = -1,
        region: int = -1,
        place: int = -1,
    ) -> int:
        """Add a cell and return its number."""
        self._values.append(value)
        self._needs.append(need or (np.nan, np.nan))
        self._fixed.append(fixed)
        self._latent.append(latent)
        self._cost.append(cost)
        self._ceilings.append(ceiling)
        self._block.append(block)
        self._region.append(region)
        self._place.append(place)
        return len(self._values) - 1

    def put(self, number: int, *, fixed: bool, cost: float) -> None:
        """A cell that is several figures at once is public when one of them is, and as costly as the dearest."""
        self._fixed[number] = self._fixed[number] or fixed
        self._cost[number] = max(self._cost[number], cost)

    def value(self, number: int) -> float:
        """The value of a cell."""
        return self._values[number]

    def block(self, number: int) -> int:
        """The block of a cell."""
        return self._block[number]

    def region(self, number: int) -> int:
        """The region of a cell."""
        return self._region[number]

    def sum(self, margin: int, parts: list[int]) -> None:
        """The parts add up to the margin."""
        self._sums.append((margin, parts))

    def cover(self, margin: int, parts: list[int]) -> None:
        """Each part is within the margin and together they reach it, but they overlap."""
        self._covers.append((margin, parts))

    def build(self) -> Tables:
        """The tables; raises ValueError when a margin is not the sum of its parts."""
        size = len(self._values)
        tables = Tables(
            values=np.array(self._values, dtype=float),
            need_low=np.array([low for low, _ in self._needs]),
            need_high=np.array([high for _, high in self._needs]),
            fixed=np.array(self._fixed, dtype=bool),
            latent=np.array(self._latent, dtype=bool),
            cost=np.array(self._cost, dtype=float),
            ceilings=np.array(self._ceilings, dtype=float),
            block=np.array(self._block, dtype=np.int64),
            region=np.array(self._region, dtype=np.int64),
            place=np.array(self._place, dtype=np.int64),
            sums=_margins(self._sums, size),
            covers=_margins(self._covers, size),
            whole=self.whole,
        )
        _refuse_wrong_margins(tables)
        return tables


def _margins(margins: list[tuple[int, list[int]]], size: int) -> sp.csr_array:
    rows = np.repeat(np.arange(len(margins)), [1 + len(parts) for _, parts in margins])
    columns = [number for margin, parts in margins for number in (margin, *parts)]
    signs = [sign for _, parts in margins for sign in (1.0, *(-1.0 for _ in parts))]
    return sp.csr_array((signs, (rows, columns)), shape=(len(margins), size))


def _refuse_wrong_margins(tables: Tables) -> None:
    wrong = np.flatnonzero(np.abs(tables.sums @ tables.values) > tables.tolerance)
    short = np.flatnonzero(tables.covers @ tables.values > tables.tolerance)
    if wrong.size or short.size:
        raise ValueError(
            f"margins {wrong.tolist()} are not the sums of their parts, {short.tolist()} not reached"
        )
