"""Queries of stored figures: filters by name, and a refusal that names the allowed values."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Case, Q, Subquery, When
from django.utils.translation import gettext as _

from national.definitions.areas import NATION, areas
from national.definitions.breakdowns import TOTAL
from national.definitions.indicators import INDICATORS
from national.definitions.moments import database_time, settle
from national.dissemination.visibility import NotPublishedError, Vantage, past, present, released, visible
from national.models import AreaType, ClearanceState, Figure, PublicFigure, Release
from national.models.figure import FigureQuerySet
from validation import Period

#: value of `period` and `breakdown` that means every one of them
ALL = "all"


class BadFilterError(Exception):
    """A filter holds a value that does not exist. `allowed` lists those that do."""

    code = "unknown-filter"

    def __init__(self, name: str, value: str, allowed: Iterable[str]) -> None:
        super().__init__(f"{name}={value}")
        self.name = name
        self.value = value
        self.allowed = list(allowed)

    @property
    def message(self) -> str:
        """One sentence in the active language that names the allowed values."""
        sentence = _("“%(value)s” is not a value of %(name)s. Allowed: %(allowed)s.")
        return sentence % {"value": self.value, "name": self.name, "allowed": ", ".join(self.allowed)}


def figures(
    *,
    indicator: str = "",
    area: str = "",
    period: str = "",
    breakdown: str = "",
    vantage: Vantage | None = None,
) -> FigureQuerySet:
    """Figures that a reader with `vantage` sees, the public unless it is given, in the model's order.

    Empty `indicator` and `area` mean all of them, empty `breakdown` the totals, empty `period` the
    latest one that has such figures; "all" as `period` or `breakdown` means every one.
    Raises BadFilterError.
    """
    _check(indicator, area, period, breakdown)
    chosen = seen(vantage)
    if indicator:
        chosen = chosen.filter(indicator=indicator)
    if area:
        chosen = chosen.filter(area=area)
    if breakdown != ALL:
        chosen = chosen.filter(breakdown=breakdown or TOTAL)
    return chosen if period == ALL else chosen.filter(period=period or _latest(chosen))


def seen(vantage: Vantage | None = None) -> FigureQuerySet:
    """Return the figures of a vantage, by default the public's present one. Everything that shows figures begins here.

    National staff read the figures themselves; everyone else reads the view that holds no withheld number.
    """
    vantage = vantage or present()
    door = readable(staff=vantage.staff)
    return door.as_of(vantage.moment) if vantage.moment else door.in_force()


def readable(*, staff: bool) -> FigureQuerySet:
    """The figures of all times that a reader may read, each with `suppressed`: whether the public may not see it."""
    if not staff:
        return PublicFigure.objects.all()
    withheld = Q(clearance__state__in=(ClearanceState.SUPPRESSED, ClearanceState.SUPPRESSED_HIDDEN))
    return Figure.objects.annotate(suppressed=Case(When(withheld, then=True), default=False))  # type: ignore[no-redef]  # Figure declares it


def requested_vantage(
    *, as_of: datetime | None = None, release: int | None = None, staff: bool = False
) -> Vantage:
    """Return the vantage that filters name: a past moment, a release, or the present. Raises BadFilterError."""
    if release is not None:
        return _requested_release(release, staff)
    if as_of is None:
        return present(staff=staff)
    _require_past(as_of)
    try:
        return past(as_of, staff=staff)
    except NotPublishedError as covered:
        allowed = [_("a moment up to the last release, until the next one is published")]
        raise BadFilterError("as_of", as_of.isoformat(), allowed) from covered


def requested_moment(*, as_of: datetime | None = None, release: int | None = None) -> datetime | None:
    """Return the past moment that filters name, None for the present. Raises BadFilterError."""
    if release is not None:
        return _requested_release(release, staff=False).moment
    if as_of is not None:
        _require_past(as_of)
    return as_of


def _require_past(moment: datetime) -> None:
    """Refuse a moment to come, and wait until changes at this very moment are done."""
    if moment > database_time():
        raise BadFilterError("as_of", moment.isoformat(), [_("a moment up to now")])
    settle(moment)


def _requested_release(number: int, staff: bool) -> Vantage:
    try:
        return released(number, staff=staff)
    except Release.DoesNotExist as unknown:
        numbers = visible(staff=staff).values_list("number", flat=True)
        raise BadFilterError("release", str(number), map(str, numbers)) from unknown


def change_filters(
    *,
    indicator: str = "",
    area: str = "",
    area_type: str = "",
    period: str = "",
    breakdown: str = "",
    staff: bool = False,
) -> dict[str, str]:
    """Filters of a release's changes by column: the country and totals unless others are given.

    Parts of breakdowns below the country are for national staff: what changed there may be one enterprise's.
    Raises BadFilterError.
    """
    _check(indicator, area, period, breakdown)
    if not area and not area_type:
        area = NATION
    if not staff and breakdown not in ("", TOTAL) and area != NATION and area_type != AreaType.NATIONAL:
        raise BadFilterError("breakdown", breakdown, [TOTAL])
    filters = {
        "indicator": indicator,
        "area": area,
        "area_type": area_type,
        "period": "" if period == ALL else period,
        "breakdown": "" if breakdown == ALL else breakdown or TOTAL,
    }
    return {name: value for name, value in filters.items() if value}


def _latest(chosen: FigureQuerySet) -> Subquery:
    """The latest period among `chosen`, found in the same query."""
    return Subquery(chosen.order_by("-period").values("period")[:1])


def _check(indicator: str, area: str, period: str, breakdown: str) -> None:
    _check_listed("indicator", indicator, INDICATORS)
    _check_listed("area", area, areas())
    _check_listed("breakdown", breakdown, breakdowns_of(indicator))
    if period not in ("", ALL):
        _check_period(period)


def breakdowns_of(indicator: str) -> list[str]:
    """Return the allowed values of `breakdown` for an indicator, or for all indicators when it is empty."""
    chosen = [INDICATORS[indicator]] if indicator else INDICATORS.values()
    return list(dict.fromkeys([TOTAL, ALL, *(name for declared in chosen for name in declared.breakdowns)]))


def _check_listed(name: str, value: str, allowed: Iterable[str]) -> None:
    if value and value not in allowed:
        raise BadFilterError(name, value, allowed)


def _check_period(value: str) -> None:
    """Raise BadFilterError for a text that is no quarter; a quarter without figures has an empty answer."""
    try:
        Period.parse(value)
    except ValueError as no_quarter:
        known = seen().order_by("period").values_list("period", flat=True).distinct()
        raise BadFilterError("period", value, [ALL, *known]) from no_quarter
