"""Refusals: what a verb answers when it may not do what was asked; raised deep, worded once, told at the edge."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.utils.translation import gettext_lazy as _

from submissions.labels import period_said

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from submissions.models import Submission


class Wording(NamedTuple):
    """HTTP status of a refusal and its sentence; the sentence's {placeholders} are the refusal's params."""

    status: int
    message: _StrPromise


#: Every refusal there is. Codes are stable: API clients rely on them.
REFUSALS: dict[str, Wording] = {
    "not-found": Wording(404, _("There is nothing here, or you are not allowed to see it.")),
    "not-allowed": Wording(403, _("Your role does not allow this.")),
    "collection-unknown": Wording(
        404, _("There is no form “{collection}”. Choose networks or ai_applications.")
    ),
    "period-unknown": Wording(404, _("{period} is not a reporting period. Choose an open one.")),
    "period-not-open": Wording(409, _("Uploads for {period} open on {opens}.")),
    "period-closed": Wording(
        409,
        _(
            "Period {period} closed on {closes}. If something must still be changed, "
            "ask the ministry's administrator to extend it."
        ),
    ),
    "set-aside": Wording(
        409,
        _("Version {version} is set aside. Open it and decide whether it replaces the other one."),
    ),
    "unreadable": Wording(
        409,
        _(
            "The file could not be read, so it cannot replace another version. Choose another "
            "file, or discard this upload."
        ),
    ),
    "newer-waits": Wording(
        409,
        _(
            "Version {version} was uploaded after this one and is still being checked. Wait for "
            "its result, or withdraw it."
        ),
    ),
    "file-empty": Wording(400, _("The file is empty. Choose the workbook to report.")),
    "file-too-large": Wording(
        413, _("The file is larger than {limit} MB. Remove what is not data and upload it again.")
    ),
    "file-unreadable": Wording(
        409, _("The file could not be read, so nothing can be marked in it. See the finding.")
    ),
    "same-file": Wording(409, _("Same file as version {version}. Nothing was changed.")),
    "already-nil": Wording(409, _("Version {version} already declares that there is nothing to report.")),
    "signed-waits": Wording(
        409,
        _("Version {version} is signed and waits for its review. Withdraw it before sending another."),
    ),
    "under-review": Wording(
        409, _("Version {version} is under review. Wait for the decision before going on.")
    ),
    "idempotency-mismatch": Wording(
        422, _("This idempotency key was used for another upload. Send a new key with a new upload.")
    ),
    "idempotency-key-long": Wording(400, _("An idempotency key has at most {limit} characters.")),
    "wrong-state": Wording(409, _("This is not possible in the state “{state}”. Reload the page.")),
    "signer-is-uploader": Wording(
        403, _("Whoever uploaded the file cannot sign it as well. Ask another signer of your unit.")
    ),
    "vintage-known": Wording(
        409, _("The same value for {date} with the same source is already entered. Nothing was changed.")
    ),
    "has-errors": Wording(
        409,
        _("{count} errors remain. Correct them in their cells, or in the file and upload it again."),
    ),
    "open-warnings": Wording(409, _("{count} warnings have no explanation yet. Explain or correct them.")),
    "not-evaluable": Wording(
        409,
        _(
            "Rules {codes} could not be evaluated yet, and signing waits for them. "
            "Report the network form of this period first, or ask for support."
        ),
    ),
    "last-signer": Wording(
        409, _("A unit needs at least one active signer. Make somebody else a signer first.")
    ),
    "own-account": Wording(
        409, _("You cannot do this to your own account. Ask another signer of your unit.")
    ),
    "username-taken": Wording(409, _("The user name “{username}” is taken. Choose another one.")),
    "email-taken": Wording(
        409, _("{email} is the address of {name}. Every person needs an address of their own.")
    ),
    "already-active": Wording(
        409, _("{name} has set a password already. A lost one is renewed by e-mail from the log-in page.")
    ),
    "not-active": Wording(409, _("The account of {name} is deactivated. Reactivate it first.")),
    "deputy-signs-already": Wording(409, _("{name} is a signer already and needs no delegation.")),
    "delegation-days": Wording(
        400,
        _(
            "The last day must not be before the first, nor before today, "
            "and a delegation lasts {days} days at most."
        ),
    ),
    "title-known": Wording(
        409, _("“{title}” is a title of the form itself, or no column of this file. Reload the page.")
    ),
    "field-taken": Wording(
        409, _("“{field}” is read from another column already. Choose another field, or ignore the column.")
    ),
    "title-corrected": Wording(
        409,
        _(
            "“{field}” has corrected cells ({cell}), which would lose their column or land in another one."
            " Undo these corrections first."
        ),
    ),
    "sheet-unknown": Wording(409, _("The file has no sheet “{sheet}” to choose. Reload the page.")),
    "sheet-needed": Wording(409, _("At least one sheet must be read. Choose the row of its header.")),
    "sheet-corrected": Wording(
        409,
        _(
            "Cells of this version were corrected ({cell}). Undo the corrections before you choose sheets anew."
        ),
    ),
    "nothing-to-explain": Wording(404, _("No warning fits this explanation. Reload the page.")),
    "reason-unknown": Wording(400, _("“{reason}” is not a reason of the list. Choose one of the list.")),
    "text-too-long": Wording(400, _("The text has more than {limit} characters. Shorten it.")),
    "too-many-cells": Wording(
        400, _("Change between 1 and {limit} cells at a time. Upload a new file for more.")
    ),
    "must-differ": Wording(
        409,
        _(
            "“{column}” differs from record to record: one value for all of these cells would be "
            "wrong. Correct them one by one, or in your workbook."
        ),
    ),
    "cell-changed": Wording(
        409, _("Somebody else has changed this cell meanwhile; it now contains “{value}”. Check it again.")
    ),
    "nothing-to-undo": Wording(404, _("There is no such correction to undo. Reload the page.")),
    "share-days": Wording(400, _("A link can be valid for {days} days. Choose one of these.")),
    "share-empty": Wording(
        400, _("There are no findings for this city or enterprise, so there is nothing to share.")
    ),
    "too-many-shares": Wording(409, _("This version has {limit} links already. Revoke some first.")),
    "share-gone": Wording(410, _("This link is no longer valid. Ask the office that sent it for a new one.")),
    "place-unknown": Wording(400, _("There is no rule {rule} or no column {column} in this form.")),
    "sheet-unread": Wording(400, _("The file has no sheet “{sheet}”. Choose one of its sheets.")),
    "row-unknown": Wording(
        400, _("The file has no row {row} there: its last row is {last}. Correct the number of the row.")
    ),
    "not-in-force": Wording(
        409,
        _("This version is not the unit's register any more; it was replaced or excluded."),
    ),
    "newer-in-force": Wording(
        409, _("Version {version} has come into force since, so this one cannot be put back in its place.")
    ),
    "content-changed": Wording(
        409,
        _("The return was changed after the page was opened. Review it again before you sign."),
    ),
    "drop-unconfirmed": Wording(
        409,
        _(
            "{figures} fall by more than 30 per cent against what was accepted before. Make sure that the "
            "register is complete, and give the reason for the fall."
        ),
    ),
    "reason-required": Wording(400, _("Give a reason in words.")),
    "nothing-to-release": Wording(
        409, _("No figure differs from the last release, so there is nothing to release.")
    ),
    "figures-changed": Wording(
        409, _("The figures have changed since they were shown. Look at the changes again, then confirm.")
    ),
    "hour-past": Wording(400, _("The time of release must lie in the future.")),
    "hour-out-of-order": Wording(
        409,
        _("Releases are published in the order of their numbers, and release {number} is due at {hour}."),
    ),
    "already-published": Wording(409, _("Release {number} is published; its time can no longer be changed.")),
    "already-withdrawn": Wording(409, _("Release {number} has been withdrawn already.")),
    "not-as-signed": Wording(
        409,
        _(
            "The stored return differs from what was signed, so it cannot be accepted. The "
            "system's operators have been notified. Return it with this as the reason, so that "
            "the unit sends it again."
        ),
    ),
    "storage-damaged": Wording(
        503,
        _(
            "A stored file of this return is damaged or missing on the server, so nothing was "
            "done. The system's operators have been notified. Send the same file again, which "
            "repairs it; when the period has closed, hand it to the ministry's support."
        ),
    ),
    "later-release-waits": Wording(
        409, _("Release {number} is compared with this one and is not published yet. Withdraw it first.")
    ),
}


class RefusalError(Exception):
    """The request is understood and refused; nothing was changed. `code` is one of REFUSALS."""

    def __init__(self, code: str, *, submission: Submission | None = None, **params: object) -> None:
        super().__init__(f"{code} {params}")
        self.code = code
        self.params = params
        #: the submission that already stands for what was asked, e.g. for "same-file"
        self.submission = submission

    @property
    def status(self) -> int:
        """HTTP status."""
        return REFUSALS[self.code].status

    @property
    def message(self) -> str:
        """One sentence or two in the active language: what is refused and what to do."""
        said = {"period": period_said(str(self.params["period"]))} if "period" in self.params else {}
        return str(REFUSALS[self.code].message).format(**(self.params | said))


def waits_already(signed: Submission) -> RefusalError:
    """Why nothing else comes into the slot of a signed submission: it waits for its review, or is under it."""
    code = "under-review" if signed.review_began_at else "signed-waits"
    return RefusalError(code, submission=signed, version=signed.version)
