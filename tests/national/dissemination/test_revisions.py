"""What changed between releases and why: new data, late units, revisions, exclusions, rules; exact to the unit."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from national.definitions import counting_rules
from national.definitions.counting_rules import COUNTING_RULES
from national.definitions.moments import database_time
from national.dissemination import releases
from national.dissemination.revisions import (
    _MADE,
    Changed,
    Part,
    Span,
    _where,
    changes,
    count,
    since_previous,
)
from national.dissemination.visibility import BEFORE_ALL
from national.models import AreaType, Cause, Release
from national.verification.recompute import rebuild
from submissions.models import Period, Submission
from submissions.signoff import review
from tests.conftest import Cast
from tests.national.frames import networks
from tests.national.registers import accept_frame
from validation import Period as Quarter

JIANGSU, ZHEJIANG, NINGBO = "320000", "330000", "330200"


def accept(cast: Cast, period: Period, unit: str, rows: int, **row: Any) -> Submission:
    return accept_frame(unit, period, "networks", networks(*[row] * rows), by=cast.admin)


def national(release: Release, indicator: str = "NET_COUNT", **filters: str) -> Changed:
    filters_used = {"indicator": indicator, "area": "CN", "breakdown": "total"} | filters
    (changed,) = changes(since_previous(release), **filters_used)
    return changed


def summary(part: Part) -> tuple[Any, ...]:
    return part.cause, part.unit, part.period, part.difference


def test_the_first_release_is_all_new_data(cast: Cast, period: Period) -> None:
    accept(cast, period, JIANGSU, 3)
    accept(cast, period, ZHEJIANG, 2)
    changed = national(releases.make(by=cast.admin))
    assert (changed.old, changed.new, changed.old_units, changed.new_units) == (None, 5, (0, 0), (2, 0))
    assert [summary(part) for part in changed.parts] == [
        (Cause.NEW_DATA, JIANGSU, "2026Q3", 3),
        (Cause.NEW_DATA, ZHEJIANG, "2026Q3", 2),
    ]


def test_new_data_and_a_revision_show_apart(cast: Cast, period: Period) -> None:
    accept(cast, period, JIANGSU, 3)
    releases.make(by=cast.admin)
    accept(cast, period, JIANGSU, 1)
    accept(cast, period, ZHEJIANG, 9)
    accept(cast, period, ZHEJIANG, 7)
    changed = national(releases.make(by=cast.admin))
    assert (changed.old, changed.new, changed.difference) == (3, 8, 5)
    assert [summary(part) for part in changed.parts] == [
        (Cause.NEW_DATA, ZHEJIANG, "2026Q3", 9),
        (Cause.REVISION, JIANGSU, "2026Q3", -2),
        (Cause.REVISION, ZHEJIANG, "2026Q3", -2),
    ]
    assert changed.by_cause == {Cause.NEW_DATA: 9, Cause.REVISION: -4}


def test_a_late_unit_is_told_as_late(cast: Cast, period: Period) -> None:
    accept(cast, period, JIANGSU, 3)
    releases.make(by=cast.admin)
    today = timezone.localdate()
    Period.objects.update(due=today - timedelta(days=1))
    accept(cast, period, ZHEJIANG, 4)
    (part,) = national(releases.make(by=cast.admin)).parts
    assert (*summary(part), part.late) == (Cause.NEW_DATA, ZHEJIANG, "2026Q3", 4, True)


def test_an_exclusion_shows_its_effect_and_reason(cast: Cast, period: Period) -> None:
    accept(cast, period, JIANGSU, 3)
    excluded = accept(cast, period, ZHEJIANG, 4)
    releases.make(by=cast.admin)
    review.exclude(submission=excluded, by=cast.admin, reason="重复填报")
    changed = national(releases.make(by=cast.admin))
    (part,) = changed.parts
    assert (changed.old, changed.new) == (7, 3)
    assert (*summary(part), part.reasons) == (Cause.EXCLUSION, ZHEJIANG, "2026Q3", -4, ("重复填报",))


def test_a_changed_rule_shows_its_effect_unit_by_unit(
    cast: Cast, period: Period, monkeypatch: pytest.MonkeyPatch
) -> None:
    for unit, status in ((JIANGSU, "built"), (ZHEJIANG, "operating"), (NINGBO, "built")):
        accept(cast, period, unit, 2, status=status)
    releases.make(by=cast.admin)
    stricter = replace(COUNTING_RULES[-1], version=2, since=Quarter(2026, 3), counted=("operating",))
    monkeypatch.setattr(counting_rules, "COUNTING_RULES", (*COUNTING_RULES, stricter))
    rebuild(period.code)
    changed = national(releases.make(by=cast.admin))
    assert (changed.old, changed.new) == (6, 2)
    assert [summary(part) for part in changed.parts] == [
        (Cause.RULE, JIANGSU, "2026Q3", -2),
        (Cause.RULE, ZHEJIANG, "2026Q3", 0),
        (Cause.RULE, NINGBO, "2026Q3", -2),
    ]


def test_a_period_that_begins_tells_who_acted_and_who_is_carried(
    cast: Cast, period: Period, earlier_period: Period
) -> None:
    accept(cast, earlier_period, JIANGSU, 3)
    accept(cast, earlier_period, ZHEJIANG, 4)
    releases.make(by=cast.admin)
    accept(cast, period, JIANGSU, 5)
    changed = national(releases.make(by=cast.admin), period="2026Q3")
    assert (changed.old, changed.new, changed.new_units) == (None, 9, (1, 1))
    assert [(*summary(part), part.carried) for part in changed.parts] == [
        (Cause.NEW_DATA, JIANGSU, "2026Q3", 5, False),
        (Cause.NEW_DATA, ZHEJIANG, "", 4, True),
    ]
    accept(cast, period, ZHEJIANG, 1)
    changed = national(releases.make(by=cast.admin), period="2026Q3")
    assert [(*summary(part), part.carried) for part in changed.parts] == [
        (Cause.NEW_DATA, ZHEJIANG, "2026Q3", -3, False)
    ]


def test_what_came_and_went_between_two_releases_is_no_change(cast: Cast, period: Period) -> None:
    accept(cast, period, JIANGSU, 3)
    releases.make(by=cast.admin)
    accept(cast, period, JIANGSU, 5)
    accept(cast, period, JIANGSU, 3)
    accept(cast, period, ZHEJIANG, 0)
    changed = national(releases.make(by=cast.admin))
    assert (changed.old, changed.new, changed.old_units, changed.new_units) == (3, 3, (1, 0), (2, 0))
    assert [summary(part) for part in changed.parts] == [
        (Cause.NEW_DATA, ZHEJIANG, "2026Q3", 0),
        (Cause.REVISION, JIANGSU, "2026Q3", 0),
    ]


def test_units_add_up_to_the_country_in_every_cell(
    cast: Cast, period: Period, earlier_period: Period
) -> None:
    accept(cast, earlier_period, JIANGSU, 2)
    accept(cast, earlier_period, NINGBO, 3, network_type="hybrid")
    accept(cast, period, ZHEJIANG, 2, operators=["mobile", "telecom"])
    releases.make(by=cast.admin)
    accept(cast, period, JIANGSU, 4, industry_code="131")
    accept(cast, period, ZHEJIANG, 1)
    accept(cast, earlier_period, NINGBO, 5, terminals=7)
    span = since_previous(releases.make(by=cast.admin))
    differing = changes(span)
    assert len(differing) == count(span) == Release.objects.first().changes > 100
    for changed in differing:
        assert sum((part.difference for part in changed.parts), Decimal(0)) == changed.difference
    additive = ("NET_COUNT", "NET_TERMINALS", "NET_INVESTMENT", "NET_OPERATING")
    country = [figure for figure in differing if figure.key.area == "CN" and figure.key.indicator in additive]
    assert country
    for changed in country:
        same = [
            figure
            for figure in differing
            if figure.area_type == AreaType.UNIT and figure.key._replace(area="CN") == changed.key
        ]
        assert sum((figure.difference for figure in same), Decimal(0)) == changed.difference


@pytest.mark.parametrize("step", [1, 7])
def test_pages_are_cut_and_the_count_is_not(cast: Cast, period: Period, step: int) -> None:
    accept(cast, period, JIANGSU, 3)
    span = since_previous(releases.make(by=cast.admin))
    filters_used = {"area": "CN", "breakdown": "total"}
    whole = changes(span, **filters_used)
    assert count(span, **filters_used) == len(whole) > 3
    pages = [changes(span, offset=at, limit=step, **filters_used) for at in range(0, len(whole), step)]
    assert [figure for page in pages for figure in page] == whole


def plan(statement: str, params: dict[str, Any]) -> str:
    """How the database would go about it where the tables are large."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN (COSTS OFF) {statement}", params)
        return "\n".join(line for (line,) in cursor.fetchall())


