"""Registers in force as typed frames: what a unit's figures are made from, read from Parquet or from records."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import polars as pl

from national.definitions.populations import Frames
from submissions.models import Record, Register, Submission
from validation import FORMS, conform, empty_frame


class Standing(NamedTuple):
    """A unit's registers of one period: frames, and by collection the submission each one comes from."""

    frames: Frames
    submissions: dict[str, str]


def standing(unit: str, period: str, read: Callable[[Submission], pl.DataFrame]) -> Standing:
    """The registers in force, each read by `read`: `storage.frame_of` or `frame_of_records`."""
    registers = Register.objects.in_force().filter(unit=unit, period=period).select_related("submission")
    submissions = {register.collection: register.submission for register in registers}
    frames = {collection: read(submission) for collection, submission in submissions.items()}
    return Standing(frames, {name: str(submission.pk) for name, submission in submissions.items()})


def frame_of_records(submission: Submission) -> pl.DataFrame:
    """The typed rows of an accepted submission as the database holds them, without their addresses."""
    form = FORMS[submission.collection]
    rows = list(Record.objects.filter(submission=submission).order_by("pk").values_list("data", flat=True))
    if not rows:
        return empty_frame(form).select(list(form.by_key))
    stored = pl.DataFrame(rows, orient="row", infer_schema_length=None)
    return conform(stored, form).select(list(form.by_key))
