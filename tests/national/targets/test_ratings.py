"""Classes by thresholds that are data: both readings, the less favourable one decides, and no class without a basis."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from national.targets.observations import Observation
from national.targets.paths import Span, points
from national.targets.ratings import CLASSES, class_of, judge

NETS = Span(Decimal(20_000), date(2025, 12, 31), Decimal(50_000), date(2030, 12, 31))
AFTER_THREE_YEARS = date(2028, 12, 31)


def summed(accepted: int, carried: int = 0) -> Observation:
    """A reading over so many units of 37."""
    return Observation(Decimal(33_000), AFTER_THREE_YEARS, "2028Q4", accepted, 37, carried)


@pytest.mark.parametrize(
    ("ratio", "code"),
    [
        ("1.5", "ahead"),
        ("1.02", "ahead"),
        ("1.0199", "on_track"),
        ("0.98", "on_track"),
        ("0.9799", "behind"),
        ("0.9", "behind"),
        ("0.8999", "far_behind"),
        ("0", "far_behind"),
    ],
)
def test_thresholds(ratio: str, code: str) -> None:
    assert class_of(Decimal(ratio)).code == code


def test_thresholds_fall_from_class_to_class() -> None:
    thresholds = [rating.from_ratio for rating in CLASSES]
    assert thresholds == sorted(thresholds, reverse=True)
    assert thresholds[-1] == 0


def test_on_track_depends_on_the_formula_and_both_are_told() -> None:
    """33 000 after three years: 87 % of the linear path and 95 % of the compound one."""
    judgement = judge(points(NETS, AFTER_THREE_YEARS, Decimal(33_000), AFTER_THREE_YEARS), summed(37))
    assert {path: rating.code for path, rating in judgement.by_path} == {
        "linear": "far_behind",
        "compound": "behind",
    }
    assert judgement.overall is not None
    assert judgement.overall.code == "far_behind"
    assert "86.8 % of what the linear path expects (far behind)" in judgement.reason_en
    assert "95.2 % of what the compound path expects (behind)" in judgement.reason_en
    assert "线性路径应达到水平的86.8%（严重滞后）" in judgement.reason_zh


def test_a_sum_over_few_units_is_not_judged() -> None:
    path = points(NETS, AFTER_THREE_YEARS, Decimal(900), AFTER_THREE_YEARS)
    judgement = judge(path, summed(30, carried=3))
    assert (judgement.overall, judgement.by_path) == (None, ())
    assert "Only 33 of 37" in judgement.reason_en
    assert judge(path, summed(34)).overall is not None
    assert (
        judge(path, Observation(Decimal(900), AFTER_THREE_YEARS)).overall is not None
    )  # published: no sum of units


def test_what_is_carried_forward_is_said_in_the_reason() -> None:
    path = points(NETS, AFTER_THREE_YEARS, Decimal(33_000), AFTER_THREE_YEARS)
    judgement = judge(path, summed(25, carried=12))
    assert judgement.overall is not None
    assert "12 of 37 units are carried forward, so the true ratios may be higher." in judgement.reason_en
    assert "12个单位沿用前期数据" in judgement.reason_zh
    assert "carried" not in judge(path, summed(37)).reason_en


def test_no_base_and_no_figure_are_said() -> None:
    assert "No base" in judge((), summed(37)).reason_en
    assert "no figure" in judge(points(NETS, AFTER_THREE_YEARS, None, None), None).reason_en
