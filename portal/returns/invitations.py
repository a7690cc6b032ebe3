"""Invitations: the link by which an invited person sets a password, sent by e-mail, else handed over by the signer."""

from __future__ import annotations

import logging
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django.http import HttpRequest
from django.template.loader import render_to_string

from submissions.accounts.creation import password_path
from submissions.models import User

#: without a mail server mails go to the log, where nobody invited reads them
_NO_SERVER = "django.core.mail.backends.console.EmailBackend"

logger = logging.getLogger(__name__)


def password_link(request: HttpRequest, invited: User) -> str:
    """Return the absolute address of the page that sets `invited`'s password; see `password_path`."""
    return request.build_absolute_uri(password_path(invited))


def mail_link(invited: User, link: str) -> bool:
    """Send the link and return whether it was sent. A failing mail server does not undo the invitation."""
    if not invited.email or settings.EMAIL_BACKEND == _NO_SERVER:
        return False
    context = {"invited": invited, "link": link}
    try:
        send_mail(
            "【工网】账号邀请 Invitation to Gongwang",
            render_to_string("returns/team/invitation.txt", context),
            None,
            [invited.email],
        )
    except (SMTPException, OSError) as error:
        logger.warning("invitation of account %s not sent: %s", invited.pk, error)
        return False
    return True
