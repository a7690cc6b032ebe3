"""The grid: figures of a period looked up by area or part and by indicator, and the shares made of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from national.charts.chart import FigureValue, Mark
from national.dissemination.queries import figures
from national.dissemination.visibility import Vantage
from national.models import Figure
from submissions.labels import period_label

_TENTH = Decimal("0.1")
_HUNDREDTH = Decimal("0.01")

#: by area, or by part of a breakdown: indicator -> figure
Grid = Mapping[str, Mapping[str, Figure]]


class Choice(NamedTuple):
    """What a reader chose: the quarter, empty while there is none, the map's indicator, and whether to see what
    stands now (no vantage) or what a release holds. `waits` says that parts of the quarter are not public yet."""

    period: str
    measure: str = "NET_COUNT"
    vantage: Vantage | None = None
    waits: bool = False

    @property
    def quarter(self) -> str:
        """The period in the reader's words."""
        return period_label(self.period)

    @property
    def moment(self) -> datetime | None:
        """The moment of the release, None for now."""
        return self.vantage.release.moment if self.vantage and self.vantage.release else None


def by_area(choice: Choice, indicators: Iterable[str], area_type: str) -> Grid:
    """Totals of every area of a type."""
    rows = figures(period=choice.period, vantage=choice.vantage)
    rows = rows.filter(area_type=area_type, indicator__in=list(indicators))
    return _grid((figure.area, figure) for figure in rows)


def by_part(choice: Choice, indicators: Iterable[str], breakdown: str, area: str) -> Grid:
    """Parts of a breakdown for one area."""
    rows = figures(period=choice.period, area=area, breakdown=breakdown, vantage=choice.vantage)
    return _grid((figure.breakdown_value, figure) for figure in rows.filter(indicator__in=list(indicators)))


def by_area_and_part(
    choice: Choice, indicator: str, breakdown: str, area_type: str
) -> Mapping[tuple[str, str], FigureValue]:
    """Return one indicator's parts for every area of a type, by area and part."""
    rows = figures(period=choice.period, indicator=indicator, breakdown=breakdown, vantage=choice.vantage)
    return {
        (figure.area, figure.breakdown_value): figure_value(figure)
        for figure in rows.filter(area_type=area_type)
    }


def figure_value(figure: Figure | None) -> FigureValue:
    """Return the value, or the mark of a suppressed one; None without a figure."""
    if figure is None:
        return None
    return Mark.SUPPRESSED if figure.suppressed else figure.value


def cell_value(grid: Grid, place: str, indicator: str) -> FigureValue:
    """Return the value or mark of an area or part; None where nothing was accepted or carried forward."""
    return figure_value(grid.get(place, {}).get(indicator))


def number(shown_value: FigureValue) -> Decimal | None:
    """Return the number; None where there is none or it is suppressed."""
    return None if isinstance(shown_value, Mark) else shown_value


def value(grid: Grid, place: str, indicator: str) -> Decimal | None:
    """Return the number of an area or part; None where there is none or it is suppressed."""
    return number(cell_value(grid, place, indicator))


def share(part: FigureValue, whole: FigureValue) -> FigureValue:
    """In percent to one decimal; withheld with either, None without either or of nothing."""
    if isinstance(part, Mark) or isinstance(whole, Mark):
        return Mark.SUPPRESSED
    return (100 * part / whole).quantize(_TENTH) if part is not None and whole else None


def per(part: FigureValue, whole: FigureValue) -> FigureValue:
    """How many of the part there are for each of the whole, to two decimals; withheld with either."""
    if isinstance(part, Mark) or isinstance(whole, Mark):
        return Mark.SUPPRESSED
    return (part / whole).quantize(_HUNDREDTH) if part is not None and whole else None


def _grid(figures_by_place: Iterable[tuple[str, Figure]]) -> Grid:
    grid: dict[str, dict[str, Figure]] = defaultdict(dict)
    for place, figure in figures_by_place:
        grid[place][figure.indicator] = figure
    return grid
