"""Numbers counted from the records of accepted registers row by row, apart from everything that makes figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from typing import Any, NamedTuple

from submissions.models import Record, Register

BOTH = ("networks", "ai_applications")
_SECTIONS = {
    **dict.fromkeys(range(6, 13), "B"),
    **dict.fromkeys(range(13, 44), "C"),
    **dict.fromkeys(range(44, 47), "D"),
}


class Held(NamedTuple):
    """The registers that speak for a unit: those of `period`, which is an earlier one where they are carried forward."""

    unit: str
    period: str
    rows: dict[str, list[dict[str, Any]]]

    @property
    def counted(self) -> list[dict[str, Any]]:
        """Networks that count."""
        return [
            row for row in self.rows["networks"] if row["status"] in ("built", "operating") and division(row)
        ]

    @property
    def operating(self) -> list[dict[str, Any]]:
        """Counted networks that carry traffic."""
        return [row for row in self.counted if row["status"] == "operating" and row["terminals"]]

    @property
    def in_production(self) -> list[dict[str, Any]]:
        return [row for row in self.rows["ai_applications"] if row["status"] == "in_production"]

    @property
    def on_5g(self) -> list[dict[str, Any]]:
        """Applications in production on a counted network of the unit."""
        codes = {row["network_code"] for row in self.counted}
        return [row for row in self.in_production if row["network_code"] in codes]

    @property
    def with_ai(self) -> list[dict[str, Any]]:
        """Counted networks with an application in production."""
        carrying = {row["network_code"] for row in self.in_production}
        return [row for row in self.counted if row["network_code"] in carrying]


def division(row: dict[str, Any]) -> str:
    """The industry's two digits where it is in sections B, C or D, else nothing."""
    code = row["industry_code"][:2]
    return code if int(code) in _SECTIONS else ""


def held(period: str, collections: Collection[str] = ("networks",)) -> list[Held]:
    """By unit the newest registers up to `period` of a period in which all of `collections` are accepted."""
    submissions: dict[tuple[str, str], dict[str, Any]] = {}
    for register in Register.objects.in_force().filter(collection__in=collections, period_id__lte=period):
        submissions.setdefault((register.unit_id, register.period_id), {})[register.collection] = (
            register.submission_id
        )
    whole = {key: sent for key, sent in submissions.items() if len(sent) == len(collections)}
    newest = {unit: max(period for other, period in whole if other == unit) for unit, _period in whole}
    return [Held(unit, last, dict(_rows(whole[unit, last]))) for unit, last in sorted(newest.items())]


def _rows(sent: dict[str, Any]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    for collection, submission in sent.items():
        yield collection, list(Record.objects.filter(submission=submission).values_list("data", flat=True))


def by_division(units: list[Held]) -> Counter[str]:
    """Counted networks by division."""
    return Counter(division(row) for unit in units for row in unit.counted)
