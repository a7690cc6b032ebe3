"""Provinces: one indicator as a map of tiles, and the plans of the units against what is there."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from national.charts.chart import Cell, Chart, Column, Mark, size_for
from national.charts.grid import Choice, Grid, by_area, cell_value, share, value
from national.charts.words import (
    adds_text,
    amount,
    indicator_column,
    is_chinese,
    named,
    named_amount,
    no_figure,
    short,
)
from national.definitions.areas import NATION
from national.definitions.indicator import Adds
from national.definitions.indicators import INDICATORS
from national.models import AreaType
from national.targets.plans import PlanTotal
from validation import reporting_units

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

#: what the map can show
MEASURES = (
    "NET_COUNT", "NET_OPERATING", "NET_WITH_AI", "NET_PIPELINE", "NET_TERMINALS", "NET_BASE_STATIONS",
    "NET_INVESTMENT", "SITES_5G", "AI_COUNT", "AI_ON_5G", "AI_INVESTMENT", "AI_BENEFIT", "SITES_AI", "SITES_5G_AI",
)  # fmt: skip
#: Row and column of each tile: every province about where it lies, none larger than another.
TILES: dict[str, tuple[int, int]] = {
    "CN-23": (0, 6),
    "CN-66": (1, 0), "CN-15": (1, 4), "CN-22": (1, 6),
    "CN-65": (2, 0), "CN-62": (2, 1), "CN-64": (2, 2), "CN-14": (2, 3), "CN-11": (2, 4), "CN-12": (2, 5),
    "CN-21": (2, 6),
    "CN-63": (3, 1), "CN-61": (3, 2), "CN-41": (3, 3), "CN-13": (3, 4), "CN-37": (3, 5),
    "CN-54": (4, 0), "CN-51": (4, 1), "CN-50": (4, 2), "CN-42": (4, 3), "CN-34": (4, 4), "CN-32": (4, 5),
    "CN-31": (4, 6),
    "CN-53": (5, 1), "CN-52": (5, 2), "CN-43": (5, 3), "CN-36": (5, 4), "CN-33": (5, 5),
    "CN-45": (6, 2), "CN-44": (6, 3), "CN-35": (6, 4),
    "CN-46": (7, 2),
}  # fmt: skip


class Outside(NamedTuple):
    """A province that sends no returns: it has its tile and its row, so that the country is whole, with the reason
    why there is no number. `place` is the row and column of its tile; `tiny` and `brief` are what fits one."""

    area: str
    name_zh: str
    name_en: str
    short_zh: str
    short_en: str
    iso: str
    place: tuple[int, int]
    reason: _StrPromise
    brief: _StrPromise

    @property
    def tile(self) -> list[int | str]:
        """Place, short name, what is left of it on a telephone, and what stands in place of a number."""
        name = self.short_zh if is_chinese() else self.short_en
        return [*self.place, name, self.short_zh if is_chinese() else self.iso, str(self.brief)]


_NOT_COVERED = (gettext_lazy("not covered by these returns"), gettext_lazy("not covered"))
OUTSIDE: tuple[Outside, ...] = (
    Outside(
        "CN-71", "台湾省", "Taiwan Province", "台湾", "Taiwan", "TW", (6, 5),
        gettext_lazy("data of Taiwan Province not available at present"), gettext_lazy("no data"),
    ),
    Outside("CN-81", "香港特别行政区", "Hong Kong SAR", "香港", "Hong Kong", "HK", (7, 4), *_NOT_COVERED),
    Outside("CN-82", "澳门特别行政区", "Macao SAR", "澳门", "Macao", "MO", (7, 3), *_NOT_COVERED),
)  # fmt: skip


def provinces(choice: Choice) -> Chart:
    """One indicator by province; a city with separate plan is part of its province."""
    measure = choice.measure
    grid = by_area(choice, [measure], AreaType.PROVINCE)
    total = cell_value(by_area(choice, [measure], AreaType.NATIONAL), NATION, measure)
    rows = tuple(
        (area, short(area), cell_value(grid, area, measure), share(cell_value(grid, area, measure), total))
        for area in sorted(TILES, key=lambda area: -(value(grid, area, measure) or 0))
    )
    name = named(INDICATORS[measure])
    outside = tuple((place.area, named(place), str(place.reason), None) for place in OUTSIDE)
    return Chart(
        code="provinces",
        draw="tiles",
        title=_("%(name)s by province, %(period)s") % {"name": name, "period": choice.quarter},
        says=_says(choice, name, rows),
        columns=(
            Column("area", _("Code"), "code"),
            Column("name", _("Province"), "text"),
            indicator_column(measure),
            Column("share", _("In percent of the country"), "percent", "%"),
        ),
        rows=rows + outside,
        size="tiles",
        note=_note(measure),
        facts=_facts(choice, withheld=Mark.SUPPRESSED in (row[2] for row in rows)),
    )


def _facts(choice: Choice, *, withheld: bool) -> dict[str, object]:
    """Return the map's facts beside its table: the place of each tile, and labels of tiles without a shade."""
    tiles = {area: [*place, short(area), _tiny(area), ""] for area, place in TILES.items()}
    return {
        "tiles": tiles | {outside.area: outside.tile for outside in OUTSIDE},
        "none_label": _("Not published yet") if choice.waits else _("No figure"),
        "withheld_label": _("Q: withheld") if withheld else "",
        "source_note": outside_note(),
    }