def test_the_history_of_a_figure_is_looked_up_and_not_looked_for(cast: Cast, period: Period) -> None:
    """The country's figures have a hundred times as many rows of the past as there are in force."""
    accept(cast, period, JIANGSU, 3)
    [changed] = changes(
        Span(BEFORE_ALL, database_time()), indicator="NET_COUNT", area="CN", breakdown="total"
    )
    keys = {name: [getattr(changed.key, name)] for name in changed.key._fields}
    differing = plan(_MADE, {"old": BEFORE_ALL, "new": database_time(), "at": [0], **keys})
    condition = differing.partition("Index Scan using figure_history")[2].partition("Index Cond: ")[2]
    assert "breakdown_value)::text = asked.breakdown_value" in condition.partition("\n")[0]
    assert "Seq Scan" not in differing


def test_before_the_first_release_nothing_is_looked_for(cast: Cast, period: Period) -> None:
    span = Span(BEFORE_ALL, database_time())
    statement = f"SELECT count(*) {_where(span, {'area': 'CN'}, staff=True)}"
    differing = plan(statement, {**span._asdict(), "area": "CN"})
    assert "One-Time Filter: false" in differing
    # the kind of the area is what figures in force are indexed by
    assert differing.count("(area_type)::text = 'national'::text") == 2


@pytest.mark.parametrize(
    ("area", "area_type", "expected"), [("CN", "", 1), ("CN", "unit", 0), ("nowhere", "", 0)]
)
def test_the_area_alone_says_what_kind_it_is(
    area: str, area_type: str, expected: int, cast: Cast, period: Period
) -> None:
    accept(cast, period, JIANGSU, 3)
    filters = {"indicator": "NET_COUNT", "area": area, "breakdown": "total"}
    if area_type:
        filters["area_type"] = area_type
    assert count(Span(BEFORE_ALL, database_time()), **filters) == expected
