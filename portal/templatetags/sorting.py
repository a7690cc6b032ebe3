"""Template tag of sortable table heads: the head as a link that keeps the order in the address."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from submissions.findings.sorting import Order

register = template.Library()


@register.simple_tag(takes_context=True)
def sort_head(context: dict[str, Any], by: str, label: str, order: Order) -> SafeString:
    """The head of a column that a table can be sorted by; a second click turns the order round.

    The link asks for the part of the page with the id "list".
    """
    is_now = order.by == by
    query = context["request"].GET.copy()
    query.pop("page", None)
    query["sort"] = str(Order(by, down=is_now and not order.down))
    ways = ("ascending", "▲"), ("descending", "▼")
    way, mark = ways[order.down] if is_now else ("none", "")
    return format_html(
        '<th scope="col" aria-sort="{}"><a id="sort-{}" class="sort-head" href="?{}" hx-get="?{}" '
        'hx-target="#list" hx-swap="outerHTML" hx-push-url="true">{}<span aria-hidden="true">{}</span></a></th>',
        way,
        by,
        query.urlencode(),
        query.urlencode(),
        label,
        mark,
    )
