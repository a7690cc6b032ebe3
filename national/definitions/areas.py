"""Areas: the country, provinces with their cities with separate plan, and reporting units."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from validation import reporting_units

NATION = "CN"


@dataclass(frozen=True, slots=True)
class Area:
    """`code` is CN, a province as CN-33 or a unit's six digits; `units` are the units that add up to it."""

    code: str
    area_type: str
    name_zh: str
    name_en: str
    units: tuple[str, ...]


def province_area(province: str) -> str:
    """Area code of a province's six-digit code: 330000 is CN-33."""
    return f"{NATION}-{province[:2]}"


def areas_above(unit: str) -> list[Area]:
    """The country and the province that a unit adds up to."""
    return [area for area in areas().values() if area.area_type != "unit" and unit in area.units]


@cache
def areas() -> Mapping[str, Area]:
    """All areas by code: the country, then provinces, then units."""
    units = reporting_units()
    listed = [Area(NATION, "national", "全国", "China", tuple(units))]
    for province in (unit for unit in units.values() if not unit.parent):
        members = tuple(unit.code for unit in units.values() if province.code in (unit.code, unit.parent))
        code = province_area(province.code)
        listed.append(Area(code, "province", province.name_zh, province.name_en, members))
    listed += [Area(unit.code, "unit", unit.name_zh, unit.name_en, (unit.code,)) for unit in units.values()]
    return {area.code: area for area in listed}
