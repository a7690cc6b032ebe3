"""Words of charts: names of areas, industries and indicators in the reader's language, numbers in sentences, and why
there is none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from national.charts.chart import Cell, Column, FigureValue, Kind, Mark
from national.charts.grid import Choice
from national.definitions.areas import NATION
from national.definitions.breakdowns import value_labels
from national.definitions.indicator import ADDS_TEXTS, Indicator
from national.definitions.indicators import INDICATORS
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
    indicator = INDICATORS[code]
    return Column(
        code,
        named(indicator),
        kind,
        indicator.unit_zh if is_chinese() else indicator.unit_en,
        indicator.decimals,
    )


def no_figure(choice: Choice, cells: Iterable[Cell]) -> str:
    """Why a chart of `cells`, none of which is a number, has nothing to say: they are withheld, wait, or are not there."""
    if Mark.SUPPRESSED in cells:
        return _("Withheld to protect the information of reporting enterprises.")
    if choice.waits:
        return _("Not published yet: the parts are being reviewed for confidentiality.")
    return _("There is no figure yet.")


def adds_text(indicator: Indicator) -> str:
    """How the indicator's figures become that of the country."""
    zh, en = ADDS_TEXTS[indicator.adds]
    return f"{zh}。" if is_chinese() else f"{en}."


def amount(value: FigureValue | int) -> str:
    """Return the number with thousands separators and only the decimals it has; a dash for None, Q for a suppressed one."""
    if value is None:
        return "—"
    if isinstance(value, Mark):
        return str(value)
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def named_amount(name: str, value: FigureValue, column: Column) -> str:
    """A name with its amount, in a list of such; in Chinese the unit follows at once."""
    text = amount(column.rounded(value))
    return f"{name}{text}{column.unit}" if is_chinese() else f"{name} {text}"


def percent(text: str) -> str:
    """A number with the sign for percent, as it is written in the reader's language."""
    return f"{text}%" if is_chinese() else f"{text} %"


@cache
def short_names() -> Mapping[str, tuple[str, str]]:
    """Short Chinese and English name of every unit and province, by area code."""
    units = reporting_units()
    names = {unit.code: (unit.short_zh, _short_en(unit.name_en)) for unit in units.values()}
    names[NATION] = ("全国", "China")
    provinces = {f"{NATION}-{unit.code[:2]}": names[unit.code] for unit in units.values() if not unit.parent}
    return names | provinces


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
