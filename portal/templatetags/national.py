"""Template tags of the public pages: amounts, words in the reader's language, qualifiers and states."""

from __future__ import annotations

import re
from datetime import date
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from national.charts import Column, words
from national.charts.chart import Cell, FigureValue, Mark
from national.charts.grid import figure_value
from national.charts.words import adds_text, part_name, short
from national.definitions.breakdowns import Breakdown
from national.definitions.indicator import Indicator
from national.definitions.indicators import INDICATORS
from national.dissemination.observation_status import Status
from national.models import Figure, PublishedValue
from national.targets.ratings import Judgement
from portal import badges
from portal.templatetags.portal import badge, is_chinese, named
from submissions.labels import period_label
from submissions.models import Collection
from submissions.notifications.obligations import SlotState

register = template.Library()

#: how a stated value is meant; an exact one needs no words
QUALIFIERS = {
    "exact": "",
    "more_than": _("more than"),
    "above": _("above"),
    "at_least": "",
    "about": _("about"),
    "derived": _("derived"),
    "forecast": "",
}

#: what published values are counted in
PUBLISHED_UNITS = {
    "networks": pgettext_lazy("after a number", "networks"),
    "projects": pgettext_lazy("after a number", "projects"),
    "CNY trillion": pgettext_lazy("after a number", "CNY trillion"),
}

_IN_BOTH = re.compile(r"(.*[\u4e00-\u9fff].*?) \(([ -~]+)\)")

#: tone and icon of a target's class; of none
CLASS_LOOKS = {
    "ahead": ("good", "check"),
    "on_track": ("good", "check"),
    "behind": ("warn", "warning"),
    "far_behind": ("bad", "cross"),
    "": ("quiet", "info"),
}


@register.filter
def amount(value: Decimal | int | None) -> str:
    """Format with thousands separators and only the decimals it has; a dash for None."""
    return words.amount(value)


@register.filter
def whole(value: Decimal | None) -> Decimal | None:
    """Round to the nearest whole number: expected counts of a path."""
    return None if value is None else value.quantize(Decimal(1), ROUND_HALF_UP)


@register.filter
def whole_up(value: Decimal | None) -> Decimal | None:
    """Round up to the next whole number: needed counts."""
    return None if value is None else value.quantize(Decimal(1), ROUND_CEILING)


@register.filter
def amount_plain(value: Decimal) -> str:
    """Format without separators in any language, for HTML attributes."""
    return f"{value:f}"


@register.filter
def percent(ratio: Decimal | None) -> str:
    """0.7634 as 76.3 %."""
    return "—" if ratio is None else words.percent(f"{100 * ratio:.1f}")


@register.filter
def cell(value: Cell, column: Column) -> str:
    """A cell of a chart's table: a percent with its sign, a day as 2026-09-30, a quarter in words, a dash where there
    is no figure, the letter Q with its meaning where it is withheld."""
    if value is None:
        return "—"
    if isinstance(value, Mark):
        return withheld()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return period_label(value) if column.kind == "period" else value
    text = f"{value:,}"
    return words.percent(text) if column.kind == "percent" else text


@register.filter
def is_reason(value: Cell) -> bool:
    """Return whether the cell is a text that explains a missing number."""
    return isinstance(value, str) and not isinstance(value, Mark)


@register.simple_tag
def withheld() -> SafeString:
    """The letter that stands for a withheld number, with its meaning."""
    return format_html(
        '<abbr class="withheld" title="{}">{}</abbr>', Status.SUPPRESSED.label, Mark.SUPPRESSED
    )


@register.filter("told")
def amount_or_mark(value: FigureValue, kind: str = "") -> str:
    """An amount, a percent (`told:"percent"`) to the places it has and with its sign, or the letter for what is
    withheld."""
    if isinstance(value, Mark):
        return withheld()
    if kind == "percent" and value is not None:
        return words.percent(f"{value:,f}")
    return amount(value)


@register.filter
def measured(value: FigureValue, thing: Any) -> str:
    """An amount with what it is measured in; a dash or a letter where there is none."""
    return united(amount(value), thing) if isinstance(value, Decimal) else amount_or_mark(value)


@register.filter
def united(text: str, thing: Any) -> str:
    """The text of an amount with the unit that `thing` is measured in."""
    unit = said(thing, "unit")
    return words.percent(text) if unit == "%" else f"{text}{'' if is_chinese() else ' '}{unit}"


@register.filter
def figure_told(figure: Figure) -> str:
    """Format a figure's value with the decimals of its unit, or return the letter for a withheld one."""
    value = figure_value(figure)
    if not isinstance(value, Decimal):
        return amount_or_mark(value)
    places = Decimal(1).scaleb(-INDICATORS[figure.indicator].decimals)
    return f"{value.quantize(places, ROUND_HALF_UP):,}"


@register.simple_tag
def class_badge(judgement: Judgement) -> SafeString:
    """Return the class of a target as label, colour and icon."""
    target_class = judgement.overall
    look = CLASS_LOOKS[target_class.code if target_class else ""]
    return badge(badges.Look(named(target_class) if target_class else str(_("Not judged")), *look))


@register.filter
def adds_up(indicator: Indicator) -> str:
    """Return how figures of units add up to the country's."""
    return adds_text(indicator)


@register.filter
def short_name(area: str) -> str:
    """An area's short name."""
    return short(area)


@register.filter
def part_of(code: str, breakdown: str) -> str:
    """The label of a part of a breakdown."""
    return part_name(breakdown, code)


@register.filter
def labelled(breakdown: Breakdown) -> str:
    """A breakdown's name."""
    return str(said(breakdown, "label"))


@register.filter
def said(thing: Any, fact: str) -> str:
    """Return a declaration's text in the reader's language: `note` gives note_zh or note_en."""
    return str(getattr(thing, f"{fact}_{'zh' if is_chinese() else 'en'}"))


@register.filter
def qualified(value: Decimal, qualifier: str) -> str:
    """Format the amount with its qualifier, e.g. "about"."""
    space = "" if is_chinese() else " "
    return f"{QUALIFIERS[qualifier]}{space}{amount(value)}".strip()


@register.filter
def published_amount(value: PublishedValue) -> str:
    """Format a published value in the unit it was published in."""
    unit = PUBLISHED_UNITS.get(value.unit, value.unit)
    return f"{qualified(value.value, value.qualifier)}{'' if is_chinese() else ' '}{unit}"


@register.filter
def noted(value: PublishedValue) -> str:
    """The note of a published value in the reader's language where it is in both: 中文 (English)."""
    both = _IN_BOTH.fullmatch(value.note)
    return both[1 if is_chinese() else 2] if both else value.note


@register.filter
def published_date(date: str) -> str:
    """Return the year or month that a published value refers to."""
    year, _dash, month = date.partition("-")
    if not is_chinese():
        return date
    return f"{year}年{int(month)}月" if month else f"{year}年"


@register.filter
def collection_label(name: str) -> str:
    """A collection's name."""
    return str(Collection(name).label)


@register.simple_tag
def state_of_slot(state: SlotState) -> SafeString:
    """Return the badge of what a unit has handed in."""
    return badge(badges.SLOTS[state])
