"""Unlisted cells: where a list is published for the country alone, only margins say something about cells below it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from national.disclosure.solver.table_builder import Cell
from national.disclosure.solver.tables import Interval

COUNTRY = "CN"


def needs_of_wholes(
    listed: Iterable[Cell],
    unlisted: Iterable[tuple[Cell, Interval]],
    parent: Callable[[str, str], str | None],
) -> dict[tuple[str, str, str], Interval]:
    """Intervals for published wholes that would else give away a sensitive part that is not published.

    Of a table of areas by parts within one whole nothing but the margins is known: the area's whole, the
    country's part and the country's whole. The possible values of a cell are then exactly those from
    max(0, whole + part - all) to min(whole, part) (Frechet's bounds). Where they do not cover the need of a cell,
    as far as the country's own figures leave room for it, its whole has to be withheld with as wide an interval.
    """
    values: dict[tuple[str, str, str], float] = {}
    for cell in listed:
        values[cell.area, cell.breakdown, cell.part] = cell.value
    coarser = {"industry_group": "industry_division"}
    needs: dict[tuple[str, str, str], Interval] = {}
    for cell, need in unlisted:
        within = parent(cell.breakdown, cell.part)
        place = (cell.area, coarser[cell.breakdown], within or "")
        whole, all_of_it = values.get(place), values.get((COUNTRY, *place[1:]))
        part = values.get((COUNTRY, cell.breakdown, cell.part))
        if whole is None or all_of_it is None or part is None:
            continue
        low, high = max(0.0, whole + part - all_of_it), min(whole, part)
        if low > need.low or high < min(need.high, part):
            below, above = cell.value - need.low, need.high - cell.value
            wider = Interval(max(whole - below, 0.0), whole + above)
            former = needs.get(place, wider)
            needs[place] = Interval(min(former.low, wider.low), max(former.high, wider.high))
    return needs
