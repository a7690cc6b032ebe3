"""The shape that disclosure control judges an indicator's figures in: which parts and areas make up which others."""

from __future__ import annotations

from dataclasses import replace

from national.areas import areas
from national.breakdowns import BREAKDOWNS, NOT_STATED, OUTSIDE
from national.disclosure import Area, Shape
from national.indicator import Adds, Indicator
from national.models import AreaType
from national.models.public_figure import COUNTRY_HEADLINES, HEADLINES
from validation.codelists.industries import INDUSTRIAL_SECTIONS, divisions

_FINER = {"industry_section": "industry_division", "industry_division": "industry_group"}
#: published for the country alone
FINEST = "industry_group"


def shape_of(indicator: Indicator) -> Shape:
    """How the figures of an indicator add up; of means and shares the numbers behind them."""
    return Shape(
        areas=_areas(),
        finer=_FINER,
        parent=parent,
        remainder=_remainder,
        overlapping=frozenset(name for name in indicator.breakdowns if BREAKDOWNS[name].multi_valued),
        whole=indicator.adds is not Adds.SUM or not indicator.columns,
        headline=frozenset(
            level
            for level in AreaType.values
            if indicator.code in HEADLINES
            or (indicator.code in COUNTRY_HEADLINES and level == AreaType.NATIONAL)
        ),
        exact=indicator.adds is not Adds.DISTINCT,
        country_only=frozenset({FINEST}),
    )


def shape_of_numerators(indicator: Indicator) -> Shape:
    """Numerators add up like denominators: counts of shares, sums of means."""
    return replace(shape_of(indicator), whole=indicator.adds is Adds.SHARE)


def _areas() -> dict[str, Area]:
    provinces = tuple(area.code for area in areas().values() if area.area_type == AreaType.PROVINCE)
    members = {AreaType.NATIONAL: lambda _area: provinces, AreaType.PROVINCE: lambda area: area.units}
    return {
        area.code: Area(area.area_type, members.get(area.area_type, lambda _area: ())(area))
        for area in areas().values()
    }


def parent(finer: str, part: str) -> str | None:
    """The part of the next coarser breakdown that `part` belongs to; None where it belongs to none."""
    if finer == "industry_division":
        return part if part == NOT_STATED else divisions()[part]
    return None if part in (NOT_STATED, OUTSIDE) else part[:2]


def _remainder(finer: str, coarse: str) -> str:
    if finer != "industry_group":
        return ""
    industrial = coarse != NOT_STATED and divisions()[coarse] in INDUSTRIAL_SECTIONS
    return NOT_STATED if industrial else OUTSIDE
