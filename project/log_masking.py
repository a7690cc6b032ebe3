"""Masking: secrets of addresses never appear in a log."""

from __future__ import annotations

import logging
import re

#: What follows these in an address is a secret: the token of a shared link, the key by which a password is set, the key
#: by which an e-mail address is confirmed.
SECRETS_AFTER = ("/shared/", "/accounts/password/reset/key/", "/accounts/confirm-email/")
_SECRET = re.compile(rf"({'|'.join(map(re.escape, SECRETS_AFTER))})[^/\s\"'?#]+")


def masked(text: str) -> str:
    """The text with its secrets left out."""
    return _SECRET.sub(r"\1***", text)


class MaskingFormatter(logging.Formatter):
    """A line of a log, its traceback too, without secrets."""

    def format(self, record: logging.LogRecord) -> str:
        return masked(super().format(record))
