"""Words of charts: names of areas, industries and indicators in the reader's language, and numbers in sentences."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from django.utils.translation import get_language

from national.areas import NATION
from national.breakdowns import value_labels
from national.charting.chart import Column, Kind, Mark, Told
from national.indicator import ADDS_TEXTS, Indicator
from national.indicators import INDICATORS
from validation import reporting_units


def is_chinese() -> bool:
    """Whether the reader reads Chinese."""
    return (get_language() or "zh").startswith("zh")


def named(thing: Any) -> str:
    """A declaration's name in the reader's language."""
    return str(thing.name_zh if is_chinese() else thing.name_en)


def part_name(breakdown: str, part: str) -> str:
    """The label of a part of a breakdown."""
    label = value_labels(breakdown)[part]
    return label.label_zh if is_chinese() else label.label_en


def indicator_column(code: str, kind: Kind = "number") -> Column:
    """A column of an indicator's values."""
    one = INDICATORS[code]
    return Column(code, named(one), kind, one.unit_zh if is_chinese() else one.unit_en)


def adds_text(indicator: Indicator) -> str:
    """How the indicator's figures become that of the country."""
    zh, en = ADDS_TEXTS[indicator.adds]
    return f"{zh}。" if is_chinese() else f"{en}."


def amount(value: Told | int) -> str:
    """With thousands separators and only the decimals it has; a dash for none, the letter for what is withheld."""
    if value is None:
        return "–"
    if isinstance(value, Mark):
        return str(value)
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@cache
def short_names() -> Mapping[str, tuple[str, str]]:
    """Short Chinese and English name of every unit and province, by area code."""
    units = reporting_units()
    found = {unit.code: (unit.short_zh, _short_en(unit.name_en)) for unit in units.values()}
    found[NATION] = ("全国", "China")
    provinces = {f"{NATION}-{unit.code[:2]}": found[unit.code] for unit in units.values() if not unit.parent}
    return found | provinces


def short(area: str) -> str:
    """An area's short name in the reader's language."""
    zh, en = short_names()[area]
    return zh if is_chinese() else en


_KINDS_EN = (
    " Province", " Municipality", " Zhuang Autonomous Region", " Hui Autonomous Region",
    " Uygur Autonomous Region", " Uyghur Autonomous Region", " Autonomous Region",
)  # fmt: skip


def _short_en(name: str) -> str:
    for kind in _KINDS_EN:
        name = name.removesuffix(kind)
    return name.replace("Production and Construction ", "")
