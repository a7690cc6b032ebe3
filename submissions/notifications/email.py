"""Mailing: notices that are due by e-mail go out once each, in both languages; what the worker calls."""

from __future__ import annotations

import logging
from datetime import timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import F
from django.shortcuts import resolve_url
from django.utils import timezone, translation

from submissions.models import Notice
from submissions.notifications import messages

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 5
#: between two tries to reach the mail server
AGAIN_AFTER = timedelta(minutes=5)


def send_due() -> int:
    """Send what is due, and return how many e-mails went.

    A notice is claimed before it is sent: a worker that dies in between loses one e-mail and sends none
    twice; the notice itself stays in the portal.
    """
    sent = 0
    while (notice := _claimed()) is not None:
        sent += _send(notice)
    return sent


@transaction.atomic
def _claimed() -> Notice | None:
    due = Notice.objects.to_mail().select_related("user", "submission").order_by("mail_due")
    notice = due.select_for_update(skip_locked=True, of=("self",)).first()
    if notice is not None:
        Notice.objects.filter(pk=notice.pk).update(mail_due=None, mail_attempts=F("mail_attempts") + 1)
    return notice


def _send(notice: Notice) -> bool:
    subject, body = _worded(notice)
    try:
        send_mail(subject, body, None, [notice.user.email])
    except (SMTPException, OSError) as error:
        _put_off(notice, error)
        return False
    Notice.objects.filter(pk=notice.pk).update(mailed_at=timezone.now())
    return True


def _put_off(notice: Notice, error: Exception) -> None:
    """Try again later, some times; `mail_attempts` of `notice` is as it was before this one."""
    if notice.mail_attempts + 1 < MAX_ATTEMPTS:
        logger.warning("notice %s not mailed, tried again later: %s", notice.pk, error)
        Notice.objects.filter(pk=notice.pk).update(mail_due=timezone.now() + AGAIN_AFTER)
    else:
        logger.error("notice %s not mailed, given up: %s", notice.pk, error)


def _worded(notice: Notice) -> tuple[str, str]:
    """Subject and body, Chinese first; without the site's address there is no link."""
    parts = []
    for language in ("zh-hans", "en"):
        with translation.override(language):
            parts.append((messages.title(notice), messages.sentence(notice)))
    subject = " ".join(["【工网】", *(title for title, _ in parts)])
    body = "\n\n".join(f"{title}\n{sentence}" for title, sentence in parts)
    return subject, f"{body}\n\n{_link(notice)}".rstrip() + "\n"


def _link(notice: Notice) -> str:
    if not settings.SITE_URL:
        return ""
    # which pages these are is said in the settings: no address of a page is known down here
    page = resolve_url(notice.submission or settings.LOGIN_REDIRECT_URL)
    return str(settings.SITE_URL).rstrip("/") + page
