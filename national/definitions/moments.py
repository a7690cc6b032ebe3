"""Moments: when figures change, by the database's clock, and since when nothing more can change about a moment.

An acceptance takes its moment before it is committed. Whoever speaks of a moment for good (a release, a
question about the past) first waits for the changes under way that may be given an earlier one.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection

#: the advisory lock that every change of figures shares, and that whoever speaks for good takes alone
_GATE = "national/figures"
_SHARED = "SELECT pg_advisory_xact_lock_shared(hashtextextended(%s, 0))"
_ALONE = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"
#: longer than any acceptance takes from its moment to its commit
_UNDER_WAY = timedelta(minutes=10)


def database_time() -> datetime:
    """Now by the database's clock, the one clock that all hosts share."""
    return _fetch_moment("SELECT clock_timestamp()")


def moment_of_change() -> datetime:
    """The moment a change of figures is given. Needs the changing transaction, which holds the gate to its end."""
    _fetch_moment(_SHARED, _GATE)
    return database_time()


def settled_moment() -> datetime:
    """A moment after every change that has begun, and before every other: needs a transaction, which holds
    changes back to its end."""
    _fetch_moment(_ALONE, _GATE)
    return database_time()


def settle(moment: datetime) -> None:
    """Wait until no change under way can be given a moment as early as this one."""
    if database_time() - moment < _UNDER_WAY:
        _fetch_moment(_ALONE, _GATE)


def _fetch_moment(statement: str, *params: str) -> datetime:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        moment: datetime = cursor.fetchone()[0]
    return moment
