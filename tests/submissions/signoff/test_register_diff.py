"""Changes: which records and cells differ between two tables, exactly and whatever they hold."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from submissions.signoff.register_diff import LINES, Counts, compare
from tests.national.frames import networks
from validation import FORMS, empty_frame

FORM = FORMS["networks"]


def test_records_are_paired_by_key_and_cells_told_old_to_new() -> None:
    old = networks({"terminals": 5}, {"network_name": "乙网"}, {})
    new = networks({"terminals": 7, "network_name": "甲网"}, {"network_name": "乙网"})
    new = pl.concat([new, networks({}, {}, {}, {"network_name": "丁网"}).tail(1)])
    changes = compare(FORM, old, new)
    assert changes.counts == Counts(1, 1, 1, 1, 2, 0, 0)
    assert changes.lines.select("kind", "key", "column", "old", "new").rows() == [
        ("removed", "NET-0003", None, None, None),
        ("added", "NET-0004", None, None, None),
        ("changed", "NET-0001", "network_name", None, "甲网"),
        ("changed", "NET-0001", "terminals", "5", "7"),
    ]
    assert changes.by_column == {"network_name": 1, "terminals": 1}


def test_the_place_is_that_of_the_new_table_and_of_a_removed_record_the_old_one() -> None:
    old = networks({"_row": 12}, {"_row": 13, "_sheet": "旧表"})
    new = networks({"_row": 40, "terminals": 99})
    rows = compare(FORM, old, new).lines.select("kind", "sheet", "row").rows()
    assert rows == [("removed", "旧表", 13), ("changed", "专网", 40)]


def test_what_says_the_same_is_unchanged() -> None:
    old = networks({"operators": ["ct", "cm"], "investment_10k_cny": Decimal("1.50")})
    new = networks({"operators": ["cm", "ct"], "investment_10k_cny": Decimal("1.5"), "_row": 9})
    assert compare(FORM, old, new).counts == Counts(0, 0, 0, 1, 0, 0, 0)


def test_a_value_that_goes_or_comes_is_a_change() -> None:
    old, new = networks({"remark": None, "terminals": 3}), networks({"remark": "x", "terminals": None})
    cells = compare(FORM, old, new).lines.select("column", "old", "new").rows()
    assert cells == [("terminals", "3", None), ("remark", None, "x")]


def test_against_nothing_all_is_added_and_the_other_way_removed() -> None:
    some, none = networks({}, {}), empty_frame(FORM)
    assert compare(FORM, none, some).counts == Counts(0, 2, 0, 0, 0, 0, 0)
    assert compare(FORM, some, none).counts == Counts(2, 0, 0, 0, 0, 0, 0)
    nothing = compare(FORM, none, none)
    assert nothing.counts.nothing
    assert nothing.lines.schema == LINES


def test_records_without_a_key_are_counted_apart() -> None:
    old, new = (
        networks({"network_code": None}, {}),
        networks({}, {"network_code": None}, {"network_code": None}),
    )
    counts = compare(FORM, old, new).counts
    assert (counts.keyless_old, counts.keyless_new) == (1, 2)
    assert not counts.nothing


VALUES: dict[str, st.SearchStrategy[Any]] = {
    "network_code": st.sampled_from(["N-1", "N-2", "N-3", None]),
    "network_name": st.sampled_from(["甲", "乙", "", None]),
    "operators": st.one_of(st.none(), st.lists(st.sampled_from(["cm", "ct", "cu"]), max_size=3, unique=True)),
    "terminals": st.one_of(st.none(), st.integers(0, 3)),
    "investment_10k_cny": st.sampled_from([Decimal("0.10"), Decimal("2.00"), None]),
}
TABLES = st.lists(st.fixed_dictionaries(VALUES), max_size=6).map(lambda rows: networks(*rows))


def _records(frame: pl.DataFrame) -> dict[tuple[str, int], dict[str, str | None]]:
    """Key and its how-manieth row -> canonical texts, the plain way."""
    records: dict[tuple[str, int], dict[str, str | None]] = {}
    for row in frame.rows(named=True):
        if row["network_code"] is not None:
            nth = sum(key == row["network_code"] for key, _ in records)
            records[row["network_code"], nth] = {key: _text(row[key]) for key in VALUES}
    return records


def _text(value: Any) -> str | None:
    if isinstance(value, list):
        return "\n".join(sorted(value))
    return None if value is None else str(value)


@given(TABLES, TABLES)
def test_it_says_what_a_plain_comparison_says(old: pl.DataFrame, new: pl.DataFrame) -> None:
    before, after = _records(old), _records(new)
    changes = compare(FORM, old, new)
    cells = sorted(
        (key, column, str(before[key, nth][column]), str(after[key, nth][column]))
        for key, nth in before.keys() & after.keys()
        for column in VALUES
        if before[key, nth][column] != after[key, nth][column]
    )
    lines = changes.lines.filter(pl.col("kind") == "changed").select("key", "column", "old", "new").rows()
    assert sorted((key, column, str(was), str(now)) for key, column, was, now in lines) == cells
    counts = changes.counts
    assert counts.removed == len(before.keys() - after.keys())
    assert counts.added == len(after.keys() - before.keys())
    assert counts.removed + counts.changed + counts.unchanged + counts.keyless_old == old.height
    assert counts.added + counts.changed + counts.unchanged + counts.keyless_new == new.height
    assert counts.cells == len(cells) == sum(changes.by_column.values())
