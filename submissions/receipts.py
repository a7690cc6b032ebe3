"""Receipts: what a signer holds in hand: number, hash, counts, totals, time and name."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import datetime

from submissions.models import Collection, Signature, State, Submission, User
from submissions.overlays import edits_of

_ABBREVIATIONS = {Collection.NETWORKS: "NET", Collection.AI_APPLICATIONS: "AIA"}

#: Crockford's digits: no I, L, O or U, which are misread on paper
_DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

_NUMBER = re.compile(r"[A-Z0-9-]+")


@dataclass(frozen=True, slots=True)
class Receipt:
    """The facts of one signature. `totals` are exact sums by field key, as text."""

    number: str
    sha256: str
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
        """The signer on leave in whose place `signer` signed."""
        return self.signature and self.signature.by_delegation_of


def receipt(submission: Submission) -> Receipt | None:
    """The receipt of a signed submission; None when it is not signed."""
    if submission.receipt_number is None:
        return None
    return Receipt(
        number=submission.receipt_number,
        sha256=submission.signed_sha256,
        filename=submission.filename,
        nil_return=submission.nil_return,
        version=submission.version,
        data_rows=submission.data_rows,
        counts={"E": submission.errors, "W": submission.warnings, "I": submission.infos},
        totals=submission.report.get("totals", {}),
        signed_at=submission.signed_at,
        signer=submission.signer,
        signature=Signature.objects.filter(submission=submission).select_related("by_delegation_of").first(),
    )


@dataclass(frozen=True, slots=True)
class Verified:
    """What anyone may learn who holds a receipt's number: that it is real, of what bytes, from when."""

    number: str
    sha256: str
    signed_at: datetime
    #: the unit took the return back afterwards
    withdrawn: bool


def verify(number: str) -> Verified | None:
    """The receipt that bears `number`, whatever its case and the blanks around it; None when none does."""
    asked = number.strip().upper()
    found = Submission.objects.filter(receipt_number=asked).first() if _NUMBER.fullmatch(asked) else None
    if found is None or found.signed_at is None:
        return None
    withdrawn = found.state == State.WITHDRAWN
    return Verified(str(found.receipt_number), found.signed_sha256, found.signed_at, withdrawn)


def signed_hash(submission: Submission) -> str:
    """SHA-256 of what is signed: the original's bytes; for a nil return the UTF-8 text of its slot and version.

    With corrections it is that of the original's hash, a line break and the corrections as JSON.
    """
    edits = sorted(edits_of(submission), key=lambda edit: edit[:3])
    if edits:
        said = f"{submission.file_id}\n{json.dumps(edits, ensure_ascii=False)}"
        return hashlib.sha256(said.encode()).hexdigest()
    if submission.file_id is not None:
        return submission.file_id
    return hashlib.sha256(f"nil/{_slot(submission)}".encode()).hexdigest()


def receipt_number(submission: Submission, sha256: str) -> str:
    """E.g. GW-2026Q3-320000-NET-0003-7K2M; the last four characters tie the number to the hash."""
    bare = f"GW-{_slot(submission)}"
    return f"{bare}-{check_characters(bare, sha256)}"


def check_characters(bare: str, sha256: str) -> str:
    """Four characters that no other hash, and hardly any mistyped number, gives."""
    digest = hashlib.sha256(f"{bare}/{sha256}".encode()).digest()
    return "".join(_DIGITS[byte % 32] for byte in digest[:4])


def _slot(submission: Submission) -> str:
    abbreviation = _ABBREVIATIONS[Collection(submission.collection)]
    return f"{submission.period_id}-{submission.unit_id}-{abbreviation}-{submission.version:04d}"
