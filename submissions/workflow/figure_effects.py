"""Figure effects: what the floor above does to figures when registers change, registered by it at start."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

import polars as pl

from submissions.models import Submission, User

#: typed frames of one unit and period, by collection
Frames = dict[str, pl.DataFrame]


class Accepted(NamedTuple):
    """A submission just accepted, and its typed frame (no rows for a nil return)."""

    submission: Submission
    frame: pl.DataFrame


class FigureValue(NamedTuple):
    """One figure of one unit. `main` figures may not fall far without a reason."""

    code: str
    collection: str
    name_zh: str
    name_en: str
    unit_zh: str
    unit_en: str
    value: Decimal
    main: bool


@dataclass(frozen=True)
class FigureEffects:
    """What is done to figures inside the transaction that changes registers; whatever raises undoes the change."""

    #: registers came into force together
    on_acceptance: Callable[[Sequence[Accepted]], None]
    #: a register was taken out of force, by whom and with which reason
    on_exclusion: Callable[[Submission, User, str], None]
    #: such a register was put in force again
    on_reinstatement: Callable[[Submission, User, str], None]
    #: the figures that a unit's tables of a period give, in force or not; stores nothing
    preview: Callable[[str, Frames], list[FigureValue]]


_registered: FigureEffects | None = None


def register(effects: FigureEffects) -> None:
    """Have `effects` called from now on. Raise RuntimeError when there are some already."""
    global _registered
    if _registered is not None:
        raise RuntimeError("figure effects are registered already")
    _registered = effects


def figure_effects() -> FigureEffects:
    """Return what is registered. Raise RuntimeError when nothing is: a register without figures would be a fault."""
    if _registered is None:
        raise RuntimeError(
            "no figure effects are registered; the app that makes figures does so in its ready()"
        )
    return _registered
