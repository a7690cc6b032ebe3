"""What a person sees is what is read, in xlsx, xls and ods alike, whatever a cell holds behind its number format."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tests.validation.ruling import rows
from tests.validation.shown_cells import MONEY, SHEETS, Shown, written
from tests.validation.workbooks import Sheet, Styled, book
from validation import FORMS, Context, Period, Result, from_row, validate

WAN = '0!.0,"万"'
FILES = Path(__file__).parent.parent / "shown"
CASES = [(name, at, cell) for name, cells in SHEETS.items() for at, cell in enumerate(cells)]


def named(value: Any) -> str:
    if not isinstance(value, Shown):
        return str(value)
    code = getattr(value.cell, "number_format", "")
    return f"{value.key} {getattr(value.cell, 'value', value.cell)} {code}".replace("\\", "!")


def checked(data: bytes, collection: str) -> Result:
    return validate(data, FORMS[collection], Context("320000", Period(2026, 3)))


RESULTS: dict[tuple[str, str], Result] = {}


def result_of(collection: str, kind: str) -> Result:
    """The check of the collection's cells as a file of a kind, made once."""
    if (collection, kind) not in RESULTS:
        path = FILES / f"{collection}.{kind}"
        data = written(collection, SHEETS[collection]) if kind == "xlsx" else path.read_bytes()
        RESULTS[collection, kind] = checked(data, collection)
    return RESULTS[collection, kind]


@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods"])
@pytest.mark.parametrize(("collection", "at", "cell"), CASES, ids=named)
def test_what_is_seen_is_read(collection: str, at: int, cell: Shown, kind: str) -> None:
    result = result_of(collection, kind)
    assert result.frame is not None
    found = result.findings.filter(row=at + 2, column=cell.key)
    value = result.frame[cell.key][at]
    expected = cell.in_ods if kind == "ods" and cell.in_ods else (cell.value, cell.codes)
    assert (None if value is None else str(value), tuple(found["code"])) == expected
    if cell.original is not None and kind == "xlsx":
        assert result.cells is not None
        assert result.cells[f"_text_{cell.key}"][at] == cell.original


@pytest.mark.parametrize("collection", SHEETS)
def test_nothing_else_is_found(collection: str) -> None:
    result = result_of(collection, "xlsx")
    told = {(at + 2, cell.key) for name, at, cell in CASES if name == collection and cell.codes}
    assert {
        place for place in result.findings.select("row", "column").rows() if place[1] != "network_code"
    } <= told


def test_a_message_names_what_is_seen() -> None:
    (finding, *_) = result_of("networks", "xlsx").findings.filter(code="cell.E102").iter_rows(named=True)
    assert finding["value"] == "$35.00"
    assert from_row(finding).message("zh") == "“$35.00”不是数字。"


def test_totals_are_compared_as_they_are_seen() -> None:
    """A column in yuan that shows ten thousands, its total too; and one whose total shows something else."""
    form = FORMS["networks"]
    titles = [column.label_zh for column in form.columns]
    lines = rows("networks", tuple({MONEY: Styled(yuan, WAN)} for yuan in (1_200_000, 800_000)))
    for total, codes in (
        (Styled(2_000_000, WAN), []),
        (Styled(200, '"$"0'), []),
        (200, []),
        (201, ["file.W017"]),
    ):
        below = [None] * len(titles)
        below[0], below[titles.index("总投资（万元）")] = "合计", total
        result = checked(
            book(Sheet([titles, *([line[key] for key in form.by_key] for line in lines), below])), "networks"
        )
        assert result.frame is not None
        assert [str(value) for value in result.frame[MONEY]] == ["120.00", "80.00"]
        found = result.findings.filter(pl.col("code").str.starts_with("file.W"))
        assert found["code"].to_list() == codes


def test_a_merged_cell_is_seen_as_its_first_cell_shows_it() -> None:
    """The cells below hold nothing and may have no format of their own."""
    first, *others = rows("networks", ({"reliability_pct": Styled(0.9995, "0.00%")}, {}, {}))
    form = FORMS["networks"]
    titles = [column.label_zh for column in form.columns]
    below = [[{**other, "reliability_pct": None}[key] for key in form.by_key] for other in others]
    merged = [f"W{2}:W{4}"]
    data = book(Sheet([titles, [first[key] for key in form.by_key], *below], merged=merged))
    result = checked(data, "networks")
    assert titles.index("可靠性（%）") == 22
    assert result.frame is not None
    assert result.frame["reliability_pct"].to_list() == [99.95] * 3
