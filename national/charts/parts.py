"""Parts: indicators of the country by the parts of one breakdown: industries, types, grades, scenarios."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from national.charts.chart import Cell, Chart, Column, FigureValue, size_for
from national.charts.grid import Choice, Grid, by_part, cell_value, share, value
from national.charts.words import amount, indicator_column, is_chinese, named_amount, no_figure, part_name
from national.definitions.areas import NATION
from national.definitions.breakdowns import BREAKDOWNS, NOT_STATED, OUTSIDE, value_labels

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


@dataclass(frozen=True, slots=True)
class Split:
    """A chart of one breakdown: its first indicator is drawn, the others stand in the table."""

    code: str
    title: _StrPromise
    breakdown: str
    indicators: tuple[str, ...]
    #: in the order of the code list instead of the largest first
    in_order: bool = False


_NETWORKS = ("NET_COUNT", "NET_OPERATING", "NET_TERMINALS")
_APPLICATIONS = ("AI_COUNT", "AI_TRIAL", "AI_ON_5G")

SPLITS: tuple[Split, ...] = (
    Split("divisions", gettext_lazy("Networks by industry division"), "industry_division", _NETWORKS),
    Split(
        "sections",
        gettext_lazy("Networks by industry section"),
        "industry_section",
        _NETWORKS,
        in_order=True,
    ),
    Split("types", gettext_lazy("Networks by type"), "network_type", _NETWORKS),
    Split(
        "coverage-levels",
        gettext_lazy("Networks by coverage level"),
        "coverage_level",
        _NETWORKS,
        in_order=True,
    ),
    Split("operators", gettext_lazy("Networks by operator"), "operator", _NETWORKS),
    Split("ownership", gettext_lazy("Networks by ownership of the enterprise"), "ownership", _NETWORKS),
    Split("grades", gettext_lazy("Networks by security grade"), "security_level", _NETWORKS, in_order=True),
    Split(
        "ai-divisions",
        gettext_lazy("AI applications by industry division"),
        "industry_division",
        _APPLICATIONS,
    ),
    Split("scenarios", gettext_lazy("AI applications by scenario"), "scenario", _APPLICATIONS),
    Split("stages", gettext_lazy("AI applications by stage"), "stage", _APPLICATIONS, in_order=True),
    Split("models", gettext_lazy("AI applications by kind of model"), "model_kind", _APPLICATIONS),
    Split(
        "compute",
        gettext_lazy("AI applications by computing location"),
        "compute_location",
        _APPLICATIONS,
    ),
)


def parts(split: Split, choice: Choice) -> Chart:
    """The country's figures by the parts of the split's breakdown."""
    grid = by_part(choice, split.indicators, split.breakdown, NATION)
    first = split.indicators[0]
    total = _total(choice, first)
    rows = tuple(_row(split, grid, part, total) for part in _ordered(split, grid))
    return Chart(
        code=split.code,
        draw="bars",
        title=_("%(title)s, %(period)s") % {"title": split.title, "period": choice.quarter},
        says=_says(split, choice, rows),
        columns=(
            Column("code", _("Code"), "code"),
            Column("name", _label(split.breakdown), "text"),
            indicator_column(first),
            Column("share", _("Share of the total"), "percent", "%"),
            *(indicator_column(code) for code in split.indicators[1:]),
        ),
        rows=rows,
        size=size_for(len(rows)),
        note=_note(split.breakdown),
        facts={"label": "name", "value": first},
    )


def _label(breakdown: str) -> str:
    axis = BREAKDOWNS[breakdown]
    return axis.label_zh if is_chinese() else axis.label_en


def _note(breakdown: str) -> str:
    if BREAKDOWNS[breakdown].adds_up:
        return ""
    return _("One record may name several, so the parts do not add up to the total, nor the shares to 100 %.")


def _total(choice: Choice, indicator: str) -> FigureValue:
    return cell_value(by_part(choice, [indicator], "total", NATION), "", indicator)


def _ordered(split: Split, grid: Grid) -> Sequence[str]:
    """Return the parts that have a figure, by size or in the order of the code list, "not stated" last."""
    listed = list(value_labels(split.breakdown))
    present = [part for part in listed if part in grid]
    if not split.in_order:
        first = split.indicators[0]
        present.sort(key=lambda part: value(grid, part, first) or Decimal(0), reverse=True)
    return [
        *(part for part in present if part not in (NOT_STATED, OUTSIDE)),
        *(p for p in (OUTSIDE, NOT_STATED) if p in present),
    ]


def _row(split: Split, grid: Grid, part: str, total: FigureValue) -> tuple[Cell, ...]:
    first, *others = split.indicators
    drawn = cell_value(grid, part, first)
    rest = (cell_value(grid, part, code) for code in others)
    return (part, part_name(split.breakdown, part), drawn, share(drawn, total), *rest)


def _says(split: Split, choice: Choice, rows: tuple[tuple[Cell, ...], ...]) -> str:
    published = [row for row in rows if isinstance(row[2], Decimal)]
    if not published:
        return no_figure(choice, (row[2] for row in rows))
    largest = sorted(published, key=lambda row: row[2], reverse=True)[:3]
    column = indicator_column(split.indicators[0])
    names = _(", ").join(_named_share(named_amount(row[1], row[2], column), row[3]) for row in largest)
    if len(published) < len(rows):
        return _("Largest of what is published: %(list)s.") % {"list": names}
    return _("Largest first: %(list)s.") % {"list": names}


def _named_share(part: str, share: Cell) -> str:
    """A part and its number, with its share where the total is published."""
    if not isinstance(share, Decimal):
        return part
    return _("%(part)s (%(percent)s %%)") % {"part": part, "percent": amount(share)}
