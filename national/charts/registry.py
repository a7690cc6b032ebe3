"""The register of charts: every one by the code that its address, its data and its picture go by."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from national.charts import groups, parts, provinces, traffic
from national.charts.chart import Chart
from national.charts.grid import Choice
from national.charts.progress import progress
from national.targets.assessment import PLANNED, TARGETS, TargetStatus, target


def progress_of(status: TargetStatus) -> Chart:
    """The chart of a target with a base; raises ValueError for one without."""
    if status.target.base is None:
        raise ValueError(f"{status.target.code} has no base, so it has no path")
    return progress(status, status.target.base)


def _progress(code: str, choice: Choice) -> Chart:
    return progress_of(target(code, as_of=choice.moment))


def _plans(choice: Choice) -> Chart:
    status = target(PLANNED, as_of=choice.moment)
    return provinces.plans_chart(
        choice, next((plan for plan in status.plans if plan.difference is not None), None)
    )


def _split(split: parts.Split, choice: Choice) -> Chart:
    return parts.parts(split, choice)


CHARTS: dict[str, Callable[[Choice], Chart]] = {
    **{
        f"progress-{code.lower().replace('_', '-')}": partial(_progress, code)
        for code, target in TARGETS.items()
        if target.base is not None
    },
    "provinces": provinces.provinces,
    "plans": _plans,
    **{split.code: partial(_split, split) for split in parts.SPLITS},
    "funnel": traffic.funnel,
    "traffic-units": traffic.by_unit,
    "traffic-industries": traffic.by_industry,
    "matrix": traffic.matrix,
    "groups": groups.group_coverage,
}


def chart_of(code: str, choice: Choice) -> Chart:
    """The chart of that code; raises KeyError when there is none."""
    return CHARTS[code](choice)
