"""Clearing: disclosure control over stored figures; nothing but headline totals is public before it has run.

A run takes the figures of one period as they stand at a moment, links them with what the public saw of the
period before, and writes one clearance for each new figure. Decisions stand: a release keeps its pattern.
"""

from __future__ import annotations

import logging
import math
from collections import defaultdict
from collections.abc import Hashable
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

import polars as pl
from django.conf import settings
from django.db import connection, transaction
from django.db.models import CharField, FloatField, Max, Value
from django.db.models.functions import Cast, Coalesce

from national.definitions.areas import areas
from national.definitions.breakdowns import TOTAL
from national.definitions.counting_rules import version
from national.definitions.indicator import Adds, Indicator
from national.definitions.indicators import INDICATORS
from national.disclosure.contributors import CELL, contributors, holdings
from national.disclosure.solver import (
    Built,
    Cell,
    Contributors,
    Interval,
    Measure,
    Outcome,
    Protection,
    Rules,
    build,
    build_linked,
    need_of_amount,
    need_of_count,
    needs_of_wholes,
    protect,
)
from national.disclosure.structure import FINEST, LINKS, families, parent, shape_of, shape_of_numerators
from national.models import AreaType, Clearance, ClearanceState, ClearingRun, Figure
from national.models.public_figure import HEADLINES
from submissions.files import storage
from submissions.files.pg_copy import copy_frame
from submissions.models import Register

logger = logging.getLogger(__name__)

#: earlier states of the period, as the public saw them, that a run is linked with whatever they hold
STATES_BEFORE = 3
_TRY_LOCK = "SELECT pg_try_advisory_lock(hashtextextended(%s, 0))"
_LOCK = "SELECT true FROM (SELECT pg_advisory_lock(hashtextextended(%s, 0))) AS locked"
_UNLOCK = "SELECT pg_advisory_unlock(hashtextextended(%s, 0))"

_OPEN, _SUPPRESSED, _HIDDEN = ClearanceState.OPEN, ClearanceState.SUPPRESSED, ClearanceState.SUPPRESSED_HIDDEN


#: area, breakdown and part
Place = tuple[str, str, str]


class Row(NamedTuple):
    """A figure with its clearance, None where it has none yet."""

    id: int
    indicator: str
    area: str
    area_type: str
    breakdown: str
    part: str
    value: float
    numerator: float
    submission: str
    rule_version: int
    carried_from: str
    state: str | None
    need_low: float | None
    need_high: float | None

    @property
    def key(self) -> Hashable:
        """The identity of the number: a unit's own is the same in every period that it is carried into."""
        if self.area_type != AreaType.UNIT:
            return self.id
        place = (self.area, self.indicator, self.breakdown, self.part)
        return (*place, self.submission, self.rule_version, self.value)


class Decision(NamedTuple):
    """The decision on one figure, as it is stored."""

    figure: int
    state: str
    need: Interval | None


def judge(period: str, moment: datetime, *, wait: bool = False) -> ClearingRun | None:
    """Judge the figures of `period` that stood at `moment` and have no clearance; None when there are none.

    While another run is at this period it is waited for, else None is the answer. Raises disclosure.UnprotectedError or AttackError, with
    nothing stored and nothing published, when a pattern that holds cannot be found.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LOCK if wait else _TRY_LOCK, [f"clearing/{period}"])
        if not cursor.fetchone()[0]:
            return None
    try:
        return _judge(period, moment)
    finally:
        with connection.cursor() as cursor:
            cursor.execute(_UNLOCK, [f"clearing/{period}"])


def _judge(period: str, moment: datetime) -> ClearingRun | None:
    waiting = Figure.objects.as_of(moment).filter(period=period, clearance__isnull=True)
    codes = set(waiting.order_by().values_list("indicator", flat=True).distinct())
    if not codes:
        return None
    judged = _Judging(_behind(period, moment))
    for family in families():
        if codes & set(family):
            moments = [*moments_before(period, moment, family), moment]
            judged.judge({code: [_rows(period, state_at, code) for state_at in moments] for code in family})
    return _store(period, moment, judged)


def _rows(period: str, moment: datetime, indicator: str) -> list[Row]:
    """An indicator's figures of the period at a moment."""
    figures = Figure.objects.as_of(moment).filter(period=period, indicator=indicator).order_by("id")
    annotated = figures.annotate(
        source=Coalesce(Cast("submission_id", CharField()), Value("")),
        # of means and shares the number of records behind them is what adds up
        counted=Cast(Coalesce("denominator", "value"), FloatField()),
        divided=Cast(Coalesce("numerator", Value(Decimal(0))), FloatField()),
    )
    rows = annotated.values_list(
        "id", "indicator", "area", "area_type", "breakdown", "breakdown_value", "counted", "divided", "source",
        "rule_version", "carried_from", "clearance__state", "clearance__need_low", "clearance__need_high",
    )  # fmt: skip
    return list(map(Row._make, rows.iterator()))


