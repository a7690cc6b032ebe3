"""Primary rules: enterprises and not rows are counted, and the second largest must not tell the largest."""

from __future__ import annotations

import pytest

from national.disclosure.solver import Contributors, Interval, Rules, need_of_amount, need_of_count

RULES = Rules(enterprises=3, percent=10)


@pytest.mark.parametrize(
    ("value", "enterprises", "need"),
    [
        (0, 0, None),
        (1, 1, Interval(1, 3)),
        (2, 2, Interval(1.8, 3)),
        (40, 1, Interval(36, 44)),
        (3, 3, None),
        (40, 3, None),
    ],
)
def test_counts(value: float, enterprises: int, need: Interval | None) -> None:
    interval = need_of_count(value, Contributors(enterprises, value, 0), RULES)
    assert interval == (need and pytest.approx(need))


@pytest.mark.parametrize(
    ("holdings", "need"),
    [
        ((), None),
        ((100.0,), Interval(90, 110)),
        ((60.0, 40.0), Interval(90, 110)),
        ((100.0, 50.0, 5.0), Interval(150, 160)),  # the second knows the first to within 5 of the 10 required
        ((100.0, 50.0, 10.0), None),
        ((5.0, 5.0, 5.0, 5.0), None),
        ((0.0,), Interval(0, 1)),  # that it is nothing may be telling too
    ],
)
def test_amounts(holdings: tuple[float, ...], need: Interval | None) -> None:
    largest, second = (*holdings, 0.0, 0.0)[:2]
    interval = need_of_amount(sum(holdings), Contributors(len(holdings), largest, second), RULES)
    assert interval == (need and pytest.approx(need))


def test_the_rules_do_not_tell_themselves() -> None:
    assert "10" not in f"{RULES} {RULES!r}"
    assert "3" not in f"{RULES} {RULES!r}"
