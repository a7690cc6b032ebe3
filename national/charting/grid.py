"""The grid: figures of a period looked up by area or part and by indicator, and the shares made of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal

from national.models import Figure
from national.queries import figures

_TENTH = Decimal("0.1")
_HUNDREDTH = Decimal("0.01")

#: by area, or by part of a breakdown: indicator -> figure
Grid = Mapping[str, Mapping[str, Figure]]


def by_area(period: str, indicators: Iterable[str], area_type: str) -> Grid:
    """Totals of every area of a type."""
    found = figures(period=period).filter(area_type=area_type, indicator__in=list(indicators))
    return _grid((figure.area, figure) for figure in found)


def by_part(period: str, indicators: Iterable[str], breakdown: str, area: str) -> Grid:
    """Parts of a breakdown for one area."""
    found = figures(period=period, area=area, breakdown=breakdown).filter(indicator__in=list(indicators))
    return _grid((figure.breakdown_value, figure) for figure in found)


def by_area_and_part(
    period: str, indicator: str, breakdown: str, area_type: str
) -> Mapping[tuple[str, str], Decimal | None]:
    """One indicator's parts for every area of a type: value by area and part."""
    found = figures(period=period, indicator=indicator, breakdown=breakdown).filter(area_type=area_type)
    return {(figure.area, figure.breakdown_value): shown(figure) for figure in found}


def shown(figure: Figure | None) -> Decimal | None:
    """The value; None where there is none."""
    return None if figure is None else figure.value


def value(grid: Grid, place: str, indicator: str) -> Decimal | None:
    """The value for an area or part; None where nothing was accepted or carried forward."""
    return shown(grid.get(place, {}).get(indicator))


def share(part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    """In percent to one decimal; None without either or of nothing."""
    if part is None or not whole:
        return None
    return (100 * part / whole).quantize(_TENTH)


def per(part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    """How many of the part there are for each of the whole, to two decimals."""
    if part is None or not whole:
        return None
    return (part / whole).quantize(_HUNDREDTH)


def _grid(found: Iterable[tuple[str, Figure]]) -> Grid:
    grid: dict[str, dict[str, Figure]] = defaultdict(dict)
    for place, figure in found:
        grid[place][figure.indicator] = figure
    return grid
