"""Template tags: icons, badges, names in the reader's language, and the bar that says who reports for when."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import template
from django.conf import settings
from django.template import Context
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from portal import badges
from portal.returns.calendar import current_period, deadline
from submissions import labels
from submissions.models import Event, State, Submission
from submissions.notifications.obligations import Slot
from submissions.workflow import event_words
from validation import FORMS, catalogue
from validation.hints import Text

register = template.Library()

UNITS_EN = {"万元": "10,000 CNY", "%": "%", "ms": "ms", "Mbps": "Mbps"}


@register.simple_tag
def icon(name: str) -> SafeString:
    """Return a decorative icon; the text beside it carries the meaning."""
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        static("portal/icons.svg"),
        name,
    )


@register.simple_tag
def contact() -> str:
    """Return whom to contact when log-in fails; empty when none is set."""
    return settings.CONTACT


def badge(look: badges.Look) -> SafeString:
    return format_html('<span class="tag tone-{}">{}{}</span>', look.tone, icon(look.icon), look.label)


@register.simple_tag
def state_badge(state: str) -> SafeString:
    """A submission's state."""
    return badge(badges.STATES[state])


@register.simple_tag
def slot_badge(slot: Slot) -> SafeString:
    """Return the state of a slot's submission, or that there is none."""
    if slot.current is None or slot.current.state == State.WITHDRAWN:
        return badge(badges.SLOTS[slot.state])
    return state_badge(slot.current.state)


@register.simple_tag
def severity_badge(severity: str) -> SafeString:
    return badge(badges.SEVERITIES[severity])


@register.simple_tag
def match_badge(column: dict[str, Any]) -> SafeString:
    """How a column's title was recognised."""
    passed_by = column["how"] == "remembered" and column["key"] is None
    return badge(badges.MATCHES["passed_by" if passed_by else column["how"]])


@register.simple_tag
def change_badge(kind: str) -> SafeString:
    """What became of a record between two registers."""
    return badge(badges.CHANGES[kind])


@register.simple_tag
def fate_badge(fate: str) -> SafeString:
    """What became of a reason of a return."""
    return badge(badges.FATES[fate])


@register.simple_tag
def cell_said(collection: str, key: str, value: str | None) -> str:
    """A compared cell's value; a dash when it is blank."""
    return labels.cell_label(collection, key, value) or "—"


@register.filter
def rounded(value: Decimal | None) -> str:
    """A figure with thousands separators, two decimals where it is no whole number; a dash when there is none."""
    return number(value if value is None else _whole_or_two_decimals(value))


@register.filter
def signed(value: Decimal | None) -> str:
    """A difference with its sign, two decimals where it is no whole number; a dash when there is none."""
    return "—" if value is None else f"{_whole_or_two_decimals(value):+,}" if value else "0"


def _whole_or_two_decimals(value: Decimal) -> Decimal:
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else round(value, 2)


@register.filter
def stated(value: str) -> str:
    """Format a number stored as text, such as 1009.0000; whole where it is whole."""
    return rounded(Decimal(value))


@register.filter
def version_of_period(code: str) -> str:
    """Return the label of the version of a period against which something fell."""
    return labels.version_label(code)


@register.filter
def event_detail(event: Event) -> str:
    """Return the facts of an event in the reader's language."""
    return event_words.event_detail(event)


@register.filter
def skipped_kind(kind: str) -> str:
    return str(badges.SKIPPED.get(kind, kind))


@register.filter
def rule_level(level: str) -> str:
    """Return what the rules of a level compare."""
    return str(badges.RULE_LEVELS[level])


@register.filter
def in_language(row: dict[str, Any], field: str) -> str:
    """A rulebook row's text in the reader's language: `field` without its _zh or _en."""
    return str(row[f"{field}_{'zh' if is_chinese() else 'en'}"])


@register.filter
def rule_condition(code: str) -> str:
    """When a rule is broken, in the reader's language."""
    rule = catalogue()[code]
    return rule.condition_zh if is_chinese() else rule.condition_en


@register.filter
def named(thing: Any) -> str:
    """The name (or label) of a unit, form or column in the reader's language."""
    suffix = "zh" if is_chinese() else "en"
    return str(getattr(thing, f"name_{suffix}", None) or getattr(thing, f"label_{suffix}", ""))


@register.filter
def in_words(text: Text) -> str:
    """Return the reader's language of a bilingual text."""
    return text.zh if is_chinese() else text.en


@register.filter
def unit_named(figure: Any) -> str:
    """Return the unit of a figure."""
    return str(figure.unit_zh if is_chinese() else figure.unit_en)


@register.filter
def quarter(period: Any) -> str:
    """A period, or its code, as the reader calls it; empty for none."""
    return labels.period_label(str(period or ""))


@register.filter
def column_label(key: str | None, collection: str) -> str:
    """A field's title in the reader's language; a title that is not part of the form stays as it is."""
    return labels.column_label(collection, key)


@register.filter
def column_unit(key: str, collection: str) -> str:
    """The unit a column is measured in; English counts pieces without a word."""
    unit = FORMS[collection].by_key[key].unit or ""
    return unit if is_chinese() else UNITS_EN.get(unit, "")


@register.filter
def number(value: int | str | Decimal | None) -> str:
    """With thousands separators; a dash when there is none."""
    return "—" if value is None else f"{Decimal(value):,}"


@register.filter
def spans(rows: list[list[int]]) -> str:
    """[[5, 7], [9, 9]] as 5–7, 9."""
    return ", ".join(str(first) if first == last else f"{first}–{last}" for first, last in rows)


@register.filter
def not_taken(columns: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Columns of a sheet whose title is not part of the form."""
    return [column for column in columns if column["how"] == "unknown"]


@register.filter
def absolute(days: int) -> int:
    return abs(days)


@register.filter
def letters(position: int) -> str:
    """0-based column position as a spreadsheet writes it: 0 is A, 27 is AB."""
    text, rest = "", position + 1
    while rest:
        rest, last = divmod(rest - 1, 26)
        text = chr(ord("A") + last) + text
    return text


@register.inclusion_tag("returns/_bar.html", takes_context=True)
def workspace_bar(context: Context) -> dict[str, Any]:
    """Unit, role, period and days to the due date of whoever is logged in."""
    today = timezone.localdate()
    period = current_period(today)
    return {"user": context["user"], "deadline": deadline(period, today) if period else None}


@register.filter
def title_of(submission: Submission) -> str:
    """Return form and period as a title."""
    return f"{submission.get_collection_display()} · {labels.period_label(submission.period_id)}"


def is_chinese() -> bool:
    return (get_language() or "zh").startswith("zh")
