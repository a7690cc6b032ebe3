"""Building: published lists of figures in, linked tables out, with every margin that readers know of."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import numpy as np

from national.disclosure.solver.primary_rules import Contributors, Rules, need_of_amount, need_of_count
from national.disclosure.solver.tables import Interval, Pattern, Tables, TablesBuilder

TOTAL = "total"
#: how much is lost with one cell: a country's figure is read by all, a part of one unit's by few
_COSTS = {"national": 200.0, "province": 4.0, "unit": 1.0}
_TOTAL_COST = 50.0


class Outcome(NamedTuple):
    """The earlier decision on a cell: `published` cells are known, of `suppressed` ones everyone saw that there is
    something, of `suppressed_hidden` ones not even that. `need` is the protection interval of a sensitive one."""

    published: bool
    suppressed: bool = False
    suppressed_hidden: bool = False
    need: Interval | None = None


class Cell(NamedTuple):
    """One figure of one state. Cells of the same `key` are the same number in every state they stand in; `outcome` is
    None for one that nothing was decided of yet, and `need` an interval that something else than its own contributors
    asks for. Everybody knows that it is no more than `most`."""

    key: Hashable
    area: str
    breakdown: str
    part: str
    value: float
    behind: Contributors
    outcome: Outcome | None = None
    need: Interval | None = None
    most: float = np.inf


State = Sequence[Cell]


class Area(NamedTuple):
    """An area and the areas it is the sum of, none for a reporting unit."""

    level: str
    members: tuple[str, ...]


@dataclass(frozen=True)
class Shape:
    """How cells add up. `areas` holds all of them, one of them the country.

    `finer` gives the breakdown that splits another one, `parent(finer, part)` the part it lies in, None for a
    remainder, and `remainder(finer, part of the coarser)` the remainder that takes what the coarser part has
    beyond its own parts. `overlapping` breakdowns have records in several parts. `whole` measures count things.
    Totals of the `headline` levels of areas are always public. Of measures that are not `exact`, distinct counts,
    parts may reach beyond what they are parts of. `country_only` breakdowns are published for no other area.
    """

    areas: Mapping[str, Area]
    finer: Mapping[str, str]
    parent: Callable[[str, str], str | None]
    remainder: Callable[[str, str], str]
    overlapping: frozenset[str]
    whole: bool
    headline: frozenset[str]
    exact: bool = True
    country_only: frozenset[str] = frozenset()

    @property
    def country(self) -> str:
        """The area that is the sum of all."""
        return next(code for code, area in self.areas.items() if area.level == "national")

    @cached_property
    def regions(self) -> dict[str, int]:
        """By area the number of the country's member that it is or lies in; the country is in none."""
        members = enumerate(self.areas[self.country].members)
        return {area: number for number, code in members for area in (code, *self.areas[code].members)}


@dataclass
class Built:
    """Tables, the pattern they start from, and the number of each cell by its key."""

    tables: Tables
    start: Pattern
    numbers: dict[Hashable, int]

    def suppressed_hidden(self, pattern: Pattern, key: Hashable) -> bool:
        """Report whether the list of this cell hides which of its cells are suppressed."""
        block = int(self.tables.block[self.numbers[key]])
        return block >= 0 and bool(pattern.suppressed_hidden[block])


class Link(NamedTuple):
    """In every area and part the measure `part` is never more than `whole`; where `same`, it is that number."""

    part: str
    whole: str
    same: bool = False


class Measure(NamedTuple):
    """The cells of one measure, state by state; states of the same place in the lists are of the same moment.

    `bounded_by` names the measure whose public totals no cell of an area can pass.
    """

    shape: Shape
    states: Sequence[State]
    bounded_by: str = ""


#: breakdown and part, the total being ("total", "")
Part = tuple[str, str]
#: by area the numbers of its cells
Places = dict[str, dict[Part, int]]
#: differences below this are noise of sums
_NOISE = 1e-6
_INSIDE_OUT = {"unit": 0, "province": 1, "national": 2}


def build(states: Iterable[State], shape: Shape, rules: Rules) -> Built:
    """The tables of all states together, linked where the same number stands in several."""
    return build_linked({"": Measure(shape, list(states))}, (), rules)


def build_linked(measures: Mapping[str, Measure], links: Iterable[Link], rules: Rules) -> Built:
    """The tables of several measures together, tied to one another by the links among them.

    They all count things, or none does; keys tell measures apart.
    """
    work = _Building(next(iter(measures.values())).shape, rules)
    places: dict[str, list[Places]] = {}
    present_links = [link for link in links if link.part in measures and link.whole in measures]
    for name, measure in measures.items():
        work.shape = measure.shape
        same = next((places[link.whole] for link in present_links if link.part == name and link.same), None)
        bounds = _bounds(measure, measures)
        places[name] = [
            work.add(state, _totals(bound), twins)
            for state, bound, twins in zip(measure.states, bounds, same or [{}] * len(bounds), strict=True)
        ]
    for link in present_links:
        for parts, wholes in zip(places[link.part], places[link.whole], strict=True):
            work.link(parts, wholes)
    return work.done()


