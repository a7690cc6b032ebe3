"""Plans of the units: newest by unit and year, their sum against the goal, and who may enter them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError
from django.utils import timezone

from national.models import Plan
from national.targets.assessment import target
from national.targets.plans import plan_totals, set_plan
from submissions.models import Unit, User
from submissions.workflow.refusals import RefusalError
from tests.conftest import Cast

GOAL = Decimal(50_000)


def plan(by: User, unit: str, goal: int, year: int = 2030) -> Plan:
    return set_plan(by=by, unit=Unit.objects.get(pk=unit), year=year, goal=goal, source="行动方案")


def test_the_sum_says_by_how_much_it_misses_and_who_has_no_plan(cast: Cast) -> None:
    plan(cast.admin, "320000", 6_000)
    plan(cast.admin, "330000", 4_000)
    plan(cast.admin, "320000", 3_000, year=2028)
    earlier, due = plan_totals(GOAL, 2030)
    assert (earlier.year, earlier.total, earlier.difference) == (2028, 3_000, None)
    assert (due.year, due.total, due.difference) == (2030, 10_000, -40_000)
    assert (due.units_planned, due.units_expected, due.complete) == (2, 37, False)
    assert target("NET_COUNT").plans == (earlier, due)
    assert target("VALUE_ADDED").plans == ()


def test_plans_may_add_up_to_more(cast: Cast) -> None:
    for unit in Unit.objects.all():
        plan(cast.admin, unit.pk, 2_000)
    [due] = plan_totals(GOAL, 2030)
    assert (due.complete, due.difference) == (True, 24_000)


def test_a_changed_plan_is_a_further_row_and_the_past_can_be_asked(cast: Cast) -> None:
    plan(cast.admin, "320000", 6_000)
    before = timezone.now()
    plan(cast.admin, "320000", 7_000)
    assert [plan.total for plan in plan_totals(GOAL, 2030)] == [7_000]
    assert [plan.total for plan in plan_totals(GOAL, 2030, before)] == [6_000]
    assert target("NET_COUNT", date(2026, 10, 20), before).plans[0].total == 6_000
    assert Plan.objects.count() == 2


def test_no_plans_is_not_a_sum_of_zero(cast: Cast) -> None:
    assert plan_totals(GOAL, 2030) == []


@pytest.mark.parametrize("name", ["js_signer", "reviewer", "auditor"])
def test_only_the_administrator_enters_plans(cast: Cast, name: str) -> None:
    with pytest.raises(RefusalError) as refused:
        plan(getattr(cast, name), "320000", 6_000)
    assert refused.value.code == "not-allowed"
    assert not Plan.objects.exists()


@pytest.mark.parametrize(("year", "source"), [(2025, "x"), (2031, "x"), (2030, "")])
def test_the_database_refuses_what_is_no_plan(units: int, year: int, source: str) -> None:
    with pytest.raises(IntegrityError):
        Plan.objects.create(unit_id="320000", year=year, goal=1, source=source)
