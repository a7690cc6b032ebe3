"""The grid: figures of a period looked up by area or part and by indicator, and the shares made of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from national.charts.chart import Mark, Told
from national.dissemination.queries import figures
from national.dissemination.visibility import Sight
from national.models import Figure
from submissions.labels import period_label

_TENTH = Decimal("0.1")
_HUNDREDTH = Decimal("0.01")

#: by area, or by part of a breakdown: indicator -> figure
Grid = Mapping[str, Mapping[str, Figure]]


class Choice(NamedTuple):
    """What a reader chose: the quarter, empty while there is none, the map's indicator, and whether to see what
    stands now (no sight) or what a release holds. `waits` says that parts of the quarter are not public yet."""

    period: str
    measure: str = "NET_COUNT"
    sight: Sight | None = None
    waits: bool = False

    @property
    def quarter(self) -> str:
        """The period in the reader's words."""
        return period_label(self.period)

    @property
    def moment(self) -> datetime | None:
        """The moment of the release, None for now."""
        return self.sight.release.moment if self.sight and self.sight.release else None


def by_area(choice: Choice, indicators: Iterable[str], area_type: str) -> Grid:
    """Totals of every area of a type."""
    found = figures(period=choice.period, sight=choice.sight)
    found = found.filter(area_type=area_type, indicator__in=list(indicators))
    return _grid((figure.area, figure) for figure in found)


def by_part(choice: Choice, indicators: Iterable[str], breakdown: str, area: str) -> Grid:
    """Parts of a breakdown for one area."""
    found = figures(period=choice.period, area=area, breakdown=breakdown, sight=choice.sight)
    return _grid((figure.breakdown_value, figure) for figure in found.filter(indicator__in=list(indicators)))


def by_area_and_part(
    choice: Choice, indicator: str, breakdown: str, area_type: str
) -> Mapping[tuple[str, str], Told]:
    """One indicator's parts for every area of a type: what is told by area and part."""
    found = figures(period=choice.period, indicator=indicator, breakdown=breakdown, sight=choice.sight)
    return {(one.area, one.breakdown_value): told_of(one) for one in found.filter(area_type=area_type)}


def told_of(figure: Figure | None) -> Told:
    """The value, or that it is withheld; None where there is no figure."""
    if figure is None:
        return None
    return Mark.WITHHELD if figure.suppressed else figure.value


def told(grid: Grid, place: str, indicator: str) -> Told:
    """What a table tells of an area or part; None where nothing was accepted or carried forward."""
    return told_of(grid.get(place, {}).get(indicator))


def number(told: Told) -> Decimal | None:
    """The number to reckon with; None where there is none or it is not told."""
    return None if isinstance(told, Mark) else told


def value(grid: Grid, place: str, indicator: str) -> Decimal | None:
    """The number of an area or part; None where there is none or it is not told."""
    return number(told(grid, place, indicator))


def share(part: Told, whole: Told) -> Told:
    """In percent to one decimal; withheld with either, None without either or of nothing."""
    if isinstance(part, Mark) or isinstance(whole, Mark):
        return Mark.WITHHELD
    return (100 * part / whole).quantize(_TENTH) if part is not None and whole else None


def per(part: Told, whole: Told) -> Told:
    """How many of the part there are for each of the whole, to two decimals; withheld with either."""
    if isinstance(part, Mark) or isinstance(whole, Mark):
        return Mark.WITHHELD
    return (part / whole).quantize(_HUNDREDTH) if part is not None and whole else None


def _grid(found: Iterable[tuple[str, Figure]]) -> Grid:
    grid: dict[str, dict[str, Figure]] = defaultdict(dict)
    for place, figure in found:
        grid[place][figure.indicator] = figure
    return grid
