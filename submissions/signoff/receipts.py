"""Receipts: what a signer gets: number, hashes, counts, totals, time and name."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from submissions.files.edits_in_force import stored_edits_of
from submissions.models import Signature, State, Submission, User
from validation import FORMS, Edit

#: Crockford's digits: no I, L, O or U, which are misread on paper
_DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

_NUMBER = re.compile(r"[A-Z0-9-]+")


@dataclass(frozen=True, slots=True)
class Receipt:
    """The facts of one signature. `totals` are exact sums by field key, as text."""

    number: str
    sha256: str
    #: of the file alone; null for a nil return
    file_sha256: str | None
    filename: str
    nil_return: bool
    version: int
    data_rows: int
    counts: dict[str, int]
    totals: dict[str, str]
    signed_at: datetime
    signer: User
    #: what was stated; null for a signature older than statements
    signature: Signature | None

    @property
    def by_delegation_of(self) -> User | None:
        """Return the signer on leave in whose place `signer` signed."""
        return self.signature.by_delegation_of if self.signature else None


def receipt(submission: Submission) -> Receipt | None:
    """Return the receipt of a signed submission; None when it is not signed."""
    if submission.receipt_number is None:
        return None
    return Receipt(
        number=submission.receipt_number,
        sha256=submission.signed_sha256,
        file_sha256=submission.file_id,
        filename=submission.filename,
        nil_return=submission.nil_return,
        version=submission.version,
        data_rows=submission.data_rows,  # type: ignore[arg-type]  # what is signed was checked
        counts={"E": submission.errors, "W": submission.warnings, "I": submission.infos},
        totals=submission.report.get("totals", {}),
        signed_at=submission.signed_at,  # type: ignore[arg-type]
        signer=submission.signer,  # type: ignore[arg-type]
        signature=Signature.objects.filter(submission=submission).select_related("by_delegation_of").first(),
    )


@dataclass(frozen=True, slots=True)
class Verified:
    """What anyone may learn who holds a receipt's number: that it is real, of what bytes, from when."""

    number: str
    sha256: str
    file_sha256: str | None
    signed_at: datetime
    #: the unit took the return back afterwards
    withdrawn: bool


def verify(number: str) -> Verified | None:
    """Return the receipt with `number`, whatever its case and surrounding blanks; None when there is none."""
    wanted = number.strip().upper()
    submission = (
        Submission.objects.filter(receipt_number=wanted).first() if _NUMBER.fullmatch(wanted) else None
    )
    if submission is None or submission.signed_at is None:
        return None
    withdrawn = submission.state == State.WITHDRAWN
    return Verified(
        str(submission.receipt_number),
        submission.signed_sha256,
        submission.file_id,
        submission.signed_at,
        withdrawn,
    )


def signed_hash(submission: Submission, scheme: int | None = None) -> str:
    """Return the SHA-256 of what is signed, by the newest scheme unless one is given.

    2: of JSON that binds the original, the table that was read from it and judged, and the corrections; for a nil
    return its slot and version in the place of the original.
    1, until frames were hashed: of the original's bytes; with corrections of the original's hash, a line break and
    the corrections as JSON; for a nil return of the UTF-8 text of its slot and version.
    """
    return _SCHEMES[scheme or NEWEST_SCHEME](submission)


def is_as_signed(submission: Submission) -> bool:
    """Return whether what a signed submission is made of still gives the hash that was signed."""
    scheme = Signature.objects.filter(submission=submission).values_list("scheme", flat=True).first()
    return signed_hash(submission, scheme or 1) == submission.signed_sha256


def was_seen(submission: Submission, sha256: str) -> bool:
    """Return whether `sha256` is a hash of what there is to sign now, by any scheme."""
    return any(made(submission) == sha256 for made in _SCHEMES.values())


def _bound(submission: Submission) -> str:
    parts = {
        "scheme": 2,
        "original": submission.file_id or f"nil/{_slot(submission)}",
        "frame": submission.frame_sha256,
        "corrections": _sorted_edits(submission),
    }
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _sorted_edits(submission: Submission) -> list[Edit]:
    return sorted(stored_edits_of(submission), key=lambda edit: edit[:3])


def _of_file_and_corrections(submission: Submission) -> str:
    edits = _sorted_edits(submission)
    if edits:
        content = f"{submission.file_id}\n{json.dumps(edits, ensure_ascii=False)}"
        return hashlib.sha256(content.encode()).hexdigest()
    if submission.file_id is not None:
        return submission.file_id
    return hashlib.sha256(f"nil/{_slot(submission)}".encode()).hexdigest()


#: Schemes of signed hashes by number. What was signed by one is verified by it for ever.
_SCHEMES: dict[int, Callable[[Submission], str]] = {1: _of_file_and_corrections, 2: _bound}
NEWEST_SCHEME = max(_SCHEMES)


def receipt_number(submission: Submission, sha256: str) -> str:
    """Return e.g. GW-2026Q3-320000-NET-0003-7K2M; the last four characters tie the number to the hash."""
    bare = f"GW-{_slot(submission)}"
    return f"{bare}-{check_characters(bare, sha256)}"


def check_characters(bare: str, sha256: str) -> str:
    """Return four characters that hardly any other hash or mistyped number gives."""
    digest = hashlib.sha256(f"{bare}/{sha256}".encode()).digest()
    return "".join(_DIGITS[byte % 32] for byte in digest[:4])


def _slot(submission: Submission) -> str:
    abbreviation = FORMS[submission.collection].abbreviation
    return f"{submission.period_id}-{submission.unit_id}-{abbreviation}-{submission.version:04d}"
