"""Releasing: figures in force are frozen under the next number, published by time alone, and never deleted."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Max, Q
from django.db.models.functions import Now
from django.utils import timezone

from national import permissions
from national.definitions.moments import settled_moment
from national.dissemination import revisions
from national.dissemination.freshness import stamp
from national.dissemination.visibility import BEFORE_ALL
from national.models import Figure, Release
from national.permissions import Action
from national.refusals import NationalRefusal
from submissions.models import User
from submissions.workflow.refusals import Refusal, RefusalError

NOTE_CHARACTERS = 4000


@transaction.atomic
def make(
    *, by: User, note_zh: str = "", note_en: str = "", published_at: datetime | None = None, mark: str = ""
) -> Release:
    """Freeze the figures in force as the next release, published at once or at an hour to come.

    Acceptances wait meanwhile. Refused when nothing differs from the last release, which a second click meets
    too, and when the figures are no longer those that `mark` was the stamp of.
    """
    permissions.require(by, Action.RELEASE)
    _require_short(note_zh, note_en)
    moment = settled_moment()
    if mark and mark != stamp().mark:
        raise RefusalError(NationalRefusal.FIGURES_CHANGED)
    hour = published_at or moment
    if hour < moment:
        raise RefusalError(NationalRefusal.HOUR_PAST)
    number = next_number()
    _require_order(hour, number)
    previous = Release.objects.standing().first()
    differing = revisions.count(revisions.Span(previous.moment if previous else BEFORE_ALL, moment))
    if not differing:
        raise RefusalError(NationalRefusal.NOTHING_TO_RELEASE)
    figures = Figure.objects.as_of(moment)
    return Release.objects.create(
        number=number,
        previous=previous,
        moment=moment,
        period=figures.order_by("-period").values_list("period", flat=True).first() or "",
        figures=figures.count(),
        changes=differing,
        note_zh=note_zh,
        note_en=note_en,
        made_by=by,
        published_at=hour,
    )


def next_number() -> int:
    """Numbers count up from 1 and are never used again."""
    last: int | None = Release.objects.aggregate(last=Max("number"))["last"]
    return (last or 0) + 1


@transaction.atomic
def move_hour(*, release: Release, by: User, published_at: datetime) -> None:
    """Publish at another hour, as long as the former has not struck."""
    permissions.require(by, Action.RELEASE)
    now = settled_moment()
    if published_at <= now:
        raise RefusalError(NationalRefusal.HOUR_PAST)
    _require_order(published_at, release.number)
    waiting = Release.objects.embargoed().filter(pk=release.pk)
    if waiting.update(published_at=published_at) != 1:
        raise RefusalError(NationalRefusal.ALREADY_PUBLISHED, number=release.number)
    release.published_at = published_at


@transaction.atomic
def withdraw(*, release: Release, by: User, reason_zh: str, reason_en: str) -> None:
    """Take a release back with a reason that everyone reads. One not published yet is never published."""
    permissions.require(by, Action.RELEASE)
    if not reason_zh.strip() or not reason_en.strip():
        raise RefusalError(Refusal.REASON_REQUIRED)
    _require_short(reason_zh, reason_en)
    settled_moment()
    later = Release.objects.embargoed().filter(previous=release, previous__published_at__gt=Now()).first()
    if later is not None:
        raise RefusalError(NationalRefusal.LATER_RELEASE_WAITS, number=later.number)
    standing = Release.objects.standing().filter(pk=release.pk)
    withdrawal = {"withdrawn_by": by, "withdrawn_zh": reason_zh, "withdrawn_en": reason_en}
    if standing.update(withdrawn_at=Now(), **withdrawal) != 1:
        raise RefusalError(NationalRefusal.ALREADY_WITHDRAWN, number=release.number)
    release.refresh_from_db()


def _require_short(*texts: str) -> None:
    if any(len(text) > NOTE_CHARACTERS for text in texts):
        raise RefusalError(Refusal.TEXT_TOO_LONG, limit=NOTE_CHARACTERS)


def _require_order(hour: datetime, number: int) -> None:
    """Refuse to publish a later number before an earlier one: it would reveal what that one still holds back."""
    standing = Release.objects.standing()
    too_late = Q(number__lt=number, published_at__gt=hour) | Q(number__gt=number, published_at__lt=hour)
    other = standing.filter(too_late).first()
    if other is not None:
        hour_told = f"{timezone.localtime(other.published_at):%Y-%m-%d %H:%M}"
        raise RefusalError(NationalRefusal.HOUR_OUT_OF_ORDER, number=other.number, hour=hour_told)
