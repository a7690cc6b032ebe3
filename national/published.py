"""Published series: figures that others announced, entered with source; shown beside our own and never mixed."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache

from validation.codelists import rows_of

#: the ministry's counts of industrial 5G private networks, and core value-added of the industrial internet
NET_PUBLISHED = "industrial_5g_private_networks"
VALUE_ADDED = "industrial_internet_core_value_added"

_TARGETS = ("target", "target_more_than")


@dataclass(frozen=True, slots=True)
class PublishedValue:
    """One announced value. `on` is the last day of the stated year or month; `verified` says whether the
    source was seen; `qualifier` is exact, about, more_than, derived or forecast."""

    series: str
    stated_date: str
    on: date
    value: Decimal
    unit: str
    qualifier: str
    verified: bool
    source: str
    note: str


@cache
def published(series: str) -> tuple[PublishedValue, ...]:
    """National values of a series, oldest first, without those that are targets."""
    found = [
        PublishedValue(
            series,
            row["date"],
            _last_day(row["date"]),
            Decimal(row["value"]),
            row["unit"],
            row["qualifier"],
            row["verified"] == "yes",
            row["source"],
            row["note"],
        )
        for row in rows_of("published_series")
        if row["indicator"] == series and row["scope"] == "national" and row["qualifier"] not in _TARGETS
    ]
    return tuple(sorted(found, key=lambda value: value.on))


def _last_day(stated: str) -> date:
    """2025 is the end of that year, 2025-09 the end of that month."""
    year, _, month = stated.partition("-")
    number = int(month or 12)
    return date(int(year), number, monthrange(int(year), number)[1])
