"""Submissions brought into a state through the real verbs and the real engine, on small demo workbooks."""

from __future__ import annotations

import io
from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import fields
from functools import cache
from unittest import mock

import polars as pl

import validation
from demo import workbook
from submissions.checks import intake
from submissions.models import Period, Submission, User
from submissions.signoff import review

#: the engine itself, and what it answered
_engine, _answers = validation.validate, {}

#: the same few are asked for by most tests, and a workbook takes longer to write than to check
_workbook = cache(workbook)


def received(
    by: User,
    period: Period,
    collection: str = "networks",
    *,
    rows: int = 5,
    defects: Iterable[str] = (),
) -> Submission:
    """A demo workbook of the uploader's unit, received and not yet checked."""
    demo = _workbook(by.unit_id, collection, period.quarter, rows=rows, defects=tuple(defects))
    return intake.receive(
        by=by,
        collection=collection,
        period=period.code,
        upload=io.BytesIO(demo.data),
        filename=demo.filename,
    )


def checked(
    by: User,
    period: Period,
    collection: str = "networks",
    *,
    rows: int = 5,
    defects: Iterable[str] = (),
) -> Submission:
    """Received and checked: ready without defects, else invalid or unexplained."""
    submission = received(by, period, collection, rows=rows, defects=defects)
    with answers_kept():
        intake.check(submission_id=submission.pk)
    submission.refresh_from_db()
    return submission


def answers_kept() -> AbstractContextManager[object]:
    """The engine answers what it was asked before from memory; an engine that a test has put in its place is left alone."""
    if validation.validate is _engine:
        return mock.patch.object(validation, "validate", _answered_once)
    return nullcontext()


def _answered_once(
    data: bytes, form: validation.Form, context: validation.Context, *, filename: str = ""
) -> validation.Result:
    """The engine's answer, computed once: most tests that ask for a checked submission ask for the same few."""
    values = (getattr(context, field.name) for field in fields(context) if field.name != "progress")
    key = (data, filename, id(form), *map(_comparable, values))
    if key not in _answers:
        # the form is kept too, so that its identity is given to no other
        _answers[key] = _engine(data, form, context, filename=filename), form
    return _answers[key][0]


def _comparable(value: object) -> bytes | str:
    return value.write_ipc(None).getvalue() if isinstance(value, pl.DataFrame) else repr(value)


def signed(
    by: User, signer: User, period: Period, collection: str = "networks", *, rows: int = 5
) -> Submission:
    """Ready and signed by `signer`. An AI form wants the unit's network form of the period first."""
    submission = checked(by, period, collection, rows=rows)
    review.sign(submission=submission, by=signer, drop_reason="该区域专网已合并")
    return submission


def accepted(
    by: User,
    signer: User,
    admin: User,
    period: Period,
    collection: str = "networks",
    *,
    rows: int = 5,
) -> Submission:
    """Signed and accepted by `admin`: the unit's register for the period."""
    submission = signed(by, signer, period, collection, rows=rows)
    review.accept(submission=submission, by=admin)
    return submission
