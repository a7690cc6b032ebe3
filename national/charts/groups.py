"""Groups: which of the 207 industry groups have a network or an AI application, and which have none."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from django.utils.translation import gettext as _

from national.charts.chart import Chart, Column
from national.charts.grid import Choice, by_part, share, value
from national.charts.words import amount, no_figure, part_name
from national.definitions.areas import NATION
from validation.codelists.industries import divisions, groups, industrial_divisions

#: counts a group once a unit has both registers in, so that the parts are those of the country's figure
_INDICATOR = "GROUPS_COVERED"


class Division(NamedTuple):
    """A division's groups: how many there are, and those without a network and without an application."""

    section: str
    code: str
    name: str
    groups: int
    empty: tuple[str, ...]

    @property
    def covered(self) -> int:
        return self.groups - len(self.empty)


def covered_divisions(choice: Choice) -> list[Division]:
    """The divisions of sections B, C and D with their groups; a group that is not stated covers none.

    None of them while the list is not public: an unpublished group is not empty.
    """
    grid = by_part(choice, [_INDICATOR], "industry_group", NATION)
    if not grid:
        return []
    filled = {part for part in grid if value(grid, part, _INDICATOR)}
    return [_division(code, filled) for code in industrial_divisions()]


def _division(code: str, filled: set[str]) -> Division:
    own = [group for group in groups() if group.startswith(code)]
    empty = tuple(group for group in own if group not in filled)
    return Division(divisions()[code], code, part_name("industry_division", code), len(own), empty)


def group_coverage(choice: Choice) -> Chart:
    """Covered groups by division, with the empty ones by name."""
    covered_list = covered_divisions(choice)
    covered, whole = (
        sum(division.covered for division in covered_list),
        sum(division.groups for division in covered_list),
    )
    return Chart(
        code="groups",
        draw="groups",
        title=_("Industry groups with a network or an AI application, %(period)s")
        % {"period": choice.quarter},
        says=_says(choice, covered, whole),
        columns=(
            Column("section", _("Section"), "code"),
            Column("code", _("Code"), "code"),
            Column("name", _("Industry division"), "text"),
            Column("groups", _("Groups")),
            Column("covered", _("Covered")),
            Column("share", _("Share covered"), "percent", "%"),
            Column("empty", _("Groups without any"), "text"),
        ),
        rows=tuple(
            (
                division.section,
                division.code,
                division.name,
                division.groups,
                division.covered,
                share(Decimal(division.covered), Decimal(division.groups)),
                group_names(division.empty),
            )
            for division in covered_list
        ),
        size="xl",
        facts={"label": "name", "whole": "groups", "value": "covered"},
    )


def _says(choice: Choice, covered: int, whole: int) -> str:
    if not whole:
        return no_figure(choice, ())
    counts = {"covered": amount(covered), "whole": amount(whole), "empty": amount(whole - covered)}
    return (
        _(
            "The units whose registers of both forms are accepted cover %(covered)s of %(whole)s groups; %(empty)s are "
            "not covered."
        )
        % counts
    )


def group_names(codes: tuple[str, ...]) -> str:
    """Codes with their names, in one text."""
    return _("; ").join(f"{code} {part_name('industry_group', code)}" for code in codes)
