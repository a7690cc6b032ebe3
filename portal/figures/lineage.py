"""The page of a figure: which units it is made of, and for those who may see them which rows and cells of which files."""

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
    adds: Decimal | int
    value: Decimal | None
    distinct: bool
    holds: bool


@require_safe
@never_cache
def figure_page(request: HttpRequest, figure_id: int) -> HttpResponse:
    """Where a figure comes from. Everyone sees the units; the ministry, and a unit of its own figure, the rows."""
    try:
        return _figure_page(request, figure_id)
    except RefusalError as refusal:
        return refused(request, refusal)


def _figure_page(request: HttpRequest, figure_id: int) -> HttpResponse:
    own = _is_own(request.user, figure_id)
    staff = own or _is_national(request.user)
    figure = _find(figure_id, staff=staff, own=own)
    behind = list(lineage.unit_figures_of(figure, staff=staff))
    context = {
        "figure": figure,
        "indicator": INDICATORS[figure.indicator],
        "area": areas()[figure.area],
        "part": _part(figure),
        "rule": lineage.rule_of(figure),
        "units": _with_submissions(behind, request.user) if staff else [UnitLine(one, {}) for one in behind],
        "desk": "review" if _is_national(request.user) else "portal",
    }
    if staff:
        context |= _rows(request, figure, context["units"])
    return render(request, "figures/figure.html", context)


def _is_national(reader: Reader) -> bool:
    return reader.is_authenticated and reader.is_national


def _is_own(reader: Reader, figure_id: int) -> bool:
    """Whether it is a figure of the reader's own unit, which nothing is withheld of from itself."""
    if not reader.is_authenticated or not reader.is_of_unit:
        return False
    return Figure.objects.filter(pk=figure_id, area_type=AreaType.UNIT, area=reader.unit_id or "").exists()


def _find(figure_id: int, *, staff: bool, own: bool) -> Figure:
    """The figure with its status. What a reader may not see is not there."""
    vantage = present(staff=staff)
    told = with_status(readable(staff=staff).known(None if own else vantage.moment), vantage)
    figure: Figure | None = told.filter(pk=figure_id).first()
    if figure is None:
        raise Http404
    return figure


def _part(figure: Figure) -> tuple[Breakdown, str] | None:
    """Breakdown that the figure is a part of, and the part's label; None for a total."""
    if figure.breakdown == TOTAL:
        return None
    return BREAKDOWNS[figure.breakdown], part_name(figure.breakdown, figure.breakdown_value)


def _with_submissions(figures: list[Figure], reader: Reader) -> list[UnitLine]:
    """Units' figures with what they come from, through the one door to submissions."""
    found = [(figure, lineage.sources_of(figure)) for figure in figures]
    asked = [one.pk for _figure, sources in found for one in sources.values()]
    seen = set(Submission.objects.visible_to(reader).filter(pk__in=asked).values_list("pk", flat=True))
    return [
        UnitLine(figure, {name: one for name, one in sources.items() if one.pk in seen})
        for figure, sources in found
    ]


def _rows(request: HttpRequest, figure: Figure, units: list[UnitLine]) -> dict[str, object]:
    """One page of the rows behind the figure, and what all of them add up to."""
    frames = [pl.DataFrame(schema=ROW), *(_rows_of(one) for one in units)]
    rows = pl.concat(frames)
    page = Paginator(range(len(rows)), PAGE).get_page(request.GET.get("page"))
    by_source = {(one.figure.area, name): sent for one in units for name, sent in one.submissions.items()}
    shown = [
        row | {"submission": by_source[row["unit"], row["collection"]]}
        for row in rows[max(page.start_index() - 1, 0) : page.end_index()].to_dicts()
    ]
    return {"page": page, "rows": shown, "proof": _proof(figure, rows)}


def _rows_of(unit: UnitLine) -> pl.DataFrame:
    return lineage.rows_in(Source(unit.submissions, lineage.frames_of(unit.submissions)), unit.figure)


def _proof(figure: Figure, rows: pl.DataFrame) -> Proof:
    made = lineage.value_of(figure.indicator, rows)
    distinct = INDICATORS[figure.indicator].adds is Adds.DISTINCT
    adds = rows["counts_as"].n_unique() if distinct else rows["value"].sum() or Decimal(0)
    if made != figure.value:
        logger.error("figure %d is %s and its rows make %s", figure.pk, figure.value, made)
    return Proof(len(rows), adds, made, distinct, made == figure.value)
