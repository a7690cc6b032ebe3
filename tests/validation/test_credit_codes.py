"""Credit codes against real ones and against the standards' own arithmetic."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from validation.credit_codes import ALPHABET, corrected, faults

#: Codes of listed companies, as they publish them.
REAL = ("914403001922038216", "91330100799655058B", "91110000710926094P", "91110000710925462X")


def check_character(body: str) -> str:
    """GB 32100, one code at a time."""
    total = sum(ALPHABET.index(letter) * pow(3, place, 31) for place, letter in enumerate(body))
    return ALPHABET[-total % 31]


def fault(code: str) -> str | None:
    """The fault of one code."""
    code_of_fault: str | None = faults(pl.Series([code]))[0]
    return code_of_fault


@pytest.mark.parametrize("code", REAL)
def test_real_codes_are_right(code: str) -> None:
    assert fault(code) is None


@given(st.text(ALPHABET, min_size=17, max_size=17))
def test_the_check_character_follows_the_standard(body: str) -> None:
    right = check_character(body)
    wrong = ALPHABET[(ALPHABET.index(right) + 1) % 31]
    assert fault(body + right) not in ("uscc.E201", "uscc.E202")
    assert fault(body + wrong) in ("uscc.E202", "uscc.E205")


@given(st.text(max_size=20))
def test_any_text_has_one_fault_at_most(text: str) -> None:
    code_of_fault = fault(text)
    assert code_of_fault is None or code_of_fault.startswith("uscc.")


def test_letters_that_look_like_digits_are_read_as_them_where_that_helps() -> None:
    assert corrected(pl.Series(["9144O3001922038216", "91330IOO799655058B", "IIII", None])).to_list() == [
        "914403001922038216",
        "91330100799655058B",
        None,
        None,
    ]
