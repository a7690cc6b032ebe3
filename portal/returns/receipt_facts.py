"""The facts on both the page and the PDF of a receipt."""

from __future__ import annotations

from typing import NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _

from portal.templatetags.portal import named, number
from submissions.labels import period_label
from submissions.models import Submission
from submissions.signoff.receipts import Receipt


class Fact(NamedTuple):
    label: str
    value: str


def facts(submission: Submission, receipt: Receipt) -> list[Fact]:
    """Return the facts of a receipt besides number, hash, totals and statement."""
    signed = timezone.localtime(receipt.signed_at)
    return [
        Fact(_("Reporting unit"), f"{named(submission.unit)} ({submission.unit_id})"),
        Fact(_("Form"), submission.get_collection_display()),
        Fact(_("Period"), period_label(submission.period_id)),
        Fact(_("Version"), str(receipt.version)),
        Fact(_("File"), _("nil return") if receipt.nil_return else receipt.filename),
        Fact(_("Records"), number(receipt.data_rows or 0)),
        Fact(_("Warnings, all explained"), number(receipt.counts["W"])),
        Fact(_("Notes"), number(receipt.counts["I"])),
        Fact(_("Signed on"), f"{signed:%Y-%m-%d %H:%M:%S} UTC+8"),
        Fact(_("Signed by"), str(receipt.signer)),
        *(Fact(_("By delegation of"), str(lender)) for lender in [receipt.by_delegation_of] if lender),
    ]
