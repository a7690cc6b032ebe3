"""The page of a figure: the units it is made of, and for those allowed, rows and cells of the files."""

from __future__ import annotations

import logging
from decimal import Decimal
from typing import NamedTuple

import polars as pl
from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from national.charts.words import part_name
from national.definitions.areas import areas
from national.definitions.breakdowns import BREAKDOWNS, TOTAL, Breakdown
from national.definitions.indicator import Adds
from national.definitions.indicators import INDICATORS
from national.dissemination import lineage
from national.dissemination.lineage import ROW, Source
from national.dissemination.observation_status import with_status
from national.dissemination.queries import readable
from national.dissemination.visibility import present
from national.models import AreaType, Figure
from portal.access import refused
from submissions.models import Submission, User
from submissions.workflow.refusals import RefusalError

logger = logging.getLogger(__name__)

PAGE = 100

#: who asks
Reader = User | AnonymousUser


class UnitLine(NamedTuple):
    """A unit's figure, and by collection the submissions it comes from as far as the reader may see them."""

    figure: Figure
    submissions: dict[str, Submission]


class Proof(NamedTuple):
    """What the rows add up to, and whether that is the figure."""

    rows: int
    #: sum of what the rows add; of distinct counts the number of different keys
    adds: Decimal
    value: Decimal | None
    distinct: bool
    holds: bool


@require_safe
@never_cache
def figure_page(request: HttpRequest, figure_id: int) -> HttpResponse:
    """Show where a figure comes from: units for everyone; rows for the ministry and for the unit itself."""
    try:
        return _figure_page(request, figure_id)
    except RefusalError as refusal:
        return refused(request, refusal)


def _figure_page(request: HttpRequest, figure_id: int) -> HttpResponse:
    own = _is_own(request.user, figure_id)
    staff = own or _is_national(request.user)
    figure = _find(figure_id, staff=staff, own=own)
    behind = list(lineage.unit_figures_of(figure, staff=staff))
    units = (
        _with_submissions(behind, request.user)
        if staff
        else [UnitLine(unit_figure, {}) for unit_figure in behind]
    )
    context = {
        "figure": figure,
        "indicator": INDICATORS[figure.indicator],
        "area": areas()[figure.area],
        "part": _part(figure),
        "rule": lineage.rule_of(figure),
        "units": units,
        "desk": "review" if _is_national(request.user) else "portal",
    }
    if staff:
        context |= _rows(request, figure, units)
    return render(request, "figures/figure.html", context)


def _is_national(reader: Reader) -> bool:
    return reader.is_authenticated and reader.is_national


def _is_own(reader: Reader, figure_id: int) -> bool:
    """Return whether the figure is one of the reader's own unit, from which nothing is withheld."""
    if not reader.is_authenticated or not reader.is_of_unit:
        return False
    return Figure.objects.filter(pk=figure_id, area_type=AreaType.UNIT, area=reader.unit_id or "").exists()


def _find(figure_id: int, *, staff: bool, own: bool) -> Figure:
    """Return the figure with its status. Raises Http404 for one the reader may not see."""
    vantage = present(staff=staff)
    figures = with_status(readable(staff=staff).known(None if own else vantage.moment), vantage)
    figure: Figure | None = figures.filter(pk=figure_id).first()
    if figure is None:
        raise Http404
    return figure


def _part(figure: Figure) -> tuple[Breakdown, str] | None:
    """Return the breakdown the figure is a part of, and the part's label; None for a total."""
    if figure.breakdown == TOTAL:
        return None
    return BREAKDOWNS[figure.breakdown], part_name(figure.breakdown, figure.breakdown_value)


def _with_submissions(figures: list[Figure], reader: Reader) -> list[UnitLine]:
    """Return units' figures with the submissions behind them that the reader may see."""
    sourced = [(figure, lineage.sources_of(figure)) for figure in figures]
    submission_ids = [submission.pk for _figure, sources in sourced for submission in sources.values()]
    visible = set(
        Submission.objects.visible_to(reader).filter(pk__in=submission_ids).values_list("pk", flat=True)
    )
    return [
        UnitLine(
            figure, {name: submission for name, submission in sources.items() if submission.pk in visible}
        )
        for figure, sources in sourced
    ]


def _rows(request: HttpRequest, figure: Figure, units: list[UnitLine]) -> dict[str, object]:
    """Return one page of the rows behind the figure, and the sum of all of them."""
    frames = [pl.DataFrame(schema=ROW), *(_rows_of(unit) for unit in units)]
    rows = pl.concat(frames)
    page = Paginator(range(len(rows)), PAGE).get_page(request.GET.get("page"))
    by_source = {(unit.figure.area, name): sent for unit in units for name, sent in unit.submissions.items()}
    page_rows = [
        row | {"submission": by_source[row["unit"], row["collection"]]}
        for row in rows[max(page.start_index() - 1, 0) : page.end_index()].to_dicts()
    ]
    return {"page": page, "rows": page_rows, "proof": _proof(figure, rows)}


def _rows_of(unit: UnitLine) -> pl.DataFrame:
    return lineage.rows_in(Source(unit.submissions, lineage.frames_of(unit.submissions)), unit.figure)


def _proof(figure: Figure, rows: pl.DataFrame) -> Proof:
    made = lineage.value_of(figure.indicator, rows)
    distinct = INDICATORS[figure.indicator].adds is Adds.DISTINCT
    adds = Decimal(rows["counts_as"].n_unique() if distinct else rows["value"].sum() or 0)
    if made != figure.value:
        logger.error("figure %d is %s and its rows make %s", figure.pk, figure.value, made)
    return Proof(len(rows), adds, made, distinct, made == figure.value)