def _bounds(measure: Measure, measures: Mapping[str, Measure]) -> Sequence[State]:
    """State by state the cells whose totals bound the measure's; none where no measure does."""
    bounding = measures.get(measure.bounded_by) if measure.bounded_by else None
    return bounding.states if bounding else [()] * len(measure.states)


def _totals(state: State) -> dict[str, float]:
    """The total of every area."""
    return {cell.area: cell.value for cell in state if cell.breakdown == TOTAL}


@dataclass
class _Building:
    shape: Shape
    rules: Rules
    builder: TablesBuilder = field(init=False)
    numbers: dict[Hashable, int] = field(default_factory=dict)
    blocks: dict[Hashable, int] = field(default_factory=dict)
    suppressed: set[int] = field(default_factory=set)
    suppressed_hidden: set[int] = field(default_factory=set)
    margins: set[tuple[int, tuple[int, ...]]] = field(default_factory=set)
    places: dict[Hashable, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.builder = TablesBuilder(whole=self.shape.whole)

    def done(self) -> Built:
        tables = self.builder.build()
        start = Pattern.nothing(tables)
        start.suppressed[list(self.suppressed)] = True
        start.suppressed_hidden[list(self.suppressed_hidden)] = True
        return Built(tables, start, self.numbers)

    def add(self, state: State, bounds: Mapping[str, float], twins: Places) -> Places:
        """Cells and margins of one state of a measure, none of them above the bound of its area.

        `twins` are the cells of another measure that has the same number in every place.
        """
        by_area: dict[str, list[Cell]] = defaultdict(list)
        for cell in state:
            by_area[cell.area].append(cell)
        places: Places = {}
        for area in sorted(by_area, key=lambda code: _INSIDE_OUT[self.shape.areas[code].level]):
            members = [member for member in self.shape.areas[area].members if member in by_area]
            # an area with one member that reports is that member
            twin = places[members[0]] if len(members) == 1 else twins.get(area, {})
            listed = by_area.get(self.shape.country, [])
            ceiling = min(self._ceiling(area, by_area[area], listed), bounds.get(area, np.inf))
            places[area] = self._area(area, by_area[area], twin, listed, ceiling)
            self._over_areas(places[area], [places[member] for member in members])
            self._over_parts(places[area])
        return places

    def link(self, parts: Places, wholes: Places) -> None:
        """Tell of cells of one measure that they are never more than the other's, where they are not."""
        for area in parts.keys() & wholes.keys():
            for place in parts[area].keys() & wholes[area].keys():
                self._tie(parts[area][place], wholes[area][place])

    def _tie(self, part: int, whole: int) -> None:
        margin = (part, (whole,))
        # one carried forward and one that is not may be otherwise: then nobody knows anything
        beyond = self.builder.value(part) - self.builder.value(whole) > _NOISE
        if part == whole or beyond or margin in self.margins:
            return
        self.margins.add(margin)
        self.builder.cover(part, [whole])

    def _area(
        self, area: str, cells: list[Cell], twin: Mapping[Part, int], listed: list[Cell], ceiling: float
    ) -> dict[Part, int]:
        """Cells of one area by breakdown and part, with the zeros that its lists do not show."""
        edition = frozenset(cell.key for cell in cells)
        only = _of_one_part(listed)
        numbers: dict[Part, int] = {}
        for cell in sorted(cells, key=lambda cell: cell.breakdown != TOTAL):
            number = self.numbers.get(cell.key, twin.get((cell.breakdown, cell.part)))
            if number is not None and abs(self.builder.value(number) - cell.value) > _NOISE:
                number = None
            if number is None and cell.breakdown in only:
                number = numbers[TOTAL, ""]
            if number is None:
                number = self._cell(cell, ceiling, edition)
            self._judge(number, cell)
            self.numbers[cell.key] = numbers[cell.breakdown, cell.part] = number
        listed_below = [cell for cell in listed if cell.breakdown not in self.shape.country_only]
        for place in {(cell.breakdown, cell.part) for cell in listed_below} - set(numbers):
            key = ("zero", area, place, edition)
            if key not in self.numbers:
                block = self._block(area, place[0], edition)
                zero = twin.get(place)
                if zero is None or self.builder.value(zero):
                    zero = self.builder.cell(0.0, block=block, ceiling=ceiling, **self._where(area, place))
                self.numbers[key] = zero
            numbers[place] = self.numbers[key]
        return numbers

    def _ceiling(self, area: str, cells: list[Cell], listed: list[Cell]) -> float:
        """The public total that no cell of the area can pass: its own or the country's."""
        own = self.shape.areas[area].level in self.shape.headline
        totals = [cell.value for cell in (cells if own else listed) if cell.breakdown == TOTAL]
        return totals[0] if totals and self.shape.headline else np.inf

    def _cell(self, cell: Cell, ceiling: float, edition: Hashable) -> int:
        level, is_total = self.shape.areas[cell.area].level, cell.breakdown == TOTAL
        guarded = level != "national" and not (is_total and level in self.shape.headline)
        ceiling = min(ceiling, cell.most)
        need = self._need(cell) if guarded and ceiling > 0 else None
        if need is not None:
            need = _within(need, cell.value, ceiling)
        block = -1 if is_total else self._block(cell.area, cell.breakdown, edition)
        where = self._where(cell.area, (cell.breakdown, cell.part))
        return self.builder.cell(cell.value, need=need, ceiling=ceiling, block=block, cost=0.0, **where)

    def _where(self, area: str, place: Part) -> dict[str, int]:
        """The numbers of the region and of the place."""
        return {
            "region": self.shape.regions.get(area, -1),
            "place": self.places.setdefault((area, place), len(self.places)),
        }

    def _need(self, cell: Cell) -> Interval | None:
        if cell.outcome is not None:
            return cell.outcome.need
        need_of = need_of_count if self.shape.whole else need_of_amount
        return need_of(cell.value, cell.behind, self.rules) or cell.need

    def _block(self, area: str, breakdown: str, edition: Hashable) -> int:
        key = (area, breakdown, edition)
        return self.blocks.setdefault(key, len(self.blocks))

    def _judge(self, number: int, cell: Cell) -> None:
        """Enter the earlier decision on the cell and the cost of suppressing it."""
        level, is_total = self.shape.areas[cell.area].level, cell.breakdown == TOTAL
        outcome = cell.outcome or Outcome(published=False)
        cost = _COSTS[level] * (_TOTAL_COST if is_total else 1.0)
        fixed = outcome.published or (is_total and level in self.shape.headline)
        self.builder.put(number, fixed=fixed, cost=cost)
        if outcome.suppressed:
            self.suppressed.add(number)
        if outcome.suppressed_hidden and self.builder.block(number) >= 0:
            self.suppressed_hidden.add(self.builder.block(number))

    def _margin(self, margin: int, parts: list[int], *, overlapping: bool = False) -> None:
        """Tell a margin once, whichever states it stands in; one that says a cell is itself says nothing."""
        key = (margin, tuple(sorted(parts)))
        if not parts or parts == [margin] or key in self.margins:
            return
        self.margins.add(key)
        if not self.shape.exact:
            # where they do add up, nobody has to know that they might not
            overlapping = sum(map(self.builder.value, parts)) != self.builder.value(margin)
        (self.builder.cover if overlapping else self.builder.sum)(margin, parts)

    def _over_areas(self, numbers: Mapping[Part, int], members: list[dict[Part, int]]) -> None:
        """Every cell of an area is the sum of its members' cells."""
        for place, number in numbers.items():
            self._margin(number, [member[place] for member in members if place in member])

    def _over_parts(self, numbers: Mapping[Part, int]) -> None:
        """Enter the margins of each breakdown: its parts add up to their whole."""
        lists: dict[str, dict[str, int]] = defaultdict(dict)
        for (breakdown, part), number in numbers.items():
            lists[breakdown][part] = number
        finer = self.shape.finer
        split = {finer[name] for name in lists if finer.get(name) in lists}
        total = lists.pop(TOTAL)[""]
        for name, parts in lists.items():
            if name not in split:
                self._margin(total, [*parts.values()], overlapping=name in self.shape.overlapping)
            if finer.get(name) in lists:
                self._over_finer(finer[name], parts, lists[finer[name]])

    def _over_finer(self, finer: str, wholes: Mapping[str, int], parts: Mapping[str, int]) -> None:
        """Parts of the finer breakdown add up to those of the coarser, with what is not split in a remainder."""
        children: dict[str, list[int]] = defaultdict(list)
        for part, number in parts.items():
            if (parent := self.shape.parent(finer, part)) is not None:
                children[parent].append(number)
        beyond: dict[int, list[int]] = defaultdict(list)
        for whole, number in wholes.items():
            remainder = parts.get(self.shape.remainder(finer, whole))
            if remainder is not None:
                held = sum(self.builder.value(child) for child in children[whole])
                # nobody publishes how the remainder lies over the wholes, but it is no secret that it does
                key = ("beyond", number, remainder, frozenset(children[whole]))
                if key not in self.numbers:
                    left = self.builder.value(number) - held
                    self.numbers[key] = self.builder.cell(
                        left, latent=True, region=self.builder.region(number)
                    )
                latent = self.numbers[key]
                children[whole].append(latent)
                beyond[remainder].append(latent)
            self._margin(number, children[whole])
        for remainder, latent_cells in beyond.items():
            self._margin(remainder, latent_cells)


def _of_one_part(listed: Iterable[Cell]) -> set[str]:
    """Breakdowns of which the whole country knows one part: for everybody that part is the total itself."""
    parts = Counter(cell.breakdown for cell in listed)
    return {breakdown for breakdown, count in parts.items() if count == 1 and breakdown != TOTAL}


def _within(need: Interval, value: float, ceiling: float) -> Interval:
    """Where a public total leaves no room above, the guess has to reach as far below."""
    if need.high <= ceiling:
        return need
    return Interval(max(min(need.low, 2 * value - need.high), 0.0), ceiling)
