"""Short ways for tests of the verbs to send, check and reload, with whatever engine is in the door."""

from __future__ import annotations

import io
from collections.abc import Callable
from itertools import count
from typing import Any

import pytest

from submissions.checks import intake
from submissions.models import Submission, User
from submissions.workflow.refusals import RefusalError
from tests.factories import answers_kept

_contents = count()


def send(by: User, content: bytes | None = None, **changed: Any) -> Submission:
    """Send `content`, by default something never sent before, as 2026Q3's networks."""
    data = f"content {next(_contents)}".encode() if content is None else content
    call = {"collection": "networks", "period": "2026Q3", "filename": "a.xlsx"} | changed
    return intake.receive(by=by, upload=io.BytesIO(data), **call)


def check(submission: Submission) -> Submission:
    """Check it as a worker does, and read what became of it."""
    with answers_kept():
        intake.check(submission_id=submission.pk)
    return fresh(submission)


def fresh(submission: Submission) -> Submission:
    """The row as it is now."""
    return Submission.objects.get(pk=submission.pk)


def refused(code: str, act: Callable[[], object]) -> RefusalError:
    """Do `act`, which must be refused with `code`."""
    with pytest.raises(RefusalError) as caught:
        act()
    assert caught.value.code == code
    assert caught.value.message
    return caught.value
