"""Questions to the stored figures: filters by name, and a refusal that tells what a filter may hold."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Subquery
from django.utils.translation import gettext as _

from national.areas import areas
from national.breakdowns import TOTAL
from national.indicators import INDICATORS
from national.models import Figure
from national.models.figure import FigureQuerySet
from validation import Period

#: value of `period` and `breakdown` that means every one of them
ALL = "all"


class BadFilterError(Exception):
    """A filter holds a value that does not exist. `allowed` lists those that do."""

    code = "unknown-filter"
    status = 400

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
    as_of: datetime | None = None,
) -> FigureQuerySet:
    """Figures in force, or those that were at `as_of`, in the model's order.

    Empty `indicator` and `area` mean all of them, empty `breakdown` the totals, empty `period` the
    latest one that has such figures; "all" as `period` or `breakdown` means every one.
    Raises BadFilterError.
    """
    _check(indicator, area, period, breakdown)
    chosen = Figure.objects.as_of(as_of) if as_of else Figure.objects.in_force()
    if indicator:
        chosen = chosen.filter(indicator=indicator)
    if area:
        chosen = chosen.filter(area=area)
    if breakdown != ALL:
        chosen = chosen.filter(breakdown=breakdown or TOTAL)
    return chosen if period == ALL else chosen.filter(period=period or _latest(chosen))


def stamp() -> tuple[str, datetime | None]:
    """A mark that differs whenever any figure does, and since when it has been this one; one query."""
    closed = Figure.objects.filter(valid_to__isnull=False).order_by("-valid_to").values("valid_to")[:1]
    newest = Figure.objects.order_by("-pk").annotate(closed=Subquery(closed))
    found = newest.values_list("pk", "valid_from", "closed").first()
    if found is None:
        return "0", None
    pk, opened, last_closed = found
    since = max(opened, last_closed or opened)
    return f"{pk}-{since.timestamp()}", since


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
    """What `breakdown` may hold for an indicator; for all indicators when it is empty."""
    chosen = [INDICATORS[indicator]] if indicator else INDICATORS.values()
    return list(dict.fromkeys([TOTAL, ALL, *(name for one in chosen for name in one.breakdowns)]))


def _check_listed(name: str, value: str, allowed: Iterable[str]) -> None:
    if value and value not in allowed:
        raise BadFilterError(name, value, allowed)


def _check_period(value: str) -> None:
    """A quarter without figures is a good question with an empty answer; a text that is no quarter is not."""
    try:
        Period.parse(value)
    except ValueError as no_quarter:
        known = Figure.objects.order_by("period").values_list("period", flat=True).distinct()
        raise BadFilterError("period", value, [ALL, *known]) from no_quarter
