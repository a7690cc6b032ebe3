"""Verification: every stored figure is made once more from the rows of its lineage, unit by unit and cell by cell."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Q

from national.aggregation.rollup import quotient
from national.definitions.areas import areas
from national.definitions.indicator import Adds, Indicator
from national.definitions.indicators import INDICATORS
from national.dissemination.lineage import Source, rows_in, source_of
from national.models import AreaType, Figure


class Unproved(NamedTuple):
    """A figure that differs from what the rows of its lineage make, and what they make."""

    figure: Figure
    value: Decimal | None
    records: int


class _Tally(NamedTuple):
    """Rows behind figures, added up: what they add, their number, and the different keys they count as."""

    total: Decimal
    records: int
    keys: frozenset[str]


class _Cell(NamedTuple):
    """The identity of a figure apart from its area."""

    indicator: str
    breakdown: str
    breakdown_value: str


def unproved(period: str) -> Iterator[Unproved]:
    """Figures in force of `period` that the rows behind them do not make; none when all is well."""
    of_units = _OfUnits(period)
    for figure in Figure.objects.in_force().filter(period=period).order_by("area").iterator():
        tally = _together(of_units.behind(figure))
        value = _value(INDICATORS[figure.indicator], tally)
        if (value, tally.records) != (figure.value, figure.records):
            yield Unproved(figure, value, tally.records)


class _OfUnits:
    """Tallies of units' figures, each made once however many sums it is part of."""

    def __init__(self, period: str) -> None:
        """Reads every unit's figures of `period` that were in force since the oldest one that is."""
        in_force = Figure.objects.in_force().filter(period=period)
        oldest = in_force.order_by("valid_from").values_list("valid_from", flat=True).first()
        since = Q(valid_to__isnull=True) | Q(valid_to__gt=oldest) if oldest else Q()
        self._figures: dict[tuple[_Cell, str], list[Figure]] = defaultdict(list)
        for figure in Figure.objects.filter(since, period=period, area_type=AreaType.UNIT):
            self._figures[_cell(figure), figure.area].append(figure)
        self._sources: dict[tuple[object, ...], Source] = {}
        self._tallies: dict[int, _Tally] = {}

    def behind(self, figure: Figure) -> list[_Tally]:
        """Tallies of the units' figures that `figure` was made of, as `lineage.unit_figures_of` has them."""
        moment, cell = figure.valid_from, _cell(figure)
        held = [
            figure_then for unit in areas()[figure.area].units for figure_then in self._figures[cell, unit]
        ]
        stood = [
            candidate
            for candidate in held
            if candidate.valid_from <= moment and not (candidate.valid_to and candidate.valid_to <= moment)
        ]
        return [self._tally(candidate) for candidate in stood]

    def _tally(self, figure: Figure) -> _Tally:
        if figure.pk not in self._tallies:
            rows = rows_in(self._source(figure), figure)
            keys = frozenset(rows["counts_as"].drop_nulls())
            self._tallies[figure.pk] = _Tally(rows["value"].sum() or Decimal(0), len(rows), keys)
        return self._tallies[figure.pk]

    def _source(self, figure: Figure) -> Source:
        """Registers and their rows, read once for all figures of one unit that came into force together."""
        made_of = INDICATORS[figure.indicator].collections
        key = (figure.area, figure.carried_from, figure.valid_from, made_of)
        if key not in self._sources:
            self._sources[key] = source_of(figure)
        return self._sources[key]


def _cell(figure: Figure) -> _Cell:
    return _Cell(figure.indicator, figure.breakdown, figure.breakdown_value)


def _together(tallies: Iterable[_Tally]) -> _Tally:
    listed = list(tallies)
    total = sum((tally.total for tally in listed), Decimal(0))
    return _Tally(
        total, sum(tally.records for tally in listed), frozenset().union(*(tally.keys for tally in listed))
    )


def _value(indicator: Indicator, tally: _Tally) -> Decimal | None:
    if indicator.adds is Adds.DISTINCT:
        return Decimal(len(tally.keys))
    if not indicator.is_quotient:
        return tally.total
    return quotient(tally.total, Decimal(tally.records), indicator.factor) if tally.records else None
