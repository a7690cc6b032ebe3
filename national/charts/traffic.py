"""Road to traffic: how many of the counted networks operate and carry AI, by unit and by industry, and where they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal

from django.utils.translation import gettext as _

from national.charts.chart import Cell, Chart, Column, FigureValue, Mark
from national.charts.grid import (
    Choice,
    Grid,
    by_area,
    by_area_and_part,
    by_part,
    cell_value,
    number,
    per,
    share,
    value,
)
from national.charts.words import amount, indicator_column, no_figure, part_name, short
from national.definitions.areas import NATION
from national.models import AreaType, Figure
from validation import reporting_units
from validation.codelists.industries import industrial_divisions

INDICATORS = ("NET_COUNT", "NET_OPERATING", "NET_WITH_AI", "AI_ON_5G")


def funnel(choice: Choice) -> Chart:
    """The country's counted networks, those that operate, and those that carry AI."""
    grid = by_area(choice, INDICATORS, AreaType.NATIONAL)
    whole = cell_value(grid, NATION, "NET_COUNT")
    rows = tuple(
        (code, label, cell_value(grid, NATION, code), share(cell_value(grid, NATION, code), whole))
        for code, label in (
            ("NET_COUNT", _("Counted: built or operating")),
            ("NET_OPERATING", _("Carry traffic: operating with terminals")),
            ("NET_WITH_AI", _("Carry AI in production")),
        )
    )
    return Chart(
        code="funnel",
        draw="funnel",
        title=_("From built to used, %(period)s") % {"period": choice.quarter},
        says=_funnel_says(choice, grid, whole),
        columns=(
            Column("code", _("Code"), "code"),
            Column("name", _("Step"), "text"),
            indicator_column("NET_COUNT")._replace(key="value", label=_("Networks")),
            Column("share", _("Share of counted networks"), "percent", "%"),
        ),
        rows=rows,
        size="s",
        note=_(
            "AI applications on 5G are applications, not networks: they are given as a ratio per network, "
            "which may exceed 1."
        ),
    )


def _funnel_says(choice: Choice, grid: Grid, whole: FigureValue) -> str:
    operating = share(cell_value(grid, NATION, "NET_OPERATING"), whole)
    if not isinstance(operating, Decimal):
        return no_figure(choice, (whole,))
    networks = _("Of %(whole)s counted networks %(operating)s %% carry traffic.") % {
        "whole": amount(whole),
        "operating": amount(operating),
    }
    return _("%(first)s %(second)s") % {"first": networks, "second": _ai_says(grid, whole)}


def _ai_says(grid: Grid, whole: FigureValue) -> str:
    """Return the sentence about counted networks that carry AI; units without a register of applications add none."""
    ai = share(cell_value(grid, NATION, "NET_WITH_AI"), whole)
    if not isinstance(ai, Decimal):
        return _("No register of AI applications has been accepted yet.")
    shares = {"ai": amount(ai), "ratio": amount(per(cell_value(grid, NATION, "AI_ON_5G"), whole))}
    known, units = (_units(grid[NATION][code]) for code in ("NET_WITH_AI", "NET_COUNT"))
    if known == units:
        return (
            _("%(ai)s %% carry AI in production; there are %(ratio)s AI applications on 5G per network.")
            % shares
        )
    return _(
        "At least %(ai)s %% carry AI in production, and there are at least %(ratio)s AI applications on 5G per network: "
        "the AI applications of %(missing)s of %(units)s units are not known."
    ) % (shares | {"missing": units - known, "units": units})


def _units(figure: Figure) -> int:
    """Units that the figure is made from."""
    return figure.units_accepted + figure.units_carried


def by_unit(choice: Choice) -> Chart:
    """The shares of every reporting unit, in the order of the share that carries traffic."""
    grid = by_area(choice, INDICATORS, AreaType.UNIT)
    names = ((unit, short(unit)) for unit in reporting_units())
    return _shares(
        choice,
        "traffic-units",
        _("Road to traffic by reporting unit, %(period)s") % {"period": choice.quarter},
        grid,
        names,
        "unit",
    )


def by_industry(choice: Choice) -> Chart:
    """The shares of every division of sections B, C and D."""
    grid = by_part(choice, INDICATORS, "industry_division", NATION)
    names = ((code, part_name("industry_division", code)) for code in industrial_divisions() if code in grid)
    title = _("Road to traffic by industry division, %(period)s") % {"period": choice.quarter}
    return _shares(choice, "traffic-industries", title, grid, names, "industry")