def moments_before(period: str, moment: datetime, family: list[str]) -> list[datetime]:
    """The last states before `moment` that the public saw, and older ones in which something of the family was
    public that is withheld since: published again, it would differ from then by what came between."""
    runs = ClearingRun.objects.filter(period=period, moment__lt=moment).order_by("-moment")
    moments = list(runs.values_list("moment", flat=True))
    last, older = moments[:STATES_BEFORE], moments[STATES_BEFORE:]
    return sorted({*last, *_last_seen(period, family, last, older)} if older else last)


def _last_seen(period: str, family: list[str], last: list[datetime], older: list[datetime]) -> set[datetime]:
    """The newest of the older states in which each sum over units was public that the newest of the last withholds."""
    sums = (
        Figure.objects.filter(period=period, indicator__in=family).exclude(area_type=AreaType.UNIT).order_by()
    )
    withheld = sums.as_of(last[0]).filter(clearance__state__in=(_SUPPRESSED, _HIDDEN))
    places = set(withheld.values_list("indicator", "area", "breakdown", "breakdown_value"))
    # whatever stands longer stands in one of the last states too
    public = sums.filter(clearance__state=_OPEN, valid_to__lte=last[-1])
    ended = public.values_list("indicator", "area", "breakdown", "breakdown_value").annotate(Max("valid_to"))
    return {max(run for run in older if run < end) for *place, end in ended if tuple(place) in places}


def _inherited(rows: list[Row]) -> dict[Hashable, Row]:
    """Units' figures that are carried forward, as they were judged in the period they come from."""
    rows_by_key: dict[Hashable, Row] = {}
    for period, indicator in {(row.carried_from, row.indicator) for row in rows if row.carried_from}:
        run = ClearingRun.objects.filter(period=period).first()
        if run is not None:
            rows_by_key |= {row.key: row for row in _rows(period, run.moment, indicator) if row.state}
    return rows_by_key


def _behind(period: str, moment: datetime) -> pl.DataFrame:
    """Who stands behind each cell of units and provinces: area, CELL, enterprises, largest, second."""
    figures = Figure.objects.as_of(moment).filter(period=period, area_type=AreaType.UNIT, breakdown=TOTAL)
    sources = figures.order_by().values_list("area", "carried_from", "rule_version").distinct()
    held = defaultdict(list)
    for unit, carried_from, rule in sources:
        held[unit].append(_holdings(unit, carried_from or period, rule, moment))
    registers_behind = []
    for area in areas().values():
        if area.area_type != AreaType.NATIONAL:
            units = [frame for unit in area.units for frame in held[unit]]
            registers_behind.append(contributors(units).select_seq(pl.lit(area.code).alias("area"), pl.all()))
    return pl.concat(registers_behind)


def _holdings(unit: str, period: str, rule: int, moment: datetime) -> pl.DataFrame:
    registers = Register.objects.as_of(moment).filter(unit=unit, period=period).select_related("submission")
    frames = {register.collection: storage.frame_of(register.submission) for register in registers}
    return holdings(frames, version(rule))


#: behind a cell that is not sensitive by itself
_MANY = Contributors(1_000_000, 0.0, 0.0)


class _Batch(NamedTuple):
    """An indicator to be judged: its figures state by state, those of the newest that wait, and what was decided of
    the others before."""

    indicator: Indicator
    states: list[list[Row]]
    waiting: list[Row]
    outcomes: dict[Hashable, Outcome]


