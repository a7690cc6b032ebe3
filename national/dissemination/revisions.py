"""Changes: which figures differ between two moments, and which acts of which units made the difference, exactly.

Every figure names the change that opened it and the one that closed it. What a change made of a figure is
what it opened less what it closed; over all changes between two moments these add up to new less old.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple, overload

from django.db import connection
from django.utils import timezone

from national.definitions.areas import areas
from national.definitions.breakdowns import TOTAL
from national.definitions.indicators import INDICATORS
from national.dissemination.visibility import BEFORE_ALL
from national.models import Cause, Change, Release
from national.models.public_figure import HEADLINES
from submissions.models import Period

ZERO = Decimal(0)
_AT_A_TIME = 1_000


class Key(NamedTuple):
    """The identity of a figure."""

    indicator: str
    area: str
    period: str
    breakdown: str
    breakdown_value: str


@dataclass(frozen=True, slots=True)
class Part:
    """What one cause made of a figure: the acts of `unit` on its register of `collection` and `period`.

    `unit` is empty where an act speaks of all units and the indicator does not add up over them. `late` tells
    of a register accepted after its period's due date, `carried` of a unit that did nothing and was carried
    forward, which is of no register of the period; `reasons` are those that people gave in words.
    """

    cause: Cause
    unit: str
    collection: str
    period: str
    difference: Decimal
    late: bool = False
    carried: bool = False
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Changed:
    """A figure that differs: before and after, None where there was or is none. `parts` add up to `difference`."""

    key: Key
    area_type: str
    old: Decimal | None
    new: Decimal | None
    old_units: tuple[int, int]
    new_units: tuple[int, int]
    parts: tuple[Part, ...] = ()

    @property
    def difference(self) -> Decimal:
        """New less old, with a missing value as zero."""
        return (self.new or ZERO) - (self.old or ZERO)

    @property
    def by_cause(self) -> dict[Cause, Decimal]:
        """The difference that each cause made, in the order of Cause."""
        sums = {cause: [part.difference for part in self.parts if part.cause == cause] for cause in Cause}
        return {cause: sum(differences, ZERO) for cause, differences in sums.items() if differences}


class Span(NamedTuple):
    """After `old` and up to `new`."""

    old: datetime
    new: datetime


def since_previous(release: Release) -> Span:
    """Return the span of a release's changes: everything after the release before it."""
    return Span(release.previous.moment if release.previous else BEFORE_ALL, release.moment)


#: `was` are figures that ended in the span, `said` those that began in it and stood at its end. What stands now and what
#: ended since are asked for apart, for each has an index of its own.
_DIFFERING = """
    FROM (SELECT * FROM {figures}
          WHERE {was} valid_from <= %(old)s AND valid_to > %(old)s AND valid_to <= %(new)s {where}) AS was
    FULL JOIN (SELECT * FROM {figures}
               WHERE valid_to IS NULL AND valid_from > %(old)s AND valid_from <= %(new)s {where}
               UNION ALL
               SELECT * FROM {figures}
               WHERE valid_to > %(new)s AND valid_from > %(old)s AND valid_from <= %(new)s {where}) AS said
    USING (indicator, area, period, breakdown, breakdown_value)
    WHERE (was.value, was.value_strict, was.records, was.units_accepted, was.units_carried) IS DISTINCT FROM
          (said.value, said.value_strict, said.records, said.units_accepted, said.units_carried)
    {both}
"""
#: a figure that is withheld on one side has not come or gone
_OPEN = "AND was.suppressed IS NOT TRUE AND said.suppressed IS NOT TRUE"
_COLUMNS = """
    SELECT indicator, area, period, breakdown, breakdown_value, coalesce(said.area_type, was.area_type),
           was.value, said.value, coalesce(was.units_accepted, 0), coalesce(was.units_carried, 0),
           coalesce(said.units_accepted, 0), coalesce(said.units_carried, 0)
"""
#: the newest period first, indicators as they are declared, the country before provinces before units
_ORDER = """
    ORDER BY period DESC, array_position(%(order)s::text[], indicator::text), breakdown, breakdown_value,
             array_position(ARRAY['national', 'province', 'unit'], coalesce(said.area_type, was.area_type)::text),
             area
"""
#: what may be asked for by equality
_FILTERS = ("indicator", "area", "area_type", "period", "breakdown")