def _shares(
    choice: Choice, code: str, title: str, grid: Grid, names: Iterable[tuple[str, str]], place: str
) -> Chart:
    rows = sorted((_shares_row(grid, *name) for name in names), key=_operating_share, reverse=True)
    label = _("Reporting unit") if place == "unit" else _("Industry division")
    return Chart(
        code=code,
        draw="shares",
        title=title,
        says=_shares_say(choice, rows),
        columns=(
            Column("code", _("Code"), "code"),
            Column("name", label, "text"),
            indicator_column("NET_COUNT"),
            indicator_column("NET_OPERATING"),
            Column("operating_share", _("Share that carries traffic"), "percent", "%"),
            indicator_column("NET_WITH_AI"),
            Column("ai_share", _("Share that carries AI"), "percent", "%"),
            indicator_column("AI_ON_5G"),
            Column("per_network", _("AI applications on 5G per network"), "ratio"),
        ),
        rows=tuple(rows),
        size="xl",
        note=_("Applications are counted under their own industry, networks under that of the network.")
        if place != "unit"
        else "",
        facts={"label": "name", "values": ["operating_share", "ai_share"]},
    )


def _operating_share(row: tuple[Cell, ...]) -> Decimal:
    """Return the sort key of a row; rows without a share come last."""
    return row[4] if isinstance(row[4], Decimal) else Decimal(-1)


def _shares_row(grid: Grid, place: str, name: str) -> tuple[Cell, ...]:
    whole, operating, ai, on_5g = (cell_value(grid, place, code) for code in INDICATORS)
    return (
        place, name, whole, operating, share(operating, whole), ai, share(ai, whole), on_5g, per(on_5g, whole),
    )  # fmt: skip


def _shares_say(choice: Choice, rows: list[tuple[Cell, ...]]) -> str:
    published = [row for row in rows if isinstance(row[4], Decimal)]
    if not published:
        return no_figure(choice, (row[4] for row in rows))
    first, last = published[0], published[-1]
    ends = {"high": amount(first[4]), "first": first[1], "low": amount(last[4]), "last": last[1]}
    if any(row[4] is Mark.SUPPRESSED for row in rows):
        return (
            _(
                "The published shares that carry traffic go from %(high)s %% (%(first)s) to %(low)s %% (%(last)s)."
            )
            % ends
        )
    return (
        _("The share that carries traffic goes from %(high)s %% (%(first)s) to %(low)s %% (%(last)s).") % ends
    )


def matrix(choice: Choice) -> Chart:
    """Counted networks by industry division and reporting unit; a row per division, a column per unit."""
    cells_by_unit = by_area_and_part(choice, "NET_COUNT", "industry_division", AreaType.UNIT)
    units = list(reporting_units())
    whole = _whole_lists(choice, cells_by_unit)
    rows = tuple(
        (
            code,
            part_name("industry_division", code),
            *(_cell(cells_by_unit, whole, unit, code) for unit in units),
        )
        for code in industrial_divisions()
        if cells_by_unit
    )
    return Chart(
        code="matrix",
        draw="matrix",
        title=_("Networks by industry division and reporting unit, %(period)s") % {"period": choice.quarter},
        says=_matrix_says(choice, [cell for row in rows for cell in row[2:]]),
        columns=(
            Column("code", _("Code"), "code"),
            Column("name", _("Industry division"), "text"),
            *(Column(unit, short(unit)) for unit in units),
        ),
        rows=rows,
        size="matrix",
        note=_("Cells that would reveal single enterprises are withheld and marked Q, or left empty."),
        facts={},
    )


def _matrix_says(choice: Choice, cells: list[Cell]) -> str:
    """Return the sentence about combinations known to have a network; one that is left out may be zero or suppressed."""
    if not cells:
        return no_figure(choice, cells)
    published = sum(isinstance(cell, Decimal) and cell > 0 for cell in cells)
    withheld = cells.count(Mark.SUPPRESSED)
    counts = {
        "filled": amount(published + withheld),
        "all": amount(len(cells)),
        "published": amount(published),
        "withheld": amount(withheld),
    }
    if None in cells:
        return (
            _(
                "At least %(filled)s of %(all)s combinations of industry and unit have a counted network: %(published)s "
                "with their number, %(withheld)s withheld (Q). The others have none, have no figure yet or are not published."
            )
            % counts
        )
    return (
        _(
            "%(filled)s of %(all)s combinations of industry and unit have a counted network: %(published)s with their "
            "number, %(withheld)s withheld (Q)."
        )
        % counts
    )


def _whole_lists(choice: Choice, cells_by_unit: Mapping[tuple[str, str], FigureValue]) -> set[str]:
    """Return the units whose list is complete: nothing in it is suppressed, so that a missing part is zero."""
    totals = by_area(choice, ["NET_COUNT"], AreaType.UNIT)
    listed: dict[str, Decimal] = defaultdict(Decimal)
    for (unit, _part), cell in cells_by_unit.items():
        listed[unit] += number(cell) or 0
    return {unit for unit in totals if listed[unit] == value(totals, unit, "NET_COUNT")}


def _cell(
    cells_by_unit: Mapping[tuple[str, str], FigureValue], whole: set[str], unit: str, code: str
) -> Cell:
    """Return the cell of a unit and industry; a missing one is zero where the unit's list is complete, else None."""
    return cells_by_unit.get((unit, code), Decimal(0) if unit in whole else None)
