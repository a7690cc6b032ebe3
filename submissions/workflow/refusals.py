"""Refusals: the codes and sentences with which the functions of this package refuse what was asked.

Which HTTP status a refusal gets is known where it becomes an answer, see `project/refusal_status.py`.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Self

from django.utils.translation import gettext_lazy as _

from submissions.labels import period_label

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from submissions.models import Submission


class RefusalCode(StrEnum):
    """Base of the refusal codes of an app. A member's value is its code, which API clients rely "
    "on; `message` is it"
    sentence, in which {placeholders} stand for the params of the refusal."""

    message: _StrPromise

    def __new__(cls, code: str, message: _StrPromise) -> Self:
        member = str.__new__(cls, code)
        member._value_ = code
        member.message = message
        return member


class Refusal(RefusalCode):
    """Why something about a return or an account is refused."""

    NOT_FOUND = "not-found", _("There is nothing here, or you are not allowed to see it.")
    NOT_ALLOWED = "not-allowed", _("Your role does not allow this.")
    COLLECTION_UNKNOWN = (
        "collection-unknown",
        _("There is no form “{collection}”. Choose one of: {allowed}."),
    )
    PERIOD_UNKNOWN = "period-unknown", _("{period} is not a reporting period. Choose an open one.")
    PERIOD_NOT_OPEN = "period-not-open", _("Uploads for {period} open on {opens}.")
    PERIOD_CLOSED = (
        "period-closed",
        _(
            "Period {period} closed on {closes}. If something must still be changed, "
            "ask the ministry's administrator to extend it."
        ),
    )
    SET_ASIDE = (
        "set-aside",
        _("Version {version} is set aside. Open it and decide whether it replaces the other one."),
    )
    UNREADABLE = (
        "unreadable",
        _(
            "The file could not be read, so it cannot replace another version. Choose another file, or "
            "discard this upload."
        ),
    )
    NEWER_WAITS = (
        "newer-waits",
        _(
            "Version {version} was uploaded after this one and is still being checked. Wait for its "
            "result, or withdraw it."
        ),
    )
    FILE_EMPTY = "file-empty", _("The file is empty. Choose the workbook to report.")
    FILE_TOO_LARGE = (
        "file-too-large",
        _("The file is larger than {limit} MB. Remove what is not data and upload it again."),
    )
    FILE_UNREADABLE = (
        "file-unreadable",
        _("The file could not be read, so nothing can be marked in it. See the finding."),
    )
    SAME_FILE = "same-file", _("Same file as version {version}. Nothing was changed.")
    ALREADY_NIL = "already-nil", _("Version {version} already declares that there is nothing to report.")
    SIGNED_WAITS = (
        "signed-waits",
        _("Version {version} is signed and waits for its review. Withdraw it before sending another."),
    )
    UNDER_REVIEW = (
        "under-review",
        _("Version {version} is under review. Wait for the decision before going on."),
    )
    IDEMPOTENCY_MISMATCH = (
        "idempotency-mismatch",
        _("This idempotency key was used for another upload. Send a new key with a new upload."),
    )
    IDEMPOTENCY_KEY_LONG = "idempotency-key-long", _("An idempotency key has at most {limit} characters.")
    WRONG_STATE = "wrong-state", _("This is not possible in the state “{state}”. Reload the page.")
    SIGNER_IS_UPLOADER = (
        "signer-is-uploader",
        _("Whoever uploaded the file cannot sign it as well. Ask another signer of your unit."),
    )
    HAS_ERRORS = (
        "has-errors",
        _("{count} errors remain. Correct them in their cells, or in the file and upload it again."),
    )
    OPEN_WARNINGS = "open-warnings", _("{count} warnings have no explanation yet. Explain or correct them.")
    NOT_EVALUABLE = (
        "not-evaluable",
        _(
            "Rules {codes} could not be evaluated yet, and signing waits for them. "
            "Report the network form of this period first, or ask for support."
        ),
    )
    LAST_SIGNER = (
        "last-signer",
        _("A unit needs at least one active signer. Make somebody else a signer first."),
    )
    OWN_ACCOUNT = "own-account", _("You cannot do this to your own account. Ask another signer of your unit.")
    USERNAME_TAKEN = "username-taken", _("The user name “{username}” is taken. Choose another one.")
    EMAIL_TAKEN = (
        "email-taken",
        _("{email} is the address of {name}. Every person needs an address of their own."),
    )
    ALREADY_ACTIVE = (
        "already-active",
        _("{name} has set a password already. A lost one is renewed by e-mail from the log-in page."),
    )
    NOT_ACTIVE = "not-active", _("The account of {name} is deactivated. Reactivate it first.")
    DEPUTY_SIGNS_ALREADY = "deputy-signs-already", _("{name} is a signer already and needs no delegation.")
    DELEGATION_DAYS = (
        "delegation-days",
        _(
            "The last day must not be before the first, nor before today, "
            "and a delegation lasts {days} days at most."
        ),
    )
    TITLE_KNOWN = (
        "title-known",
        _("“{title}” is a title of the form itself, or no column of this file. Reload the page."),
    )
    FIELD_TAKEN = (
        "field-taken",
        _("“{field}” is read from another column already. Choose another field, or ignore the column."),
    )
    TITLE_CORRECTED = (
        "title-corrected",
        _(
            "“{field}” has corrected cells ({cell}), which would lose their column or land in another one."
            " Undo these corrections first."
        ),
    )
    SHEET_UNKNOWN = "sheet-unknown", _("The file has no sheet “{sheet}” to choose. Reload the page.")
    SHEET_NEEDED = "sheet-needed", _("At least one sheet must be read. Choose the row of its header.")
    SHEET_CORRECTED = (
        "sheet-corrected",
        _(
            "Cells of this version were corrected ({cell}). Undo the corrections before you choose sheets"
            " anew."
        ),
    )
    NOTHING_TO_EXPLAIN = "nothing-to-explain", _("No warning fits this explanation. Reload the page.")
    REASON_UNKNOWN = "reason-unknown", _("“{reason}” is not a reason of the list. Choose one of the list.")
    TEXT_TOO_LONG = "text-too-long", _("The text has more than {limit} characters. Shorten it.")
    TOO_MANY_CELLS = (
        "too-many-cells",
        _("Change between 1 and {limit} cells at a time. Upload a new file for more."),
    )
    MUST_DIFFER = (
        "must-differ",
        _(
            "“{column}” differs from record to record: one value for all of these cells would be wrong. "
            "Correct them one by one, or in your workbook."
        ),
    )
    CELL_CHANGED = (
        "cell-changed",
        _("Somebody else has changed this cell meanwhile; it now contains “{value}”. Check it again."),
    )
    NOTHING_TO_UNDO = "nothing-to-undo", _("There is no such correction to undo. Reload the page.")
    SHARE_DAYS = "share-days", _("A link can be valid for {days} days. Choose one of these.")
    SHARE_EMPTY = (
        "share-empty",
        _("There are no findings for this city or enterprise, so there is nothing to share."),
    )
    TOO_MANY_SHARES = "too-many-shares", _("This version has {limit} links already. Revoke some first.")
    SHARE_GONE = "share-gone", _("This link is no longer valid. Ask the office that sent it for a new one.")
    PLACE_UNKNOWN = "place-unknown", _("There is no rule {rule} or no column {column} in this form.")
    SHEET_UNREAD = "sheet-unread", _("The file has no sheet “{sheet}”. Choose one of its sheets.")
    ROW_UNKNOWN = (
        "row-unknown",
        _("The file has no row {row} there: its last row is {last}. Correct the number of the row."),
    )
    NOT_IN_FORCE = (
        "not-in-force",
        _("This version is not the unit's register any more; it was replaced or excluded."),
    )
    NEWER_IN_FORCE = (
        "newer-in-force",
        _("Version {version} has come into force since, so this one cannot be put back in its place."),
    )
    CONTENT_CHANGED = (
        "content-changed",
        _("The return was changed after the page was opened. Review it again before you sign."),
    )
    DROP_UNCONFIRMED = (
        "drop-unconfirmed",
        _(
            "{figures} fall by more than 30 per cent against what was accepted before. Make sure that the "
            "register is complete, and give the reason for the fall."
        ),
    )
    REASON_REQUIRED = "reason-required", _("Give a reason in words.")
    NOT_AS_SIGNED = (
        "not-as-signed",
        _(
            "The stored return differs from what was signed, so it cannot be accepted. The system's "
            "operators have been notified. Return it with this as the reason, so that the unit sends it "
            "again."
        ),
    )
    STORAGE_DAMAGED = (
        "storage-damaged",
        _(
            "A stored file of this return is damaged or missing on the server, so nothing was done. The "
            "system's operators have been notified. Send the same file again, which repairs it; when the "
            "period has closed, hand it to the ministry's support."
        ),
    )


class RefusalError(Exception):
    """The request is understood and refused; nothing was changed."""

    def __init__(self, code: RefusalCode, *, submission: Submission | None = None, **params: object) -> None:
        if not isinstance(code, RefusalCode):
            raise TypeError(f"{code!r} is no refusal code: add it to an enum of refusal codes")
        super().__init__(f"{code} {params}")
        self.code = code
        self.params = params
        #: the submission that already stands for what was asked, e.g. for Refusal.SAME_FILE
        self.submission = submission

    @property
    def message(self) -> str:
        """One sentence or two in the active language: what is refused and what to do."""
        words = {"period": period_label(str(self.params["period"]))} if "period" in self.params else {}
        return str(self.code.message).format(**(self.params | words))


def waits_already(signed: Submission) -> RefusalError:
    """Return why nothing else comes into the slot of a signed submission: it waits for its "
    "review, or is under it."""
    code = Refusal.UNDER_REVIEW if signed.review_began_at else Refusal.SIGNED_WAITS
    return RefusalError(code, submission=signed, version=signed.version)
