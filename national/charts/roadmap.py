"""The roadmap line by line: for each line the figure that speaks to it, or that it is not collected."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from national.charts.chart import FigureValue
from national.charts.grid import figure_value, share
from national.definitions.areas import NATION
from national.dissemination.queries import figures
from national.dissemination.visibility import Vantage
from national.targets.assessment import Collected, TargetStatus

#: the country's totals in a period, by indicator
Totals = dict[str, FigureValue]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the roadmap. Its figure is made by `read` from national totals, or it is that of `target`;
    with neither it is not collected."""

    name_zh: str
    name_en: str
    speaks_zh: str = ""
    speaks_en: str = ""
    unit_zh: str = ""
    unit_en: str = ""
    read: Callable[[Totals], FigureValue] | None = None
    target: str = ""


class RoadmapRow(NamedTuple):
    """A line as the page shows it. `goal` is the target of lines that have one, `period` that of the other values."""

    name_zh: str
    name_en: str
    speaks_zh: str
    speaks_en: str
    unit_zh: str
    unit_en: str
    value: FigureValue
    goal: TargetStatus | None
    collected: Collected
    period: str = ""


def _total(indicator: str) -> Callable[[Totals], FigureValue]:
    return lambda totals: totals.get(indicator)


def _traffic_share(totals: Totals) -> FigureValue:
    return share(totals.get("NET_OPERATING"), totals.get("NET_COUNT"))


#: The turn from building to use, and the four lines of resources.
LINES: tuple[Line, ...] = (
    Line(
        "从“建好路”到“跑好车”",
        "From building the road to making traffic flow",
        "计入的专网中承载业务（运行且有终端接入）的比例",
        "Counted networks that carry traffic: operating, with at least one terminal",
        "%",
        "%",
        _traffic_share,
    ),
    Line(
        "资源：通信能力",
        "Resources: telecom capacity",
        "计入的专网使用的5G基站数",
        "5G base stations of counted networks",
        "个",
        "stations",
        _total("NET_BASE_STATIONS"),
    ),
    Line("资源：技术研发", "Resources: research and development"),
    Line("资源：标准", "Resources: standards"),
    Line(
        "资源：安全",
        "Resources: security",
        "计入的专网中已定安全等级的比例",
        "Counted networks with a security grade",
        "%",
        "%",
        target="NET_GRADED_SHARE",
    ),
)


def roadmap(statuses: list[TargetStatus], period: str, vantage: Vantage | None = None) -> list[RoadmapRow]:
    """The targets and then the other lines, each with its figure of `period` where there is one; what a reader with
    `vantage` sees."""
    listed = figures(area=NATION, period=period, vantage=vantage) if period else ()
    totals: Totals = {figure.indicator: figure_value(figure) for figure in listed}
    by_code = {status.target.code: status for status in statuses}
    return [*map(_target_row, statuses), *(_line_row(line, totals, by_code, period) for line in LINES)]


def _target_row(status: TargetStatus) -> RoadmapRow:
    target = status.target
    names = (target.name_zh, target.name_en, target.note_zh, target.note_en, target.unit_zh, target.unit_en)
    return RoadmapRow(*names, status.actual, status, target.collected)


def _line_row(line: Line, totals: Totals, by_code: dict[str, TargetStatus], period: str) -> RoadmapRow:
    names = (line.name_zh, line.name_en, line.speaks_zh, line.speaks_en, line.unit_zh, line.unit_en)
    if line.target:
        status = by_code[line.target]
        known = status.reading.period if status.reading else None
        return RoadmapRow(*names, status.actual, None, status.target.collected, known or "")
    if line.read is None:
        return RoadmapRow(*names, None, None, Collected.NO)
    return RoadmapRow(*names, line.read(totals), None, Collected.YES, period)
