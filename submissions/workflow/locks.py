"""Advisory locks of PostgreSQL for what must not be decided twice at once, held to the transaction's end."""

from __future__ import annotations

from django.db import connection


def lock(*name: str) -> None:
    """Wait for the lock of this name; the transaction's end gives it back. Needs a transaction.

    Take several in the order key, verdict, slot, and all of them before any row is locked: the same order
    everywhere is what prevents deadlocks. "figures" comes last of all, under an acceptance's rows; whoever
    holds it waits for nothing else.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", ["/".join(name)])


def lock_verdicts(unit: str, period: str) -> None:
    """Make verdicts on a unit's two forms of a period wait for each other, so neither misses the other."""
    lock("verdicts", unit, period)


def lock_slot(unit: str, collection: str, period: str) -> None:
    """Make changes of versions and registers of one slot wait for each other."""
    lock("slot", unit, collection, period)