class _Judging:
    """Decisions in the making, family of indicators by family."""

    def __init__(self, behind: pl.DataFrame) -> None:
        self.decisions: list[Decision] = []
        self.eased = self.derivable = 0
        self._behind = behind
        self._rules = Rules(settings.DISCLOSURE_MIN_ENTERPRISES, settings.DISCLOSURE_PERCENT)

    def judge(self, family: dict[str, list[list[Row]]]) -> None:
        """Decide on the newest state's figures that have no clearance, linked with the states before.

        `family` has the states of indicators that bound one another.
        """
        batches = [self._batch(INDICATORS[code], states) for code, states in family.items()]
        listed = [batch for batch in batches if not batch.indicator.disjoint]
        self.decisions += [
            _presence(row) for batch in batches if batch.indicator.disjoint for row in batch.waiting
        ]
        self.decisions += [_unlisted(row) for batch in listed for row in batch.waiting if _too_fine(row)]
        if not listed:
            return
        built = build_linked(self._measures(listed), LINKS, self._rules)
        protection = self._protect(built)
        for batch in listed:
            waiting = [row for row in batch.waiting if not _too_fine(row)]
            decisions = [_decision(row, built, protection) for row in waiting]
            if batch.indicator.is_quotient:
                decisions = self._protect_numerators(batch, waiting, decisions)
            self.decisions += decisions

    def _batch(self, indicator: Indicator, states: list[list[Row]]) -> _Batch:
        waiting = [row for row in states[-1] if not row.state]
        outcomes = {key: _outcome(row) for key, row in _inherited(waiting).items()}
        outcomes |= {row.key: _outcome(row) for state in states for row in state if row.state}
        return _Batch(indicator, states, waiting, outcomes)

    def _measures(self, batches: list[_Batch]) -> dict[str, Measure]:
        bounds = {link.part: link.whole for link in LINKS if link.whole in HEADLINES}
        return {
            batch.indicator.code: Measure(
                shape_of(batch.indicator),
                [self._cells(batch, state) for state in batch.states],
                bounds.get(batch.indicator.code, ""),
            )
            for batch in batches
        }

    def _cells(self, batch: _Batch, state: list[Row]) -> list[Cell]:
        """Return the cells of a state that are published somewhere; one that would reveal a finer one is sensitive too."""
        behind = self._contributors(batch.indicator.code)
        cells = [_cell(row, behind, batch.outcomes.get(row.key)) for row in state]
        need_of = need_of_count if shape_of(batch.indicator).whole else need_of_amount
        finer = needs_of_wholes(
            [cell for cell, row in zip(cells, state, strict=True) if not _too_fine(row)],
            [
                (cell, need)
                for cell, row in zip(cells, state, strict=True)
                if _too_fine(row) and (need := need_of(cell.value, cell.behind, self._rules)) is not None
            ],
            parent,
        )
        return [
            cell._replace(need=finer.get((cell.area, cell.breakdown, cell.part)))
            for cell, row in zip(cells, state, strict=True)
            if not _too_fine(row)
        ]

    def _protect(self, built: Built) -> Protection:
        protection = protect(built.tables, built.start)
        self.eased += len(protection.eased)
        self.derivable += len(protection.derivable)
        return protection

    def _protect_numerators(
        self, batch: _Batch, waiting: list[Row], decisions: list[Decision]
    ) -> list[Decision]:
        """Who knows a quotient and its denominator knows the numerator: those are a table of their own, in which
        at least the same cells are withheld."""
        known = batch.outcomes | {
            row.key: Outcome(
                published=False,
                suppressed=True,
                suppressed_hidden=decision.state == _HIDDEN,
                need=decision.need,
            )
            for row, decision in zip(waiting, decisions, strict=True)
            if decision.state != _OPEN
        }
        behind = self._contributors(batch.indicator.code)
        states = [
            [self._numerator(batch, row, behind, known.get(row.key)) for row in state if not _too_fine(row)]
            for state in batch.states
        ]
        built = build(states, shape_of_numerators(batch.indicator), self._rules)
        protection = self._protect(built)
        # the intervals that are kept are those of the denominators, where these are not public anyway
        needs = {decision.figure: decision.need for decision in decisions}
        decided = [_decision(row, built, protection) for row in waiting]
        return [
            decision._replace(
                need=needs[decision.figure] or decision.need if decision.state != _OPEN else None
            )
            for decision in decided
        ]

    def _numerator(
        self, batch: _Batch, row: Row, behind: dict[Place, Contributors], outcome: Outcome | None
    ) -> Cell:
        """The numerator of a quotient; sensitive where its denominator is, and of a share never more than that."""
        few = need_of_count(row.value, _who(row, behind), self._rules) if outcome is None else outcome.need
        width = max(abs(row.numerator) * self._rules.percent / 100, 1.0)
        low = row.numerator - width if row.numerator < 0 else max(row.numerator - width, 0.0)
        need = Interval(low, row.numerator + width) if few is not None else None
        if outcome is not None:
            outcome = outcome._replace(need=need)
        # totals of denominators are public, and so are those that nothing withholds
        known = row.breakdown == TOTAL or outcome is None or outcome.published
        most = row.value if known and batch.indicator.adds is Adds.SHARE else math.inf
        return Cell(row.key, row.area, row.breakdown, row.part, row.numerator, _MANY, outcome, need, most)

    def _contributors(self, indicator: str) -> dict[Place, Contributors]:
        """By area, breakdown and part. Two sources of one unit (carried and own) speak of different indicators."""
        rows = self._behind.filter(pl.col("indicator") == indicator)
        columns = rows.select("area", *CELL[1:], "enterprises", "largest", "second").iter_rows()
        return {(area, breakdown, part): Contributors(*who) for area, breakdown, part, *who in columns}


