"""A naive replay of what happened agrees with stored figures, with every past moment and with every release."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from national.definitions.areas import areas
from national.definitions.moments import database_time
from national.dissemination import releases
from national.dissemination.queries import figures, requested_vantage, seen
from national.dissemination.revisions import Span, changes, count
from national.dissemination.visibility import BEFORE_ALL
from national.models import Figure, Release
from national.verification.recompute import compare, periods
from submissions.models import Period, Submission
from submissions.signoff import review
from tests.conftest import Cast
from tests.national.frames import networks
from tests.national.registers import accept_frame

UNITS = ("330000", "330200", "650000", "660000")
PERIODS = ("2026Q1", "2026Q2", "2026Q3")
AREAS = ("CN", "CN-33", "CN-65", *UNITS)

#: one register: its networks as (kind, terminals, whether it counts)
_networks = st.lists(
    st.tuples(st.sampled_from(["virtual", "hybrid"]), st.integers(0, 9), st.booleans()), max_size=3
)
_slot = st.tuples(st.sampled_from(UNITS), st.sampled_from(PERIODS))
#: a late unit is one that accepts an earlier period after a later one
_acts = st.lists(
    st.one_of(
        st.tuples(st.just("accept"), _slot, _networks),
        st.tuples(st.just("exclude"), _slot),
        st.tuples(st.just("reinstate"), _slot),
        st.tuples(st.just("release")),
    ),
    min_size=1,
    max_size=7,
)

#: what is told of figures: by (area, period, indicator, part) the value, its strict value, units own and carried
Totals = dict[tuple[str, str, str, str], tuple[Decimal, Decimal | None, int, int]]


@dataclass
class Replay:
    """The same history in plain Python: registers in force, and nothing else."""

    held: dict[tuple[str, str], list[tuple[str, int, bool]]] = field(default_factory=dict)
    #: the last one of each slot that was taken out of force
    excluded: dict[tuple[str, str], list[tuple[str, int, bool]]] = field(default_factory=dict)

    def accept(self, slot: tuple[str, str], rows: list[tuple[str, int, bool]]) -> None:
        self.held[slot] = rows

    def exclude(self, slot: tuple[str, str]) -> None:
        if slot in self.held:
            self.excluded[slot] = self.held.pop(slot)

    def reinstate(self, slot: tuple[str, str]) -> None:
        if slot in self.excluded and slot not in self.held:
            self.held[slot] = self.excluded.pop(slot)

    def expected(self) -> Totals:
        return {
            key: figure
            for area in AREAS
            for period in sorted({period for _unit, period in self.held})
            for key, figure in self._area(area, period)
        }

    def _area(self, area: str, period: str) -> Iterator[tuple[tuple[str, str, str, str], Any]]:
        sources = {unit: self._source(unit, period) for unit in areas()[area].units}
        own = [unit for unit, source in sources.items() if source == period]
        carried = [unit for unit, source in sources.items() if source not in (None, period)]
        if not own and not carried:
            return
        for indicator, amount in (("NET_COUNT", lambda row: 1), ("NET_TERMINALS", lambda row: row[1])):
            for part in ("", "virtual", "hybrid"):
                rows = {unit: self._counted(unit, sources[unit], part) for unit in (*own, *carried)}
                if part and not any(rows.values()):
                    continue
                strict = sum(amount(row) for unit in own for row in rows[unit])
                value = strict + sum(amount(row) for unit in carried for row in rows[unit])
                none = not own
                expected = (Decimal(value), None if none else Decimal(strict), len(own), len(carried))
                yield (area, period, indicator, part), expected

    def _source(self, unit: str, period: str) -> str | None:
        """The newest period up to this one for which the unit has a register."""
        known = [change for holder, change in self.held if holder == unit and change <= period]
        return max(known, default=None)

    def _counted(self, unit: str, period: str, part: str) -> list[tuple[str, int, bool]]:
        return [row for row in self.held[unit, period] if row[2] and part in ("", row[0])]


def stored(chosen: Any) -> Totals:
    """What the database tells of the same."""
    fields = (
        "area", "period", "indicator", "breakdown_value", "value", "value_strict", "units_accepted",
        "units_carried",
    )  # fmt: skip
    rows = chosen.filter(
        area__in=AREAS, indicator__in=("NET_COUNT", "NET_TERMINALS"), breakdown__in=("total", "network_type")
    ).values_list(*fields)
    return {row[:4]: row[4:] for row in rows}


@dataclass
class Country:
    """The system itself, driven through its verbs."""

    cast: Cast
    periods: dict[str, Period]
    accepted: dict[tuple[str, str], Submission] = field(default_factory=dict)
    excluded: dict[tuple[str, str], Submission] = field(default_factory=dict)

    def accept(self, slot: tuple[str, str], rows: list[tuple[str, int, bool]]) -> None:
        unit, period = slot
        frame = networks(
            *(
                {"network_type": kind, "terminals": terminals, "status": "built" if counts else "planned"}
                for kind, terminals, counts in rows
            )
        )
        self.accepted[slot] = accept_frame(unit, self.periods[period], "networks", frame, by=self.cast.admin)

    def exclude(self, slot: tuple[str, str]) -> None:
        if slot in self.accepted:
            self.excluded[slot] = self.accepted.pop(slot)
            review.exclude(submission=self.excluded[slot], by=self.cast.admin, reason="核实后剔除")

    def reinstate(self, slot: tuple[str, str]) -> None:
        if slot in self.excluded and slot not in self.accepted:
            self.accepted[slot] = self.excluded.pop(slot)
            review.reinstate(submission=self.accepted[slot], by=self.cast.admin, reason="核实后恢复")


@pytest.fixture
def country(cast: Cast) -> Callable[[], Country]:
    """A country without registers, in three periods that are open."""
    today = timezone.localdate()
    days = {"opens": today - timedelta(days=9), "due": today, "closes": today + timedelta(days=9)}
    made = Period.objects.bulk_create(Period(code=code, **days) for code in PERIODS)
    return lambda: Country(cast, {period.code: period for period in made})


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(acts=_acts)
def test_a_replay_agrees_at_every_moment(country: Callable[[], Country], acts: list[tuple[Any, ...]]) -> None:
    with transaction.atomic():
        _follow(country(), acts)
        transaction.set_rollback(True)


def _follow(system: Country, acts: list[tuple[Any, ...]]) -> None:
    replay, moments, made = Replay(), [], []
    for name, *arguments in acts:
        if name == "release":
            made += _release(system, replay)
        else:
            getattr(system, name)(*arguments)
            getattr(replay, name)(*arguments)
        assert stored(Figure.objects.in_force()) == replay.expected()
        moments.append((database_time(), replay.expected()))
    for moment, then in moments:
        assert stored(seen(requested_vantage(as_of=moment, staff=True))) == then
    for release, then in made:
        vantage = requested_vantage(release=release.number, staff=True)
        assert stored(figures(period="all", breakdown="all", vantage=vantage)) == then
        assert stored(Figure.objects.as_of(release.moment)) == then
    _differences([(BEFORE_ALL, {}), *moments])
    assert all(compare(period).agrees for period in periods())


def _release(system: Country, replay: Replay) -> list[tuple[Release, Totals]]:
    last = Release.objects.first()
    if not count(Span(last.moment if last else BEFORE_ALL, database_time())):
        return []
    return [(releases.make(by=system.cast.admin), replay.expected())]


def _differences(moments: list[tuple[datetime, Totals]]) -> None:
    """Between any two moments that follow each other, and over all, what changed is what the replay says."""
    for (earlier, before), (later, after) in (*pairwise(moments), (moments[0], moments[-1])):
        differing = changes(Span(earlier, later))
        for change in differing:
            assert sum((part.difference for part in change.parts), Decimal(0)) == change.difference
        expected = {
            (change.key.area, change.key.period, change.key.indicator, change.key.breakdown_value): (
                change.old,
                change.new,
            )
            for change in differing
            if change.key.indicator in ("NET_COUNT", "NET_TERMINALS")
            and change.key.breakdown in ("total", "network_type")
            and change.key.area in AREAS
            and change.old != change.new
        }
        values = {key: (before.get(key, (None,))[0], after.get(key, (None,))[0]) for key in {*before, *after}}
        assert expected == {key: pair for key, pair in values.items() if pair[0] != pair[1]}
