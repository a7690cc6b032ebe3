"""How large each unit's demo registers are: weights by industry and the growth from quarter to quarter."""

from __future__ import annotations

from bisect import bisect_right
from functools import cache
from itertools import accumulate

from validation import Period

#: Shares of national industry in per mille, rounded; provinces without their cities with separate plan.
WEIGHTS = {
    "110000": 17, "120000": 17, "130000": 39, "140000": 29, "150000": 26, "210000": 20, "220000": 12,
    "230000": 11, "310000": 34, "320000": 125, "330000": 76, "340000": 42, "350000": 46, "360000": 30,
    "370000": 70, "410000": 50, "420000": 45, "430000": 40, "440000": 95, "450000": 20, "460000": 4,
    "500000": 29, "510000": 44, "520000": 14, "530000": 16, "540000": 1.2, "610000": 32, "620000": 9,
    "630000": 3.5, "640000": 7, "650000": 17, "660000": 3.5, "210200": 9, "330200": 23, "350200": 9,
    "370200": 16, "440300": 32,
}  # fmt: skip
#: The quarter whose size is given, the one after the rush of the first years, and the first in which anything
#: was commissioned.
BASE = Period(2025, 4)
TURN = Period(2024, 4)
FIRST = Period(2019, 4)
LAST = Period(2032, 4)
#: National size in BASE, growth per quarter since TURN and before; the published count at the end of 2025 is
#: "more than 20 000", and one network in seventy has been switched off since.
SIZES = {"networks": (20_400, 1.0627, 1.14), "ai_applications": (8_000, 1.085, 1.18)}
#: No unit's register is smaller, whatever the scale.
SMALLEST = 12


def quarters_between(earlier: Period, later: Period) -> int:
    """Quarters from `earlier` to `later`; negative when it lies before."""
    return (later.year - earlier.year) * 4 + later.quarter - earlier.quarter


def finished(unit: str, collection: str, period: Period, scale: float) -> int:
    """How many of a unit's networks (applications) have ever gone live by the end of `period`."""
    steps = quarters_between(FIRST, period)
    sizes = _sizes(unit, collection, scale)
    return 0 if steps < 0 else sizes[min(steps, len(sizes) - 1)]


def went_live(unit: str, collection: str, index: int, scale: float) -> Period:
    """The quarter in which number `index` (from 0) goes live; LAST for whatever comes later."""
    steps = bisect_right(_sizes(unit, collection, scale), index)
    return FIRST.shift(min(steps, quarters_between(FIRST, LAST)))


@cache
def _sizes(unit: str, collection: str, scale: float) -> tuple[int, ...]:
    """Sizes from FIRST to LAST; they never fall."""
    national, since, before = SIZES[collection]
    base = max(national * scale * WEIGHTS[unit] / sum(WEIGHTS.values()), SMALLEST)
    # Units grow at their own pace, within 2.5 points of the national one.
    pace = since + (int(unit) // 100 * 7 % 11 - 5) * 0.005
    turn = quarters_between(BASE, TURN)
    steps = range(quarters_between(BASE, FIRST), quarters_between(BASE, LAST) + 1)
    sizes = (round(base * pace ** max(step, turn) * before ** min(step - turn, 0)) for step in steps)
    return tuple(accumulate(sizes, max))
