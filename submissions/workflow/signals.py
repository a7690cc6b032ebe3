"""Signals: how figures learn of an acceptance, and are asked for, without submissions knowing of figures."""

from __future__ import annotations

from typing import NamedTuple

import polars as pl
from django.dispatch import Signal

from submissions.models import Submission


class Accepted(NamedTuple):
    """A submission just accepted, and its typed frame (no rows for a nil return)."""

    submission: Submission
    frame: pl.DataFrame


#: Sent inside the accepting transaction with `accepted`, a list of `Accepted`. A receiver that raises undoes the
#: acceptance: registers and figures change together or not at all.
submissions_accepted = Signal()

#: Sent inside the transaction that takes an accepted register out of force, with `submission`, `by` and `reason`.
register_excluded = Signal()

#: Sent inside the transaction that puts such a register in force again, with `submission`, `by` and `reason`.
register_reinstated = Signal()

#: Asks what figures a unit's registers give, whether they are in force or not: sent with `unit`, `period` and
#: `frames`, typed frames by collection. A receiver answers with a list of `effects.FigureValue` and stores nothing.
figures_asked = Signal()