def _cell(row: Row, behind: dict[Place, Contributors], outcome: Outcome | None) -> Cell:
    return Cell(row.key, row.area, row.breakdown, row.part, row.value, _who(row, behind), outcome)


def _who(row: Row, behind: dict[Place, Contributors]) -> Contributors:
    # a cell of whom nobody is known is taken for one enterprise's
    nobody = Contributors(1 if row.value else 0, row.value, 0.0)
    return behind.get((row.area, row.breakdown, row.part), nobody)


def _outcome(row: Row) -> Outcome:
    """Return the earlier decision on a figure that has a clearance."""
    sensitive = row.need_low is not None and row.need_high is not None
    need = Interval(row.need_low, row.need_high) if sensitive else None
    return Outcome(row.state == _OPEN, row.state != _OPEN, row.state == _HIDDEN, need)


def _presence(row: Row) -> Decision:
    """Decide that the parts of a presence indicator are hidden below the country: a line of the list would say it all."""
    listed = row.area_type == AreaType.NATIONAL or row.breakdown == TOTAL
    return Decision(row.id, _OPEN, None) if listed else _unlisted(row)


def _too_fine(row: Row) -> bool:
    """Report whether a row is an industry group below the country: most of them are sensitive, so none is published."""
    return row.breakdown == FINEST and row.area_type != AreaType.NATIONAL


def _unlisted(row: Row) -> Decision:
    return Decision(row.id, _HIDDEN, None)


def _decision(row: Row, built: Built, protection: Protection) -> Decision:
    number = built.numbers[row.key]
    tables, pattern = built.tables, protection.pattern
    if tables.fixed[number] or not pattern.suppressed[number]:
        return Decision(row.id, _OPEN, None)
    need = Interval(float(tables.need_low[number]), float(tables.need_high[number]))
    sensitive = bool(tables.sensitive[number])
    return Decision(
        row.id,
        _HIDDEN if built.suppressed_hidden(pattern, row.key) else _SUPPRESSED,
        need if sensitive else None,
    )


@transaction.atomic
def _store(period: str, moment: datetime, judged: _Judging) -> ClearingRun:
    records = [
        (
            decision.figure,
            period,
            str(decision.state),
            decision.need and decision.need.low,
            decision.need and decision.need.high,
        )
        for decision in judged.decisions
    ]
    schema = {
        "figure_id": pl.Int64, "period": pl.String, "state": pl.String, "need_low": pl.Float64, "need_high": pl.Float64
    }  # fmt: skip
    copy_frame(Clearance, pl.DataFrame(records, schema=schema, orient="row"))
    opened = sum(decision.state == _OPEN for decision in judged.decisions)
    if judged.derivable:
        logger.warning("%s: %d withheld figures follow from what is public already", period, judged.derivable)
    return ClearingRun.objects.create(
        period=period,
        moment=moment,
        opened=opened,
        withheld=len(records) - opened,
        eased=judged.eased,
        derivable=judged.derivable,
    )
