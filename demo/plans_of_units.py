"""Plans for the demo: what the units of the invented country mean to reach, entered as nobody's."""

from __future__ import annotations

from demo.growth import WEIGHTS
from national.models import Plan

#: Two units have announced nothing yet, and the others together a little less than the country needs.
_WITHOUT = frozenset({"540000", "660000"})
_ALL = 48_600
_SOURCE = "演示数据：省级行动方案（虚构）"


def make_plans() -> int:
    """Enter the plans for 2030 unless plans are there, and return how many were entered."""
    if Plan.objects.exists():
        return 0
    weights = {unit: weight for unit, weight in WEIGHTS.items() if unit not in _WITHOUT}
    whole = sum(weights.values())
    plans = [
        Plan(unit_id=unit, year=2030, goal=round(_ALL * weight / whole, -1), source=_SOURCE)
        for unit, weight in weights.items()
    ]
    return len(Plan.objects.bulk_create(plans))