def _note(measure: str) -> str:
    tiles = _(
        "Every tile is a province, roughly where it lies on the map; a city with separate "
        "plan is added to its province."
    )
    parts = [tiles, outside_note()]
    if INDICATORS[measure].adds is not Adds.SUM:
        parts.append(adds_text(INDICATORS[measure]))
    return ("" if is_chinese() else " ").join(parts)


def outside_note() -> str:
    """Return the sentence about what the country's figures leave out."""
    return _(
        "National figures do not include Hong Kong SAR and Macao SAR; data of Taiwan Province are not available at present."
    )


def _tiny(area: str) -> str:
    """Return the label of a tile on a telephone: the Chinese short name, or the two letters of ISO 3166-2."""
    unit = reporting_units()[f"{area[3:]}0000"]
    return unit.short_zh if is_chinese() else unit.iso[3:] or "XPCC"


def _says(choice: Choice, name: str, rows: tuple[tuple[Cell, ...], ...]) -> str:
    """The rows come largest first."""
    column = indicator_column(choice.measure)
    published = [row for row in rows if isinstance(row[2], Decimal)]
    if not published:
        return no_figure(choice, (row[2] for row in rows))
    largest = _(", ").join(named_amount(row[1], row[2], column) for row in published[:3])
    if Mark.SUPPRESSED in (row[2] for row in rows):
        return _("%(name)s, largest of what is published: %(list)s.") % {"name": name, "list": largest}
    return _("%(name)s, largest first: %(list)s.") % {"name": name, "list": largest}


def plans_chart(choice: Choice, plans: PlanTotal | None) -> Chart:
    """The plan of every unit that has one beside the networks it has now, in the order of the plans."""
    grid = by_area(choice, ["NET_COUNT"], AreaType.UNIT)
    goals = dict(sorted(plans.goals.items(), key=lambda item: -item[1])) if plans else {}
    year = plans.year if plans else 2030
    return Chart(
        code="plans",
        draw="bars",
        title=_("Networks now and planned for the end of %(year)s, by reporting unit") % {"year": year},
        says=_plans_say(plans),
        columns=(
            Column("unit", _("Unit code"), "code"),
            Column("name", _("Reporting unit"), "text"),
            indicator_column("NET_COUNT"),
            Column("goal", _("Plan for %(year)s") % {"year": year}),
            Column("share", _("Share of the plan"), "percent", "%"),
        ),
        rows=tuple(_plan_row(grid, unit, goal) for unit, goal in goals.items()),
        size=size_for(len(goals)),
        facts={"label": "name", "value": "NET_COUNT", "marker": "goal"},
    )


def _plan_row(grid: Grid, unit: str, goal: int) -> tuple[Cell, ...]:
    now = cell_value(grid, unit, "NET_COUNT")
    return (unit, short(unit), now, goal, share(now, Decimal(goal)))


def _plans_say(plans: PlanTotal | None) -> str:
    if plans is None:
        return _("No unit has entered a plan yet.")
    sums = {
        "planned": plans.units_planned,
        "expected": plans.units_expected,
        "total": amount(plans.total),
        "goal": amount(plans.national_goal),
        "difference": amount(abs(plans.difference or 0)),
    }
    if not plans.difference:
        return (
            _("The plans of %(planned)s of %(expected)s units add up to %(total)s: exactly the goal.") % sums
        )
    if plans.difference > 0:
        return (
            _(
                "The plans of %(planned)s of %(expected)s units add up to %(total)s: %(difference)s more than the goal "
                "of %(goal)s."
            )
            % sums
        )
    return (
        _(
            "The plans of %(planned)s of %(expected)s units add up to %(total)s: %(difference)s short of the goal of "
            "%(goal)s."
        )
        % sums
    )