def count(span: Span, *, staff: bool = True, **filters: str) -> int:
    """How many figures differ, those that came and went included; those that a reader may read."""
    ((number,),) = _rows(f"SELECT count(*) {_where(span, filters, staff)}", span, filters)
    return int(number)


def changes(
    span: Span, *, staff: bool = True, offset: int = 0, limit: int | None = None, **filters: str
) -> list[Changed]:
    """Figures that differ, with the parts that causes and units had in it. `filters` are among _FILTERS.

    Who is not national staff gets no figure that is withheld on either side.
    """
    page = f"{_COLUMNS} {_where(span, filters, staff)} {_ORDER} LIMIT %(limit)s OFFSET %(offset)s"
    rows = _rows(page, span, filters | {"limit": limit, "offset": offset, "order": [*INDICATORS]})
    changed = [Changed(Key(*row[:5]), row[5], row[6], row[7], row[8:10], row[10:12]) for row in rows]
    return [
        replace(figure, parts=parts) for figure, parts in zip(changed, _parts(span, changed), strict=True)
    ]


def _where(span: Span, filters: Mapping[str, str], staff: bool) -> str:
    conditions = [f"AND {name} = %({name})s" for name in _FILTERS if name in filters]
    if filters.get("area") in areas():
        # says nothing new, and is what figures in force are indexed by
        conditions.append(f"AND area_type = '{areas()[filters['area']].area_type}'")
    return _DIFFERING.format(
        where=" ".join(conditions),
        # before everything no figure was, and all of them need not be looked through for that
        was="false AND" if span.old == BEFORE_ALL else "",
        figures="national_figure" if staff else "national_publicfigure",
        both="" if staff else _OPEN,
    )


def _rows(statement: str, span: Span, params: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, {**span._asdict(), **params})
        return cursor.fetchall()


#: what each change opened of a figure, less what it closed; `at` numbers the figures asked for
_MADE = """
    SELECT asked.at, asked.area, made.change, sum(made.difference)
    FROM unnest(%(at)s::int[], %(indicator)s::text[], %(area)s::text[], %(period)s::text[],
                %(breakdown)s::text[], %(breakdown_value)s::text[])
         AS asked (at, indicator, area, period, breakdown, breakdown_value)
    JOIN LATERAL (
        SELECT change_id AS change, value AS difference FROM national_figure AS one
        WHERE (one.period, one.area, one.indicator, one.breakdown, one.breakdown_value) =
              (asked.period, asked.area, asked.indicator, asked.breakdown, asked.breakdown_value)
        AND valid_from > %(old)s AND valid_from <= %(new)s
        UNION ALL
        SELECT closed_by_id, -value FROM national_figure AS one
        WHERE (one.period, one.area, one.indicator, one.breakdown, one.breakdown_value) =
              (asked.period, asked.area, asked.indicator, asked.breakdown, asked.breakdown_value)
        AND valid_to > %(old)s AND valid_to <= %(new)s
    ) AS made ON true
    GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""


class _Step(NamedTuple):
    """What one change made of the figure asked for at place `at`, or of the unit's figure behind it."""

    at: int
    area: str
    change: int
    difference: Decimal


def _parts(span: Span, changed: list[Changed]) -> list[tuple[Part, ...]]:
    """The parts of each figure, in the order given."""
    steps = _made(span, [(at, figure.key) for at, figure in enumerate(changed)])
    acts = Change.objects.in_bulk({step.change for step in steps})
    of_units: dict[tuple[int, int], list[_Step]] = defaultdict(list)
    for share in _made(span, [(at, key) for at, figure in enumerate(changed) for key in _units(figure.key)]):
        of_units[share.at, share.change].append(share)
    due = {period.code: period.due for period in Period.objects.all()}
    parts_by_place: dict[int, list[Part]] = defaultdict(list)
    for step in steps:
        parts_by_place[step.at] += _of_step(step, acts[step.change], of_units[step.at, step.change], due)
    return [_together(parts_by_place[at]) for at in range(len(changed))]


