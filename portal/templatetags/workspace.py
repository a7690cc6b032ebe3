"""Template tags of the unit's workspace: accounts, and how many notices are unread."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from portal import badges
from portal.badges import Look
from portal.templatetags.portal import badge
from submissions.models import Notice, NoticeKind, Role, State, User
from submissions.notifications import messages

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
    """Return the detail of a team event: a role's name, or days as they are."""
    return str(Role(detail).label) if detail in Role.values else detail


#: Kinds of notices that look like a state of a submission; the others look like their own.
_NOTICE_STATES: dict[str, State] = {
    NoticeKind.FAILED: State.FAILED,
    NoticeKind.SIGNED: State.SIGNED,
    NoticeKind.RETURNED: State.RETURNED,
    NoticeKind.ACCEPTED: State.ACCEPTED,
    NoticeKind.EXCLUDED: State.EXCLUDED,
    NoticeKind.TO_SIGN: State.READY,
}


@register.simple_tag
def notice_badge(notice: Notice) -> SafeString:
    """Return the badge of a notice, in the look of the state it reports."""
    if notice.kind == NoticeKind.DUE:
        return badge(Look(NoticeKind.DUE.label, "warn", "clock"))
    if notice.kind == NoticeKind.REINSTATED:
        return badge(Look(NoticeKind.REINSTATED.label, "good", "check"))
    if notice.params.get("set_aside"):
        return badge(Look(_("Set aside"), "warn", "warning"))
    return badge(badges.STATES[_NOTICE_STATES.get(notice.kind, notice.params.get("state", ""))])


@register.filter
def notice_title(notice: Notice) -> str:
    return messages.title(notice)


@register.filter
def notice_sentence(notice: Notice) -> str:
    return messages.sentence(notice)


@register.simple_tag
def unread_notices(user: User) -> int:
    """How many notices the person has not seen."""
    return Notice.objects.of(user).unread().count()
