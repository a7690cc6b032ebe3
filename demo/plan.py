"""The plan of the demo: earlier returns are all accepted, the last period shows every state."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from demo.growth import WEIGHTS
from demo.workbooks import Format, Style
from validation import FORMS, Period


class Outcome(StrEnum):
    """How far a return is taken."""

    MISSING = "missing"  # nothing is sent
    NIL = "nil"  # a nil return, accepted
    CHECKED = "checked"  # left as the check leaves it: invalid, unexplained or ready
    SIGNED = "signed"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"
    ACCEPTED = "accepted"


@dataclass(frozen=True, slots=True)
class Return:
    """One return of the demo: what is sent and how far it goes. Warnings are explained when it goes on."""

    unit: str
    collection: str
    period: Period
    outcome: Outcome = Outcome.ACCEPTED
    defects: tuple[str, ...] = ()
    style: Style = "template"
    format: Format = "xlsx"


@dataclass(frozen=True, slots=True)
class Scenario:
    """How a unit's form in the last period differs from an accepted one."""

    outcome: Outcome
    defects: tuple[str, ...] = ()


ERRORS = (
    "cell.E101",
    "cell.E102",
    "row.E303",
    "net.E318",
    "net.E319",
    "net.E328",
    "net.W330",
    "cell.E107",
    "cell.E106",
)
WARNINGS = ("net.W330", "row.W304", "row.W305", "hist.W404")
MISSING = Scenario(Outcome.MISSING)

#: (unit, collection) -> its scenario in the last period; all others are accepted. Jiangsu's networks are left
#: to the visitor, who finds a workbook to upload in the demo folder.
SCENARIOS: dict[tuple[str, str], Scenario] = {
    ("320000", "networks"): MISSING,
    ("320000", "ai_applications"): MISSING,
    ("410000", "networks"): Scenario(Outcome.CHECKED, ERRORS),
    ("410000", "ai_applications"): MISSING,
    ("130000", "networks"): Scenario(Outcome.CHECKED, ("cell.E104", "cell.E112", "net.E311", "net.W312")),
    ("130000", "ai_applications"): Scenario(Outcome.CHECKED),
    ("510000", "networks"): Scenario(Outcome.CHECKED, WARNINGS),
    ("510000", "ai_applications"): Scenario(Outcome.CHECKED, ("ai.W355", "ai.W357", "cell.W118")),
    ("420000", "networks"): Scenario(Outcome.CHECKED),
    ("420000", "ai_applications"): Scenario(Outcome.CHECKED, ("ai.E350", "ai.E370", "ai.W354")),
    ("330000", "networks"): Scenario(Outcome.SIGNED),
    ("330000", "ai_applications"): Scenario(Outcome.SIGNED),
    ("370000", "networks"): Scenario(Outcome.SIGNED, ("net.W330", "hist.W407")),
    ("440300", "networks"): Scenario(Outcome.SIGNED),
    ("440300", "ai_applications"): Scenario(Outcome.CHECKED),
    ("430000", "networks"): Scenario(Outcome.RETURNED, ("row.W306",)),
    ("430000", "ai_applications"): MISSING,
    ("340000", "networks"): Scenario(Outcome.ACCEPTED, ("hist.W403", "net.W330")),
    ("220000", "networks"): Scenario(Outcome.WITHDRAWN),
    ("220000", "ai_applications"): MISSING,
    ("630000", "networks"): MISSING,
    ("630000", "ai_applications"): MISSING,
    ("650000", "networks"): MISSING,
    ("650000", "ai_applications"): MISSING,
    ("460000", "ai_applications"): MISSING,
}  # fmt: skip
#: Has no application to report in any period.
WITHOUT_APPLICATIONS = "540000"
#: Offices that keep their own sheet, and some that export CSV; in earlier periods all do, for a workbook takes
#: longer to write than to check.
HANDMADE = frozenset({"130000", "210000", "360000", "440000", "610000", "370200"})
CSV = frozenset({"310000", "110000"})


def returns(periods: Iterable[Period], units: Collection[str] = tuple(WEIGHTS)) -> list[list[Return]]:
    """For each period, in order, every return of `units`, networks before applications."""
    ordered = sorted(periods)
    return [
        [
            _return(unit, collection, period, last=period == ordered[-1])
            for unit in WEIGHTS
            if unit in units
            for collection in FORMS
        ]
        for period in ordered
    ]


def _return(unit: str, collection: str, period: Period, *, last: bool) -> Return:
    normal = Scenario(Outcome.ACCEPTED)
    scenario = SCENARIOS.get((unit, collection), normal) if last else normal
    if unit == WITHOUT_APPLICATIONS and collection == "ai_applications":
        scenario = Scenario(Outcome.NIL)
    style: Style = "handmade" if unit in HANDMADE else "template"
    format: Format = "csv" if unit in CSV or not last else "xlsx"
    return Return(unit, collection, period, scenario.outcome, scenario.defects, style, format)
