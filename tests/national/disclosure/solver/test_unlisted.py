"""Parts that are published for the country alone: when their whole, published below it, would give them away."""

from __future__ import annotations

import pytest

from national.disclosure.solver import Cell, Contributors, Interval, needs_of_wholes

NOBODY = Contributors(0, 0, 0)


def cell(area: str, part: str, value: float) -> Cell:
    breakdown = "industry_division" if len(part) == 2 else "industry_group"
    return Cell((area, part), area, breakdown, part, value, NOBODY)


def needs(whole: float, all_of_it: float, part: float, value: float, need: Interval) -> dict[str, Interval]:
    listed = [cell("320000", "36", whole), cell("CN", "36", all_of_it), cell("CN", "361", part)]
    by_place = needs_of_wholes(listed, [(cell("320000", "361", value), need)], lambda _finer, part: part[:2])
    return {place[2]: interval for place, interval in by_place.items()}


@pytest.mark.parametrize(
    ("whole", "all_of_it", "part", "expected"),
    [
        (10, 100, 40, {}),  # anything from 0 to 10 is possible
        (10, 100, 100, {"36": Interval(9, 11)}),  # the only group of its division: it is the whole
        (10, 100, 99, {"36": Interval(9, 11)}),  # at least 9 of 10
        (2, 100, 40, {"36": Interval(1, 3)}),  # no more than 2
        (10, 100, 2, {}),  # no more than 2 either, but that the country's figure says
    ],
)
def test_a_whole_that_leaves_no_room_is_withheld_too(
    whole: float, all_of_it: float, part: float, expected: dict[str, Interval]
) -> None:
    assert needs(whole, all_of_it, part, 2, Interval(1, 3)) == expected


def test_a_whole_that_is_not_published_tells_nothing() -> None:
    unlisted = [(cell("320000", "361", 2), Interval(1, 3))]
    assert needs_of_wholes([cell("CN", "361", 2)], unlisted, lambda _finer, part: part[:2]) == {}
