"""The register of charts: every one by the code that its address, its data and its picture go by."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from national.charting import groups, parts, provinces, traffic
from national.charting.chart import Chart
from national.charting.progress import progress
from national.targets import PLANNED, TARGETS, TargetStatus, target


class Choice(NamedTuple):
    """What a reader chose: the quarter, empty while there is none, and the map's indicator."""

    period: str
    measure: str = "NET_COUNT"


def progress_of(status: TargetStatus) -> Chart:
    """The chart of a target with a base; raises ValueError for one without."""
    if status.target.base is None:
        raise ValueError(f"{status.target.code} has no base, so it has no path")
    return progress(status, status.target.base)


def _progress(code: str, choice: Choice) -> Chart:
    return progress_of(target(code))


def _plans(choice: Choice) -> Chart:
    status = target(PLANNED)
    return provinces.plans_chart(
        choice.period, next((one for one in status.plans if one.difference is not None), None)
    )


def _split(split: parts.Split, choice: Choice) -> Chart:
    return parts.parts(split, choice.period)


CHARTS: dict[str, Callable[[Choice], Chart]] = {
    **{
        f"progress-{code.lower().replace('_', '-')}": partial(_progress, code)
        for code, one in TARGETS.items()
        if one.base is not None
    },
    "provinces": lambda choice: provinces.provinces(choice.period, choice.measure),
    "plans": _plans,
    **{split.code: partial(_split, split) for split in parts.SPLITS},
    "funnel": lambda choice: traffic.funnel(choice.period),
    "traffic-units": lambda choice: traffic.by_unit(choice.period),
    "traffic-industries": lambda choice: traffic.by_industry(choice.period),
    "matrix": lambda choice: traffic.matrix(choice.period),
    "groups": lambda choice: groups.group_coverage(choice.period),
}


def chart_of(code: str, choice: Choice) -> Chart:
    """The chart of that code; raises KeyError when there is none."""
    return CHARTS[code](choice)
