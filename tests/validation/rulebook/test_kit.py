"""The kit for other programs: what docs/ holds is what the rules are, and its rows break the rule they are of."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.validation.small_workbooks import workbook
from validation import FORMS, Context, Period, catalogue, validate
from validation.rulebook.kit import PERIOD, UNIT, conformance, rules, write_kit

DOCS = Path(__file__).parents[3] / "docs" / "kit"
CASES = {case["code"]: case for case in conformance()["cases"]}
WITH_ROWS = [code for code, case in CASES.items() if "refuses" in case]
CONTEXT = Context(UNIT, Period.parse(PERIOD))


def test_docs_hold_what_is_written(tmp_path: Path) -> None:
    for path in write_kit(tmp_path):
        assert (DOCS / path.name).read_bytes() == path.read_bytes(), "manage.py rulebook --write"


def test_every_rule_is_told_whole() -> None:
    listed = {rule["code"]: rule for rule in rules()["rules"]}
    assert list(listed) == list(CASES) == list(catalogue())
    for rule in listed.values():
        assert rule["level"] in {
            "structure",
            "cell",
            "row",
            "table",
            "history",
            "cross",
            "national",
            "register",
        }
        assert all(rule[key] for key in ("message_zh", "message_en", "condition_zh", "condition_en"))
    assert [form["name"] for form in rules()["forms"]] == list(FORMS)


def sheet_of(collection: str, rows: list[dict[str, Any]]) -> bytes:
    columns = FORMS[collection].columns
    return workbook(
        [[column.label_zh for column in columns], *([row[c.key] for c in columns] for row in rows)]
    )


def codes(case: dict[str, Any], side: str) -> set[str]:
    """Codes of the errors and warnings of a case's rows, as a file beside the registers that it names."""
    collection, against = case["collection"], case["against"]
    table = case[side]
    context = CONTEXT
    if against in ("previous", *FORMS):
        beside = "networks" if against in FORMS else collection
        frame = validate(sheet_of(beside, table["beside"]), FORMS[beside], CONTEXT).frame
        context = Context(UNIT, CONTEXT.period, **{"companion" if against in FORMS else against: frame})
    findings = validate(sheet_of(collection, table["rows"]), FORMS[collection], context).findings["code"]
    return {code for code in findings if ".I" not in code}


@pytest.mark.parametrize("code", WITH_ROWS)
def test_rows_break_their_rule_and_no_other(code: str) -> None:
    case = CASES[code]
    assert codes(case, "refuses") == ({code} if case["against"] != "others" else set())
    assert codes(case, "accepts") == set()
