"""Stamping: a mark that differs whenever what the public may be told of figures does, for one small query."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.db import connection

#: Marks of periods tell of changed figures, counts of releases of what was made, struck its hour or was
#: withdrawn. The hour strikes by the same clock by which releases are published.
_STAMP = """
    SELECT marks.changes, releases.made, releases.published, releases.withdrawn,
           greatest(marks.changed_at, releases.changed_at), statement_timestamp()
    FROM (SELECT coalesce(sum(changes), 0) AS changes, max(changed_at) AS changed_at
          FROM national_periodmark) AS marks,
         (SELECT count(*) AS made, count(*) FILTER (WHERE published_at <= statement_timestamp()) AS published,
                 count(withdrawn_at) AS withdrawn,
                 greatest(max(moment), max(withdrawn_at),
                          max(published_at) FILTER (WHERE published_at <= statement_timestamp())) AS changed_at
          FROM national_release) AS releases
"""


class Stamp(NamedTuple):
    """What tells one state from another, since when it has been so, and the database's time."""

    mark: str
    since: datetime | None
    now: datetime


def stamp() -> Stamp:
    """The state of what figures/ and releases/ tell."""
    with connection.cursor() as cursor:
        cursor.execute(_STAMP)
        *counts, since, now = cursor.fetchone()
    return Stamp("-".join(map(str, counts)), since, now)
