"""Failures: why a check ended in `failed`, in words for the user; the fault is ours and the file is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

#: By the code in `Submission.failure`.
FAILURES: dict[str, _StrPromise] = {
    "out-of-time": _(
        "The check took longer than is allowed and was stopped. Your file is kept. "
        "Remove what is not data from it, or run the check again."
    ),
    "out-of-memory": _(
        "The check needed more memory than is allowed and was stopped. Your file is kept. "
        "Remove what is not data from it, or run the check again."
    ),
    "storage-damaged": _(
        "A file that the check needs is damaged or missing on the server, and the system's "
        "operators have been notified. Send the same file again, which repairs it, or run "
        "the check again later."
    ),
    "gave-up": _(
        "The check was interrupted several times by a system fault. Your file is kept. Run the check "
        "again, or contact the ministry's support."
    ),
}
