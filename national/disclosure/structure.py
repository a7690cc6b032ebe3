"""The shape that disclosure control judges figures in: which add up to which, and which indicators bound one another."""

from __future__ import annotations

from dataclasses import replace

from national.definitions.areas import areas
from national.definitions.breakdowns import BREAKDOWNS, NOT_STATED, OUTSIDE
from national.definitions.indicator import Adds, Indicator
from national.definitions.indicators import INDICATORS
from national.disclosure.solver import Area, Link, Shape
from national.models import AreaType
from national.models.public_figure import COUNTRY_HEADLINES, HEADLINES
from validation.codelists.industries import INDUSTRIAL_SECTIONS, divisions

FINEST = "industry_group"
_FINER = {"industry_section": "industry_division", "industry_division": FINEST}

#: What everybody knows of two indicators, in every area and part: the first is never more than the second, or the
#: number behind it is the second. Of means and shares the number behind them is meant.
LINKS: tuple[Link, ...] = (
    Link("NET_OPERATING", "NET_COUNT"),
    Link("NET_WITH_AI", "NET_COUNT"),
    Link("SITES_5G", "NET_COUNT"),
    Link("NET_GRADED_SHARE", "NET_COUNT", same=True),
    Link("NET_REDCAP", "NET_TERMINALS"),
    Link("AI_ON_5G", "AI_COUNT"),
    Link("SITES_AI", "AI_COUNT"),
    *(Link(code, "AI_COUNT") for code, indicator in INDICATORS.items() if indicator.adds is Adds.MEAN),
)


def families() -> list[list[str]]:
    """Indicators that are judged together, because a link leads from each to the next; most stand alone."""
    members = {code: [code] for code in INDICATORS}
    for link in LINKS:
        members[link.whole].append(link.part)
        del members[link.part]
    return list(members.values())


def shape_of(indicator: Indicator) -> Shape:
    """How the figures of an indicator add up; of means and shares the numbers behind them.

    The number behind a share is that of a count whose totals are public.
    """
    return Shape(
        areas=_areas(),
        finer=_FINER,
        parent=parent,
        remainder=_remainder,
        overlapping=frozenset(name for name in indicator.breakdowns if BREAKDOWNS[name].multi_valued),
        whole=indicator.adds is not Adds.SUM or not indicator.columns,
        headline=frozenset(
            AreaType.values if indicator.code in HEADLINES or indicator.adds is Adds.SHARE else ()
        ),
        exact=indicator.adds is not Adds.DISTINCT,
        country_only=frozenset({FINEST}),
    )


def shape_of_numerators(indicator: Indicator) -> Shape:
    """Numerators add up like denominators: counts of shares, sums of means. Few totals of them are public."""
    public = [AreaType.NATIONAL] if indicator.code in COUNTRY_HEADLINES else []
    return replace(
        shape_of(indicator), whole=indicator.adds is Adds.SHARE, headline=frozenset(map(str, public))
    )


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
