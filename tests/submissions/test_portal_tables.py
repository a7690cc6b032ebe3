"""Tables to take along: numbers stay numbers, and whatever could be a formula is a text."""

from __future__ import annotations

import csv
import io

import pytest

from submissions.portal.tables import download


def as_csv(*values: str) -> list[str]:
    """What becomes of one row of values."""
    sent = b"".join(download("csv", "t", ["h"] * len(values), [values])).decode()
    return list(csv.reader(io.StringIO(sent.removeprefix("\ufeff"))))[1]


@pytest.mark.parametrize("live", ["=12", "=1.5", "@12", "\t12", "+1+1", "-", "+.", "-1.", "=A1", "+１２"])
def test_what_could_be_a_formula_is_text(live: str) -> None:
    assert as_csv(live) == [f"'{live}"]


def test_signed_numbers_are_numbers() -> None:
    assert as_csv("-12", "+1.5", "12", "a=1") == ["-12", "+1.5", "12", "a=1"]
