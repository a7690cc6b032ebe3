"""Messages of findings: one row is said as one, several as several, and what is kept from earlier checks is whole."""

from __future__ import annotations

import re
from typing import Any

import pytest

from validation import Finding, catalogue


@pytest.mark.parametrize(
    ("code", "params", "said"),
    [
        ("file.W015", {"rows": "3"}, "Row 3 is hidden or filtered but was imported."),
        ("file.W015", {"rows": "3, 5-8"}, "Rows 3, 5-8 are hidden or filtered but were imported."),
        ("file.I016", {"count": 1, "kind": {"en": "note: row 7"}}, "1 row was skipped (note: row 7)."),
        (
            "file.I016",
            {"count": 2, "kind": {"en": "notes: rows 7-8"}},
            "2 rows were skipped (notes: rows 7-8).",
        ),
        ("cell.W120", {"rows": "4"}, "The merged cell's value was applied to row 4."),
        ("cell.W120", {"rows": "4-6"}, "The merged cell's value was applied to rows 4-6."),
        ("net.E340", {"rows": "12"}, "Network code “JS-1” also stands in row 12."),
        ("net.E340", {"rows": "12、40"}, "Network code “JS-1” also stands in rows 12、40."),
        ("net.E340", {"rows": "表2!7"}, "Network code “JS-1” also stands in row 表2!7."),
        ("net.E340", {"rows": "12、表2!7…"}, "Network code “JS-1” also stands in rows 12、表2!7…."),
    ],
)
def test_one_row_is_said_as_one(code: str, params: dict[str, Any], said: str) -> None:
    assert Finding(code, value="JS-1", params=params).message("en") == said


def test_every_message_about_rows_says_one_and_several() -> None:
    for text in catalogue().values():
        named = set(re.findall(r"{(\w+)}", text.message_en))
        assert bool(named & {"rows", "count"}) == bool(text.message_one_en), text.code
        if text.message_one_en:
            assert set(re.findall(r"{(\w+)}", text.message_one_en)) | {"count"} >= named
            assert "rows" in text.message_en.replace("{rows}", "").lower()


@pytest.mark.parametrize("code", ["net.E318", "net.E319"])
def test_one_of_a_thing_is_not_said_to_be_several(code: str) -> None:
    assert "(1) are more than all" in Finding(code, value="1", params={"total": 0}).message("en")
