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
    return tuple(
        _place(division)
        for division in divisions().values()
        if _usable(division) and unit_of(division.code) == unit
    )


@cache
def _with_counties() -> frozenset[str]:
    return frozenset(division.prefecture for division in divisions().values() if division.level == "county")


def _usable(division: Division) -> bool:
    smallest = division.level == "county" or (
        division.level == "prefecture" and division.code not in _with_counties()
    )
    lasting = all(division.exists_in(period) for period in LASTING)
    return smallest and lasting and not division.code.startswith(WITHOUT_INDUSTRY)


def _place(division: Division) -> Place:
    prefecture = divisions()[division.prefecture]
    above = prefecture.name if prefecture.level == "prefecture" and prefecture is not division else ""
    province = reporting_units()[division.province].name_zh
    return Place(
        division.code, province + above + division.name, stem(division.name), stem(above or division.name)
    )
