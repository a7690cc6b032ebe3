"""Public pages: progress to the target, provinces, industries, applications, coverage and method."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from national.charts import Chart, Choice, chart_of
from national.charts.chart import FigureValue
from national.charts.grid import Grid, by_area, figure_value, share
from national.charts.groups import covered_divisions
from national.charts.parts import SPLITS
from national.charts.provinces import MEASURES, OUTSIDE
from national.charts.registry import progress_of
from national.charts.roadmap import roadmap
from national.definitions.areas import NATION, Area, areas
from national.definitions.counting_rules import COUNTING_RULES
from national.definitions.indicators import INDICATORS
from national.dissemination.coverage import coverage
from national.dissemination.queries import figures
from national.models import AreaType, Figure
from national.targets.assessment import PLANNED, Kind, TargetStatus, target, targets
from national.targets.drift import FEWEST, LEVEL
from national.targets.plans import PlanTotal
from national.targets.ratings import CLASSES, LEAST_UNITS
from portal.figures.page_frame import Chosen, chosen, page
from submissions.models import Register

#: columns of the table by province
_BY_PROVINCE = ("NET_COUNT", "NET_OPERATING", "NET_TERMINALS", "AI_COUNT", "AI_ON_5G")
_OF_APPLICATIONS = ("scenarios", "ai-divisions", "stages", "models", "compute")
_OF_NETWORKS = tuple(split.code for split in SPLITS if split.code not in _OF_APPLICATIONS)


class AreaRow(NamedTuple):
    """One line of the table: figures in the order of _BY_PROVINCE, None where nothing was accepted or carried."""

    area: Area
    networks: Figure | None
    values: list[Figure | None]
    operating: FigureValue
    plan: int | None


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Progress to the target. Open to everyone."""
    what = chosen(request, parts=False)
    headline = target(PLANNED, as_of=what.choice.moment)
    charts = [progress_of(headline), *_charts(("funnel", "provinces"), what)]
    return page(request, "start", what, charts, headline=headline, plans=_plans(headline))


@require_safe
def provinces(request: HttpRequest) -> HttpResponse:
    """Networks by province."""
    what = chosen(request)
    plans = _plans(target(PLANNED, as_of=what.choice.moment))
    return page(
        request,
        "provinces",
        what,
        _charts(("provinces", "plans") if plans else ("provinces",), what),
        measures=[INDICATORS[code] for code in MEASURES],
        columns=[INDICATORS[code] for code in _BY_PROVINCE],
        rows=(rows := _by_province(what.choice, plans) if what.period else []),
        outside=OUTSIDE,
        withholds=any(figure is not None and figure.suppressed for row in rows for figure in row.values),
        plans=plans,
    )


@require_safe
def industries(request: HttpRequest) -> HttpResponse:
    """Networks by industry and by kind."""
    what = chosen(request)
    return page(request, "industries", what, _charts(_OF_NETWORKS, what))


@require_safe
def ai(request: HttpRequest) -> HttpResponse:
    """AI applications in factories."""
    what = chosen(request)
    grid = by_area(what.choice, _ai_totals(), AreaType.NATIONAL) if what.period else {}
    figures = grid.get(NATION, {})
    totals = [(INDICATORS[code], figures[code]) for code in _ai_totals() if code in figures]
    return page(request, "ai", what, _charts(_OF_APPLICATIONS, what), totals=totals)


@require_safe
def traffic(request: HttpRequest) -> HttpResponse:
    """Use of the networks."""
    what = chosen(request)
    return page(
        request, "traffic", what, _charts(("funnel", "traffic-units", "traffic-industries", "matrix"), what)
    )


@require_safe
def covered(request: HttpRequest) -> HttpResponse:
    """Coverage: which units have reported, and which industries are still empty."""
    what = chosen(request)
    gaps = [division for division in covered_divisions(what.choice) if division.empty] if what.period else []
    return page(
        request,
        "coverage",
        what,
        _charts(("groups",), what),
        # the newest quarter that has opened, which may have no figures yet, unless another one is asked for
        coverage=coverage(what.period if request.GET.get("period") else "", as_of=what.choice.moment),
        gaps=gaps,
        carried=_carried(what),
    )


@require_safe
def roadmap_page(request: HttpRequest) -> HttpResponse:
    """The roadmap line by line, with what is known of each."""
    what = chosen(request)
    statuses = targets(as_of=what.choice.moment)
    value_added = next(status for status in statuses if status.target.kind is Kind.FLOW)
    return page(
        request,
        "roadmap",
        what,
        [progress_of(value_added)],
        by_quarter=False,
        roadmap=roadmap(statuses, what.period, what.vantage),
        value_added=value_added,
    )


@require_safe
def method(request: HttpRequest) -> HttpResponse:
    """How the figures are made."""
    return page(
        request,
        "method",
        replace(chosen(request, parts=False), releases=()),
        by_quarter=False,
        rule=COUNTING_RULES[-1],
        indicators=INDICATORS.values(),
        classes=CLASSES,
        least_units=100 * LEAST_UNITS,
        level=round(100 * LEVEL),
        fewest=FEWEST,
    )


def _charts(codes: tuple[str, ...], what: Chosen) -> list[Chart]:
    """Return the charts; none while there are no figures."""
    return [chart_of(code, what.choice) for code in codes] if what.period else []


def _carried(what: Chosen) -> list[tuple[Figure, bool]]:
    """The units whose networks are carried forward, with the quarter they are carried from; and whether a register
    of theirs for this quarter was taken out of force."""
    if not what.period:
        return []
    units = figures(indicator="NET_COUNT", period=what.period, vantage=what.vantage).filter(
        area_type=AreaType.UNIT
    )
    begun = Register.objects.begun(what.vantage.moment).filter(collection="networks", period=what.period)
    reported = set(begun.values_list("unit_id", flat=True))
    carried = units.exclude(carried_from="").order_by("area")
    return [(figure, figure.area in reported) for figure in carried]


def _plans(status: TargetStatus) -> PlanTotal | None:
    """Return the plans for the year the goal is due."""
    return next((plan for plan in status.plans if plan.difference is not None), None)


def _ai_totals() -> list[str]:
    return [code for code, indicator in INDICATORS.items() if indicator.collection == "ai_applications"]


def _by_province(choice: Choice, plans: PlanTotal | None) -> list[AreaRow]:
    """Return a row for the country, then one for every province."""
    grids = [by_area(choice, _BY_PROVINCE, kind) for kind in (AreaType.NATIONAL, AreaType.PROVINCE)]
    listed = [area for area in areas().values() if area.area_type != AreaType.UNIT]
    return [_row(area, grids[area.area_type == AreaType.PROVINCE], plans) for area in listed]


def _row(area: Area, grid: Grid, plans: PlanTotal | None) -> AreaRow:
    figures = [grid.get(area.code, {}).get(code) for code in _BY_PROVINCE]
    goals = [plans.goals[unit] for unit in area.units if unit in plans.goals] if plans else []
    plan = sum(goals) if len(goals) == len(area.units) else None
    return AreaRow(area, figures[0], figures, share(figure_value(figures[1]), figure_value(figures[0])), plan)