def _made(span: Span, keys: list[tuple[int, Key]]) -> list[_Step]:
    columns = {name: [getattr(key, name) for _at, key in keys] for name in Key._fields}
    return [_Step(*row) for row in _rows(_MADE, span, {"at": [at for at, _key in keys], **columns})]


def _units(key: Key) -> Iterator[Key]:
    """The figures of the area's units that speak of the same."""
    return (key._replace(area=unit) for unit in areas()[key.area].units)


def _of_step(step: _Step, act: Change, shares: list[_Step], due: Mapping[str, date]) -> Iterator[Part]:
    """One part for each unit where the units' figures add up to the step, else one of the unit that acted.

    A unit that did not act was carried forward into a period which the act began, or out of it.
    """
    if sum((share.difference for share in shares), ZERO) != step.difference:
        yield _part(act, act.unit_id or "", step.difference, due)
        return
    for share in shares:
        if act.unit_id in (None, share.area):
            yield _part(act, share.area, share.difference, due)
        else:
            yield Part(Cause(act.cause), share.area, "", "", share.difference, carried=True)


def _part(act: Change, unit: str, difference: Decimal, due: Mapping[str, date]) -> Part:
    accepted_on = timezone.localtime(act.at).date()
    late = act.cause == Cause.NEW_DATA and act.period in due and accepted_on > due[act.period]
    reasons = (act.reason,) if act.reason else ()
    return Part(Cause(act.cause), unit, act.collection, act.period, difference, late=late, reasons=reasons)


def _together(parts: Iterable[Part]) -> tuple[Part, ...]:
    """Acts of the same kind on the same register as one, causes in their order, then units by code."""
    same: dict[tuple[Any, ...], list[Part]] = defaultdict(list)
    for part in parts:
        same[
            [*Cause].index(part.cause), part.unit, part.collection, part.period, part.late, part.carried
        ].append(part)
    return tuple(_sum(same[key]) for key in sorted(same))


def _sum(parts: list[Part]) -> Part:
    difference = sum((part.difference for part in parts), ZERO)
    reasons = dict.fromkeys(reason for part in parts for reason in part.reasons)
    return replace(parts[0], difference=difference, reasons=tuple(reasons))


def for_everyone(changed: Changed) -> Changed:
    """Return what everyone may read: no words that people gave, and parts of headline totals alone, since what one
    unit adds to anything else may be one enterprise's."""
    headline = changed.key.breakdown == TOTAL and changed.key.indicator in HEADLINES
    parts = [replace(part, reasons=()) for part in changed.parts if headline]
    return replace(changed, parts=_together(parts))


class ChangeList(Sequence[Changed]):
    """Changes as a list that is cut in the database, for paginators."""

    def __init__(self, span: Span, filters: Mapping[str, str], *, staff: bool) -> None:
        self._span, self._filters, self._staff = span, filters, staff

    def __len__(self) -> int:
        return count(self._span, staff=self._staff, **self._filters)

    @overload
    def __getitem__(self, cut: int) -> Changed: ...
    @overload
    def __getitem__(self, cut: slice) -> list[Changed]: ...
    def __getitem__(self, cut: int | slice) -> Changed | list[Changed]:
        if isinstance(cut, int):
            return self[cut : cut + 1][0]
        start, stop = cut.start or 0, cut.stop
        limit = None if stop is None else stop - start
        rows = changes(self._span, staff=self._staff, offset=start, limit=limit, **self._filters)
        return rows if self._staff else [for_everyone(changed) for changed in rows]

    def __iter__(self) -> Iterator[Changed]:
        """All of them, some at a time."""
        start = 0
        while page := self[start : start + _AT_A_TIME]:
            yield from page
            start += _AT_A_TIME
