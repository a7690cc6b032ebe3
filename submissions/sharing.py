"""Sharing: findings passed on by a signed link that runs out, to people who have no account."""

from __future__ import annotations

from datetime import timedelta

import polars as pl
from django.core import signing
from django.db import transaction
from django.utils import timezone

from submissions import permissions, sifting
from submissions.models import Finding, Share, ShareOpening, Submission, User
from submissions.permissions import Action
from submissions.refusals import RefusalError
from submissions.sifting import Sieve
from submissions.transitions import note as write_event

#: Days a link may hold.
DAYS = (1, 7, 14, 30)
#: Links of one submission that hold at the same time.
MOST_ALIVE = 200

_signer = signing.Signer(salt="submissions.sharing")


@transaction.atomic
def share(
    *,
    submission: Submission,
    by: User,
    city: str = "",
    enterprise: str = "",
    days: int = 7,
    note: str = "",
    request_id: str = "",
) -> Share:
    """Make a link to the unit's findings of the submission: all, or of one city or one enterprise.

    Raises RefusalError "share-days", "share-empty" where nothing would be shown, "too-many-shares".
    """
    permissions.require(by, Action.SHARE, submission)
    if days not in DAYS:
        raise RefusalError("share-days", days=", ".join(map(str, DAYS)))
    if submission.shares.alive().count() >= MOST_ALIVE:
        raise RefusalError("too-many-shares", limit=MOST_ALIVE)
    made = Share(
        submission=submission,
        city=city,
        enterprise=enterprise.strip(),
        note=note.strip(),
        by=by,
        expires_at=timezone.now() + timedelta(days=days),
    )
    if not shared_findings(made).height:
        raise RefusalError("share-empty")
    made.save()
    write_event(submission=submission, by=by, reason=f"link {made.pk} made", request_id=request_id)
    return made


@transaction.atomic
def revoke(*, share: Share, by: User, request_id: str = "") -> None:
    """End a link before its time. A second time changes nothing."""
    permissions.require(by, Action.SHARE, share.submission)
    ended = {"revoked_at": timezone.now(), "revoked_by": by}
    if Share.objects.filter(pk=share.pk, revoked_at=None).update(**ended) == 1:
        write_event(
            submission=share.submission, by=by, reason=f"link {share.pk} revoked", request_id=request_id
        )


def token_of(share: Share) -> str:
    """What the link's address ends with; nobody can make one without the server's key."""
    return _signer.sign(str(share.pk)).replace(":", ".")


def opened(token: str, *, address: str | None, downloaded: bool = False) -> Share:
    """The share that a token stands for, with a row written about its opening.

    Raises RefusalError "share-gone" for one that has run out or was revoked, "not-found" for anything else.
    """
    try:
        key = _signer.unsign(token.replace(".", ":"))
    except signing.BadSignature as error:
        raise RefusalError("not-found") from error
    found = Share.objects.filter(pk=key).select_related("submission__unit", "submission__period").first()
    if found is None:
        raise RefusalError("not-found")
    if not found.is_alive:
        raise RefusalError("share-gone")
    ShareOpening.objects.create(share=found, address=address, downloaded=downloaded)
    return found


def shared_findings(share: Share) -> pl.DataFrame:
    """What the link shows: never more than its maker, staff of the unit, may read (findings_store.TABLE_SCHEMA)."""
    sieve = Sieve(city=share.city, enterprise=share.enterprise, exactly=True)
    return sifting.sifted(share.submission, share.by, sieve)


def stored(found: pl.DataFrame, first: int, most: int) -> list[Finding]:
    """A page of what the link shows."""
    ids = found["id"].slice(first, most).to_list()
    rows = Finding.objects.in_bulk(ids)
    return [rows[pk] for pk in ids if pk in rows]
