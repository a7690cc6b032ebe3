"""Every line of the list of odd spreadsheets, each as real files: everything found in them, and what is read."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.validation.lines import above_and_below, beside_and_broken, in_cells, whole_files
from tests.validation.lines.case import Case
from validation import FORMS, Context, Period, validate

CASES: tuple[Case, ...] = (
    *above_and_below.CASES,
    *in_cells.CASES,
    *whole_files.CASES,
    *beside_and_broken.CASES,
)


def named(case: Case) -> str:
    return f"{case.line:02} {case.what}"


@pytest.mark.parametrize("case", CASES, ids=named)
def test_what_arrives_and_what_it_becomes(case: Case) -> None:
    form = FORMS[case.collection]
    result = validate(case.build(), form, Context(case.unit, Period(2026, 3)), filename=case.filename)
    assert result.findings.select("sheet", "row", "column", "code").rows() == list(case.findings)
    for key, values in case.read.items():
        assert result.frame is not None
        assert [_plain(value) for value in result.frame[key].to_list()] == list(values), key
    if case.rows is not None:
        assert result.frame is not None
        assert [sheet.data_rows for sheet in result.report.sheets] == [len(rows) for rows in case.rows]
        assert result.frame["_row"].to_list() == [row for rows in case.rows for row in rows]


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Decimal) or hasattr(value, "isoformat") else value


def test_every_line_of_the_list_has_its_files() -> None:
    """Line 32, the same file twice, is about versions: tests/submissions/checks/test_intake.py and test_at_once.py."""
    assert {case.line for case in CASES} == set(range(1, 45)) - {32}


def test_the_same_file_twice_is_checked_alike() -> None:
    data = CASES[0].build()
    first, second = (validate(data, FORMS["networks"], Context("320000", Period(2026, 3))) for _ in range(2))
    assert first.findings.equals(second.findings)
    assert first.report.sheets == second.report.sheets
