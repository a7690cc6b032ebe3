"""Published series: figures that others announced, kept with their vintages; shown beside our own and never mixed."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal

from national.models import PublishedValue, Qualifier
from national.permissions import Action, require
from national.refusals import NationalRefusal
from submissions.models import User
from submissions.workflow.refusals import RefusalError
from validation.codelists import rows_of

#: the ministry's counts of industrial 5G private networks, and core value-added of the industrial internet
NET_PUBLISHED = "industrial_5g_private_networks"
VALUE_ADDED = "industrial_internet_core_value_added"
#: series that take further values here, with the unit they are stated in
SERIES = {NET_PUBLISHED: "networks", VALUE_ADDED: "CNY trillion"}

_STATED = re.compile(r"(20\d\d)(?:-(0[1-9]|1[0-2]))?")


def published(series: str, as_of: datetime | None = None) -> tuple[PublishedValue, ...]:
    """Values of a series as known now, or at `as_of`, oldest first."""
    return tuple(PublishedValue.objects.filter(series=series).newest(as_of))


def vintages(series: str) -> tuple[PublishedValue, ...]:
    """Every value of a series that was ever entered, by the date it speaks of and then as entered."""
    return tuple(PublishedValue.objects.filter(series=series).select_related("entered_by"))


def load_published() -> int:
    """Enter the national values of the code list that are not there yet and return how many were new.

    What came with an earlier code list stays as an earlier vintage. Targets are no values.
    """
    values = [_from_row(row) for row in _national_rows()]
    before = PublishedValue.objects.count()
    PublishedValue.objects.bulk_create(values, ignore_conflicts=True)
    return PublishedValue.objects.count() - before


def add_vintage(
    *,
    by: User,
    series: str,
    stated_date: str,
    value: Decimal,
    qualifier: str,
    source: str,
    note: str = "",
    vintage: date | None = None,
    verified: bool = False,
) -> PublishedValue:
    """Enter a further value of a series; an earlier one for the same date is kept and no longer holds.

    Raises RefusalError "not-allowed" or "vintage-known", and ValueError when `stated_date` is no year or month.
    """
    require(by, Action.SET_TARGETS)
    statement = {"series": series, "stated_date": stated_date, "value": value, "qualifier": qualifier}
    if PublishedValue.objects.filter(**statement, source=source, vintage=vintage, verified=verified).exists():
        raise RefusalError(NationalRefusal.VINTAGE_KNOWN, date=stated_date)
    return PublishedValue.objects.create(
        **statement,
        on=last_day(stated_date),
        unit=SERIES[series],
        source=source,
        note=note,
        vintage=vintage,
        verified=verified,
        entered_by=by,
    )


def last_day(stated: str) -> date:
    """2025 is the end of that year, 2025-09 the end of that month; raises ValueError for anything else."""
    match = _STATED.fullmatch(stated)
    if match is None:
        raise ValueError(f"{stated} is no year or month")
    year, month = int(match[1]), int(match[2] or 12)
    return date(year, month, monthrange(year, month)[1])


def observed(values: tuple[PublishedValue, ...]) -> list[PublishedValue]:
    """Those that are no forecasts."""
    return [value for value in values if not value.is_forecast]


def _national_rows() -> Iterator[dict[str, str]]:
    wanted = set(Qualifier.values)
    rows = rows_of("published_series")
    return (row for row in rows if row["scope"] == "national" and row["qualifier"] in wanted)


def _from_row(row: dict[str, str]) -> PublishedValue:
    return PublishedValue(
        series=row["indicator"],
        stated_date=row["date"],
        on=last_day(row["date"]),
        value=Decimal(row["value"]),
        unit=row["unit"],
        qualifier=row["qualifier"],
        verified=row["verified"] == "yes",
        source=row["source"],
        note=row["note"],
    )
