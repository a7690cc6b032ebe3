"""Template tags of the unit's workspace: accounts, and how many notices are unread."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from submissions.models import Role, User
from submissions.portal.looks import Look
from submissions.templatetags.portal import badge

register = template.Library()


@register.simple_tag
def account_badge(person: User) -> SafeString:
    """Whether an account is open, not used yet, or closed."""
    if not person.is_active:
        return badge(Look(_("Deactivated"), "quiet", "cross"))
    if not person.has_usable_password():
        return badge(Look(_("Invited"), "wait", "clock"))
    return badge(Look(_("Active"), "good", "check"))


@register.filter
def role_or_days(detail: str) -> str:
    """Detail of a team event: a role's name, or days as they are."""
    return str(Role(detail).label) if detail in Role.values else detail
