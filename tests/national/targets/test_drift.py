"""Projection: hand-made numbers, and on made-up series the interval holds the truth as often as it says."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from math import exp, log
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from national.targets.drift import FEWEST, LEVEL, same_amount, same_rate
from national.targets.forecast import flow_outlook, stock_outlook
from national.targets.observations import Observation
from validation import Period

DUE = date(2030, 12, 31)


def test_the_same_amount_by_hand() -> None:
    # changes 10, 20, 30: mean 20, standard deviation 10, m = 3; Student's 0.9 quantile with 2 degrees: 1.885618
    first, second = same_amount([100, 110, 130, 160], 2)
    assert (first.number, first.value) == (1, pytest.approx(180))
    assert first.high - first.value == pytest.approx(1.885618 * 10 * (1 + 1 / 3) ** 0.5, rel=1e-6)
    assert second.value == pytest.approx(200)
    assert second.value - second.low == pytest.approx(1.885618 * 10 * (2 * (1 + 2 / 3)) ** 0.5, rel=1e-6)


def test_the_same_rate_is_the_same_amount_of_logarithms() -> None:
    values = [100.0, 110.0, 130.0, 160.0]
    of_logs = same_amount([log(value) for value in values], 8)
    for rate, logs in zip(same_rate(values, 8), of_logs, strict=True):
        assert (rate.value, rate.low, rate.high) == pytest.approx(
            (exp(logs.value), exp(logs.low), exp(logs.high))
        )
    assert same_rate([100, 200, 400, 800], 1)[0].value == pytest.approx(1600)


@pytest.mark.parametrize("count", range(FEWEST))
def test_too_few_values_make_no_trend(count: int) -> None:
    with pytest.raises(ValueError, match="needs 4"):
        same_amount([100.0] * count, 4)


def test_a_rate_needs_values_above_zero() -> None:
    with pytest.raises(ValueError, match=r"domain|positive"):
        same_rate([0, 1, 2, 3], 4)


@pytest.mark.parametrize(("quarters", "ahead"), [(4, 1), (4, 17), (8, 17), (20, 4)])
def test_the_interval_covers_as_often_as_it_says(quarters: int, ahead: int) -> None:
    """A stock that grows by 1 500 a quarter, give or take 500: 4 000 histories, each projected and then lived on."""
    dice, runs, held = Random(quarters * 100 + ahead), 4_000, 0  # noqa: S311 no secret

    for _ in range(runs):
        walk = [20_000.0]
        for _step in range(quarters - 1 + ahead):
            walk.append(walk[-1] + dice.gauss(1_500, 500))
        projected = same_amount(walk[:quarters], ahead)[-1]
        held += projected.low <= walk[-1] <= projected.high
    assert held / runs == pytest.approx(LEVEL, abs=0.025)


@given(st.lists(st.floats(1, 1e6), min_size=FEWEST, max_size=12), st.integers(1, 20))
def test_bounds_hold_the_value_and_widen(values: list[float], steps: int) -> None:
    for method in (same_amount, same_rate):
        steps_made = method(values, steps)
        assert [step.number for step in steps_made] == list(range(1, steps + 1))
        assert all(step.low <= step.value * (1 + 1e-9) for step in steps_made)
        assert all(step.value <= step.high * (1 + 1e-9) for step in steps_made)
        assert all(step.low >= 0 for step in steps_made)


def quarters(first: Period, *values: int, accepted: int = 37) -> list[Observation]:
    periods = [first.shift(number) for number in range(len(values))]
    return [
        Observation(Decimal(value), period.end, str(period), accepted, 37)
        for period, value in zip(periods, values, strict=True)
    ]


def test_the_quarter_that_is_coming_in_makes_no_trend() -> None:
    full = quarters(Period(2025, 3), 100, 200, 300, 400)
    coming = quarters(Period(2026, 3), 410, accepted=20)
    outlook = stock_outlook([*full, *coming], DUE)
    assert [reading.label for reading in outlook.used] == ["2025Q3", "2025Q4", "2026Q1", "2026Q2"]
    assert outlook.pace == 100
    linear, compound = outlook.projections
    assert (linear.at_due.label, linear.at_due.on, linear.at_due.value) == ("2030Q4", DUE, 2200)
    assert len(linear.ahead) == len(compound.ahead) == 18


def test_a_gap_begins_the_trend_anew() -> None:
    outlook = stock_outlook([*quarters(Period(2025, 1), 1, 2, 3, 4), *quarters(Period(2026, 2), 6, 7)], DUE)
    assert [reading.label for reading in outlook.used] == ["2026Q2", "2026Q3"]
    assert (outlook.enough, outlook.projections, outlook.pace) == (False, (), None)


def test_a_stock_that_was_zero_has_no_rate() -> None:
    outlook = stock_outlook(quarters(Period(2026, 1), 0, 1, 2, 3), DUE)
    assert [reading.name for reading in outlook.projections] == ["linear"]


def test_flows_are_projected_year_by_year() -> None:
    years = [
        Observation(Decimal(value), date(year, 12, 31))
        for year, value in zip(range(2021, 2026), "23456", strict=True)
    ]
    outlook = flow_outlook(years, DUE)
    linear = outlook.projections[0]
    assert [ahead.label for ahead in linear.ahead] == ["2026", "2027", "2028", "2029", "2030"]
    assert (linear.at_due.value, linear.at_due.low) == (11, 11)
    assert outlook.pace == 1


def test_nothing_is_projected_once_it_is_over() -> None:
    outlook = stock_outlook(quarters(Period(2030, 1), 1, 2, 3, 4), DUE)
    assert (outlook.enough, outlook.projections) == (True, ())
