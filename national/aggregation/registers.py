"""Registers in force as typed frames: what a unit's figures are made from, read from Parquet or from records."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import polars as pl

from national.definitions.populations import Frames
from submissions.models import Record, Register, Submission
from validation import FORMS, frame_schema

#: types that JSON has no own form for; records hold them as text
_AS_TEXT = (pl.Decimal, pl.Date)


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
    schema = {column.key: frame_schema(form)[column.key] for column in form.columns}
    as_held = {key: pl.String() if isinstance(dtype, _AS_TEXT) else dtype for key, dtype in schema.items()}
    rows = Record.objects.filter(submission=submission).order_by("pk").values_list("data", flat=True)
    held = pl.DataFrame(list(rows), schema=as_held, orient="row")
    return held.select(_typed(key, dtype) for key, dtype in schema.items())


def _typed(key: str, dtype: pl.DataType) -> pl.Expr:
    return pl.col(key).str.to_date("%Y-%m-%d") if isinstance(dtype, pl.Date) else pl.col(key).cast(dtype)
