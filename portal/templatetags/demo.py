"""Template tags of demo mode: the strip on every page, and its progress."""

from __future__ import annotations

from typing import Any

from django import template

from submissions import demo_mode
from validation.workbooks.notice import said

register = template.Library()


@register.inclusion_tag("demo/strip.html")
def demo_strip() -> dict[str, Any]:
    """Return the strip; empty outside demo mode."""
    return {"notice": demo_mode.notice(), "progress": demo_mode.progress()}


@register.simple_tag
def demo_words() -> str:
    """Return the words before a picture's source; empty outside demo mode."""
    notice = demo_mode.notice()
    return f"{said(notice)} · " if notice else ""
