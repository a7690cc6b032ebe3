"""Judging: from the ratio of a figure to its paths to a class with its reason, by thresholds that are data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from national.targets.observations import Observation
from national.targets.paths import PathPoint


@dataclass(frozen=True, slots=True)
class TargetClass:
    """A class holds from a ratio of figure to path of `from_ratio` up to the next better class."""

    code: str
    from_ratio: Decimal
    name_zh: str
    name_en: str


#: best first
CLASSES: tuple[TargetClass, ...] = (
    TargetClass("ahead", Decimal("1.02"), "超前", "Ahead"),
    TargetClass("on_track", Decimal("0.98"), "符合进度", "On track"),
    TargetClass("behind", Decimal("0.90"), "滞后", "Behind"),
    TargetClass("far_behind", Decimal(0), "严重滞后", "Far behind"),
)
#: A sum over fewer units is not held against a path for the whole country: share of units that are
#: accepted or carried forward.
LEAST_UNITS = Decimal("0.9")

_PATH_ZH = {"linear": "线性路径", "compound": "复合增长路径"}
_PATH_EN = {"linear": "the linear path", "compound": "the compound path"}


@dataclass(frozen=True, slots=True)
class Judgement:
    """The class, None where there is none, with its reason in both languages.

    It is that of the less favourable path; `by_path` has the class by each, for they may differ.
    """

    overall: TargetClass | None
    by_path: tuple[tuple[str, TargetClass], ...]
    reason_zh: str
    reason_en: str


def class_of(ratio: Decimal) -> TargetClass:
    """The best class whose threshold the ratio reaches."""
    return next(rating for rating in CLASSES if ratio >= rating.from_ratio)


def represents(reading: Observation) -> bool:
    """Report whether enough units have a figure to stand for the country; a published value always does."""
    units = reading.units_with_figure
    return units is None or units >= LEAST_UNITS * (reading.units_expected or 0)


def judge(points: Sequence[PathPoint], reading: Observation | None, begun: date | None = None) -> Judgement:
    """Hold a figure against its paths, which begin on the day `begun` of their base.

    Up to that day there is no progress to judge: on it the paths are the base itself, whatever becomes of them later.
    """
    if not points:
        return _none(
            "没有公布的基数，因此没有可供对照的路径。",
            "No base is published, so there is no path to compare with.",
        )
    compared = [(point, point.ratio) for point in points if point.ratio is not None]
    if reading is None or not compared:
        return _none("尚无数据。", "There is no figure yet.")
    if begun is not None and reading.on <= begun:
        return _not_begun(reading, begun)
    if not represents(reading):
        return _too_few(reading)
    by_path = tuple((point.name, class_of(ratio)) for point, ratio in compared)
    worst = max((rating for _name, rating in by_path), key=CLASSES.index)
    return Judgement(worst, by_path, _reason_zh(compared, reading), _reason_en(compared, reading))


def _none(zh: str, en: str) -> Judgement:
    return Judgement(None, (), zh, en)


def _not_begun(reading: Observation, begun: date) -> Judgement:
    return _none(
        f"最新数据截至{reading.on}，不晚于基数日期（{begun}），进度待此后的数据公布后再作判断。",
        f"The newest figure is of {reading.on}, no later than the base ({begun}). Progress can be judged once a later "
        "figure is there.",
    )


def _too_few(reading: Observation) -> Judgement:
    units, expected = reading.units_with_figure, reading.units_expected
    return _none(
        f"{expected}个填报单位中仅{units}个有数据，合计数不能代表全国，暂不与路径对照。",
        f"Only {units} of {expected} reporting units have a figure: too few to hold their sum against a path "
        "for the country.",
    )


def _reason_zh(compared: list[tuple[PathPoint, Decimal]], reading: Observation) -> str:
    clauses = [
        f"相当于{_PATH_ZH[point.name]}应达到水平的{100 * ratio:.1f}%（{class_of(ratio).name_zh}）"
        for point, ratio in compared
    ]
    carried = (
        f"{reading.units_carried}个单位沿用前期数据，实际比值可能更高。" if reading.units_carried else ""
    )
    return "；".join(clauses) + f"。以较不利的一种为准。{carried}"


def _reason_en(compared: list[tuple[PathPoint, Decimal]], reading: Observation) -> str:
    clauses = [
        f"{100 * ratio:.1f} % of what {_PATH_EN[point.name]} expects ({class_of(ratio).name_en.lower()})"
        for point, ratio in compared
    ]
    carried = (
        f" {reading.units_carried} of {reading.units_expected} units are carried forward, so the true ratios may be "
        "higher."
        if reading.units_carried
        else ""
    )
    return "; ".join(clauses) + f". The less favourable reading gives the class.{carried}"
