"""One noun per module; import them from here."""

from national.models.change import Cause, Change
from national.models.clearance import Clearance, ClearanceState, ClearingRun
from national.models.figure import AreaType, Figure
from national.models.key import Key, KnownKey
from national.models.mark import PeriodMark
from national.models.plan import Plan
from national.models.public_figure import PublicFigure
from national.models.published_value import PublishedValue, Qualifier
from national.models.release import Release

__all__ = [
    "AreaType",
    "Cause",
    "Change",
    "Clearance",
    "ClearanceState",
    "ClearingRun",
    "Figure",
    "Key",
    "KnownKey",
    "PeriodMark",
    "Plan",
    "PublicFigure",
    "PublishedValue",
    "Qualifier",
    "Release",
]
