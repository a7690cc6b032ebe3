"""Published series: every vintage is kept, the newest holds, and any past moment reads what was known then."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from national.models import PublishedValue
from national.targets.assessment import target
from national.targets.published_series import (
    NET_PUBLISHED,
    VALUE_ADDED,
    add_vintage,
    last_day,
    load_published,
    published,
    vintages,
)
from submissions.models import User
from submissions.workflow.refusals import RefusalError
from tests.conftest import Cast

TODAY = date(2026, 10, 20)


def add(by: User, **fields: Any) -> PublishedValue:
    given = {"series": VALUE_ADDED, "stated_date": "2025", "value": Decimal("1.71"), "qualifier": "exact"}
    return add_vintage(by=by, **{**given, "source": "MIIT 2026-09", **fields})


def test_loading_again_changes_nothing(units: int) -> None:
    before = list(PublishedValue.objects.values_list("pk", flat=True))
    assert load_published() == 0
    assert list(PublishedValue.objects.values_list("pk", flat=True)) == before


def test_targets_and_provinces_are_no_values_of_a_series(units: int) -> None:
    values = published(VALUE_ADDED)
    assert [value.on.year for value in values] == [2021, 2022, 2023, 2024, 2025]
    assert all(value.source and value.unit == "CNY trillion" for value in values)
    assert [value.stated_date for value in published(NET_PUBLISHED)] == ["2025-09", "2025", "2025-12"]
    assert published("nothing of the kind") == ()


def test_a_vintage_replaces_nothing_and_the_past_can_be_asked(cast: Cast) -> None:
    before = timezone.now()
    add(cast.admin)
    assert target("VALUE_ADDED", TODAY).actual == Decimal("1.71")
    assert target("VALUE_ADDED", TODAY, before).actual == Decimal("1.67")
    both = [value.value for value in vintages(VALUE_ADDED) if value.stated_date == "2025"]
    assert both == [Decimal("1.67"), Decimal("1.71")]
    assert len(published(VALUE_ADDED)) == 5


def test_a_forecast_is_shown_and_is_no_reading(cast: Cast) -> None:
    add(cast.admin, stated_date="2026", value=Decimal("1.9"), qualifier="forecast")
    status = target("VALUE_ADDED", TODAY)
    assert status.actual == Decimal("1.67")
    forecasts = {value.stated_date: value.value for value in status.published if value.is_forecast}
    assert forecasts == {"2023": Decimal("1.35"), "2026": Decimal("1.9")}
    add(cast.admin, stated_date="2026", value=Decimal("1.85"))
    assert target("VALUE_ADDED", date(2027, 3, 1)).actual == Decimal("1.85")


def test_the_very_same_value_is_entered_once(cast: Cast) -> None:
    add(cast.admin)
    with pytest.raises(RefusalError) as refused:
        add(cast.admin)
    assert refused.value.code == "vintage-known"
    add(cast.admin, vintage=date(2026, 9, 30))  # announced again, on a day that is known
    add(cast.admin, verified=True)  # seen in an official source since
    assert next(value for value in published(VALUE_ADDED) if value.stated_date == "2025").verified


def test_values_of_the_code_list_are_verified_by_an_official_source_alone(units: int) -> None:
    fields = {value.stated_date: (value.verified, value.is_forecast) for value in published(VALUE_ADDED)}
    assert fields == {
        "2021": (False, False),
        "2022": (True, False),
        "2023": (False, True),
        "2024": (True, False),
        "2025": (False, False),
    }
    assert [value.verified for value in published(NET_PUBLISHED)] == [False, False, True]


def test_another_verdict_of_the_code_list_is_a_further_entry(units: int) -> None:
    """A database that was loaded before learns that no official source stated a value; what was known then stays."""
    PublishedValue.objects.filter(series=VALUE_ADDED, stated_date="2025").update(verified=True)
    before = timezone.now()
    assert load_published() == 1
    newest = {value.stated_date: value.verified for value in published(VALUE_ADDED)}
    assert newest["2025"] is False
    assert {value.stated_date: value.verified for value in published(VALUE_ADDED, before)}["2025"] is True


@pytest.mark.parametrize("name", ["js_signer", "reviewer", "auditor"])
def test_only_the_administrator_enters_values(cast: Cast, name: str) -> None:
    with pytest.raises(RefusalError) as refused:
        add(getattr(cast, name))
    assert refused.value.code == "not-allowed"


@pytest.mark.parametrize("wrong", [{"value": Decimal(-1)}, {"source": ""}])
def test_the_database_refuses_what_is_no_value(cast: Cast, wrong: dict[str, Any]) -> None:
    with transaction.atomic(), pytest.raises(IntegrityError):
        add(cast.admin, **wrong)


def test_stated_dates() -> None:
    assert last_day("2025") == date(2025, 12, 31)
    assert last_day("2028-02") == date(2028, 2, 29)
    for wrong in ("25", "2025-13", "2025-1", "2025Q4", ""):
        with pytest.raises(ValueError, match="no year or month"):
            last_day(wrong)
