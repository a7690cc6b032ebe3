"""Public pages: how far to the target, how many units that covers, and what is not collected."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from national.areas import Area, areas
from national.counting_rules import COUNTING_RULES
from national.coverage import coverage
from national.indicators import INDICATORS
from national.models import AreaType, Figure
from national.queries import figures
from national.roadmap import roadmap
from national.targets import targets

#: columns of the table by province
_BY_PROVINCE = ("NET_COUNT", "NET_OPERATING", "NET_TERMINALS", "AI_COUNT", "AI_ON_5G")


class AreaRow(NamedTuple):
    """One line of the table: values in the order of _BY_PROVINCE, None where nothing was accepted."""

    area: Area
    units_accepted: int
    values: list[Decimal | None]


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """The start page. Everyone may see it."""
    statuses = targets()
    headline = statuses[0]
    period = headline.reading.period if headline.reading else None
    context = {
        "headline": headline,
        "columns": [INDICATORS[code] for code in _BY_PROVINCE],
        "rows": _by_province(period) if period else [],
        "coverage": coverage(),
        "roadmap": roadmap(statuses),
        "rule": COUNTING_RULES[-1],
        "indicators": INDICATORS.values(),
    }
    return render(request, "national/start.html", context)


def _by_province(period: str) -> list[AreaRow]:
    """The country first, then every province."""
    found = figures(period=period).exclude(area_type=AreaType.UNIT).filter(indicator__in=_BY_PROVINCE)
    by_area: dict[str, dict[str, Figure]] = {}
    for figure in found:
        by_area.setdefault(figure.area, {})[figure.indicator] = figure
    shown = (area for area in areas().values() if area.area_type != AreaType.UNIT)
    return [_row(area, by_area.get(area.code, {})) for area in shown]


def _row(area: Area, found: dict[str, Figure]) -> AreaRow:
    values = [found[code].value if code in found else None for code in _BY_PROVINCE]
    networks = found.get("NET_COUNT")
    return AreaRow(area, networks.units_accepted if networks else 0, values)
