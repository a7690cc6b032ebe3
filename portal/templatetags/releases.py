"""Template tags of the releases' pages: states, causes and differences in words."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from national.definitions.areas import areas
from national.definitions.indicators import INDICATORS
from national.dissemination.observation_status import Status
from national.dissemination.revisions import Changed
from national.models import Cause, Release
from portal.badges import Look
from portal.templatetags.national import amount
from portal.templatetags.portal import badge, named

register = template.Library()

STATUSES: dict[str, Look] = {
    Status.PROVISIONAL: Look(Status.PROVISIONAL.label, "wait", "clock"),
    Status.RELEASED: Look(Status.RELEASED.label, "good", "seal"),
    Status.REVISED: Look(Status.REVISED.label, "warn", "pen"),
}
_WITHDRAWN = Look(_("Withdrawn"), "bad", "back")
_EMBARGOED = Look(_("Under embargo"), "warn", "clock")
_PUBLISHED = Look(_("Published"), "good", "check")


@register.simple_tag
def release_badge(release: Release) -> SafeString:
    """Where a release stands now."""
    if release.withdrawn_at is not None:
        return badge(_WITHDRAWN)
    return badge(_EMBARGOED if release.is_embargoed else _PUBLISHED)


@register.simple_tag
def status_badge(status: str) -> SafeString:
    """Whether a figure is provisional, released or revised."""
    return badge(STATUSES[status])


@register.filter
def cause_label(cause: str) -> str:
    return str(Cause(cause).label)


@register.simple_tag
def causes() -> list[str]:
    """Every cause, in the order of the columns."""
    return [cause.value for cause in Cause]


@register.filter
def made_by(changed: Changed, cause: str) -> Decimal | None:
    """Return a cause's part of the change; None where it has none."""
    return changed.by_cause.get(Cause(cause))


@register.filter
def signed_amount(value: Decimal | None) -> str:
    """A difference with its sign, a true minus; nothing where there is none."""
    if value is None:
        return ""
    return f"{'+' if value > 0 else '−' if value < 0 else '±'}{amount(abs(value))}"


@register.filter
def indicator_of(code: str) -> Any:
    """The declaration of an indicator."""
    return INDICATORS[code]


@register.filter
def area_name(code: str) -> str:
    """An area's name in the reader's language; nothing for none."""
    return named(areas()[code]) if code else ""
