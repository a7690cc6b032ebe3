"""Share links: findings passed on to people without an account, by a signed link that expires."""

from __future__ import annotations

from datetime import timedelta

import polars as pl
from django.core import signing
from django.db import transaction
from django.utils import timezone

from submissions.findings import filtering
from submissions.findings.filtering import FindingFilter
from submissions.models import Act, Finding, Share, ShareOpening, Submission, User
from submissions.workflow import permissions
from submissions.workflow.permissions import Action
from submissions.workflow.refusals import Refusal, RefusalError
from submissions.workflow.transitions import record_event

#: Days a link may hold.
DAYS = (1, 7, 14, 30)
#: Links of one submission that hold at the same time.
MOST_ALIVE = 200

#: Its message names an enterprise that the row is not of.
NAMES_ANOTHER = "ai.W371"

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
        raise RefusalError(Refusal.SHARE_DAYS, days=", ".join(map(str, DAYS)))
    if submission.shares.alive().count() >= MOST_ALIVE:
        raise RefusalError(Refusal.TOO_MANY_SHARES, limit=MOST_ALIVE)
    made = Share(
        submission=submission,
        city=city,
        enterprise=enterprise.strip(),
        note=note.strip(),
        by=by,
        expires_at=timezone.now() + timedelta(days=days),
    )
    if not shared_findings(made).height:
        raise RefusalError(Refusal.SHARE_EMPTY)
    made.save()
    record_event(
        submission=submission, act=Act.LINK_MADE, by=by, detail={"link": made.pk}, request_id=request_id
    )
    return made


def require_sharer(user: User, submission: Submission) -> None:
    """Raise RefusalError for a user who makes no links; those who do may see and revoke them in every state."""
    permissions.require(user, Action.READ, submission)
    permissions.require(user, Action.SHARE)


def holds(share: Share) -> bool:
    """Return whether the link opens now: not expired, its maker active, its submission one that may be shared."""
    return share.is_alive and share.by.is_active and permissions.is_shareable(share.submission)


def end_all_of(*, maker: User, by: User) -> None:
    """End every link that an account made. No event of its own: the act that caused it has one."""
    Share.objects.alive().filter(by=maker).update(revoked_at=timezone.now(), revoked_by=by)


@transaction.atomic
def revoke(*, share: Share, by: User, request_id: str = "") -> None:
    """End a link early, in whatever state its submission is. Safe to repeat."""
    require_sharer(by, share.submission)
    ended = {"revoked_at": timezone.now(), "revoked_by": by}
    if Share.objects.filter(pk=share.pk, revoked_at=None).update(**ended) == 1:
        record_event(
            submission=share.submission,
            act=Act.LINK_REVOKED,
            by=by,
            detail={"link": share.pk},
            request_id=request_id,
        )


def token_of(share: Share) -> str:
    """Return the last part of the link's address; only the server's key can make one."""
    return _signer.sign(str(share.pk)).replace(":", ".")


def opened(token: str, *, address: str | None, downloaded: bool = False) -> Share:
    """Return the share that a token stands for, and record its opening.

    Raises RefusalError "share-gone" for one that does not hold, "not-found" for anything else.
    """
    try:
        key = _signer.unsign(token.replace(".", ":"))
    except signing.BadSignature as error:
        raise RefusalError(Refusal.NOT_FOUND) from error
    related = ("by", "submission__unit", "submission__period")
    link = Share.objects.filter(pk=key).select_related(*related).first()
    if link is None:
        raise RefusalError(Refusal.NOT_FOUND)
    if not holds(link):
        raise RefusalError(Refusal.SHARE_GONE)
    ShareOpening.objects.create(share=link, address=address, downloaded=downloaded)
    return link


def shared_findings(share: Share) -> pl.DataFrame:
    """Return the findings of the link (store.TABLE_SCHEMA): never more than the unit's staff may read, whatever the
    role of its maker now, and for an enterprise nothing that names another."""
    finding_filter = FindingFilter(city=share.city, enterprise=share.enterprise, exactly=True)
    findings = filtering.filtered(share.submission, None, finding_filter)
    return findings.filter(pl.col("code") != NAMES_ANOTHER) if share.enterprise else findings


def stored(findings: pl.DataFrame, first: int, most: int) -> list[Finding]:
    """Return a page of the link's findings."""
    ids = findings["id"].slice(first, most).to_list()
    rows = Finding.objects.in_bulk(ids)
    return [rows[pk] for pk in ids if pk in rows]
