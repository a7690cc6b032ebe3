"""Where a unit's demo enterprises stand: the divisions that belong to the unit itself."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from validation import Period
from validation.codelists import reporting_units
from validation.codelists.regions import Division, divisions, stem, unit_of

#: A demo place exists in all of these, so that it fits every demo period.
LASTING = (Period(2022, 4), Period(2027, 4))
#: The islands of 三沙市 have no industry.
WITHOUT_INDUSTRY = "4603"


@dataclass(frozen=True, slots=True)
class Place:
    """A county (or a prefecture without counties) and its name in full and in short."""

    code: str
    full_name: str
    short_name: str
    prefecture: str


@cache
def places(unit: str) -> tuple[Place, ...]:
    """The unit's own counties, and prefectures that have none, by code."""
    return tuple(_place(one) for one in divisions().values() if _usable(one) and unit_of(one.code) == unit)


@cache
def _with_counties() -> frozenset[str]:
    return frozenset(one.prefecture for one in divisions().values() if one.level == "county")


def _usable(one: Division) -> bool:
    smallest = one.level == "county" or (one.level == "prefecture" and one.code not in _with_counties())
    lasting = all(one.exists_in(period) for period in LASTING)
    return smallest and lasting and not one.code.startswith(WITHOUT_INDUSTRY)


def _place(one: Division) -> Place:
    prefecture = divisions()[one.prefecture]
    above = prefecture.name if prefecture.level == "prefecture" and prefecture is not one else ""
    province = reporting_units()[one.province].name_zh
    return Place(one.code, province + above + one.name, stem(one.name), stem(above or one.name))
