"""Vantage: which moment's figures a reader sees, and by which release they are called released or revised.

While a release waits for its hour, the public's present is the last release published before it: what would
reveal the waiting one's numbers, or their difference, is not shown as provisional either. Time alone ends that.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import NamedTuple

from django.db.models import BooleanField, ExpressionWrapper, Q
from django.db.models.functions import Now

from national.models import Release
from national.models.release import ReleaseQuerySet

#: before everything: what the public sees while the very first release waits
BEFORE_ALL = datetime(1970, 1, 1, tzinfo=UTC)


class NotPublishedError(Exception):
    """Raised when a reader asks for something under an embargo."""


class Vantage(NamedTuple):
    """Figures of `moment` (None: those in force now). `base` is the release that their status is relative to;
    `release` is the one that is asked for, whose own base is the release before it. Only `staff` see the numbers
    that disclosure control withholds."""

    moment: datetime | None = None
    base: Release | None = None
    release: Release | None = None
    staff: bool = False


def present(*, staff: bool = False) -> Vantage:
    """Return the present vantage: everything for national staff, what the embargo leaves for everyone else."""
    hour_struck = ExpressionWrapper(Q(published_at__lte=Now()), BooleanField())
    standing = list(Release.objects.standing().annotate(struck=hour_struck))
    base = next((release for release in standing if release.struck), None)
    if staff or all(release.struck for release in standing):
        return Vantage(None, base, staff=staff)
    return Vantage(base.moment if base else BEFORE_ALL, base)


def past(moment: datetime, *, staff: bool = False) -> Vantage:
    """Return the vantage of `moment`, with the status of that time. Raises NotPublishedError for what is under an embargo."""
    covered = present(staff=staff).moment
    if covered is not None and moment > covered:
        raise NotPublishedError
    then = Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gt=moment)
    return Vantage(moment, Release.objects.filter(then, published_at__lte=moment).first(), staff=staff)


def released(number: int, *, staff: bool = False) -> Vantage:
    """Return the vantage of release `number`. Raises Release.DoesNotExist when the reader may not see it."""
    release = visible(staff=staff).get(number=number)
    return Vantage(release.moment, release.previous, release, staff)


def visible(*, staff: bool = False) -> ReleaseQuerySet:
    """Return the releases that a reader may see, newest first; all access to releases goes through here."""
    every = Release.objects.select_related("previous", "made_by", "withdrawn_by")
    return every if staff else every.published()
