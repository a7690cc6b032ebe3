"""Freshness: a stamp that changes whenever public figures do, at one small query a second."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import NamedTuple

from django.conf import settings
from django.db import connection

#: Marks of periods tell of changed figures, runs of disclosure control (written after what they cleared) of what
#: may be shown of them, counts of releases of what was made, struck its hour or was withdrawn. The hour strikes by the same clock by which releases are published.
_STAMP = """
    SELECT marks.changes, runs.made, releases.made, releases.published, releases.withdrawn,
           releases.next_hour - statement_timestamp()
    FROM (SELECT coalesce(sum(changes), 0) AS changes FROM national_periodmark) AS marks,
         (SELECT count(*) AS made FROM national_clearingrun) AS runs,
         (SELECT count(*) AS made, count(*) FILTER (WHERE published_at <= statement_timestamp()) AS published,
                 count(withdrawn_at) AS withdrawn,
                 min(published_at) FILTER (WHERE published_at > statement_timestamp()) AS next_hour
          FROM national_release) AS releases
"""


class Stamp(NamedTuple):
    """The stamp of a state of the figures, and how long it can last at most: until the next release is published."""

    mark: str
    lasts: timedelta | None


class _Known(NamedTuple):
    """A stamp with the time, by this process's own steady clock, up to which it need not be asked again."""

    stamp: Stamp
    until: float


_known = _Known(Stamp("", None), 0)


def stamp() -> Stamp:
    """Return the stamp of the figures and releases that are public now."""
    with connection.cursor() as cursor:
        cursor.execute(_STAMP)
        *counts, lasts = cursor.fetchone()
    return Stamp("-".join(map(str, counts)), lasts)


def recent_mark() -> str:
    """The mark of a stamp at most STAMP_SECONDS old, and never one from before an hour that has struck."""
    global _known  # noqa: PLW0603 one per process, replaced as a whole
    now = time.monotonic()
    if now >= _known.until:
        newest = stamp()
        lasts = settings.STAMP_SECONDS if newest.lasts is None else newest.lasts.total_seconds()
        _known = _Known(newest, now + min(settings.STAMP_SECONDS, lasts))
    return _known.stamp.mark
